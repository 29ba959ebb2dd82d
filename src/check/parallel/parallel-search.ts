/** A parallel breadth-first search as its host sees it: started, watched, paused, stopped, asked for paths. */
import { Control, Phase, type Counters } from "./control";
import type { FromMember, ToMember } from "./member";
import type { SharedMemory } from "./memory";
import { shareMemory } from "./share-memory";
import { SharedLog } from "./shared-log";
import type { Team, TeamThread } from "./team";

export interface ParallelOptions {
  /** The system's: only keys whose bits are known can be shared. */
  bits: readonly number[];
  /** What `serveMember`'s `make` is given in each thread. */
  description: unknown;
  /** Keep the parent of each state, so that paths can be reconstructed. True by default. */
  keepParents?: boolean;
  /** Give up after this many states, or when they take this many bytes. */
  maxStates?: number;
  maxBytes?: number;
}

export type ParallelEnd = "complete" | "stopped" | "too many states" | "too much memory" | "failed";

export interface ParallelResult extends Counters {
  end: ParallelEnd;
  /** When it failed: what happened. */
  why?: string;
  /** What each member's system reported, in their order. */
  results: unknown[];
}

const ends: Record<number, ParallelEnd> = {
  [Phase.complete]: "complete",
  [Phase.stopped]: "stopped",
  [Phase.states]: "too many states",
  [Phase.memory]: "too much memory",
  [Phase.abandoned]: "failed",
};

export class ParallelSearch {
  private readonly members: TeamThread[] = [];
  private readonly memory: SharedMemory;
  private readonly control: Control;
  private readonly results: unknown[] = [];
  private failure: string | undefined;
  /** Members that may still read or write the memory. */
  private running: number;
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
      options.keepParents,
      options.maxStates,
      options.maxBytes,
      team.takeMemory?.(),
    ));
    this.control = new Control(memory);
    this.running = size;
    this.finished = new Promise((resolve) => {
      let phase: number = Phase.abandoned;
      const close = () => {
        if (--this.running > 0) return;
        const end = this.failure === undefined ? ends[phase] : "failed";
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
          phase = ended;
          this.results[member] = result;
          close();
        });
        mate.onEnd((why) => {
          if (over) return;
          over = true;
          this.failure ??= `One of the search's ${size} threads ended: ${why ?? "no reason was given"}`;
          // The others may be waiting for a word that it was about to write, and then never see that they are asked to
          // stop.
          this.endThreads();
          this.running = 1;
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

  /** Keys of the states on the path to state `number`, the start first. The search has to be over. */
  path(number: number): Int32Array[] {
    if (!this.memory.keepParents) throw new RangeError("This search keeps no ways back.");
    if (this.ended) throw new RangeError("This search has been ended, and its memory is another's.");
    const logs = this.memory.logs.map((l) => new SharedLog(this.memory.bits.length, l));
    const keys: Int32Array[] = [];
    for (let i = number; i >= 0;) {
      const { member, own } = this.control.own(i);
      keys.push(logs[member].keys(own, own + 1).slice());
      i = logs[member].parent(own);
    }
    return keys.reverse();
  }

  /** Ends the threads, and with them what they keep. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    // A thread that was ended while it ran may still be writing to this memory: then it is not used again.
    if (this.running === 0 && this.failure === undefined) this.team.keepMemory?.(this.memory);
    this.endThreads();
  }

  private endThreads(): void {
    this.control.abandon();
    for (const m of this.members) m.end();
  }
}
