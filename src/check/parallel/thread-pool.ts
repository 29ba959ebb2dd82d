import type { SharedMemory } from "./memory";
import type { Team, TeamThread } from "./team";

/** A thread of the pool, and the search that uses it now. */
class PooledThread {
  /** Messages that it has yet to answer: each is answered by one message. */
  unanswered = 0;
  gone = false;
  show: ((message: unknown) => void) | undefined;
  showEnd: ((why: string | undefined) => void) | undefined;

  constructor(
    readonly thread: TeamThread,
    onEnd: () => void,
  ) {
    thread.onMessage((m) => {
      this.unanswered--;
      this.show?.(m);
    });
    thread.onEnd((why) => {
      this.gone = true;
      onEnd();
      this.showEnd?.(why);
    });
  }
}

/**
 * A team whose threads are reused from one search to the next, started once and with their code compiled. A thread that
 * is ended during a search is lost, and another is started when it is needed. The memory of the last complete search is
 * kept too: having the system find pages for a new one takes a tenth of the time of a search.
 */
export class ThreadPool implements Team {
  private readonly idle: PooledThread[] = [];
  private memory: SharedMemory | undefined;

  constructor(private readonly team: Team) {}

  get size(): number {
    return this.team.size;
  }

  /** Starts all threads, so that the next search doesn't wait for them. */
  prepare(): void {
    while (this.idle.length < this.size) this.idle.push(this.startThread());
  }

  start(): TeamThread {
    const kept = this.idle.pop() ?? this.startThread();
    let ended = false;
    return {
      post: (m) => {
        kept.unanswered++;
        kept.thread.post(m);
      },
      onMessage: (show) => void (kept.show = show),
      onEnd: (show) => void (kept.showEnd = show),
      end: () => {
        if (ended) return;
        ended = true;
        kept.show = kept.showEnd = undefined;
        if (kept.unanswered > 0) kept.thread.end();
        else if (!kept.gone) this.idle.push(kept);
      },
    };
  }

  takeMemory(): SharedMemory | undefined {
    const { memory } = this;
    this.memory = undefined;
    return memory;
  }

  keepMemory(memory: SharedMemory): void {
    this.memory = memory;
  }

  /** Ends the idle threads, and frees the memory. */
  end(): void {
    this.memory = undefined;
    for (const { thread } of this.idle.splice(0)) thread.end();
  }

  private startThread(): PooledThread {
    const kept: PooledThread = new PooledThread(this.team.start(), () => {
      const at = this.idle.indexOf(kept);
      if (at >= 0) this.idle.splice(at, 1);
    });
    return kept;
  }
}
