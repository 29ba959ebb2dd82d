/** Events for the client, beside the responses to its requests: the protocol's own, and `tlbscope.state`. */
import {
  BreakpointEvent,
  Event,
  InitializedEvent,
  InvalidatedEvent,
  OutputEvent,
  StoppedEvent,
  TerminatedEvent,
} from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { PanelState } from "../panel/messages";
import { Progress, type Watch } from "./progress-reporter";

export class Client {
  /** Whether it shows the progress of long work; false until it says so when it initializes. */
  showsProgress = false;
  private progress: Progress | undefined;
  private progressId = 0;

  constructor(private readonly send: (event: DebugProtocol.Event) => void) {}

  /** A line in the debug console; an important one is also shown as a message. */
  say(text: string, category: "console" | "important" = "console"): void {
    this.send(new OutputEvent(`${text}\n`, category));
  }

  /** Breakpoints may be set now. */
  initialized(): void {
    this.send(new InitializedEvent());
  }

  /** A breakpoint stands elsewhere, or nowhere, in the program that runs now. */
  breakpointChanged(breakpoint: DebugProtocol.Breakpoint): void {
    this.send(new BreakpointEvent("changed", breakpoint));
  }

  /** All CPUs stand still, and the reader looks at one of them. */
  stopped(
    reason: string,
    threadId: number,
    words: Pick<DebugProtocol.StoppedEvent["body"], "description" | "text">,
    hitBreakpointIds?: number[],
  ): void {
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(reason, threadId);
    event.body = { ...event.body, ...words, allThreadsStopped: true, hitBreakpointIds };
    this.send(event);
  }

  /** Values, frames and threads that it has read may differ now, though nothing has moved. */
  invalidated(): void {
    this.send(new InvalidatedEvent(["variables", "stacks", "threads"]));
  }

  /** What the panel is to show. */
  state(state: PanelState): void {
    this.send(new Event("tlbscope.state", state));
  }

  terminated(): void {
    this.send(new TerminatedEvent());
  }

  /** Does something long that the client shows and can cancel; `ended` asks whether it was given up by other means. */
  async watched<T>(title: string, work: (watch: Watch) => Promise<T>, ended?: () => boolean): Promise<T> {
    const progress = new Progress(
      `tlbscope-${++this.progressId}`,
      title,
      this.showsProgress ? (e) => this.send(e) : undefined,
      ended,
    );
    this.progress = progress;
    try {
      return await work(progress);
    } finally {
      progress.done();
      this.progress = undefined;
    }
  }

  /** Ends the work of this id, or whatever is watched now. */
  cancel(progressId: string | undefined): void {
    if (progressId === undefined || progressId === this.progress?.id) this.progress?.cancel();
  }
}
