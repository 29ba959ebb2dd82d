/** The debug adapter: requests of the Debug Adapter Protocol, each handed to the part that knows. */
import { DebugSession, Event, InitializedEvent, OutputEvent, StoppedEvent, TerminatedEvent, Thread, InvalidatedEvent, BreakpointEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Breakpoints } from "./breakpoints";
import { capabilities } from "./capabilities";
import { customRequest } from "./custom";
import { DebugError, type DebugHost, type LaunchConfig } from "./host";
import { Session, type StepKind } from "./session";
import { buildSimulation, describeDiagnostic } from "./simulation";
import { cpuOf, stackFrames, threadName, threadOf } from "./stack";
import { newsOf } from "./stops";
import { runToLine } from "./search";
import type { Stop } from "../trace/stepping";
import { propertyIds } from "../machine/effects";

type Launch = DebugProtocol.LaunchRequestArguments & LaunchConfig;

export class TlbscopeDebugSession extends DebugSession {
  protected session: Session | undefined;
  protected readonly breakpoints = new Breakpoints((text) => this.say(text));
  private config: LaunchConfig | undefined;

  constructor(protected readonly host: DebugHost) {
    super();
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  /** The session that is under way; requests before it began are mistakes of the client. */
  protected get live(): Session {
    if (!this.session) throw new DebugError("No simulation runs. Start one first.");
    return this.session;
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = capabilities;
    this.sendResponse(response);
  }

  protected override launchRequest(response: DebugProtocol.LaunchResponse, args: Launch): void {
    this.answer(response, async () => {
      await this.begin(args);
      this.sendEvent(new InitializedEvent());
    });
  }

  /** Reads everything and makes a new session of it, stopped where the configuration says. */
  private async begin(config: LaunchConfig): Promise<void> {
    this.config = config;
    const sim = await buildSimulation(this.host, config);
    const session = new Session(sim, this.breakpoints, (file) => this.host.opens(file));
    if (config.stopAt) await runToLine(session, config.stopAt);
    this.session?.runner.cancel();
    this.session = session;
    for (const b of this.breakpoints.load(sim.machine, session.sources)) this.sendEvent(new BreakpointEvent("changed", b));
    const problems = sim.program.diagnostics.filter((d) => d.severity === "error");
    for (const d of problems) this.say(describeDiagnostic(d), "important");
    if (problems.length > 0) session.notice = problems.length === 1 ? describeDiagnostic(problems[0]) : `${problems.length} places of the source can't be run; the first: ${describeDiagnostic(problems[0])}`;
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    this.sendResponse(response);
    this.enter();
  }

  /** Says where the session stands at its beginning, or lets it run. */
  private enter(): void {
    const { config, live } = this;
    const broken = live.trace.entry(0).violations.find(this.breakpoints.stopsOn);
    if (broken) this.stopped({ k: "violation", violation: broken });
    else if (config?.stopOnEntry === false && !config.stopAt) this.go(() => live.continue(undefined, this.stopped));
    else this.show("entry", live.state.sentence);
  }

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    this.answer(response, () => ({ threads: this.live.machine.scenario.cpus.map((_, c) => new Thread(threadOf(c), threadName(this.live.sim, c))) }));
  }

  protected override stackTraceRequest(response: DebugProtocol.StackTraceResponse, args: DebugProtocol.StackTraceArguments): void {
    this.answer(response, () => {
      const frames = stackFrames(this.live.sim, this.live.sources, this.cpu(args.threadId));
      const start = args.startFrame ?? 0;
      return { stackFrames: frames.slice(start, args.levels ? start + args.levels : undefined), totalFrames: frames.length };
    });
  }

  protected override sourceRequest(response: DebugProtocol.SourceResponse, args: DebugProtocol.SourceArguments): void {
    this.answer(response, () => {
      const content = this.live.sources.text(args.source?.sourceReference ?? args.sourceReference);
      if (content === undefined) throw new DebugError("This file belongs to a session that has ended.");
      return { content, mimeType: "text/x-c" };
    });
  }

  protected override loadedSourcesRequest(response: DebugProtocol.LoadedSourcesResponse): void {
    this.answer(response, () => ({ sources: this.live.sources.all.map((f) => this.live.sources.named(f)) }));
  }

  protected override setBreakPointsRequest(response: DebugProtocol.SetBreakpointsResponse, args: DebugProtocol.SetBreakpointsArguments): void {
    this.answer(response, () => ({ breakpoints: this.breakpoints.setLines(args.source, args.breakpoints ?? []) }));
  }

  protected override setFunctionBreakPointsRequest(response: DebugProtocol.SetFunctionBreakpointsResponse, args: DebugProtocol.SetFunctionBreakpointsArguments): void {
    this.answer(response, () => ({ breakpoints: this.breakpoints.setFunctions(args.breakpoints) }));
  }

  protected override setDataBreakpointsRequest(response: DebugProtocol.SetDataBreakpointsResponse, args: DebugProtocol.SetDataBreakpointsArguments): void {
    this.answer(response, () => ({ breakpoints: this.breakpoints.setData(args.breakpoints) }));
  }

  protected override setExceptionBreakPointsRequest(response: DebugProtocol.SetExceptionBreakpointsResponse, args: DebugProtocol.SetExceptionBreakpointsArguments): void {
    this.answer(response, () => {
      const wanted = [...args.filters, ...(args.filterOptions ?? []).map((o) => o.filterId)];
      this.breakpoints.setProperties(wanted);
      return { breakpoints: wanted.map((id) => ({ verified: (propertyIds as string[]).includes(id) })) };
    });
  }

  protected override nextRequest(response: DebugProtocol.NextResponse, args: DebugProtocol.NextArguments): void {
    this.step(response, args, "over");
  }

  protected override stepInRequest(response: DebugProtocol.StepInResponse, args: DebugProtocol.StepInArguments): void {
    this.step(response, args, "into");
  }

  protected override stepOutRequest(response: DebugProtocol.StepOutResponse, args: DebugProtocol.StepOutArguments): void {
    this.step(response, args, "out");
  }

  protected override stepBackRequest(response: DebugProtocol.StepBackResponse, args: DebugProtocol.StepBackArguments): void {
    this.step(response, args, "back");
  }

  private step(response: DebugProtocol.Response, args: { threadId: number; granularity?: DebugProtocol.SteppingGranularity }, kind: StepKind): void {
    const by = args.granularity !== "instruction" ? kind : kind === "back" ? "instructionBack" : "instruction";
    this.running(response, () => this.live.step(this.cpu(args.threadId), by, this.stopped));
  }

  protected override continueRequest(response: DebugProtocol.ContinueResponse, args: DebugProtocol.ContinueArguments): void {
    response.body = { allThreadsContinued: true };
    this.running(response, () => this.live.continue(args.singleThread ? this.cpu(args.threadId) : undefined, this.stopped));
  }

  protected override reverseContinueRequest(response: DebugProtocol.ReverseContinueResponse): void {
    this.running(response, () => this.live.reverseContinue(this.stopped));
  }

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.answer(response, () => {
      if (this.live.runner.running) this.live.runner.pause();
      else this.stopped({ k: "paused" });
    });
  }

  protected override disconnectRequest(response: DebugProtocol.DisconnectResponse): void {
    this.session?.runner.cancel();
    this.session = undefined;
    this.sendResponse(response);
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.session?.runner.cancel();
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    this.answer(response, () => customRequest(this.live, command, args, { stopped: this.stopped, moved: (why) => this.show(why, this.live.state.sentence), changed: () => this.changed() }));
  }

  /** Tells the client that a command has ended, why, and what can be done now. */
  protected readonly stopped = (stop: Stop): void => {
    const { live } = this;
    const news = newsOf(live.sim, stop);
    const hit = stop.k === "breakpoint" ? this.breakpoints.hit : undefined;
    live.notice = news.notice ?? hit?.text;
    if (news.notice !== undefined) this.say(news.notice);
    this.show(hit?.reason ?? news.reason, news.description, news.text ?? hit?.text, hit?.ids);
  };

  /** All CPUs stand still, the reader looks at the selected one. */
  protected show(reason: string, description: string, text?: string, hitBreakpointIds?: number[]): void {
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(reason, threadOf(this.live.selectedCpu));
    event.body = { ...event.body, description, text, allThreadsStopped: true, hitBreakpointIds };
    this.sendEvent(event);
    this.sendState();
  }

  /** Values changed while the CPUs stood still. */
  protected changed(): void {
    this.sendEvent(new InvalidatedEvent(["variables", "stacks", "threads"]));
    this.sendState();
  }

  protected sendState(): void {
    this.sendEvent(new Event("tlbscope.state", this.live.state));
  }

  protected say(text: string, category: "console" | "important" = "console"): void {
    this.sendEvent(new OutputEvent(`${text}\n`, category));
  }

  protected cpu(thread: number): number {
    const cpu = cpuOf(thread);
    if (cpu < 0 || cpu >= this.live.machine.layout.cpuCount) throw new DebugError(`There is no thread ${thread}: this scenario has ${this.live.machine.layout.cpuCount} CPUs, threads 1 to ${this.live.machine.layout.cpuCount}.`);
    return cpu;
  }

  /** Sends a request's answer; what is thrown becomes a message that the client shows. */
  protected answer(response: DebugProtocol.Response, work: () => unknown): void {
    const failed = (e: unknown): void => this.sendErrorResponse(response, { id: 1, format: "{why}", variables: { why: e instanceof Error ? e.message : String(e) }, showUser: true });
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
  private running(response: DebugProtocol.Response, start: () => void): void {
    try {
      this.live.mustStand();
    } catch (e) {
      return this.answer(response, () => { throw e; });
    }
    this.sendResponse(response);
    this.go(start);
  }

  private go(start: () => void): void {
    try {
      start();
    } catch (e) {
      this.say(e instanceof Error ? e.message : String(e), "important");
      this.stopped({ k: "paused" });
    }
  }
}
