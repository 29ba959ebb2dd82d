import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { readScenario } from "../../../src/scenario/read-scenario";

const dir = path.resolve("walkthroughs/scenarios");

/** The text of each built-in scenario, by its file name without the ending. */
export const builtIns = new Map(
  readdirSync(dir).map((file) => [path.basename(file, ".yaml"), readFileSync(path.join(dir, file), "utf8")]),
);

/** Each problem as `severity: text it stands on → message`. */
export function complaints(text: string): string[] {
  return readScenario(text).problems.map(
    (p) => `${p.severity}: ${text.slice(p.range.start, p.range.end)} → ${p.message}`,
  );
}

/**
 * The text has exactly one problem, an error, which stands on that text (the n-th one, from 0) and says what matches.
 */
export function refused(text: string, on: string, message: RegExp, nth = 0): void {
  const { scenario, problems } = readScenario(text);
  assert.equal(problems.length, 1, complaints(text).join("\n"));
  assert.equal(scenario, undefined);
  assert.equal(problems[0].severity, "error");
  assert.match(problems[0].message, message);
  let start = text.indexOf(on);
  for (let i = 0; i < nth; i++) start = text.indexOf(on, start + 1);
  assert.deepEqual(
    { on: text.slice(problems[0].range.start, problems[0].range.end), at: problems[0].range.start },
    { on, at: start },
  );
}

/** A scenario of two mms, with these scripts for its CPUs. */
export function twoMms(...cpus: string[]): string {
  const head = "id: t\nabout: A test.\nmms:\n  A: { pages: [page0, page1] }\n  B: { pages: [heap] }\n  H:\n";
  const tasks = "tasks:\n  A/1: { mm: A }\n  A/2: { mm: A }\n  B/1: { mm: B }\n  kworker: {}\n  heir: {}\n";
  return `${head}${tasks}cpus:\n${cpus.join("")}`;
}

/** One CPU of a scenario: the task it starts, and its actions as they stand after the dash. */
export function cpu(starts: string, ...does: string[]): string {
  return `  - starts: ${starts}\n    does:\n${does.map((a) => `      - ${a}\n`).join("")}`;
}
