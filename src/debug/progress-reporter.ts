/** Long work that the client shows, and can end. */
import { ProgressEndEvent, ProgressStartEvent, ProgressUpdateEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";

/** Milliseconds after which work is worth being shown, and between two updates. */
const SHOWN_AFTER = 300;
const UPDATED_EVERY = 200;

/** What a search reports, and asks now and then. */
export interface Watch {
  seen(states: number): void;
  givenUp(): boolean;
}

export class Progress implements Watch {
  private shownAt = performance.now() + SHOWN_AFTER;
  private shown = false;
  private cancelled = false;

  /** `send` is absent when the client shows no progress. `ended` asks whether the work was given up by other means. */
  constructor(
    readonly id: string,
    private readonly title: string,
    private readonly send: ((e: DebugProtocol.Event) => void) | undefined,
    private readonly ended: () => boolean = () => false,
  ) {}

  seen(states: number): void {
    const now = performance.now();
    if (!this.send || now < this.shownAt) return;
    this.shownAt = now + UPDATED_EVERY;
    if (this.shown) this.send(new ProgressUpdateEvent(this.id, `${states} states`));
    else {
      const start: DebugProtocol.ProgressStartEvent = new ProgressStartEvent(this.id, this.title, `${states} states`);
      start.body.cancellable = true;
      this.send(start);
    }
    this.shown = true;
  }

  givenUp(): boolean {
    return this.cancelled || this.ended();
  }

  cancel(): void {
    this.cancelled = true;
  }

  done(): void {
    if (this.shown) this.send?.(new ProgressEndEvent(this.id));
  }
}
