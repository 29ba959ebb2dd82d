/**
 * Chains of local steps (see locality.ts) that a CPU takes at once after a move, so that the states between them are
 * never stored. They use only what is the CPU's own, and what is never written, so that the end of a chain is
 * determined by the CPU's own part alone: it is computed once for each.
 */
import { W } from "../../machine/layout";
import { stepOf, type Machine, type Move, type State } from "../../machine/machine";
import type { Footprint } from "./locality";
import type { Vacuity } from "./vacuity";
import type { Parts } from "./parts";
import type { Pool } from "./pool";

/** The most steps of a chain; a loop of local steps is cut here and goes on in the next state. */
const MAX_CHAIN = 2_000;
/**
 * What is known of an own part: nothing yet; or that its chain has to be run again each time, since it ends an
 * interrupt, which changes the sender's part, or passes a task's read of a page, which depends on whether the task has
 * an mm.
 */
const UNKNOWN = -1,
  UNCACHED = -2;

export class Chains {
  /** The chain that was taken last: an index of `pcs`, or -1 when it was empty. */
  last = -1;
  /** For each chain, the instructions that its steps begin at. */
  readonly pcs: Int32Array[] = [];
  private readonly probe: State;
  /** Has a step that was tried passed a task's read of a page? */
  private readsPage = false;
  /**
   * For each CPU, its own part as moves leave it, in a pool of its own. `known` has two words for each number in the
   * pool: the number of the own part after the chain (or UNKNOWN, UNCACHED), and the chain.
   */
  private readonly memo: { pool: Pool; known: Int32Array }[];

  constructor(
    private readonly machine: Machine,
    private readonly parts: Parts,
    private readonly footprint: Footprint,
    private readonly vacuity: Vacuity,
  ) {
    this.probe = new Int32Array(machine.layout.size);
    this.memo = Array.from({ length: parts.cpus }, (_, c) => ({
      pool: parts.poolLike(c),
      known: new Int32Array(256).fill(UNKNOWN),
    }));
  }

  /** Bytes that this takes. */
  get bytes(): number {
    return this.memo.reduce((sum, { pool, known }) => sum + pool.bytes + known.byteLength, 0);
  }

  /**
   * Takes the chain of CPU `c` from a state that a move has led to. Gives the number of the CPU's own part after it.
   * `s` is overwritten: only the other parts of it are valid then.
   */
  take(s: State, c: number): number {
    const memo = this.memo[c],
      at = 2 * memo.pool.intern(s);
    if (at >= memo.known.length) {
      const known = new Int32Array(2 * memo.known.length).fill(UNKNOWN);
      known.set(memo.known);
      memo.known = known;
    }
    if (memo.known[at] >= 0) {
      this.last = memo.known[at + 1];
      return memo.known[at];
    }
    const uncached = memo.known[at] === UNCACHED,
      shared = uncached ? -1 : this.parts.internShared(s);
    this.readsPage = false;
    this.last = this.follow(s, c);
    const own = this.parts.internCpu(s, c);
    if (uncached || this.readsPage || shared !== this.parts.internShared(s)) memo.known[at] = UNCACHED;
    else memo.known.set([own, this.last], at);
    return own;
  }

  /** Takes CPU `c`'s local steps, in place. Gives the number of the chain, or -1 when it is empty. */
  private follow(s: State, c: number): number {
    const { machine, probe, footprint, vacuity } = this;
    const pcs: number[] = [];
    while (pcs.length < MAX_CHAIN && this.stepIsLocal(s, c)) {
      const pc = s[machine.layout.cpu[c] + W.pc];
      vacuity.step(pc);
      footprint.learn();
      pcs.push(pc);
      s.set(probe);
    }
    return pcs.length ? this.pcs.push(Int32Array.from(pcs)) - 1 : -1;
  }

  /** Is the next step of CPU `c` local? Then the state after it is in `probe`. */
  private stepIsLocal(s: State, c: number): boolean {
    const { machine, probe, footprint } = this;
    if (s[machine.layout.cpu[c] + W.fp] === 0 || !machine.canStep(s, c)) return false;
    probe.set(s);
    footprint.begin(c);
    machine.applyTo(probe, stepOf(c), footprint);
    this.readsPage ||= machine.readsPage(s, c) || machine.readsPage(probe, c);
    return footprint.isLocal(s, probe);
  }

  /** The local steps that CPU `c` takes at once from here; `s` becomes the state after them. */
  moves(s: State, c: number): Move[] {
    const moves: Move[] = [];
    while (moves.length < MAX_CHAIN && this.stepIsLocal(s, c)) {
      moves.push(stepOf(c));
      s.set(this.probe);
    }
    return moves;
  }
}
