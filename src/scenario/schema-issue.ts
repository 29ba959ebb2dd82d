/** Says in a sentence what the schema found, at its place. */
import type { z } from "zod";
import type { ScenarioProblem } from "./scenario";
import type { Located, Path } from "./nodes";
import { actionKeys, knownFields, type ActionKey } from "./scenario-schema";
import { didYouMean, nearest } from "./suggest";

type Issue = z.core.$ZodIssue;

export function explainIssue(issue: Issue, located: Located, prefix: Path = []): ScenarioProblem[] {
  const path = [...prefix, ...issue.path];
  const problem = (message: string, at: Path = path): ScenarioProblem => ({
    message,
    severity: "error",
    range: located.at(at),
  });
  if (issue.code === "invalid_union" && path.length === 3 && path[0] === "cpus" && path[2] === "does")
    return explainDoes(issue, located, path);
  if (isAction(path) && (issue.code === "invalid_union" || issue.code === "unrecognized_keys"))
    return explainAction(issue, located, path);
  if ((issue.code === "too_big" || issue.code === "too_small") && typeof located.get(path) === "number")
    return [problem(`${subject(path)} must be ${issue.message}, not ${String(located.get(path))}.`)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        message: `${fieldPlace(path)} has no field "${key}". ${didYouMean(key, fieldsAt(path), "Delete it.")}`,
        severity: "error",
        range: located.keyRange([...path, key]),
      }));
    case "invalid_key":
      return [
        {
          message:
            `"${String(path.at(-1))}" is no name that can be used here. Write ` +
            `${issue.issues[0]?.message ?? "another one"}.`,
          severity: "error",
          range: located.keyRange(path),
        },
      ];
    case "too_big":
      return [
        problem(
          `There are too many ${path.at(-1) === "pages" ? "pages" : "CPUs"}. TLBscope has room for ${issue.message}: ` +
            "delete some.",
          [...path, Number(issue.maximum)],
        ),
      ];
    case "too_small":
      return [problem(`${subject(path)} is empty. Write ${issue.message}.`)];
    default: {
      if (!located.has(path))
        return [problem(`${fieldPlace(path.slice(0, -1))} has no "${String(path.at(-1))}". Add it: ${issue.message}.`)];
      const value = located.get(path);
      const near =
        issue.code === "invalid_value" && typeof value === "string"
          ? nearest(value, issue.values.map(String))
          : undefined;
      return [
        problem(
          `${subject(path)} must be ${issue.message}, not ` +
            `${describe(value)}.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
        ),
      ];
    }
  }
}

/** An action of a script, or one that a CPU may choose. */
const isAction = (path: Path) =>
  path[0] === "cpus" && path[2] === "does" && path.length === (path[3] === "any" ? 5 : 4);

/** A script is a list, a choice has fields: the value shows which of the two was meant. */
function explainDoes(issue: Issue & { code: "invalid_union" }, located: Located, path: Path): ScenarioProblem[] {
  const value = located.get(path);
  const branch = Array.isArray(value) ? 0 : typeof value === "object" && value !== null ? 1 : -1;
  if (branch >= 0) return issue.errors[branch].flatMap((i) => explainIssue(i, located, path));
  return [
    {
      message:
        `${subject(path)} must be a list of actions, as in - schedule: TASK, or what the CPU may choose from, as in ` +
        `{ any: [schedule, munmap], actions: 2 }, not ${describe(value)}.`,
      severity: "error",
      range: located.at(path),
    },
  ];
}

/** The schema only knows that no action fits; the text mostly shows which one was meant. */
function explainAction(issue: Issue, located: Located, path: Path): ScenarioProblem[] {
  const value = located.get(path);
  const all = `${actionKeys.join(": …, ")}: …, or exit`;
  const problem = (message: string): ScenarioProblem => ({
    message,
    severity: "error",
    range: located.valueRange(path),
  });
  if (typeof value === "string") {
    const [, word, argument] = /^(\w+)(?:[\s:]+(\S+))?/.exec(value) ?? [undefined, value];
    const near = nearest(word, [...actionKeys, "exit"]);
    const alone = near === "exit" || near === undefined || (path[3] === "any" && argument === undefined);
    const written = alone ? near : `${near}: ${argument ?? "…"}`;
    return [
      problem(
        `"${value}" is no action by itself. ${near === undefined ? `Actions: ${all}.` : `Did you mean "${written}"?`}`,
      ),
    ];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [problem(`An action is missing here, found ${describe(value)}. Actions: ${all}.`)];
  const keys = Object.keys(value);
  const unknown = keys.filter((k) => !actionKeys.includes(k as ActionKey));
  if (unknown.length) {
    return unknown.map((key) => {
      const what =
        key === "exit"
          ? `"exit" takes nothing. Write "- exit", without a colon.`
          : `There is no action "${key}". ${didYouMean(key, [...actionKeys, "exit"], "")}`;
      return { message: what, severity: "error", range: located.keyRange([...path, key]) };
    });
  }
  if (keys.length > 1)
    return [
      {
        message: `One list item is one action, and this one has ${keys.length}. Put "- " before "${keys[1]}".`,
        severity: "error",
        range: located.keyRange([...path, keys[1]]),
      },
    ];
  if (keys.length === 0) return [problem(`An action is missing here. Actions: ${all}.`)];
  const branch =
    issue.code === "invalid_union" ? issue.errors[1 + actionKeys.indexOf(keys[0] as ActionKey)] : undefined;
  return branch
    ? branch.flatMap((i) => explainIssue(i, located, path))
    : [problem(`This action is not complete. Actions: ${all}.`)];
}

function fieldsAt(path: Path): string[] {
  if (path.length === 0) return knownFields.scenario;
  if (path[0] === "mms") return knownFields.mm;
  if (path[0] === "tasks") return knownFields.task;
  if (path.at(-1) === "does") return knownFields.choice;
  return path.at(-1) === "reclaim" ? knownFields.reclaim : knownFields.cpu;
}

/** The place that has fields, as a subject. */
function fieldPlace(path: Path): string {
  if (path.length === 0) return "A scenario";
  if (path[0] === "mms") return `Mm "${String(path[1])}"`;
  if (path[0] === "tasks") return `Task "${String(path[1])}"`;
  return path.length === 2 ? `CPU${String(path[1])}` : `"${String(path.at(-1))}"`;
}

function subject(path: Path): string {
  if (path.length === 0) return "This file";
  if (path.length === 2) return fieldPlace(path);
  const last = path.at(-1);
  return typeof last === "number" ? `An item of "${String(path.at(-2))}"` : `"${String(last)}"`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const shown = String(value);
  const short = shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
  return typeof value === "string"
    ? `"${short}"`
    : `the ${typeof value === "boolean" ? "truth value" : "number"} ${short} (put it in quotes to make it text)`;
}
