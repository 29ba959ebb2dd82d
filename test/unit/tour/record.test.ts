import assert from "node:assert/strict";
import fc from "fast-check";
import type { Move } from "../../../src/machine/machine";
import { withChanges } from "../../../src/scenario/scenario-changes";
import { Trace } from "../../../src/trace/trace";
import { recordTour, type Stop } from "../../../src/tour/record/record";
import { Statements } from "../../../src/tour/anchor/source-statements";
import { tourText } from "../../../src/tour/format/write-tour";
import { edition, parser } from "../../support/kernel";
import { builtInIds, editionMachine, Player, scenario } from "../../support/machine";
import { playerOn, stateOf, tourOf } from "./support";

const head = { id: "mine", title: "Mine", about: "Recorded." };

function recorded(trace: Trace, stops: Stop[]) {
  const statements = new Statements(parser(), trace.machine.program);
  const made = recordTour({ ...head, trace, stops, statements });
  assert.ok("tour" in made, "error" in made ? made.error : "");
  return made.tour;
}

/** The tour as its text reads again, played: every stop has the state that it was recorded at. */
function replays(trace: Trace, stops: Stop[]): void {
  const tour = tourOf(tourText(recorded(trace, stops)));
  const player = playerOn(edition(), tour);
  const sorted = [...stops].sort((a, b) => a.index - b.index);
  tour.steps.forEach((step, i) => {
    const state = stateOf(player, step.id);
    assert.deepEqual(state.problems, []);
    assert.equal(state.openTrace().state.join(), trace.entry(sorted[i].index).state.join());
    assert.equal(state.words, sorted[i].words);
  });
}

describe("recording a tour", () => {
  it("says what happened by statements, not by counts of steps", () => {
    const p = new Player(editionMachine("lazy-return"));
    p.fill(0);
    p.actions(0, 1);
    const lazy = p.trace.cursor;
    p.to(0, "switch_mm:60");
    const back = p.trace.cursor;
    p.untilWaits(1);
    const waiting = p.trace.cursor;
    p.to(0, "finish_task_switch:2991").take(0);
    p.to(0, "smp_invalidate_interrupt:71");
    const tour = recorded(p.trace, [
      { index: back, title: "Back to A", words: "Back." },
      { index: lazy, title: "Lazy!", words: "Lazy." },
      { index: waiting, title: "Back to A", words: "Waits." },
      { index: p.trace.cursor, title: "", words: "Acked.", cpu: 0 },
    ]);
    assert.deepEqual(
      tour.steps.map((s) => s.id),
      ["lazy", "back-to-a", "back-to-a-2", "step-4"],
    );
    assert.deepEqual(tour.steps[0].machine, [
      { do: "fill", cpu: 0, mm: "A", page: "page0" },
      { do: "run", cpu: 0, until: "action" },
    ]);
    assert.deepEqual(tour.steps[1].machine, [
      {
        do: "run",
        cpu: 0,
        to: { fn: ["switch_mm"], stmt: ["percpu_write(cpu_tlbstate.state, TLBSTATE_OK)"], nth: 2 },
        times: 1,
      },
    ]);
    assert.deepEqual(tour.steps[2].machine, [{ do: "run", cpu: 1, until: "waits" }]);
    assert.deepEqual(
      tour.steps[3].machine.map((a) => a.do),
      ["run", "deliver", "run"],
    );
    assert.deepEqual(tour.steps[3].at, {
      fn: ["smp_invalidate_interrupt"],
      stmt: ["cpumask_clear_cpu(cpu, &f->flush_cpumask)"],
      nth: 1,
    });
    replays(p.trace, [
      { index: lazy, title: "a", words: "A." },
      { index: back, title: "b", words: "Costs ${money}." },
      { index: p.trace.cursor, title: "c", words: "`C`\n\nand more" },
    ]);
  });

  it("keeps the memory order and the settings that the trace ran with", () => {
    const trace = new Trace(
      editionMachine(withChanges(scenario("lazy-return"), { order: "tso", settings: { CONFIG_DEBUG_VM: 1 } })),
    );
    const statements = new Statements(parser(), trace.machine.program);
    const made = recordTour({
      ...head,
      trace,
      stops: [{ index: 0, title: "x", words: "x" }],
      settings: { CONFIG_DEBUG_VM: 1 },
      statements,
    });
    assert.ok("tour" in made);
    const { order, settings } = tourOf(tourText(made.tour));
    assert.deepEqual({ order, settings }, { order: "tso", settings: { CONFIG_DEBUG_VM: 1 } });
  });

  it("refuses a history with a value set by hand, and one without a stop", () => {
    const trace = new Trace(editionMachine("lazy-return"));
    const statements = new Statements(parser(), trace.machine.program);
    trace.edit(trace.machine.layout.mms[0], 5);
    const made = (stops: Stop[]) => recordTour({ ...head, trace, stops, statements });
    assert.match(JSON.stringify(made([{ index: 1, title: "x", words: "x" }])), /value set by hand/);
    assert.match(JSON.stringify(made([])), /keep a stop first/);
  });

  it("replays to the same states, whatever was done", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...builtInIds),
        fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 14 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
        (id, walk, at) => {
          const trace = new Trace(editionMachine(id));
          for (const [choice, times] of walk) {
            let wanted: Move | undefined;
            for (let i = 0; i < times; i++) {
              const moves = trace.machine.moves(trace.state);
              if (moves.length === 0) break;
              if (wanted === undefined || !moves.includes(wanted)) wanted = moves[choice % moves.length];
              trace.step(wanted);
            }
          }
          replays(
            trace,
            at.map((n, i) => ({ index: n % (trace.last + 1), title: `Stop ${i}`, words: `Words ${i}.` })),
          );
        },
      ),
      { numRuns: 25 },
    );
  }).timeout(120_000);
});
