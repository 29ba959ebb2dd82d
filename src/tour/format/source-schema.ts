/** What a tour says of the source: places in it, conditions on it, and changes of it. */
import * as z from "zod";
import { text } from "./schema-parts";

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
export const anchor = z
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
export const conditions = z.array(condition, { error: "a list of conditions, as in - has: ANCHOR" });

const sides = { before: anchor.optional(), after: anchor.optional() };
export const patch = z
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

export type AnchorFile = z.output<typeof anchor>;
export type PatchFile = z.output<typeof patch>;
export type ConditionFile = z.output<typeof condition>;
