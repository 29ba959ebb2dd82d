/** What a tour claims of the machine's state, and what makes an answer right. */
import * as z from "zod";
import { cpu, expr, pageRef, property, text } from "./schema-parts";
import { anchor, conditions } from "./source-schema";

const ofCpu = { cpu: cpu.optional().describe("The CPU; the step's own when left out.") };
const when = { when: conditions.optional().describe("Only where the source is like this.") };
const stages = ["queued", "delivered", "handled", "acknowledged", "held", "none"] as const;
const testBranches = [
  expr,
  z.strictObject({ holds: expr, ...ofCpu, ...when }),
  z.strictObject({ changed: expr, ...ofCpu, ...when }),
  z.strictObject({
    property: property.describe("The property."),
    is: z.enum(["ok", "broken"], { error: "ok or broken" }).describe("Kept so far, or broken."),
    ...when,
  }),
  z.strictObject({
    waits: z.boolean({ error: "true or false" }).describe("The CPU can't go on alone."),
    ...ofCpu,
    ...when,
  }),
  z.strictObject({
    mode: z
      .enum(["user", "idle", "kernel", "interrupt", "halted", "done"], {
        error: "user, idle, kernel, interrupt, halted or done",
      })
      .describe("What the CPU does."),
    ...ofCpu,
    ...when,
  }),
  z.strictObject({ runs: text("a task's name").describe("The task that runs."), ...ofCpu, ...when }),
  z.strictObject({ at: anchor, ...ofCpu, ...when }),
  z.strictObject({
    tlb: pageRef,
    is: z
      .enum(["held", "absent", "stale", "freed"], { error: "held, absent, stale or freed" })
      .describe("Whether the CPU's TLB holds it."),
    ...ofCpu,
    ...when,
  }),
  z.strictObject({
    page: pageRef,
    is: z.enum(["mapped", "unmapped"], { error: "mapped or unmapped" }).describe("What the page table says."),
    ...when,
  }),
  z.strictObject({
    ipi: z.enum(stages, { error: `a stage: ${stages.join(", ")}` }).describe("The stage of an interrupt between CPUs."),
    from: cpu.optional().describe("Its sender."),
    to: cpu.optional().describe("Its target."),
    ...when,
  }),
  z.strictObject({
    bit: text("an mm's name").describe("The mm in whose cpumask the CPU's bit is."),
    is: z.enum(["set", "clear", "changed"], { error: "set, clear or changed" }).describe("What it is."),
    ...ofCpu,
    ...when,
  }),
] as const;
export const test = z
  .union(testBranches, {
    error: "a C expression, or one of holds, changed, property, waits, mode, runs, at, tlb, page, ipi and bit",
  })
  .describe("Something that must be true of the machine's state: a C expression, or one of the special ones.");
export const tests = z.union([test, z.array(test).min(1)], { error: "something that must be true, or a list of it" });

export type TestFile = z.output<typeof test>;
