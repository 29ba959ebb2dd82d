/**
 * The same execution with fewer changes from one CPU to another. What each CPU does, and in which order, stays; only how
 * the CPUs take turns is chosen anew, so that a reader follows one CPU as long as possible.
 */
import type { Violation } from "../machine/effects";
import { moveCpu, MoveKind, moveKind, type Machine, type Move, type State } from "../machine/machine";
import { StateStore } from "./store";

/** Changes from one CPU to another in an execution. */
export const switchesIn = (moves: readonly Move[]): number => moves.reduce((n, m, i) => n + (i > 0 && moveCpu(m) !== moveCpu(moves[i - 1]) ? 1 : 0), 0);

/** `stale-translation CPU1 frees frame1 while …`. */
const whyOf = (v: Violation): string => `${v.property} ${v.why}`;

/** The state that an execution ends in, and what its last move broke. */
export function replay(machine: Machine, moves: readonly Move[]): { state: State; whys: string[] } {
  const start = machine.initial();
  let { state } = start, whys = start.violations.map(whyOf);
  for (const m of moves) {
    const applied = machine.apply(state, m);
    state = applied.state;
    whys = applied.violations.map(whyOf);
  }
  return { state, whys };
}

/** States that are looked at before the execution is left as it is. */
const LIMIT = 60_000;

/** One way to have come this far: how many moves each CPU has made, who moved last, and from where. */
interface Node {
  state: State;
  made: number[];
  last: number;
  move: Move;
  from: Node | undefined;
}

/**
 * Gives an execution of the same moves with the fewest changes of CPU that still ends as the given one does: with
 * `same` true of its last state and of what its last move broke. The given one is returned when there is none with fewer, or too much to try.
 */
export function withFewestSwitches(machine: Machine, moves: readonly Move[], same: (after: State, whys: readonly string[]) => boolean): Move[] {
  const cpus = machine.scenario.cpus.length;
  const own = Array.from({ length: cpus }, (_, c) => moves.filter((m) => moveCpu(m) === c));
  const start: Node = { state: machine.initial().state, made: own.map(() => 0), last: -1, move: 0, from: undefined };
  // Ways with the same number of changes stand together: those that go on with the same CPU first.
  let now: Node[] = [start], later: Node[] = [];
  const seen = new StateStore(start.state.length + cpus + 1, 1024);
  const key = new Int32Array(start.state.length + cpus + 1);
  for (let tried = 0; now.length > 0 || later.length > 0; ) {
    const node = now.pop();
    if (!node) {
      now = later.reverse();
      later = [];
      continue;
    }
    key.set(node.state);
    key.set(node.made, node.state.length);
    key[key.length - 1] = node.last;
    if (!seen.add(key)) continue;
    if (++tried > LIMIT) return [...moves];
    for (let c = 0; c < cpus; c++) {
      const move = own[c][node.made[c]];
      if (move === undefined || !isPossible(machine, node.state, move)) continue;
      const state = node.state.slice(), whys: string[] = [];
      machine.applyTo(state, move, { violation: (v) => whys.push(whyOf(v)) });
      const made = node.made.slice();
      made[c]++;
      const next: Node = { state, made, last: c, move, from: node };
      if (made.every((n, i) => n === own[i].length)) {
        if (same(state, whys)) return movesOf(next);
      } else if (whys.length === 0) (node.last === c || node.last < 0 ? now : later).push(next);
    }
  }
  return [...moves];
}

/** Steps, by far the most, are asked for alone. */
function isPossible(machine: Machine, s: State, m: Move): boolean {
  const c = moveCpu(m);
  return moveKind(m) === MoveKind.step ? machine.canStep(s, c) : machine.movesOf(s, c).includes(m);
}

function movesOf(node: Node): Move[] {
  const moves: Move[] = [];
  for (let n = node; n.from; n = n.from) moves.push(n.move);
  return moves.reverse();
}
