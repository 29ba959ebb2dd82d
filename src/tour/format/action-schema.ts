/** What a tour does with the machine. */
import * as z from "zod";
import { cpu, expr, pageRef, property, times } from "./schema-parts";
import { anchor } from "./source-schema";

const until = z
  .union(
    [
      z.enum(["waits", "action", "done"], {
        error: "waits, action, done, { holds: EXPRESSION } or { broken: PROPERTY }",
      }),
      z.strictObject({ holds: expr }),
      z.strictObject({ broken: property.describe("The property.") }),
    ],
    { error: "waits, action, done, { holds: EXPRESSION } or { broken: PROPERTY }" },
  )
  .describe("Until it waits for another CPU, has done its present action, has done all, or until something holds.");

const moves = (what: string) =>
  z
    .union([cpu, z.strictObject({ cpu: cpu.describe("The CPU."), times })], {
      error: "a CPU's number, or { cpu: 0, times: 2 }",
    })
    .describe(what);

const actionBranches = [
  z.strictObject({
    run: z
      .strictObject(
        {
          cpu: cpu.describe("The CPU that runs alone."),
          to: anchor.optional(),
          times: times.optional(),
          until: until.optional(),
        },
        { error: "a CPU and where to, as in { cpu: 0, to: switch_mm } or { cpu: 1, until: waits }" },
      )
      .describe(
        "One CPU alone: `to` a place (it is about to execute it, for the `times`-th time; standing there already " +
          "counts), or `until` something is so.",
      ),
  }),
  z.strictObject({ over: moves("One statement of this CPU, its calls included.") }),
  z.strictObject({ into: moves("One statement of this CPU, into the function that it calls.") }),
  z.strictObject({ out: moves("This CPU, until the function that it is in has returned.") }),
  z.strictObject({ atom: moves("One atomic step of this CPU: at most one memory access.") }),
  z.strictObject({
    deliver: z
      .union(
        [
          cpu,
          z.strictObject({
            cpu: cpu.describe("The CPU that takes it."),
            sender: cpu.describe("The CPU that sent it."),
          }),
        ],
        { error: "a CPU's number, or { cpu: 0, sender: 1 }" },
      )
      .describe("This CPU takes the interrupt that is pending."),
  }),
  z.strictObject({ handle: cpu.describe("This CPU runs its interrupt handler to the end.") }),
  z.strictObject({
    fill: z
      .strictObject(
        { cpu: cpu.describe("The CPU."), page: pageRef },
        { error: "a CPU and a page, as in { cpu: 0, page: A:page0 }" },
      )
      .describe("This CPU fills its TLB with the page, speculatively."),
  }),
  z.strictObject({
    drain: z
      .union([cpu, z.strictObject({ cpu: cpu.describe("The CPU."), all: z.literal(true, { error: "true" }) })], {
        error: "a CPU's number, or { cpu: 0, all: true }",
      })
      .describe(
        "The oldest store in this CPU's buffer becomes visible to all, or all that wait there; only under TSO.",
      ),
  }),
  z.strictObject({ finish: z.literal("all", { error: '"all"' }).describe("All CPUs in turn, until all are done.") }),
] as const;
const action = z
  .union(actionBranches, { error: "an action: run, over, into, out, atom, deliver, handle, fill, drain or finish" })
  .describe("One thing to do with the machine.");
export const actions = z.array(action, { error: "a list of actions, as in - run: { cpu: 0, to: switch_mm }" });

export type ActionFile = z.output<typeof action>;
