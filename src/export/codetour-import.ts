/** A CodeTour `.tour` file as a tour of ours: each line becomes the statement that stands on it in the given source. */
import type { SourceFile } from "../kernel/syntax/source";
import { anchorOnLine } from "../tour/anchor/locate";
import type { Anchor, Step, Tour } from "../tour/format/tour";
import { stepId } from "../tour/record/record";
import type { Statements } from "../tour/anchor/source-statements";
import type { CodeTour, CodeTourStep } from "./codetour";

export interface Imported {
  tour?: Tour;
  /** What didn't come over, and why; each tells which step. */
  problems: string[];
}

export interface ImportInput {
  /** The JSON text. */
  text: string;
  id: string;
  /** The scenario that the tour is to play on: CodeTour has none. */
  scenario: string;
  statements: Statements;
}

/**
 * Never throws, whatever the text. The machine stays at the scenario's start: what it is to do, CodeTour doesn't say.
 */
export function importCodeTour({ text, id, scenario, statements }: ImportInput): Imported {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (e) {
    return { problems: [`This is no CodeTour file: it isn't JSON (${e instanceof Error ? e.message : String(e)}).`] };
  }
  const file = asTour(json);
  if (!file) return { problems: ["This is no CodeTour file: it has no list of steps, each with a description."] };
  const problems: string[] = [];
  const taken = new Set<string>();
  const none = { start: 0, end: 0 };
  const steps = file.steps.map((s, n): Step => {
    const title = (s.title ?? heading(s.description) ?? "").trim() || `Step ${n + 1}`;
    const at = anchorOf(s, n, statements, problems);
    return {
      id: stepId(title, n, taken),
      title,
      at,
      from: n === 0 ? { k: "start" } : { k: "previous" },
      patch: [],
      machine: [],
      words: s.description.trim().replaceAll("${", "\\${") || title,
      claims: [],
      branches: [],
      refs: [],
      when: [],
      range: none,
      atRange: none,
      actionRanges: [],
    };
  });
  return {
    tour: {
      id,
      title: file.title.trim() || id,
      about: (file.description ?? file.title).trim() || id,
      scenario,
      level: "first",
      needs: [],
      steps,
    },
    problems,
  };
}

function asTour(json: unknown): CodeTour | undefined {
  if (
    typeof json !== "object" ||
    json === null ||
    !("steps" in json) ||
    !Array.isArray(json.steps) ||
    json.steps.length === 0
  )
    return undefined;
  const text = (x: unknown): string => (typeof x === "string" ? x : "");
  const { title, description } = json as Record<string, unknown>;
  const steps = json.steps.map((s: unknown): CodeTourStep | undefined => {
    if (typeof s !== "object" || s === null) return undefined;
    const o = s as Record<string, unknown>;
    return {
      title: typeof o.title === "string" ? o.title : undefined,
      description: text(o.description),
      file: typeof o.file === "string" ? o.file : undefined,
      line: typeof o.line === "number" ? o.line : undefined,
    };
  });
  return steps.every((s) => s !== undefined)
    ? { title: text(title), description: typeof description === "string" ? description : undefined, steps }
    : undefined;
}

const heading = (markdown: string): string | undefined => /^#+\s+(.*)$/m.exec(markdown)?.[1];

function anchorOf(s: CodeTourStep, n: number, statements: Statements, problems: string[]): Anchor | undefined {
  const name = `Step ${n + 1}`;
  if (s.file === undefined || s.line === undefined) {
    problems.push(`${name} names no line of a file: it will stand where CPU0 is.`);
    return undefined;
  }
  const path = s.file.replace(/\\/g, "/");
  const file = fileAt(path, statements.program.files);
  if (!file) {
    problems.push(`${name} is in ${s.file}, which isn't among the files of this source.`);
    return undefined;
  }
  const anchor = anchorOnLine(file, s.line, statements);
  if (!anchor)
    problems.push(
      `${name}: line ${s.line} of ${s.file} holds no statement here. The code has drifted, or the line is a ` +
        "comment: give the step a place by hand.",
    );
  return anchor;
}

/** A path of the tree, or the end of one. */
function fileAt(path: string, files: readonly SourceFile[]): SourceFile | undefined {
  return (
    files.find((f) => f.path === path) ?? files.find((f) => path.endsWith(`/${f.path}`) || f.path.endsWith(`/${path}`))
  );
}
