/**
 * The form of a tour file, as a schema. What its names refer to is checked in tour-meaning.ts.
 * Each `error` is a noun phrase, what should stand there; tour-issue.ts makes a sentence of it.
 */
import { z } from "zod";
import { propertyIds } from "../../machine/effects";
import { settingsSchema } from "../../scenario/scenario-schema";

const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const idForm = "lower-case letters and digits, with single dashes between, as in back-again";
const id = z.string({ error: "a short id as text" }).regex(idPattern, idForm);
const text = (what: string) => z.string({ error: what }).regex(/\S/, what);
const cpu = z.int({ error: "a CPU's number: 0, 1, …" }).min(0, "a CPU's number: 0, 1, …");
const times = z
  .int({ error: "a whole number from 1 on" })
  .min(1, "a whole number from 1 on")
  .default(1)
  .describe("How many times.");
const oneOrMore = (what: string) =>
  z.union([text(what), z.array(text(what), { error: what }).min(1, what)], { error: what });

const anchorFields = z.strictObject(
  {
    fn: oneOrMore("a function's name, or a list of the names that it has had").describe(
      "The function. A list gives the names that it has in other versions.",
    ),
    stmt: oneOrMore("a statement of the function, as C")
      .optional()
      .describe(
        "The statement or condition as C; spelling variants of the kernel's own macros, likely() and white space " +
          "don't matter. A list gives other versions' wording. Left out: the function's head.",
      ),
    nth: z
      .int({ error: "a whole number from 1 on" })
      .min(1, "a whole number from 1 on")
      .optional()
      .describe("Which of the statements that read like this, from the top."),
    in: z
      .enum(["then", "else"], { error: "then or else" })
      .optional()
      .describe("Only statements in this branch of an if."),
  },
  {
    error:
      'a place in the source, as in { fn: switch_mm, stmt: "load_cr3(next->pgd)" } or "switch_mm: load_cr3(next->pgd)"',
  },
);
const anchorForm =
  'a place in the source, as in { fn: switch_mm, stmt: "load_cr3(next->pgd)" } or "switch_mm: load_cr3(next->pgd)"';
const anchor = z
  .union(
    [
      z
        .string({ error: anchorForm })
        .regex(/^\s*[A-Za-z_]\w*\s*(:[\s\S]*)?$/, 'a function\'s name, or "function: statement"'),
      anchorFields,
    ],
    { error: anchorForm },
  )
  .describe(
    'A place in the source: "function", "function: statement", "function: statement #2", or { fn, stmt, nth, in }.',
  );

const property = z.enum(propertyIds as [string, ...string[]], { error: `a property: ${propertyIds.join(", ")}` });
const pageRef = z
  .string({ error: "an mm and its page, as in A:page0" })
  .regex(/^[^\s:]+:[^\s:]+$/, "an mm and its page, as in A:page0")
  .describe("An mm and its page, as in A:page0.");
const expr = text("a C expression").describe(
  'A C expression, with the scenario\'s mms and tasks by name: "mm_cpumask(A) == 3". "cpu1: …" in front says ' +
    "which CPU evaluates it.",
);

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
const actions = z.array(action, { error: "a list of actions, as in - run: { cpu: 0, to: switch_mm }" });

const sides = { before: anchor.optional(), after: anchor.optional() };
const patch = z
  .union(
    [
      z.strictObject({ remove: anchor }),
      z.strictObject({ replace: anchor, with: z.string({ error: "C text" }).describe("What stands there instead.") }),
      z.strictObject({ insert: text("a C statement").describe("The C to put in."), ...sides }),
      z.strictObject({ move: anchor, ...sides }),
    ],
    { error: "a change of the source" },
  )
  .describe("A change of the source, made in a copy: remove, replace, insert or move a statement.");

const condition = z
  .union(
    [
      z.strictObject({ has: anchor }),
      z.strictObject({ lacks: anchor }),
      z.strictObject({
        order: z
          .tuple([anchor, anchor], { error: "two places, the upper one first" })
          .describe("Two places of one function, the upper one first."),
      }),
    ],
    { error: "a condition on the source: has, lacks or order" },
  )
  .describe("A condition on the source.");
const conditions = z.array(condition, { error: "a list of conditions, as in - has: ANCHOR" });

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
const test = z
  .union(testBranches, {
    error: "a C expression, or one of holds, changed, property, waits, mode, runs, at, tlb, page, ipi and bit",
  })
  .describe("Something that must be true of the machine's state: a C expression, or one of the special ones.");
const tests = z.union([test, z.array(test).min(1)], { error: "something that must be true, or a list of it" });

const verdicts = {
  words: text("the question, as text").describe("The question, in Markdown."),
  then: actions.nullish().describe("What happens at the reveal."),
  right: text("what to say when the answer is right").describe("Said after a right answer."),
  wrong: text("what to say when the answer is wrong").describe("Said after a wrong answer."),
};
const ask = z
  .union(
    [
      z.strictObject({
        kind: z
          .enum(["cpu", "bit"], { error: "cpu, bit or choice" })
          .describe("The reader clicks a CPU, or a cell of the cpumask matrix."),
        ...verdicts,
        answer: tests.describe("Tried on each CPU or cell, with `cpu` left out; `$mm` in it is the cell's mm."),
      }),
      z.strictObject({
        kind: z.literal("choice", { error: "cpu, bit or choice" }).describe("The reader chooses among answers."),
        ...verdicts,
        choices: z
          .array(
            z.strictObject(
              {
                say: text("the answer, as text").describe("The answer."),
                answer: tests.describe("It is right when this holds after the reveal."),
                why: text("a sentence").optional().describe("Said when it was chosen."),
              },
              { error: "a choice: say and answer" },
            ),
            { error: "a list of choices" },
          )
          .min(2, "two choices or more")
          .describe("The answers to choose from."),
      }),
    ],
    { error: "a question: kind, words, answer (or choices), right and wrong" },
  )
  .describe("A question before the reveal. The machine works out which answers are right.");

const ref = z
  .union(
    [
      z.strictObject({
        commit: z
          .string({ error: "a commit's hexadecimal name, in quotes" })
          .regex(/^[0-9a-f]{7,40}$/, "a commit's hexadecimal name")
          .describe("The commit's name."),
        project: z.string().default("Linux").describe("Whose commit."),
        say: text("what is to be found there").describe("What is to be found there."),
      }),
      z.strictObject({
        manual: text("the manual's name").describe("The manual's name."),
        section: z.string({ error: "the section's number, in quotes" }).describe("The section's number."),
        say: text("what is to be found there").describe("What is to be found there."),
      }),
    ],
    { error: "a commit or a manual, with what is to be found there" },
  )
  .describe("Something to read.");

const step = z.strictObject(
  {
    id: id.describe("Stable id, unique in the tour."),
    title: text("a title").describe("A few words, for the contents."),
    at: anchor.optional(),
    cpu: cpu
      .optional()
      .describe(
        "The CPU that the step is about: its thread is selected, and expressions are its own. Left out: the one " +
          "that moved last.",
      ),
    from: z
      .string({ error: "start, previous, or a step's id" })
      .default("previous")
      .describe(
        "The state that it goes on from: start (the scenario's), previous (the step before in the file, after " +
          "its reveal), or the id of another step.",
      ),
    scenario: id.optional().describe("Another scenario than the tour's, from its start."),
    patch: z
      .array(patch, { error: "a list of changes, as in - remove: ANCHOR" })
      .nullish()
      .describe("Changes of the source for this step and those that go on from it. The reader's file stays as it is."),
    machine: actions.nullish().describe("What to do with the machine before the words are shown."),
    words: text("the step's words").describe(
      "Markdown, with live values: ${cpu0: cpu_tlbstate.state}, ${mm_cpumask(A)}, ${line: switch_mm: " +
        "load_cr3(next->pgd)}.",
    ),
    claims: z
      .array(test, { error: "a list of things that must be true" })
      .nullish()
      .describe("What the words claim of the state; a test checks it on every tree."),
    ask: ask.optional(),
    branches: z
      .array(
        z.strictObject(
          { say: text("the label").describe("The label."), to: id.describe("The step's id.") },
          { error: "a branch: say and to" },
        ),
        { error: "a list of branches, each { say, to }" },
      )
      .nullish()
      .describe("Ways to other steps."),
    next: z
      .string({ error: "a step's id, or end" })
      .optional()
      .describe("The step that Next goes to: an id, or end. Left out: the next one in the file."),
    refs: z.array(ref, { error: "a list of commits and manuals" }).nullish().describe("Where to read on."),
    when: conditions.nullish().describe("The step is left out where the source isn't like this."),
  },
  { error: "a step: id, title and words" },
);

const tour = z.strictObject(
  {
    id: id.describe("Short id: lower-case letters, digits and dashes."),
    title: text("a title").describe("The tour's title."),
    about: text("a sentence: what it shows").describe("One sentence: what it shows."),
    scenario: id.describe("The scenario that it plays on."),
    order: z
      .enum(["sc", "tso"], { error: "sc or tso" })
      .optional()
      .describe("Memory order, instead of the scenarios' own: sequentially consistent, or x86's total store order."),
    settings: settingsSchema.nullish().describe("Settings over the scenarios' own, by their names in the source."),
    level: z
      .enum(["first", "next", "deep"], { error: "first, next or deep" })
      .default("first")
      .describe("For whom: a first look, the next one, or deep."),
    minutes: z
      .int({ error: "a whole number of minutes" })
      .min(1, "a whole number of minutes")
      .optional()
      .describe("About how long it takes."),
    needs: conditions
      .nullish()
      .describe(
        "What the source must be like. Elsewhere the tour plays on the built-in edition, and says so, unless it " +
          "says something else.",
      ),
    elsewhere: text("a sentence: which source it is for")
      .optional()
      .describe("For a tour that the built-in edition isn't for: what is said where the source isn't like `needs`."),
    steps: z
      .array(step.describe("One step."), { error: "a list of steps" })
      .min(1, "at least one step")
      .describe("The steps. The first one begins the tour."),
  },
  { error: "a tour: id, title, about, scenario and steps" },
);

export const tourSchema = tour;

/** A tour file that has the right form, with its defaults filled in. */
export type TourFile = z.output<typeof tour>;
export type StepFile = z.output<typeof step>;
export type AnchorFile = z.output<typeof anchor>;
export type ActionFile = z.output<typeof action>;
export type PatchFile = z.output<typeof patch>;
export type ConditionFile = z.output<typeof condition>;
export type TestFile = z.output<typeof test>;
export type AskFile = z.output<typeof ask>;
export type RefFile = z.output<typeof ref>;

/** The schema for editors: JSON schema draft 7, which is what YAML language servers read. */
export function tourJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(tour, { target: "draft-7", io: "input", reused: "ref" });
  return {
    $schema,
    title: "TLBscope tour",
    description:
      "Steps that stand at statements of the source, put the machine into a state, and say something about it.",
    ...rest,
  };
}
