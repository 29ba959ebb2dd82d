/**
 * Random walks before a reduced search, to learn which cells are shared: each assumption that the search itself refutes
 * makes it begin again, and a few walks find most of them. What they miss, the search finds.
 */
import { moveCpu, MoveKind, moveKind, type Machine } from "../../machine/machine";
import { AccessSets, type Access } from "./access-sets";
import type { Assumptions } from "./assumptions";
import { Footprint } from "./locality";
import { drawsFrom, walk, type WalkOptions } from "./walk";

/** Switches CPUs often enough for their accesses to interleave, and seldom enough to get far. */
const how: WalkOptions = { stay: 0.8, fill: 0.02, maxDepth: 1_000 };
/** The most walks, and how many in a row that learn nothing end it. */
const MOST = 100,
  IDLE = 12;
const SEED = 1;

/** Takes back the assumptions that a few random walks refute: the same walks each time. */
export function warmUp(machine: Machine, learned: Assumptions): void {
  const draw = drawsFrom(SEED);
  const footprint = new Footprint(machine, learned, learned, () => undefined);
  const sets = new AccessSets();
  const before = new Int32Array(machine.layout.size);
  for (let n = 0, idle = 0; n < MOST && idle < IDLE; n++, idle++) {
    learned.refuted = false;
    // What each CPU's last local steps used: as history.ts has it, but for what lies under an interrupt.
    const last = machine.layout.cpu.map(() => 0);
    walk(machine, draw, how, (s, m, violation) => {
      const c = moveCpu(m);
      before.set(s);
      footprint.begin(before, m);
      machine.applyTo(s, m, {
        violation: (v) => {
          footprint.violation();
          violation(v);
        },
        effect: (e) => footprint.effect(e),
        touched: (bits) => footprint.touched(bits),
      });
      footprint.learn();
      const accesses: Access[] = [];
      footprint.addAccesses(accesses);
      const used = sets.of(accesses);
      last.forEach((other, d) => {
        if (d !== c && sets.conflict(used, other)) for (const cell of sets.cellsOf(used, other)) learned.noteRace(cell);
      });
      last[c] = moveKind(m) === MoveKind.step && footprint.isLocal(before, s) ? sets.union(last[c], used) : 0;
    });
    if (learned.refuted) idle = -1;
  }
}
