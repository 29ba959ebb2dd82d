/**
 * The same execution with fewer changes from one CPU to another. What each CPU does, and in which order, stays; only
 * how
 * the CPUs take turns is chosen anew, so that a reader follows one CPU as long as possible.
 */
import type { Violation } from "../../machine/effects";
import { moveCpu, MoveKind, moveKind, type Machine, type Move, type State } from "../../machine/machine";
import { StateStore } from "../store/state-store";

/** Changes from one CPU to another in an execution. */
export const switchesIn = (moves: readonly Move[]): number =>
  moves.reduce((n, m, i) => n + (i > 0 && moveCpu(m) !== moveCpu(moves[i - 1]) ? 1 : 0), 0);

/** `stale-translation CPU1 frees frame1 while …`. */
const whyOf = (v: Violation): string => `${v.property} ${v.why}`;

/** The state that an execution ends in, and what its last move broke. */
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

/** Places that ways may come to before the execution is left as it is. */
const LIMIT = 60_000;

/** One way to have come to a place: who moved last, how, and from where. */
interface Way {
  place: number;
  last: number;
  move: Move;
  from: Way | undefined;
}

/**
 * Gives an execution of the same moves with the fewest changes of CPU that still ends as the given one does: with
 * `same` true of its last state and of what its last move broke. The given one is returned when there is none with
 * fewer, or too much to try.
 */
export function withFewestSwitches(
  machine: Machine,
  moves: readonly Move[],
  same: (after: State, whys: readonly string[]) => boolean,
): Move[] {
  const cpus = machine.scenario.cpus.length;
  const own = Array.from({ length: cpus }, (_, c) => moves.filter((m) => moveCpu(m) === c));
  const { state } = machine.initial();
  const places = new Places(state.length, cpus);
  const made = new Int32Array(cpus),
    next = state.slice();
  // Ways with the same number of changes stand together: those that go on with the same CPU first.
  let now: Way[] = [{ place: places.reach(state, made, 0, -1), last: -1, move: 0, from: undefined }],
    later: Way[] = [];
  for (let changes = 0; now.length > 0 || later.length > 0;) {
    const way = now.pop();
    if (!way) {
      now = later.reverse();
      later = [];
      changes++;
      continue;
    }
    if (places.changesTo(way.place) < changes) continue;
    if (places.count > LIMIT) return [...moves];
    places.read(way.place, state, made);
    for (let c = 0; c < cpus; c++) {
      const move = own[c][made[c]];
      if (move === undefined || !isPossible(machine, state, move)) continue;
      next.set(state);
      const whys: string[] = [];
      machine.applyTo(next, move, { violation: (v) => whys.push(whyOf(v)) });
      made[c]++;
      const goesOn = way.last === c || way.last < 0,
        isEnd = made.every((n, i) => n === own[i].length);
      const place = isEnd || whys.length > 0 ? -1 : places.reach(next, made, goesOn ? changes : changes + 1, c);
      made[c]--;
      if (isEnd && same(next, whys)) return movesOf({ place, last: c, move, from: way });
      if (place >= 0) (goesOn ? now : later).push({ place, last: c, move, from: way });
    }
  }
  return [...moves];
}

/**
 * States, with how many moves each CPU has made: the fewest changes of CPU that it took to come there, and whose move
 * was the last then.
 */
class Places {
  private readonly store: StateStore;
  private readonly key: Int32Array;
  private readonly changes: number[] = [];
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

  changesTo(place: number): number {
    return this.changes[place];
  }

  read(place: number, state: State, made: Int32Array): void {
    this.store.read(place, this.key);
    state.set(this.key.subarray(0, this.words));
    made.set(this.key.subarray(this.words));
  }

  /**
   * The number of the place that a way comes to; -1 when one that came there before is as good: with the same last
   * CPU, or with a change less, which another CPU's turn costs at most.
   */
  reach(state: State, made: Int32Array, changes: number, last: number): number {
    this.key.set(state);
    this.key.set(made, this.words);
    const known = this.store.count,
      at = this.store.intern(this.key),
      bit = 1 << (last + 1);
    if (at === known || changes < this.changes[at]) {
      this.changes[at] = changes;
      this.lasts[at] = bit;
      return at;
    }
    if (this.changes[at] < changes || (this.lasts[at] & bit) !== 0) return -1;
    this.lasts[at] |= bit;
    return at;
  }
}

/** Steps, by far the most, are asked for alone. */
function isPossible(machine: Machine, s: State, m: Move): boolean {
  const c = moveCpu(m);
  return moveKind(m) === MoveKind.step ? machine.canStep(s, c) : machine.moves(s, c).includes(m);
}

function movesOf(way: Way): Move[] {
  const moves: Move[] = [];
  for (let n = way; n.from; n = n.from) moves.push(n.move);
  return moves.reverse();
}
