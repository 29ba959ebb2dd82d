/** A parallel breadth-first search as its host sees it: started, watched, paused, stopped, asked for ways. */
import type { FromMember, ToMember } from "./member";
import { Decision, Shared, shareMemory, type Counters } from "./shared";
import type { Team, Teammate } from "./team";

export interface ParallelOptions {
  /** Words of a key. */
  words: number;
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

const ends: ParallelEnd[] = ["complete", "stopped", "too many states", "too much memory", "failed"];

export class ParallelSearch {
  private readonly members: Teammate[] = [];
  private readonly shared: Shared;
  private readonly results: unknown[] = [];
  private readonly asked = new Map<number, (m: { key: Int32Array; parent: number }) => void>();
  private failure: string | undefined;
  private fail: (e: Error) => void = () => undefined;
  /** Settled when the search is over: also then the counts hold as far as it came. */
  readonly finished: Promise<ParallelResult>;

  /** Throws where memory can't be shared: search with one thread then. */
  constructor(team: Team, options: ParallelOptions) {
    const { size } = team;
    const memory = shareMemory(size, options.words, options.maxStates, options.maxBytes);
    this.shared = new Shared(memory);
    this.finished = new Promise((resolve) => {
      let open = size, decision: number = Decision.goOn;
      const close = () => {
        if (--open > 0) return;
        const end = this.failure === undefined ? ends[decision] : "failed";
        resolve({ end, ...this.shared.total, results: this.results, ...(this.failure === undefined ? {} : { why: this.failure }) });
      };
      for (let member = 0; member < size; member++) {
        const mate = team.start();
        this.members.push(mate);
        let over = false;
        mate.onMessage((m) => {
          const message = m as FromMember;
          if ("ended" in message) {
            over = true;
            decision = message.ended;
            this.results[member] = message.result;
            close();
          } else this.answer(message.read * size + member, message);
        });
        mate.onEnd((why) => {
          this.failure ??= `One of the search's ${size} threads ended: ${why ?? "no reason was given"}`;
          this.fail(new Error(this.failure));
          if (over) return;
          over = true;
          this.shared.abandon();
          close();
        });
        mate.post({ start: { task: { memory, member, ways: options.ways ?? true }, description: options.description } } satisfies ToMember);
      }
    });
  }

  get progress(): Counters {
    return this.shared.total;
  }

  pause(): void {
    this.shared.pause(true);
  }

  resume(): void {
    this.shared.pause(false);
  }

  /** Ends the search after its current round. */
  stop(): void {
    this.shared.stop();
  }

  /** The number among all states of member `member`'s own state `own`. */
  number(member: number, own: number): number {
    return own * this.members.length + member;
  }

  /** Keys of the states on the way to state `number`, the start first. The search has to be over. */
  async way(number: number): Promise<Int32Array[]> {
    const keys: Int32Array[] = [];
    for (let i = number; i >= 0; ) {
      const { key, parent } = await this.read(i);
      keys.push(key);
      i = parent;
    }
    return keys.reverse();
  }

  private read(number: number): Promise<{ key: Int32Array; parent: number }> {
    const size = this.members.length;
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(new Error(this.failure));
      this.fail = reject;
      this.asked.set(number, resolve);
      this.members[number % size].post({ read: Math.floor(number / size) } satisfies ToMember);
    });
  }

  private answer(number: number, m: { key: Int32Array; parent: number }): void {
    this.asked.get(number)?.(m);
    this.asked.delete(number);
  }

  /** Ends the threads, and with them what they keep. */
  end(): void {
    this.shared.abandon();
    for (const m of this.members) m.end();
  }
}
