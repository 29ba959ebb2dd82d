/**
 * Walks before a reduced search begins, to learn what of memory is shared: what contradicts the search's assumptions
 * has it
 * begin anew, so that most of that should be known before. What walks miss, the search finds.
 */
import { moveCpu, type Machine } from "../../machine/machine";
import { Watch, type Learned } from "./locality";
import { drawsFrom, walk, type WalkOptions } from "./walk";

/** Changes of CPU often enough to meet others on the way, and seldom enough to get somewhere. */
const how: WalkOptions = { stay: 0.8, fill: 0.02, maxDepth: 1_000 };
/** Walks at most, and walks that learn nothing until it is enough. */
const MOST = 40,
  IDLE = 6;
const SEED = 1;

/** Adds to what was learned of the machine's memory what a few random walks show: the same ones each time. */
export function foresee(machine: Machine, learned: Learned): void {
  const draw = drawsFrom(SEED);
  const watch = new Watch(machine, learned, learned, () => undefined);
  for (let n = 0, idle = 0; n < MOST && idle < IDLE; n++, idle++) {
    learned.refuted = false;
    walk(machine, draw, how, (s, m, violation) => {
      watch.begin(moveCpu(m));
      machine.applyTo(s, m, { violation, effect: (e) => watch.effect(e) });
      watch.learn();
    });
    if (learned.refuted) idle = -1;
  }
}
