/** Checks what a client sent against a form, and says in a sentence what is wrong with it. */
import * as z from "zod";
import { didYouMean, nearest } from "../scenario/suggest";
import { DebugError } from "./debug-error";

/** Arguments that don't have the form that their request asks for. */
class Malformed extends DebugError {}

/**
 * The value, if it has the form; `whose` names it in messages: `the request next`. Each `error` of a form is a noun
 * phrase: what should stand at its place. Throws Malformed.
 */
export function checked<T>(whose: string, form: z.ZodType<T>, value: unknown): T {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Malformed(`The arguments of ${whose} must be an object, not ${shown(value)}.`);
  const read = form.safeParse(value);
  if (read.success) return read.data;
  throw new Malformed(complaint(whose, read.error.issues[0], value));
}

function complaint(whose: string, issue: z.core.$ZodIssue, args: object): string {
  const name = nameOf(issue.path);
  if (issue.code === "unrecognized_keys")
    return `${name === "" ? capital(whose) : `"${name}" of ${whose}`} takes no "${issue.keys[0]}". ${issue.message}`;
  let value: unknown = args;
  for (const key of issue.path)
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  if (value === undefined) return `${capital(whose)} needs "${name}": ${issue.message}.`;
  const near =
    issue.code === "invalid_value" && typeof value === "string" ? nearest(value, issue.values.map(String)) : undefined;
  return (
    `"${name}" of ${whose} must be ${issue.message}, not ${shown(value)}.` +
    (near === undefined ? "" : ` Did you mean "${near}"?`)
  );
}

/** A property that may be left out. Some clients write null then. */
export const maybe = <T extends z.ZodType>(form: T) => form.nullish().transform((value) => value ?? undefined);

/** An object that takes these properties and no others; `error` says what it is. */
export function closed<Shape extends z.core.$ZodShape>(shape: Shape, error?: string) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? didYouMean(issue.keys[0], known, "") : error),
  });
}

/** `breakpoints[0].line`. */
const nameOf = (path: readonly PropertyKey[]): string =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i > 0 ? "." : ""}${String(key)}`)).join("");

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
