/** The form of a tour file, as a schema. What its names refer to is checked in tour-meaning.ts. */
import * as z from "zod";
import { settingsSchema } from "../../scenario/scenario-schema";
import { actions } from "./action-schema";
import { cpu, id, text } from "./schema-parts";
import { anchor, conditions, patch } from "./source-schema";
import { test, tests } from "./test-schema";

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

export const tourSchema = z.strictObject(
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

/** A tour file that has the right form, with its defaults filled in. */
export type TourFile = z.output<typeof tourSchema>;
export type StepFile = z.output<typeof step>;
export type AskFile = z.output<typeof ask>;
export type RefFile = z.output<typeof ref>;

/** The schema for editors: JSON schema draft 7, which is what YAML language servers read. */
export function tourJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(tourSchema, { target: "draft-7", io: "input", reused: "ref" });
  return {
    $schema,
    title: "TLBscope tour",
    description:
      "Steps that stand at statements of the source, put the machine into a state, and say something about it.",
    ...rest,
  };
}
