import type { SharedMemory } from "./memory";
import type { Team, Teammate } from "./team";

/** A thread that was started, and who uses it now. */
class Kept {
  /** Messages that it has yet to answer: each is answered by one. */
  asked = 0;
  gone = false;
  show: ((message: unknown) => void) | undefined;
  showEnd: ((why: string | undefined) => void) | undefined;

  constructor(
    readonly mate: Teammate,
    onEnd: () => void,
  ) {
    mate.onMessage((m) => {
      this.asked--;
      this.show?.(m);
    });
    mate.onEnd((why) => {
      this.gone = true;
      onEnd();
      this.showEnd?.(why);
    });
  }
}

/**
 * A team whose threads are kept from one search to the next: started once, and their code compiled. A thread that is
 * ended
 * while it searches is gone, and another takes its place when it is needed. The memory of the last search that came to
 * its
 * end is kept too: for the system to find pages for a new one takes a tenth of a search's time.
 */
export class KeptTeam implements Team {
  private readonly resting: Kept[] = [];
  private memory: SharedMemory | undefined;

  constructor(private readonly team: Team) {}

  get size(): number {
    return this.team.size;
  }

  /** Starts all threads, so that the next search needn't wait for them. */
  prepare(): void {
    while (this.resting.length < this.size) this.resting.push(this.begin());
  }

  start(): Teammate {
    const kept = this.resting.pop() ?? this.begin();
    let ended = false;
    return {
      post: (m) => {
        kept.asked++;
        kept.mate.post(m);
      },
      onMessage: (show) => void (kept.show = show),
      onEnd: (show) => void (kept.showEnd = show),
      end: () => {
        if (ended) return;
        ended = true;
        kept.show = kept.showEnd = undefined;
        if (kept.asked > 0) kept.mate.end();
        else if (!kept.gone) this.resting.push(kept);
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

  /** Ends the threads that rest, and lets go of the memory. */
  end(): void {
    this.memory = undefined;
    for (const { mate } of this.resting.splice(0)) mate.end();
  }

  private begin(): Kept {
    const kept: Kept = new Kept(this.team.start(), () => {
      const at = this.resting.indexOf(kept);
      if (at >= 0) this.resting.splice(at, 1);
    });
    return kept;
  }
}
