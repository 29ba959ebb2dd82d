/** Says in a sentence what the schema found in a tour, at its place. */
import type { z } from "zod";
import type { Located, Path } from "../../scenario/nodes";
import { didYouMean, nearest } from "../../scenario/suggest";
import type { TourProblem } from "./tour";

type Issue = z.core.$ZodIssue;

/**
 * What to tell the author of one of the schema's findings. `prefix` is the path of the value that the issue's own path
 * begins at, for the issues inside of a union.
 */
export function explainIssue(issue: Issue, located: Located, prefix: Path = []): TourProblem[] {
  const path = [...prefix, ...issue.path];
  const problem = (message: string, at: Path = path): TourProblem => ({
    message,
    severity: "error",
    range: located.at(at),
  });
  switch (issue.code) {
    case "invalid_union": {
      const branch = meant(issue.errors, located, path);
      if (branch) return branch.flatMap((i) => explainIssue(i, located, path));
      break;
    }
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        message:
          `${place(path)} has no field "${key}". ` +
          `${didYouMean(key, [], "Delete it, or look at the schema for the fields there are.")}`,
        severity: "error",
        range: located.keyRange([...path, key]),
      }));
    case "too_small":
    case "too_big":
      if (Array.isArray(located.get(path)))
        return [
          problem(`${subject(path)} is too ${issue.code === "too_small" ? "short" : "long"}. Write ${issue.message}.`),
        ];
      break;
    case "invalid_value": {
      const value = located.get(path);
      const near = typeof value === "string" ? nearest(value, issue.values.map(String)) : undefined;
      if (near !== undefined)
        return [problem(`${subject(path)} must be ${issue.message}, not "${short(value)}". Did you mean "${near}"?`)];
    }
  }
  if (!located.has(path))
    return [problem(`${place(path.slice(0, -1))} has no "${String(path.at(-1))}". Add it: ${issue.message}.`)];
  return [problem(`${subject(path)} must be ${issue.message}, not ${describe(located.get(path))}.`)];
}

/** Of the forms that a value may have, the one that it is nearest to. Undefined when none of them is near. */
function meant(errors: readonly (readonly Issue[])[], located: Located, path: Path): readonly Issue[] | undefined {
  const value = located.get(path);
  let best: { issues: readonly Issue[]; off: number } | undefined;
  for (const issues of errors) {
    const wrongKind = issues.some(
      (i) => i.path.length === 0 && (i.code === "invalid_type" || i.code === "invalid_value"),
    );
    if (wrongKind || issues.length === 0) continue;
    const strange = issues.reduce(
      (n, i) => n + (i.code === "unrecognized_keys" && i.path.length === 0 ? i.keys.length : 0),
      0,
    );
    const missing = issues.filter(
      (i) => i.path.length === 1 && typeof value === "object" && value !== null && !Object.hasOwn(value, i.path[0]),
    ).length;
    const off = 2 * strange + 2 * missing + issues.length / 100;
    if (!best || off < best.off) best = { issues, off };
  }
  // A map that has none of a form's fields was not meant to be of that form.
  if (best && typeof value === "object" && value !== null && Object.keys(value).length > 0) {
    const keys = new Set(
      best.issues.flatMap((i) => (i.code === "unrecognized_keys" && i.path.length === 0 ? i.keys : [])),
    );
    if (Object.keys(value).every((k) => keys.has(k))) return undefined;
  }
  return best?.issues;
}

/** The thing that has fields, as a subject. */
function place(path: Path): string {
  if (path.length === 0) return "A tour";
  const last = path.at(-1);
  if (typeof last === "number") return itemOf(path);
  return `"${String(last)}"`;
}

function itemOf(path: Path): string {
  const [list, n] = [path.at(-2), path.at(-1)];
  return list === "steps" ? `Step ${Number(n) + 1}` : `An item of "${String(list)}"`;
}

function subject(path: Path): string {
  if (path.length === 0) return "This file";
  return typeof path.at(-1) === "number" ? itemOf(path) : `"${String(path.at(-1))}"`;
}

const short = (value: unknown): string =>
  String(value).length > 40 ? `${String(value).slice(0, 40)}…` : String(value);

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object")
    return `a map with ${
      Object.keys(value)
        .map((k) => `"${k}"`)
        .join(", ") || "nothing in it"
    }`;
  return typeof value === "string"
    ? `"${short(value)}"`
    : `the ${typeof value === "boolean" ? "truth value" : "number"} ${short(value)}`;
}
