/** A verdict in words: the same on the command line and in the editor. */
import { t } from "@vscode/l10n";
import { positionAt } from "../../kernel/syntax/source";
import { moveCpu, type Machine } from "../../machine/machine";
import { narrate, placeOf } from "../../machine/view/narrate";
import { W } from "../../machine/layout";
import { askedName } from "../search/asked";
import type { DecidingSetting } from "./hangs-on";
import type { Premise } from "../../machine/rests-on";
import { isFailure, type AskedVerdict, type Counterexample, type PropertyVerdict, type Verdict } from "./verdict";
import { stepsText } from "../lists";

/** What is told of a failure's execution: lines that stand below what broke. */
export type Told = (property: PropertyVerdict, execution: Counterexample) => readonly string[];
const nothing: Told = () => [];

/** `lazy-return, SC: holds`, then a line for each broken property and for those never reached, then the bounds. */
export function verdictText(v: Verdict, told = nothing): string {
  const head = `${v.scenario}, ${v.order.toUpperCase()}: ${outcomeWord(v.outcome)}`;
  const premises = v.restsOn.length ? premiseLines(v.restsOn).map((l) => `  ${l}`) : [];
  if (v.properties.length === 0) return [head, ...premises, `  ${v.bounds}`].join("\n");
  const broken = brokenLines(v, told).map((l) => `  ${l}`);
  const never = v.properties.filter((p) => p.standing === "never reached").map((p) => p.id);
  const vacuous =
    never.length > 1
      ? [t("never reached: {0} (nothing that they speak of happens here).", never.join(", "))]
      : never.length === 1
        ? [t("never reached: {0} (nothing that it speaks of happens here).", never[0])]
        : [];
  return [
    head,
    ...premises,
    ...broken,
    ...v.hangsOn.map((s) => `  ${hangsOnText(s)}`),
    ...vacuous.map((l) => `  ${l}`),
    ...v.asked.map((a) => `  ${askedText(a)}`),
    ...wrapped(v.bounds).map((l) => `  ${l}`),
    `  ${t("{0} states, {1} transitions.", v.progress.states, v.progress.edges)}`,
  ].join("\n");
}

/** What is broken, each with the workload in which it is where CPUs choose what they do, and what is told of it. */
export const brokenLines = (v: Verdict, told = nothing): string[] =>
  v.properties.flatMap((p) =>
    p.counterexamples
      .slice(0, 1)
      .flatMap((c) => [
        brokenText(p, c),
        ...(c.workload === undefined ? [] : [`  ${t("in this workload: {0}", c.workload)}`]),
        ...told(p, c).map((l) => `  ${l}`),
      ]),
  );

/** A broken promise in a line; "perhaps" where its executions rest on something unknown. */
function brokenText(p: PropertyVerdict, c: Counterexample): string {
  const n = p.counterexamples.length;
  const length = n > 1 ? t("{0} steps; {1} distinct executions", c.moves.length, n) : stepsText(c.moves.length);
  return p.standing === "fails" ? `${p.id}: ${c.why} (${length})` : `${p.id}: ${t("perhaps: {0}", c.why)} (${length})`;
}

/** What would mend a failure: a setting the other way. */
export const hangsOnText = ({ name, value, source }: DecidingSetting): string =>
  t("not with {0} (here it is {1}: {2})", `${name}=${1 - value}`, value, source);

/** Premises that are named one by one; the rest are counted. */
const NAMED_PREMISES = 5;

/** What a verdict rests on, a line each under a first one: what isn't known, where, and what would settle it. */
export function premiseLines(premises: readonly Premise[]): string[] {
  const lines = premises.slice(0, NAMED_PREMISES).map((p) => `  ${p.path ? `${p.path}:${p.line}: ` : ""}${p.message}`);
  const more = premises.length - NAMED_PREMISES;
  return [t("It rests on what isn't known:"), ...lines, ...(more > 0 ? [`  ${t("and {0} more", more)}`] : [])];
}

/** Lines of at most `width` characters, broken at spaces. */
function wrapped(text: string, width = 96): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    if (lines[last].length > 0 && lines[last].length + 1 + word.length > width) lines.push(word);
    else lines[last] += lines[last] ? ` ${word}` : word;
  }
  return lines;
}

function outcomeWord(outcome: Verdict["outcome"]): string {
  switch (outcome) {
    case "holds":
      return t("holds");
    case "fails":
      return t("fails");
    case "unknown":
      return t("can't say");
    case "doesn't apply":
      return t("doesn't apply");
  }
}

/** The answer to a question, in a line. */
export function askedText(a: AskedVerdict): string {
  const [first] = a.executions;
  const where = first ? ` (${stepsText(first.moves.length)})` : "";
  const name = askedName(a.property);
  switch (a.standing) {
    case "fails":
      return `${t("{0}: fails", name)}${where}`;
    case "happens":
      return `${t("{0}: yes, it happens", name)}${where}`;
    case "never happens":
      return t("{0}: no, in none of the {1} states in which it has a value", name, a.tried);
    case "never reached":
      return t("{0}: never reached, in no state has it a value", name);
    case "holds":
      return t("{0}: holds in all {1} states in which it has a value", name, a.tried);
    case "unknown":
      return t("{0}: can't say", name);
  }
}

/** The execution that shows a failure, a line for each move: number, place, sentence. */
export function counterexampleText(machine: Machine, moves: readonly number[]): string {
  let { state } = machine.initial();
  const lines = moves.map((m, i) => {
    const place = placeOf(machine, state[machine.layout.cpu[moveCpu(m)] + W.pc]);
    const applied = machine.apply(state, m);
    const sentence = narrate(machine, state, m, applied.effects);
    state = applied.state;
    return `${String(i + 1).padStart(5)}  ${(place ? `${place.fn}:${place.line}` : "-").padEnd(30)}  ${sentence}`;
  });
  return lines.join("\n");
}

/** A verdict as plain data, for other programs. Moves are given as their sentences. */
export function verdictJson(machine: Machine, v: Verdict, told = nothing): Record<string, unknown> {
  return {
    scenario: v.scenario,
    order: v.order,
    outcome: v.outcome,
    restsOn: v.restsOn,
    hangsOn: v.hangsOn,
    bounds: v.bounds,
    end: v.end,
    ...v.progress,
    properties: v.properties.map((p) => ({
      id: p.id,
      sentence: p.sentence,
      standing: p.standing,
      counterexamples: executionsJson(machine, p.counterexamples, (c) => told(p, c)),
    })),
    asked: v.asked.map((a) => ({
      ...a.property,
      standing: a.standing,
      states: a.tried,
      executions: executionsJson(machine, a.executions),
    })),
    files: machine.program.files.map((f) => f.path),
    notModelled: machine.program.notModelled.map(
      (n) =>
        `${n.diagnostic.span.file.path}:${positionAt(n.diagnostic.span.file, n.diagnostic.span.start).line}: ${n.name}`,
    ),
  };
}

const executionsJson = (
  machine: Machine,
  list: readonly Counterexample[],
  told: (c: Counterexample) => readonly string[] = () => [],
) =>
  list.map((c) => ({
    why: c.why,
    story: told(c),
    steps: c.moves.length,
    switches: c.switches,
    workload: c.workload,
    execution: counterexampleText(machine, c.moves)
      .split("\n")
      .map((l) => l.trim()),
  }));

const escape = (s: string): string => s.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Verdicts as a JUnit report: a test case for each property of each scenario. */
export function junit(results: { machine: Machine; verdict: Verdict }[]): string {
  const suites = results.map(({ machine, verdict: v }) => {
    const testcase = (
      name: string,
      standing: AskedVerdict["standing"],
      wanted: boolean,
      first: Counterexample | undefined,
    ) => {
      const head = `    <testcase classname="${escape(v.scenario)}.${v.order}" name="${escape(name)}"`;
      if (standing === "unknown") {
        const why = v.restsOn.length ? premiseLines(v.restsOn).join("\n") : v.bounds;
        return `${head}><skipped message="${escape(why)}"/></testcase>`;
      }
      if (wanted) return `${head}/>`;
      const execution = first ? escape(counterexampleText(machine, first.moves)) : "";
      return `${head}><failure message="${escape(first?.why ?? standing)}">${execution}</failure></testcase>`;
    };
    const cases = [
      ...(v.properties.length === 0 ? [testcase("doesn't apply", "unknown", true, undefined)] : []),
      ...v.properties.map((p) => testcase(p.id, p.standing, p.standing !== "fails", p.counterexamples[0])),
      ...v.asked.map((a) => testcase(askedName(a.property), a.standing, !isFailure(a), a.executions[0])),
    ];
    const failures = v.properties.filter((p) => p.standing === "fails").length + v.asked.filter(isFailure).length;
    const skipped =
      [...v.properties, ...v.asked].filter((p) => p.standing === "unknown").length + +(v.properties.length === 0);
    return (
      `  <testsuite name="${escape(v.scenario)} ${v.order}" tests="${cases.length}" failures="${failures}" ` +
      `skipped="${skipped}">\n${cases.join("\n")}\n  </testsuite>`
    );
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>`;
}
