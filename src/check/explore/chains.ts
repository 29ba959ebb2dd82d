/**
 * Chains of local moves (see locality.ts) that a CPU makes at once after a move, so that the states between them are
 * never stored. Where they use only what is the CPU's own, and what is never written, the end of a chain is determined
 * by the CPU's own part alone: it is computed once for each.
 */
import { W } from "../../machine/layout";
import { type Machine, type State } from "../../machine/machine";
import { drainOf, stepOf, type Move } from "../../machine/move";
import type { Access, AccessSets } from "./access-sets";
import type { History } from "./history";
import type { Footprint } from "./locality";
import type { Vacuity } from "./vacuity";
import type { Parts } from "./parts";
import type { Pool } from "./pool";

/** The most steps of a chain; a loop of local steps is cut here and goes on in the next state. */
const MAX_CHAIN = 2_000;
/**
 * What is known of an own part: nothing yet; or that its chain has to be run again each time, since it uses the shared
 * part, or passes a task's read of a page, which depends on whether the task has an mm.
 */
const UNKNOWN = -1,
  UNCACHED = -2;

export class Chains {
  /** The chain that was taken last: an index of `pcs`, or -1 when it was empty. */
  last = -1;
  /** What it did with cells that several CPUs use: a number of `sets`. */
  lastUsed = 0;
  /** For each chain, the instructions that its steps begin at. */
  readonly pcs: Int32Array[] = [];
  private readonly probe: State;
  /** Is the chain that is being taken determined by the CPU's own part alone? */
  private ownAlone = true;
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
    private readonly sets: AccessSets,
    private readonly history: History,
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
      this.lastUsed = 0;
      return memo.known[at];
    }
    this.ownAlone = !this.footprint.sharesStack(c, this.machine.stackEnd(s, c));
    this.last = this.follow(s, c);
    const own = this.parts.internCpu(s, c);
    if (memo.known[at] === UNCACHED || !this.ownAlone) memo.known[at] = UNCACHED;
    else memo.known.set([own, this.last], at);
    return own;
  }

  /** Takes CPU `c`'s local steps, in place. Gives the number of the chain, or -1 when it is empty. */
  private follow(s: State, c: number): number {
    const { machine, probe, footprint, vacuity, parts } = this;
    const pcs: number[] = [];
    const used: Access[] = [];
    for (let m = this.localMove(s, c); m !== undefined && pcs.length < MAX_CHAIN; m = this.localMove(s, c)) {
      if (m === stepOf(c)) {
        const pc = s[machine.layout.cpu[c] + W.pc];
        vacuity.step(pc);
        pcs.push(pc);
      }
      footprint.learn();
      this.ownAlone &&= footprint.needsOwnPartAlone(parts);
      footprint.addAccesses(used);
      s.set(probe);
    }
    this.lastUsed = this.sets.of(used);
    this.history.took(s, c, this.lastUsed);
    return pcs.length ? this.pcs.push(Int32Array.from(pcs)) - 1 : -1;
  }

  /**
   * The local move of CPU `c` that comes next, if there is one: its oldest store reaches memory, or it takes a step.
   * The state after it is in `probe` then.
   */
  private localMove(s: State, c: number): Move | undefined {
    if (this.drainIsLocal(s, c)) return drainOf(c);
    return this.stepIsLocal(s, c) ? stepOf(c) : undefined;
  }

  private drainIsLocal(s: State, c: number): boolean {
    const { machine, probe, footprint } = this;
    if (machine.buffers.count(s, c) === 0) return false;
    probe.set(s);
    footprint.begin(s, drainOf(c));
    machine.applyTo(probe, drainOf(c), footprint);
    footprint.finish(s, probe);
    return footprint.isLocalDrain(s, probe);
  }

  private stepIsLocal(s: State, c: number): boolean {
    const { machine, probe, footprint } = this;
    if (s[machine.layout.cpu[c] + W.fp] === 0 || !machine.canStep(s, c)) return false;
    probe.set(s);
    footprint.begin(s, stepOf(c));
    machine.applyTo(probe, stepOf(c), footprint);
    footprint.finish(s, probe);
    const isLocal = footprint.isLocal(s, probe);
    this.ownAlone &&= !machine.readsPage(s, c) && !machine.readsPage(probe, c);
    // What keeps a step from being local may lie in the shared part: that it breaks a promise, or ends an action.
    if (footprint.mayBeLocalElsewhere) this.ownAlone &&= footprint.needsOwnPartAlone(this.parts);
    return isLocal;
  }

  /** The local moves that CPU `c` makes at once from here; `s` becomes the state after them. */
  moves(s: State, c: number): Move[] {
    const moves: Move[] = [];
    const used: Access[] = [];
    for (let m = this.localMove(s, c), steps = 0; m !== undefined && steps < MAX_CHAIN; m = this.localMove(s, c)) {
      if (m === stepOf(c)) steps++;
      moves.push(m);
      this.footprint.addAccesses(used);
      s.set(this.probe);
    }
    this.history.took(s, c, this.sets.of(used));
    return moves;
  }
}
