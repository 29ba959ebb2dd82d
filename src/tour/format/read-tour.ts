/** Reads a tour file: the tour, or what is wrong with it and where. */
import type { PropertyId } from "../../machine/effects";
import { settingsAsNumbers } from "../../scenario/scenario-changes";
import type { Located, Path } from "../../scenario/nodes";
import { readYaml } from "../../scenario/read-yaml";
import { explainIssue } from "./tour-issue";
import { checkMeaning } from "./tour-meaning";
import type {
  Anchor,
  Ask,
  Claim,
  Condition,
  Patch,
  Ref,
  Step,
  Test,
  Tour,
  TourAction,
  TourProblem,
  Until,
} from "./tour";
import { readAnchor, readExpression, readPage } from "./notation";
import {
  tourSchema,
  type ActionFile,
  type AnchorFile,
  type AskFile,
  type ConditionFile,
  type PatchFile,
  type RefFile,
  type StepFile,
  type TestFile,
  type TourFile,
} from "./tour-schema";

export interface TourReading {
  /** Absent when any of the problems is an error. */
  tour?: Tour;
  /** In the order of the text. */
  problems: TourProblem[];
}

/** Never throws, whatever the text. */
export function readTour(text: string): TourReading {
  const { value: tour, problems } = readYaml(text, {
    noun: "tour",
    holds: "id, title, about, scenario and steps",
    schema: tourSchema,
    explain: explainIssue,
    meaning: checkMeaning,
    make: toTour,
  });
  return { tour, problems };
}

function toTour(file: TourFile, located: Located): Tour {
  return {
    id: file.id,
    title: file.title.trim(),
    about: file.about.trim(),
    scenario: file.scenario,
    order: file.order,
    settings: file.settings ? settingsAsNumbers(file.settings) : undefined,
    level: file.level,
    minutes: file.minutes,
    needs: (file.needs ?? []).map(toCondition),
    elsewhere: file.elsewhere?.trim(),
    steps: file.steps.map((s, i) => toStep(s, ["steps", i], located)),
  };
}

function toStep(file: StepFile, path: Path, located: Located): Step {
  return {
    id: file.id,
    title: file.title.trim(),
    at: file.at === undefined ? undefined : toAnchor(file.at),
    cpu: file.cpu,
    from:
      file.from === "start"
        ? { k: "start" }
        : file.from === "previous"
          ? { k: "previous" }
          : { k: "step", id: file.from },
    scenario: file.scenario,
    patch: (file.patch ?? []).map(toPatch),
    machine: (file.machine ?? []).map(toAction),
    words: file.words.trim(),
    claims: (file.claims ?? []).map((c, i): Claim => ({
      test: toTest(c),
      when: typeof c === "string" ? [] : (c.when ?? []).map(toCondition),
      range: located.at([...path, "claims", i]),
    })),
    ask: file.ask && toAsk(file.ask),
    branches: file.branches ?? [],
    next: file.next,
    refs: (file.refs ?? []).map(toRef),
    when: (file.when ?? []).map(toCondition),
    range: located.at([...path, "id"]),
    atRange: located.at(file.at === undefined ? [...path, "id"] : [...path, "at"]),
    actionRanges: [
      ...(file.machine ?? []).map((_, i) => located.at([...path, "machine", i])),
      ...(file.ask?.then ?? []).map((_, i) => located.at([...path, "ask", "then", i])),
    ],
  };
}

export function toAnchor(file: AnchorFile): Anchor {
  if (typeof file === "string") return readAnchor(file)!; // the schema has seen that it can be read
  const list = (x: string | string[] | undefined) =>
    (x === undefined ? [] : Array.isArray(x) ? x : [x]).map((t) => t.trim());
  return { fn: list(file.fn), stmt: list(file.stmt), nth: file.nth ?? 1, ...(file.in ? { in: file.in } : {}) };
}

function toAction(file: ActionFile): TourAction {
  if ("run" in file) {
    const { cpu, to, times, until } = file.run;
    return to !== undefined
      ? { do: "run", cpu, to: toAnchor(to), times: times ?? 1 }
      : { do: "run", cpu, until: toUntil(until) };
  }
  if ("deliver" in file)
    return typeof file.deliver === "number"
      ? { do: "deliver", cpu: file.deliver }
      : { do: "deliver", cpu: file.deliver.cpu, sender: file.deliver.sender };
  if ("handle" in file) return { do: "handle", cpu: file.handle };
  if ("fill" in file) return { do: "fill", cpu: file.fill.cpu, ...readPage(file.fill.page) };
  if ("drain" in file) return { do: "drain", ...(typeof file.drain === "number" ? { cpu: file.drain } : file.drain) };
  if ("finish" in file) return { do: "finish" };
  const [[what, of]] = Object.entries(file) as [
    "over" | "into" | "out" | "atom",
    number | { cpu: number; times: number },
  ][];
  return typeof of === "number" ? { do: what, cpu: of, times: 1 } : { do: what, cpu: of.cpu, times: of.times };
}

function toUntil(until: Extract<ActionFile, { run: unknown }>["run"]["until"]): Until {
  if (until === undefined || typeof until === "string") return until ?? "waits";
  return "holds" in until ? until : { broken: until.broken as PropertyId };
}

function toPatch(file: PatchFile): Patch {
  if ("remove" in file) return { do: "remove", at: toAnchor(file.remove) };
  if ("replace" in file) return { do: "replace", at: toAnchor(file.replace), text: file.with };
  const side = file.before === undefined ? "after" : "before";
  const at = toAnchor((file.before ?? file.after)!); // one of them is there: tour-meaning.ts has seen to it
  return "insert" in file
    ? { do: "insert", text: file.insert, side, at }
    : { do: "move", from: toAnchor(file.move), side, at };
}

function toCondition(file: ConditionFile): Condition {
  if ("has" in file) return { k: "has", at: toAnchor(file.has) };
  if ("lacks" in file) return { k: "lacks", at: toAnchor(file.lacks) };
  return { k: "order", first: toAnchor(file.order[0]), second: toAnchor(file.order[1]) };
}

export function toTest(file: TestFile): Test {
  if (typeof file === "string") return { k: "holds", ...readExpression(file) };
  if ("property" in file) return { k: "property", id: file.property as PropertyId, is: file.is };
  if ("page" in file) return { k: "page", ...readPage(file.page), is: file.is };
  if ("ipi" in file) return { k: "ipi", from: file.from, to: file.to, stage: file.ipi };
  const { cpu } = file;
  if ("holds" in file) return { k: "holds", cpu, ...readExpression(file.holds) };
  if ("changed" in file) return { k: "changed", cpu, ...readExpression(file.changed) };
  if ("waits" in file) return { k: "waits", cpu, is: file.waits };
  if ("mode" in file) return { k: "mode", cpu, is: file.mode };
  if ("runs" in file) return { k: "runs", cpu, task: file.runs };
  if ("at" in file) return { k: "at", cpu, at: toAnchor(file.at) };
  if ("tlb" in file) return { k: "tlb", cpu, ...readPage(file.tlb), is: file.is };
  return { k: "bit", cpu, mm: file.bit, is: file.is };
}

const toTests = (file: TestFile | TestFile[]): Test[] => (Array.isArray(file) ? file : [file]).map(toTest);

function toAsk(file: AskFile): Ask {
  const common = {
    words: file.words.trim(),
    then: (file.then ?? []).map(toAction),
    right: file.right.trim(),
    wrong: file.wrong.trim(),
  };
  if (file.kind !== "choice") return { ...common, kind: file.kind, answer: toTests(file.answer) };
  return {
    ...common,
    kind: "choice",
    choices: file.choices.map((c) => ({ say: c.say.trim(), answer: toTests(c.answer), why: c.why?.trim() })),
  };
}

function toRef(file: RefFile): Ref {
  return "commit" in file
    ? { k: "commit", commit: file.commit, project: file.project, say: file.say }
    : { k: "manual", manual: file.manual, section: file.section, say: file.say };
}
