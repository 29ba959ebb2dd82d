/** How far the reader got in each tour, over sessions and windows. */
import type * as vscode from "vscode";

export interface Progress {
  /** The step that was shown last. */
  step: string;
  /** Its number, and how many there are, as the contents have it; for lists. */
  number?: number;
  length: number;
  done: boolean;
}

const storageKey = "tlbscope.tours";

export class TourProgress {
  constructor(private readonly memory: vscode.Memento) {}

  of(tour: string): Progress | undefined {
    return this.all()[tour];
  }

  async note(tour: string, progress: Progress): Promise<void> {
    // A tour that was once finished stays so, whichever step is looked at again.
    await this.memory.update(storageKey, {
      ...this.all(),
      [tour]: { ...progress, done: progress.done || (this.of(tour)?.done ?? false) },
    });
  }

  private all(): Record<string, Progress> {
    return this.memory.get<Record<string, Progress>>(storageKey, {});
  }
}
