/** What a verdict tells besides holds or fails: what never came about, distinct executions, coverage, samples. */
import assert from "node:assert/strict";
import { fewestSwitchesFirst } from "../../../src/check/verdict/decide";
import { switchesIn } from "../../../src/check/search/switches";
import { checkNow, type PropertyVerdict, type Verdict } from "../../../src/check/verdict/verdict";
import { verdictText } from "../../../src/check/verdict/verdict-text";
import type { PropertyId } from "../../../src/machine/effects";
import type { Settings } from "../../../src/kernel/settings";
import type { Machine } from "../../../src/machine/machine";
import { insertAt } from "../../support/kernel";
import { editionMachine, files, toy, toyProgram } from "../../support/machine";

const of = (v: Verdict, id: PropertyId): PropertyVerdict => v.properties.find((p) => p.id === id)!;

/** The violations of an execution's last move. */
function lastOf(m: Machine, moves: readonly number[]): string[] {
  let { state } = m.initial();
  let whys: string[] = [];
  for (const move of moves) {
    assert.ok(m.moves(state).includes(move));
    const applied = m.apply(state, move);
    state = applied.state;
    whys = applied.violations.map((v) => v.why);
  }
  return whys;
}

describe("a verdict", () => {
  it("says of a property that nothing it speaks of ever happened", () => {
    const quiet = checkNow(toy(["x = 1;"], { c: "static int x;" }));
    assert.equal(quiet.outcome, "holds");
    assert.equal(of(quiet, "bug").standing, "never reached");
    assert.equal(of(quiet, "stale-translation").standing, "never reached");
    assert.match(verdictText(quiet), /never reached: .*\bbug\b/);
    const guarded = checkNow(toy(["BUG_ON(x);"], { c: "static int x;" }));
    assert.equal(of(guarded, "bug").standing, "holds");
    assert.equal(of(checkNow(toy(["if (x) BUG();"], { c: "static int x;" })), "bug").standing, "holds");
    assert.equal(
      of(checkNow(toy(["if (x) { y = 1; if (y) BUG(); }"], { c: "static int x, y;" })), "bug").standing,
      "never reached",
    );
  });

  it("finds the lazy return's promises put to the test", () => {
    const v = checkNow(editionMachine("lazy-return"));
    for (const id of ["stale-translation", "stale-use", "bug", "own-page-tables", "counts"] as const)
      assert.equal(of(v, id).standing, "holds", id);
    assert.equal(of(v, "page-tables-in-use").standing, "never reached");
  });

  it("names the settings that a failure hangs on, and no others", () => {
    const bodies = [
      "if (!IS_ENABLED(CONFIG_SAFE) && !boot_cpu_has(X86_FEATURE_PCID) && !IS_ENABLED(CONFIG_OTHER)) BUG();" +
        " if (IS_ENABLED(CONFIG_OTHER)) BUG();",
    ];
    const verdict = (settings: Settings) =>
      checkNow(toy(bodies, { settings }), {
        programUnder: (other) => toyProgram(bodies, "", "native", false, { ...settings, ...other }),
      });
    const fails = verdict({ X86_FEATURE_PCID: 0 });
    assert.equal(fails.outcome, "fails");
    assert.deepEqual(
      fails.hangsOn.map(({ name, value }) => [name, value]),
      [
        ["CONFIG_SAFE", 0],
        ["X86_FEATURE_PCID", 0],
      ],
    );
    assert.match(verdictText(fails), /not with CONFIG_SAFE=1 \(here it is 0: TLBscope's default\)/);
    assert.deepEqual(verdict({}).hangsOn, [], "what holds hangs on nothing");
  });

  it("says unknown of what an early end leaves open, and keeps what it found", () => {
    const v = checkNow(editionMachine("lazy-return"), { maxStates: 500 });
    assert.deepEqual([v.outcome, of(v, "bug").standing, v.end], ["unknown", "unknown", "too many states"]);
    assert.match(v.bounds, /the bound is 500/);
    assert.equal(checkNow(editionMachine("lazy-return"), { maxDepth: 5 }).end, "too deep");
  });

  it("gives several distinct executions of a failure, the shortest first, of as many steps as before", () => {
    const m = editionMachine("switch-away");
    const { counterexamples } = of(checkNow(m), "stale-translation");
    assert.ok(counterexamples.length > 1);
    assert.equal(counterexamples[0].moves.length, 34);
    for (const c of counterexamples) assert.ok(lastOf(m, c.moves).includes(c.why));
    const lengths = counterexamples.map((c) => c.moves.length);
    assert.deepEqual(
      lengths,
      [...lengths].sort((a, b) => a - b),
    );
    assert.ok(counterexamples.every((c) => c.switches === switchesIn(c.moves)));
    // One CPU leaves A up to the cleared bit, the other unmaps, sends nobody an interrupt, and frees the page.
    assert.ok(counterexamples[0].switches <= 2, `${counterexamples[0].switches} changes of CPU`);
    // A list of them begins with those that are easiest to follow.
    const [hard, easy] = [
      { ...counterexamples[0], switches: 3 },
      { ...counterexamples[1], switches: 1 },
    ];
    assert.deepEqual(fewestSwitchesFirst([hard, easy]), [easy, hard]);
  });

  it("tells in how many states each line is reached, and which lines never are", () => {
    const m = editionMachine("lazy-return");
    const lines = checkNow(m).coverage.lines.get(m.program.files.find((f) => f.path === files.mmuContext)!.uri)!;
    assert.ok(lines.get(60)! > 0 && lines.get(61)! > 0 && lines.get(68)! > 0, "the else branch");
    assert.equal(lines.get(40), 0, "the other branch: prev is always next here");
    assert.equal(lines.get(39), undefined, "no code");
  });

  it("shows sample executions where all holds, each to the end and with other interrupts", () => {
    const m = editionMachine("lazy-return");
    const { samples } = checkNow(m);
    assert.ok(samples.length >= 2);
    for (const moves of samples) {
      let { state } = m.initial();
      for (const move of moves) ({ state } = m.apply(state, move));
      assert.ok(m.scenario.cpus.every((_, c) => !m.hasStep(state, c)));
    }
  });

  it("walks at random where the space is too large to be searched, and finds the race that way", () => {
    const m = editionMachine("switch-away");
    const v = checkNow(m, { maxStates: 100, walks: 3_000 });
    assert.equal(v.outcome, "fails");
    const [c] = of(v, "stale-translation").counterexamples;
    assert.ok(lastOf(m, c.moves).includes(c.why));
    assert.match(
      checkNow(editionMachine("switch-in"), { maxStates: 100, walks: 50 }).bounds,
      /50 random walks went on beyond it/,
    );
  });

  it("answers the mail: with the bit cleared in the else branch, a flush passes the CPU by", () => {
    const v = checkNow(
      editionMachine("lazy-return", { [files.mmuContext]: insertAt(60, "cpumask_clear_cpu(cpu, mm_cpumask(prev)); ") }),
    );
    assert.equal(v.outcome, "fails");
    assert.equal(of(v, "stale-translation").standing, "fails");
  });
});
