import assert from "node:assert/strict";
import { checkNow, type Verdict } from "../../../src/check/verdict/verdict";
import { counterexampleText, verdictText } from "../../../src/check/verdict/verdict-text";
import { Machine } from "../../../src/machine/machine";
import { properties, propertyIds } from "../../../src/machine/effects";
import { panelState } from "../../../src/panel/state";
import { Trace } from "../../../src/trace/trace";
import { build, edition, source } from "../../support/kernel";
import { builtInIds, machineOf, scenario } from "../../support/machine";
import { inPseudoLocale, untranslated } from "../../support/pseudo-locale";

/** What sentences put in as it is: names and text of the C source, of the scenario's actions, and of the model. */
function namesOf(machine: Machine): Set<string> {
  const code = machine.program.files.map((f) => f.text.replace(/\/\*[\s\S]*?\*\//g, "")).join("\n");
  const own = [
    "TLB",
    "CPU",
    "CR3",
    "PCID",
    "mms",
    "SC",
    "TSO",
    "LDT",
    "LOCKed",
    "schedule",
    "exec",
    "exit",
    "reclaim",
    "munmap",
    "mmap",
    "touch",
    "swapper",
    "table",
    ...propertyIds.flatMap((id) => id.split("-")),
  ];
  return new Set([
    ...own,
    ...(code.match(/[A-Za-z_]\w*/g) ?? []),
    ...machine.scenario.mms.map((m) => m.name),
    ...[...machine.layout.tasks.keys()].flatMap((t) => t.split(/\W/)),
  ]);
}

/** The words of a text that are neither translated nor names. */
const english = (text: string, names: Set<string>): string[] =>
  untranslated(text.replace(/[A-Za-z_][\w]*(?:[_\d][\w]*)/g, " ")).filter(
    (word) => !names.has(word) && !names.has(word.replace(/'.*/, "")),
  );

/** Every text of the panel's state that the machine words. */
function saidAt(trace: Trace): string[] {
  const {
    sentence,
    changes,
    marks,
    branches,
    events,
    ipis,
    properties: standings,
    view,
  } = panelState({ trace, script: source("", "script"), kernel: "", standIns: [], selectedCpu: 0 });
  return [
    sentence,
    ...changes,
    ...marks.map((m) => m.label),
    ...branches.map((b) => b.label),
    ...events.map((e) => e.text),
    ...ipis.map((i) => i.what),
    ...standings.flatMap((p) => [p.label, p.sentence, p.why ?? ""]),
    ...view.cpus.flatMap((c) => [c.waits ?? "", c.cr3.value, ...c.perCpu.map((v) => v.value)]),
    ...view.globals.map((v) => v.value),
  ];
}

/** Each execution that a verdict tells of, played: the moves that break something are among them. */
function played(machine: Machine, verdict: Verdict): string[] {
  const executions = [...verdict.properties.flatMap((p) => p.counterexamples.map((c) => c.moves)), ...verdict.samples];
  return executions.flatMap((moves) => {
    const trace = new Trace(machine);
    for (const move of moves) trace.step(move);
    return [...saidAt(trace), ...Array.from({ length: trace.last }, (_, i) => trace.sentence(i + 1))];
  });
}

describe("the machine and the checker in another language", () => {
  for (const id of builtInIds) {
    for (const order of ["sc", "tso"] as const) {
      it(`have no English sentence for what happens in ${id}, ${order.toUpperCase()}`, () => {
        inPseudoLocale(() => {
          const machine = machineOf(edition(), { ...scenario(id), order });
          const names = namesOf(machine),
            verdict = checkNow(machine);
          const said = [
            ...played(machine, verdict),
            verdict.bounds,
            verdictText(verdict).replaceAll(id, ""),
            ...verdict.properties.flatMap((p) => [p.sentence, p.label]),
          ];
          assert.deepEqual([...new Set(said.filter((text) => english(text, names).length > 0))], []);
        });
      });
    }
  }

  it("say the same again in English afterwards", () => {
    inPseudoLocale(() => assert.notEqual(properties.bug.label, "no BUG"));
    assert.equal(properties.bug.label, "no BUG");
    const machine = machineOf(edition(), "switch-away");
    assert.match(
      counterexampleText(machine, machine.moves(machine.initial().state).slice(0, 1)),
      /CPU0 is asked to schedule B\/1\.|CPU0 fills/,
    );
    assert.ok(build(edition()));
  });
});
