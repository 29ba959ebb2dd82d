/**
 * The same execution with fewer context switches between CPUs. What each CPU does, and in which order, stays; only the
 * interleaving is chosen again, so that a reader follows one CPU as long as possible.
 */
import type { Violation } from "../../machine/effects";
import { moveCpu, MoveKind, moveKind, type Machine, type Move, type State } from "../../machine/machine";
import { StateStore } from "../store/state-store";

/** The number of switches from one CPU to another in an execution. */
export const switchesIn = (moves: readonly Move[]): number =>
  moves.reduce((n, m, i) => n + (i > 0 && moveCpu(m) !== moveCpu(moves[i - 1]) ? 1 : 0), 0);

/** `stale-translation CPU1 frees frame1 while …`. */
const whyOf = (v: Violation): string => `${v.property} ${v.why}`;

/** The state that an execution ends in, and what its last move violates. */
export function replay(machine: Machine, moves: readonly Move[]): { state: State; whys: string[] } {
  const start = machine.initial();
  let { state } = start,
    whys = start.violations.map(whyOf);
  for (const m of moves) {
    const applied = machine.apply(state, m);
    state = applied.state;
    whys = applied.violations.map(whyOf);
  }
  return { state, whys };
}

/** The most states that are visited before the execution is left as it is. */
const LIMIT = 60_000;

/**
 * A path, as a linked list of its moves from the last to the first: the visited state that it ends in, and who moved
 * last.
 */
interface Path {
  place: number;
  last: number;
  move: Move;
  from: Path | undefined;
}

/**
 * Gives an execution of the same moves with the fewest switches between CPUs that still ends as the given one does:
 * with `same` true of its last state and of what its last move violates. Gives the execution itself when there is none
 * with fewer, or too much to try.
 */
export function withFewestSwitches(
  machine: Machine,
  moves: readonly Move[],
  same: (after: State, whys: readonly string[]) => boolean,
): Move[] {
  const cpus = machine.scenario.cpus.length;
  const own = Array.from({ length: cpus }, (_, c) => moves.filter((m) => moveCpu(m) === c));
  const { state } = machine.initial();
  const places = new Visited(state.length, cpus);
  const made = new Int32Array(cpus),
    next = state.slice();
  // Paths with the same number of switches are taken together, those that go on with the same CPU first.
  let now: Path[] = [{ place: places.reach(state, made, 0, -1), last: -1, move: 0, from: undefined }],
    later: Path[] = [];
  for (let switches = 0; now.length > 0 || later.length > 0;) {
    const path = now.pop();
    if (!path) {
      now = later.reverse();
      later = [];
      switches++;
      continue;
    }
    if (places.switchesTo(path.place) < switches) continue;
    if (places.count > LIMIT) return [...moves];
    places.read(path.place, state, made);
    for (let c = 0; c < cpus; c++) {
      const move = own[c][made[c]];
      if (move === undefined || !isPossible(machine, state, move)) continue;
      next.set(state);
      const whys: string[] = [];
      machine.applyTo(next, move, { violation: (v) => whys.push(whyOf(v)) });
      made[c]++;
      const goesOn = path.last === c || path.last < 0,
        isEnd = made.every((n, i) => n === own[i].length);
      const place = isEnd || whys.length > 0 ? -1 : places.reach(next, made, goesOn ? switches : switches + 1, c);
      made[c]--;
      if (isEnd && same(next, whys)) return movesAlong({ place, last: c, move, from: path });
      if (place >= 0) (goesOn ? now : later).push({ place, last: c, move, from: path });
    }
  }
  return [...moves];
}

/**
 * The states that were visited, with how many moves each CPU has made there: the fewest switches that it took, and
 * which CPUs moved last on such a path.
 */
class Visited {
  private readonly store: StateStore;
  private readonly key: Int32Array;
  private readonly switches: number[] = [];
  private readonly lasts: number[] = [];

  /** `words` is the length of a state. */
  constructor(
    private readonly words: number,
    cpus: number,
  ) {
    this.store = new StateStore(words + cpus, 1024);
    this.key = new Int32Array(words + cpus);
  }

  get count(): number {
    return this.store.count;
  }

  switchesTo(place: number): number {
    return this.switches[place];
  }

  read(place: number, state: State, made: Int32Array): void {
    this.store.read(place, this.key);
    state.set(this.key.subarray(0, this.words));
    made.set(this.key.subarray(this.words));
  }

  /**
   * The number of the state that a path ends in; -1 when an earlier path to it is as good: with the same last CPU, or
   * with one switch less, which is what going on with another CPU costs at most.
   */
  reach(state: State, made: Int32Array, switches: number, last: number): number {
    this.key.set(state);
    this.key.set(made, this.words);
    const known = this.store.count,
      at = this.store.intern(this.key),
      bit = 1 << (last + 1);
    if (at === known || switches < this.switches[at]) {
      this.switches[at] = switches;
      this.lasts[at] = bit;
      return at;
    }
    if (this.switches[at] < switches || (this.lasts[at] & bit) !== 0) return -1;
    this.lasts[at] |= bit;
    return at;
  }
}

/** Is the move enabled? Steps, by far the most, are asked for alone. */
function isPossible(machine: Machine, s: State, m: Move): boolean {
  const c = moveCpu(m);
  return moveKind(m) === MoveKind.step ? machine.canStep(s, c) : machine.moves(s, c).includes(m);
}

function movesAlong(path: Path): Move[] {
  const moves: Move[] = [];
  for (let n = path; n.from; n = n.from) moves.push(n.move);
  return moves.reverse();
}
