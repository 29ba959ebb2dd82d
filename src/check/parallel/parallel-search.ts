/** A parallel breadth-first search as its host sees it: started, watched, paused, stopped, asked for ways. */
import { Control, Turn, type Counters } from "./control";
import type { FromMember, ToMember } from "./member";
import type { SharedMemory } from "./memory";
import { shareMemory } from "./share-memory";
import { SharedLog } from "./shared-log";
import type { Team, Teammate } from "./team";

export interface ParallelOptions {
  /** The system's: only keys whose bits are known can be shared. */
  bits: readonly number[];
  /** What `serveMember`'s `make` is given in each thread. */
  description: unknown;
  /** Keep the ways that led to states. True by default. */
  ways?: boolean;
  /** Give up after this many states, or when they take this many bytes. */
  maxStates?: number;
  maxBytes?: number;
}

export type ParallelEnd = "complete" | "stopped" | "too many states" | "too much memory" | "failed";

export interface ParallelResult extends Counters {
  end: ParallelEnd;
  /** When it failed: what happened. */
  why?: string;
  /** What each member's system told, in their order. */
  results: unknown[];
}

const ends: Record<number, ParallelEnd> = {
  [Turn.complete]: "complete",
  [Turn.stopped]: "stopped",
  [Turn.states]: "too many states",
  [Turn.memory]: "too much memory",
  [Turn.abandoned]: "failed",
};

export class ParallelSearch {
  private readonly members: Teammate[] = [];
  private readonly memory: SharedMemory;
  private readonly control: Control;
  private readonly results: unknown[] = [];
  private failure: string | undefined;
  /** Members that may still read or write the memory. */
  private open: number;
  private ended = false;
  /** Settled when the search is over: also then the counts hold as far as it came. */
  readonly finished: Promise<ParallelResult>;

  /** Throws where memory can't be shared: search with one thread then. */
  constructor(
    private readonly team: Team,
    options: ParallelOptions,
  ) {
    const { size } = team;
    const memory = (this.memory = shareMemory(
      size,
      options.bits,
      options.ways,
      options.maxStates,
      options.maxBytes,
      team.takeMemory?.(),
    ));
    this.control = new Control(memory);
    this.open = size;
    this.finished = new Promise((resolve) => {
      let turn: number = Turn.abandoned;
      const close = () => {
        if (--this.open > 0) return;
        const end = this.failure === undefined ? ends[turn] : "failed";
        resolve({
          end,
          ...this.control.total,
          results: this.results,
          ...(this.failure === undefined ? {} : { why: this.failure }),
        });
      };
      for (let member = 0; member < size; member++) {
        const mate = team.start();
        this.members.push(mate);
        let over = false;
        mate.onMessage((m) => {
          const { ended, result } = m as FromMember;
          over = true;
          turn = ended;
          this.results[member] = result;
          close();
        });
        mate.onEnd((why) => {
          if (over) return;
          over = true;
          this.failure ??= `One of the search's ${size} threads ended: ${why ?? "no reason was given"}`;
          // The others may wait for a word that it was about to write: they can't be asked to come to an end.
          this.endThreads();
          this.open = 1;
          close();
        });
        mate.post({ start: { memory, member }, description: options.description } satisfies ToMember);
      }
    });
  }

  get progress(): Counters {
    return this.control.total;
  }

  pause(): void {
    this.control.pause(true);
  }

  resume(): void {
    this.control.pause(false);
  }

  /** Ends the search soon. */
  stop(): void {
    this.control.stop();
  }

  /** The numbers of all states that were found, in no order. */
  *numbers(): Generator<number> {
    for (let member = 0; member < this.members.length; member++) {
      for (let own = 0, n = this.control.found(member); own < n; own++) yield this.control.number(member, own);
    }
  }

  /** Keys of the states on the way to state `number`, the start first. The search has to be over. */
  way(number: number): Int32Array[] {
    if (!this.memory.ways) throw new RangeError("This search keeps no ways back.");
    if (this.ended) throw new RangeError("This search has been ended, and its memory is another's.");
    const logs = this.memory.logs.map((l) => new SharedLog(this.memory.bits.length, l));
    const keys: Int32Array[] = [];
    for (let i = number; i >= 0;) {
      const { member, own } = this.control.own(i);
      keys.push(logs[member].keys(own, own + 1).slice());
      i = logs[member].beside(own);
    }
    return keys.reverse();
  }

  /** Ends the threads, and with them what they keep. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    // What a thread that was ended on its way may still be writing is nobody else's.
    if (this.open === 0 && this.failure === undefined) this.team.keepMemory?.(this.memory);
    this.endThreads();
  }

  private endThreads(): void {
    this.control.abandon();
    for (const m of this.members) m.end();
  }
}
