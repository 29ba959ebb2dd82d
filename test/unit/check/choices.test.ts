/** CPUs that choose what they do: every workload of so many actions, as one search. */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict/verdict";
import { searched } from "./searched";
import {
  chooseAction,
  choiceOf,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  type Machine,
} from "../../../src/machine/machine";
import { workloadOf } from "../../../src/machine/view/workload";
import type { Scenario } from "../../../src/scenario/scenario";
import { scenarioText } from "../../../src/scenario/write-scenario";
import { editionMachine, Player, scenarioOf } from "../../support/machine";

const world = (first: string, second: string, order = "sc") =>
  scenarioOf(`
id: any-two
about: Whatever two CPUs do.
order: ${order}
mms: { A: { pages: [page0] }, B: { pages: [page0] } }
tasks: { A/1: { mm: A }, B/1: { mm: B }, k0: {}, A/2: { mm: A }, k1: {} }
cpus:
  - { starts: A/1, does: ${first} }
  - { starts: A/2, does: ${second} }
`);
const list = ["schedule: A/1", "schedule: B/1", "schedule: k0", "touch: page0", "munmap: page0"].map((a) => `{ ${a} }`);
const any = (actions: number) => `{ any: [${list.join(", ")}], actions: ${actions} }`;
const choices = (m: Machine, p: Player, cpu: number): string[] =>
  m
    .moves(p.state)
    .filter((x) => moveKind(x) === MoveKind.choose && moveCpu(x) === cpu)
    .map((x) => {
      const { action: a } = m.scenario.cpus[cpu].does[choiceOf(x)];
      return `${a.do} ${"task" in a ? a.task : "page" in a ? a.page : ""}`.trim();
    });
/** Chooses an action by its words, and lets the CPU do it. */
function does(p: Player, cpu: number, action: string): void {
  const m = p.machine;
  const index = m.scenario.cpus[cpu].does.findIndex(({ action: a }) => {
    const what = "task" in a ? a.task : "page" in a ? a.page : "";
    return `${a.do} ${what}`.trim() === action;
  });
  p.move(chooseAction(cpu, index));
  while (m.hasStep(p.state, cpu)) p.step(cpu);
}

describe("a CPU that chooses what it does", () => {
  it("may begin what its task can do, and stop after so many", () => {
    const m = editionMachine(world(any(2), "[]"));
    const p = new Player(m);
    assert.deepEqual(choices(m, p, 0), ["schedule B/1", "schedule k0", "touch page0", "munmap page0"]);
    assert.ok(!m.hasStep(p.state, 0), "it may stop");
    does(p, 0, "schedule k0");
    assert.deepEqual(choices(m, p, 0), ["schedule A/1", "schedule B/1"], "a kernel thread has no pages");
    does(p, 0, "schedule A/1");
    assert.deepEqual(choices(m, p, 0), []);
  });
  it("leaves no trace of what it chose but what that did, and how many are left", () => {
    const after = (actions: string[]) => {
      const p = new Player(editionMachine(world(any(4), "[]")));
      for (const a of actions) does(p, 0, a);
      return p.state.join();
    };
    assert.equal(
      after(["touch page0", "schedule k0", "schedule A/1", "touch page0"]),
      after(["schedule k0", "schedule A/1", "touch page0", "touch page0"]),
    );
  });
  it("doesn't go back to a task that has exited, and takes an mm by exec once", () => {
    const m = editionMachine(
      scenarioOf(`
id: any-exec
about: Exec and exit.
mms: { A: { pages: [page0] }, B: { pages: [page0] } }
tasks: { A/1: { mm: A }, A/2: { mm: A } }
cpus:
  - { starts: A/1, does: { any: [schedule, exec, exit], actions: 4 } }
  - { starts: A/2 }
`),
    );
    const p = new Player(m);
    assert.deepEqual(choices(m, p, 0), ["schedule swapper/0", "exec", "exit"]);
    does(p, 0, "exec");
    assert.deepEqual(choices(m, p, 0), ["schedule swapper/0", "exit"]);
    does(p, 0, "exit");
    assert.deepEqual(choices(m, p, 0), [], "the idle task has nobody to switch to");
  });

  it("fails where some workload fails, and holds where all hold", () => {
    const wanted = new Set<string>();
    for (const a of ["", ...list.slice(1)])
      for (const b of ["", "{ schedule: k1 }", "{ touch: page0 }", "{ munmap: page0 }"])
        for (const p of broken(world(`[${a}]`, `[${b}]`))) wanted.add(p);
    const second = "{ any: [{ schedule: k1 }, touch, munmap], actions: 1 }";
    assert.deepEqual(broken(world(any(1), second)), [...wanted].sort());
    assert.deepEqual([...wanted], ["stale-translation"], "the edition's own race, of the switch away");
  });
  it("is searched alike by every reduction", () => {
    for (const order of ["sc", "tso"]) {
      const m = () => editionMachine(world(any(1), "{ any: [{ schedule: k1 }, touch, munmap], actions: 1 }", order));
      const plain = searched(m(), false),
        reduced = searched(m(), true);
      const found = (x: typeof plain) => [...x.findings.keys()].sort();
      assert.deepEqual(found(reduced), found(plain));
      assert.ok(reduced.progress.states < plain.progress.states);
    }
  });
  it("tells of a failure the workload, which fails by itself, as a file too", () => {
    const m = editionMachine(world(any(2), "{ any: [{ schedule: k1 }, touch, munmap], actions: 2 }", "tso"));
    const verdict = checkNow(m);
    const [counterexample] = verdict.properties.find((p) => p.id === "stale-translation")!.counterexamples;
    assert.equal(counterexample.workload, "CPU0: schedule B/1. CPU1: munmap page0.");
    const found = workloadOf(m.scenario, counterexample.moves);
    const again = scenarioOf(scenarioText(found.scenario));
    assert.deepEqual(
      again.cpus.map((c) => c.does.map((d) => d.action)),
      found.scenario.cpus.map((c) => c.does.map((d) => d.action)),
    );
    assert.deepEqual(
      again.tasks.map((t) => t.name),
      ["A/1", "B/1", "A/2"],
      "kernel threads that do nothing are gone",
    );
    const p = new Player(editionMachine(again));
    for (const move of found.moves) p.move(move);
    assert.deepEqual(p.broken, ["stale-translation"]);
    assert.deepEqual(found.moves[0], stepOf(moveCpu(counterexample.moves[0])));
  });
});

const broken = (scenario: Scenario): string[] =>
  checkNow(editionMachine(scenario))
    .properties.filter((p) => p.standing === "fails")
    .map((p) => p.id)
    .sort();
