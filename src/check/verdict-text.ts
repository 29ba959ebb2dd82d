/** A verdict in words: the same on the command line and in the editor. */
import { positionAt } from "../kernel/source";
import { moveCpu, type Machine } from "../machine/machine";
import { narrate, placeOf } from "../machine/narrate";
import { W } from "../machine/layout";
import type { Verdict } from "./verdict";

/** `lazy-return, SC: holds`, then a line for each broken property and for those never reached, then the bounds. */
export function verdictText(v: Verdict): string {
  const head = `${v.scenario}, ${v.order.toUpperCase()}: ${v.outcome === "unknown" ? "can't say" : v.outcome}`;
  const broken = v.properties.flatMap((p) => p.counterexamples.slice(0, 1).map((c) => `  ${p.id}: ${c.why} (${c.moves.length} steps${p.counterexamples.length > 1 ? `; ${p.counterexamples.length} distinct executions` : ""})`));
  const never = v.properties.filter((p) => p.standing === "never reached").map((p) => p.id);
  const vacuous = never.length ? [`  never reached: ${never.join(", ")} (nothing that ${never.length > 1 ? "they speak" : "it speaks"} of happens here).`] : [];
  return [head, ...broken, ...vacuous, `  ${v.bounds}`, `  ${v.progress.states} states, ${v.progress.edges} transitions.`].join("\n");
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

/** A verdict as plain data, for other programs. Moves are told by their sentences. */
export function verdictJson(machine: Machine, v: Verdict): unknown {
  return {
    scenario: v.scenario, order: v.order, outcome: v.outcome, bounds: v.bounds, end: v.end, ...v.progress,
    properties: v.properties.map((p) => ({
      id: p.id, sentence: p.sentence, standing: p.standing,
      counterexamples: p.counterexamples.map((c) => ({ why: c.why, steps: c.moves.length, switches: c.switches, execution: counterexampleText(machine, c.moves).split("\n").map((l) => l.trim()) })),
    })),
    files: machine.program.files.map((f) => f.path),
    notModelled: machine.program.notModelled.map((n) => `${n.diagnostic.span.file.path}:${positionAt(n.diagnostic.span.file, n.diagnostic.span.start).line}: ${n.name}`),
  };
}

const escape = (s: string): string => s.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Verdicts as a JUnit report: a test case for each property of each scenario. */
export function junit(results: { machine: Machine; verdict: Verdict }[]): string {
  const suites = results.map(({ machine, verdict: v }) => {
    const cases = v.properties.map((p) => {
      const name = `<testcase classname="${escape(v.scenario)}.${v.order}" name="${escape(p.id)}"`;
      if (p.standing === "unknown") return `    ${name}><skipped message="${escape(v.bounds)}"/></testcase>`;
      const [first] = p.counterexamples;
      return first ? `    ${name}><failure message="${escape(first.why)}">${escape(counterexampleText(machine, first.moves))}</failure></testcase>` : `    ${name}/>`;
    });
    return `  <testsuite name="${escape(v.scenario)} ${v.order}" tests="${cases.length}" failures="${v.properties.filter((p) => p.standing === "fails").length}" skipped="${v.properties.filter((p) => p.standing === "unknown").length}">\n${cases.join("\n")}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>`;
}
