/**
 * Random walks before a reduced search, to learn which cells are shared: each assumption that the search itself refutes
 * makes it begin again, and a few walks find most of them. What they miss, the search finds.
 */
import { moveCpu, type Machine } from "../../machine/machine";
import type { Assumptions } from "./assumptions";
import { Footprint } from "./locality";
import { drawsFrom, walk, type WalkOptions } from "./walk";

/** Switches CPUs often enough for their accesses to interleave, and seldom enough to get far. */
const how: WalkOptions = { stay: 0.8, fill: 0.02, maxDepth: 1_000 };
/** The most walks, and how many in a row that learn nothing end it. */
const MOST = 40,
  IDLE = 6;
const SEED = 1;

/** Takes back the assumptions that a few random walks refute: the same walks each time. */
export function warmUp(machine: Machine, learned: Assumptions): void {
  const draw = drawsFrom(SEED);
  const footprint = new Footprint(machine, learned, learned, () => undefined);
  for (let n = 0, idle = 0; n < MOST && idle < IDLE; n++, idle++) {
    learned.refuted = false;
    walk(machine, draw, how, (s, m, violation) => {
      footprint.begin(moveCpu(m));
      machine.applyTo(s, m, { violation, effect: (e) => footprint.effect(e) });
      footprint.learn();
    });
    if (learned.refuted) idle = -1;
  }
}
