/**
 * What a tour's schema is made of: ids, texts, CPUs, expressions. Here and in the files beside, each `error` is a noun
 * phrase, what should stand there; tour-issue.ts makes a sentence of it.
 */
import * as z from "zod";
import { propertyIds } from "../../machine/effects";

const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const idForm = "lower-case letters and digits, with single dashes between, as in back-again";
export const id = z.string({ error: "a short id as text" }).regex(idPattern, idForm);
export const text = (what: string) => z.string({ error: what }).regex(/\S/, what);
export const cpu = z.int({ error: "a CPU's number: 0, 1, …" }).min(0, "a CPU's number: 0, 1, …");
export const times = z
  .int({ error: "a whole number from 1 on" })
  .min(1, "a whole number from 1 on")
  .default(1)
  .describe("How many times.");
export const property = z.enum(propertyIds as [string, ...string[]], {
  error: `a property: ${propertyIds.join(", ")}`,
});
export const pageRef = z
  .string({ error: "an mm and its page, as in A:page0" })
  .regex(/^[^\s:]+:[^\s:]+$/, "an mm and its page, as in A:page0")
  .describe("An mm and its page, as in A:page0.");
export const expr = text("a C expression").describe(
  'A C expression, with the scenario\'s mms and tasks by name: "mm_cpumask(A) == 3". "cpu1: …" in front says ' +
    "which CPU evaluates it.",
);
