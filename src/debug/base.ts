/** What every part of the adapter uses: answers, stops, and words to the reader. */
import { DebugSession, Event, InvalidatedEvent, OutputEvent, StoppedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Stop } from "../trace/stepping";
import { Breakpoints } from "./breakpoints/breakpoints";
import { DebugError, type DebugHost } from "./host";
import type { Reactions } from "./custom-requests";
import { Progress, type Watch } from "./progress-reporter";
import type { Session } from "./session";
import { cpuOf, threadOf } from "./stack/frames";
import { newsOf, type StopNews } from "./run/stops";
import { GotoTargets } from "./run/targets";
import { Variables } from "./values/variables";

/** What belongs to one session and is forgotten with it. */
export interface Live {
  session: Session;
  variables: Variables;
  targets: GotoTargets;
  /** Why the CPUs stand still now, when something was broken. */
  broken?: StopNews["broken"];
}

/**
 * A request that came before the simulation began, or after it ended: the client is told, the reader has no use for
 * it.
 */
class NoSimulation extends DebugError {
  constructor() {
    super("No simulation runs. Start one first.");
  }
}

export abstract class AdapterBase extends DebugSession {
  protected current: Live | undefined;
  protected showsProgress = false;
  private progress: Progress | undefined;
  private progressId = 0;
  protected readonly breakpoints = new Breakpoints((text) => this.say(text));

  constructor(protected readonly host: DebugHost) {
    super();
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  /** What is under way; requests before it began are told so. */
  protected get live(): Live {
    if (!this.current) throw new NoSimulation();
    return this.current;
  }

  protected get session(): Session {
    return this.live.session;
  }

  /** Does something long that the client shows and can cancel; a pause ends it, too. */
  protected async watched<T>(title: string, work: (watch: Watch) => Promise<T>, ended?: () => boolean): Promise<T> {
    const progress = new Progress(
      `tlbscope-${++this.progressId}`,
      title,
      this.showsProgress ? (e) => this.sendEvent(e) : undefined,
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

  protected override cancelRequest(response: DebugProtocol.CancelResponse, args: DebugProtocol.CancelArguments): void {
    if (args.progressId === undefined || args.progressId === this.progress?.id) this.progress?.cancel();
    this.sendResponse(response);
  }

  protected take(session: Session): void {
    this.current?.session.runner.cancel();
    this.current = { session, variables: new Variables(session), targets: new GotoTargets(session) };
  }

  /** The CPU of a thread. */
  protected cpu(thread: number): number {
    const { cpuCount } = this.session.machine.layout;
    const cpu = cpuOf(thread);
    if (cpu < 0 || cpu >= cpuCount)
      throw new DebugError(
        `There is no thread ${thread}: this scenario has ${cpuCount} CPUs, threads 1 to ${cpuCount}.`,
      );
    return cpu;
  }

  /** Tells the client that a command has ended, why, and what can be done now. */
  protected readonly stopped = (stop: Stop): void => {
    const news = newsOf(this.session.sim, stop);
    const hit = stop.k === "breakpoint" ? this.breakpoints.hit : undefined;
    this.session.notice = news.notice ?? hit?.text;
    if (news.notice !== undefined) this.say(news.notice);
    this.live.broken = news.broken;
    this.show(hit?.reason ?? news.reason, news.description, news.broken?.why ?? hit?.text, hit?.ids);
  };

  /** All CPUs stand still, and the reader looks at the selected one. */
  protected show(reason: string, sentence: string, text?: string, hitBreakpointIds?: number[]): void {
    this.live.variables.clear();
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(reason, threadOf(this.session.selectedCpu));
    // A client shows the description on the thread's badge, which has room for a few words; the sentence is in the
    // panel.
    const told = reason === "exception" ? { description: sentence, text } : { text: text ?? sentence };
    event.body = { ...event.body, ...told, allThreadsStopped: true, hitBreakpointIds };
    this.sendEvent(event);
    this.sendState();
  }

  protected readonly reactions: Reactions = {
    stopped: this.stopped,
    moved: (reason) => {
      this.live.broken = undefined;
      this.show(reason, this.session.state.sentence);
    },
    changed: () => {
      this.live.variables.clear();
      this.sendEvent(new InvalidatedEvent(["variables", "stacks", "threads"]));
      this.sendState();
    },
    // Invalidated stacks would make the editor jump back to the CPU that it looked at before.
    looked: () => this.sendState(),
  };

  private sendState(): void {
    this.sendEvent(new Event("tlbscope.state", this.session.state));
  }

  protected say(text: string, category: "console" | "important" = "console"): void {
    this.sendEvent(new OutputEvent(`${text}\n`, category));
  }

  /** Sends a request's answer; what is thrown becomes a message that the client shows. */
  protected answer(response: DebugProtocol.Response, work: () => unknown, showUser = true): void {
    const failed = (e: unknown): void =>
      this.sendErrorResponse(response, {
        id: 1,
        format: "{_why}",
        variables: { _why: messageOf(e) },
        showUser: showUser && !(e instanceof NoSimulation),
      });
    const succeeded = (body: unknown): void => {
      if (body !== undefined) response.body = body;
      this.sendResponse(response);
    };
    try {
      const result = work();
      if (result instanceof Promise) result.then(succeeded, failed);
      else succeeded(result);
    } catch (e) {
      failed(e);
    }
  }

  /** Answers a request that sets CPUs going before they go: a client takes a stop only after that. */
  protected running(response: DebugProtocol.Response, start: () => void): void {
    try {
      this.session.mustStand();
    } catch (e) {
      this.answer(response, () => {
        throw e;
      });
      return;
    }
    this.sendResponse(response);
    this.go(start);
  }

  /** What goes wrong on the way is told, and the CPUs stand still again. */
  protected go(start: () => void): void {
    try {
      start();
    } catch (e) {
      this.say(messageOf(e), "important");
      this.stopped({ k: "paused" });
    }
  }
}

export const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
