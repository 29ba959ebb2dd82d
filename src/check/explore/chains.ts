/**
 * The local steps that a CPU takes at once after a move (see locality.ts). They use only what is the CPU's own, and
 * what
 * nobody ever writes, so that what they come to depends on the CPU's own part alone: it is worked out once for each.
 */
import { W } from "../../machine/layout";
import { stepOf, type Machine, type Move, type State } from "../../machine/machine";
import type { Watch } from "./locality";
import type { Occasions } from "./occasions";
import type { Parts } from "./parts";
import type { Pool } from "./pool";

/** Local steps that are taken together at most; a loop of them ends here and goes on in the next state. */
const CHAIN = 2_000;
/**
 * What is known of an own part: nothing yet; that its steps are to be taken anew each time, since they end an
 * interrupt, which the sender's part shows, or come by a task's reading of a page, where it counts whether it has an
 * mm.
 */
const UNKNOWN = -1,
  ANEW = -2;

export class Chains {
  /** The run of the steps that were taken last: an index of `runs`, or -1 when there were none. */
  run = -1;
  /** For each run, the instructions that its steps begin at. */
  readonly runs: Int32Array[] = [];
  private readonly probe: State;
  /** Has a step that was tried come by a task's reading of a page? */
  private byReading = false;
  /**
   * For each CPU, its own part as moves leave it; by the part's number, the number after the steps (or UNKNOWN, ANEW),
   * and the run.
   */
  private readonly left: { pool: Pool; known: Int32Array }[];

  constructor(
    private readonly machine: Machine,
    private readonly parts: Parts,
    private readonly watch: Watch,
    private readonly occasions: Occasions,
  ) {
    this.probe = new Int32Array(machine.layout.size);
    this.left = Array.from({ length: parts.cpus }, (_, c) => ({
      pool: parts.poolLike(c),
      known: new Int32Array(256).fill(UNKNOWN),
    }));
  }

  /** Bytes that this takes. */
  get bytes(): number {
    return this.left.reduce((n, l) => n + l.pool.bytes + l.known.byteLength, 0);
  }

  /**
   * Takes CPU `c`'s local steps from a state that a move has led to. Gives the number of the CPU's own part after
   * them; the other parts are in `s` then, which is to be used for nothing else.
   */
  take(s: State, c: number): number {
    const left = this.left[c],
      at = 2 * left.pool.intern(s);
    if (at >= left.known.length) {
      const known = new Int32Array(2 * left.known.length).fill(UNKNOWN);
      known.set(left.known);
      left.known = known;
    }
    if (left.known[at] >= 0) {
      this.run = left.known[at + 1];
      return left.known[at];
    }
    const anew = left.known[at] === ANEW,
      shared = anew ? -1 : this.parts.internShared(s);
    this.byReading = false;
    this.run = this.follow(s, c);
    const own = this.parts.internCpu(s, c);
    if (anew || this.byReading || shared !== this.parts.internShared(s)) left.known[at] = ANEW;
    else left.known.set([own, this.run], at);
    return own;
  }

  /** Takes CPU `c`'s local steps, in place. Gives the number of the run of instructions, or -1 when there was none. */
  private follow(s: State, c: number): number {
    const { machine, probe, watch, occasions } = this;
    const pcs: number[] = [];
    while (pcs.length < CHAIN && this.stepIsLocal(s, c)) {
      const pc = s[machine.layout.cpu[c] + W.pc];
      occasions.step(pc);
      watch.learn();
      pcs.push(pc);
      s.set(probe);
    }
    return pcs.length ? this.runs.push(Int32Array.from(pcs)) - 1 : -1;
  }

  /** Is the next step of CPU `c` local? Then the state after it is in `probe`. */
  private stepIsLocal(s: State, c: number): boolean {
    const { machine, probe, watch } = this;
    if (s[machine.layout.cpu[c] + W.fp] === 0 || !machine.canStep(s, c)) return false;
    probe.set(s);
    watch.begin(c);
    machine.applyTo(probe, stepOf(c), watch);
    this.byReading ||= machine.readsPage(s, c) || machine.readsPage(probe, c);
    return watch.isLocal(s, probe);
  }

  /** The local steps that CPU `c` takes at once from here; `s` becomes the state after them. */
  moves(s: State, c: number): Move[] {
    const moves: Move[] = [];
    while (moves.length < CHAIN && this.stepIsLocal(s, c)) {
      moves.push(stepOf(c));
      s.set(this.probe);
    }
    return moves;
  }
}
