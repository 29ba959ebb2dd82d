/** The debug adapter: launches, steps, and goes about in the history. */
import { BreakpointEvent, InitializedEvent, TerminatedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { capabilities } from "./capabilities";
import { customRequest } from "./custom-requests";
import { enteredAt } from "./run/frame-entry";
import { DebugError, type LaunchConfig } from "./host";
import { messageOf } from "./base";
import { Inspection } from "./inspection";
import { missingOf } from "../kernel/program-problems";
import { problemsOf } from "./launch/problems";
import { findWay, replay, runToLine } from "./run/line-search";
import { Session, type StepKind } from "./session";
import { buildSimulation } from "./launch/simulation";
import { frameAt } from "./stack/frames";
import { stepInTargets } from "./run/targets";

type Launch = DebugProtocol.LaunchRequestArguments & LaunchConfig;

export class TlbscopeDebugSession extends Inspection {
  private config: LaunchConfig | undefined;

  protected override initializeRequest(
    response: DebugProtocol.InitializeResponse,
    args: DebugProtocol.InitializeRequestArguments,
  ): void {
    this.showsProgress = args.supportsProgressReporting === true;
    response.body = capabilities;
    this.sendResponse(response);
  }

  protected override launchRequest(response: DebugProtocol.LaunchResponse, args: Launch): void {
    this.answer(response, async () => {
      await this.begin(args ?? {});
      this.sendEvent(new InitializedEvent());
    });
  }

  protected override restartRequest(
    response: DebugProtocol.RestartResponse,
    args: DebugProtocol.RestartArguments,
  ): void {
    this.answer(response, async () => {
      const config = (args?.arguments as Launch | undefined) ?? this.config;
      if (!config) throw new DebugError("Nothing was started yet that could be restarted.");
      await this.begin(config);
      setTimeout(() => this.enter(), 0);
    });
  }

  /**
   * Reads everything and makes a new session of it, at the place that the configuration names. The present one stays
   * if that fails.
   */
  private async begin(config: LaunchConfig): Promise<void> {
    const sim = await buildSimulation(this.host, config);
    const session = new Session(sim, this.breakpoints, (file) => this.host.opens(file));
    if (config.stopAt) await this.runTo(session, config.stopAt);
    this.config = config;
    this.take(session);
    for (const b of this.breakpoints.load(sim.machine, session.sources, sim.script))
      this.sendEvent(new BreakpointEvent("changed", b));
    const { lines, notice } = problemsOf(sim.program);
    for (const line of lines) this.say(line); // they are squiggles and a line in the panel, too
    const missing = missingOf(sim.program);
    const asked = missing.names.length > 0 && this.host.misses?.(config, missing, sim.program.files);
    // One question is enough, unless there is more to tell than what is missing.
    session.notice = asked && sim.program.diagnostics.every((d) => d.code === "not-modelled") ? undefined : notice;
  }

  private async runTo(session: Session, stopAt: { file: string; line: number }): Promise<void> {
    try {
      await this.watched(`Searching ${session.sim.scenario.id} for line ${stopAt.line}`, (watch) =>
        runToLine(session, stopAt, watch),
      );
    } catch (e) {
      // When the source breaks on the way to the start, that is what the reader has to see.
      if (session.trace.entry(0).violations.length === 0) throw e;
      this.say(messageOf(e), "important");
    }
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    this.sendResponse(response);
    this.enter();
  }

  /** Says where the session stands at its beginning, or lets it run. */
  private enter(): void {
    const { config, session } = this;
    const broken =
      session.trace.cursor > 0 ? undefined : session.trace.entry(0).violations.find(this.breakpoints.stopsOn);
    if (broken)
      this.stopped({
        k: "violation",
        violation: {
          ...broken,
          why: `${broken.why} Correct the source (what is typed counts, saved or not) and restart.`,
        },
      });
    else if (config?.stopOnEntry === false && !config.stopAt) this.go(() => session.continue(undefined, this.stopped));
    else this.show("entry", session.state.sentence);
  }

  protected override nextRequest(response: DebugProtocol.NextResponse, args: DebugProtocol.NextArguments): void {
    this.step(response, args, "over");
  }

  protected override stepInRequest(response: DebugProtocol.StepInResponse, args: DebugProtocol.StepInArguments): void {
    if (args.targetId === undefined) return this.step(response, args, "into");
    this.running(response, () => this.session.stepInto(this.cpu(args.threadId), args.targetId!, this.stopped));
  }

  protected override stepInTargetsRequest(
    response: DebugProtocol.StepInTargetsResponse,
    args: DebugProtocol.StepInTargetsArguments,
  ): void {
    this.answer(response, () => ({ targets: stepInTargets(this.session, args.frameId) }));
  }

  protected override stepOutRequest(
    response: DebugProtocol.StepOutResponse,
    args: DebugProtocol.StepOutArguments,
  ): void {
    this.step(response, args, "out");
  }

  protected override stepBackRequest(
    response: DebugProtocol.StepBackResponse,
    args: DebugProtocol.StepBackArguments,
  ): void {
    this.step(response, args, "back");
  }

  private step(
    response: DebugProtocol.Response,
    args: { threadId: number; granularity?: DebugProtocol.SteppingGranularity },
    kind: StepKind,
  ): void {
    const by = args.granularity !== "instruction" ? kind : kind === "back" ? "instructionBack" : "instruction";
    this.running(response, () => this.session.step(this.cpu(args.threadId), by, this.stopped));
  }

  protected override continueRequest(
    response: DebugProtocol.ContinueResponse,
    args: DebugProtocol.ContinueArguments,
  ): void {
    response.body = { allThreadsContinued: !args.singleThread };
    this.running(response, () =>
      this.session.continue(args.singleThread ? this.cpu(args.threadId) : undefined, this.stopped),
    );
  }

  protected override reverseContinueRequest(response: DebugProtocol.ReverseContinueResponse): void {
    this.running(response, () => this.session.reverseContinue(this.stopped));
  }

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.answer(response, () => {
      if (this.session.runner.running) this.session.runner.pause();
      else queueMicrotask(() => this.stopped({ k: "paused" }));
    });
  }

  protected override gotoTargetsRequest(
    response: DebugProtocol.GotoTargetsResponse,
    args: DebugProtocol.GotoTargetsArguments,
  ): void {
    this.answer(response, () => ({ targets: this.live.targets.at(args) }));
  }

  protected override gotoRequest(response: DebugProtocol.GotoResponse, args: DebugProtocol.GotoArguments): void {
    this.answer(response, async () => {
      const { session } = this;
      const cpu = this.cpu(args.threadId);
      const target = this.live.targets.named(args.targetId);
      const moves = await session.exclusively((givenUp) =>
        this.watched(
          `Searching a way to line ${target.line}`,
          (watch) => findWay(session, cpu, target, watch),
          givenUp,
        ),
      );
      session.selectedCpu = cpu;
      session.advance(() => replay(session, moves));
      setTimeout(() => this.reactions.moved("goto"), 0);
    });
  }

  protected override restartFrameRequest(
    response: DebugProtocol.RestartFrameResponse,
    args: DebugProtocol.RestartFrameArguments,
  ): void {
    this.answer(response, () => {
      const { session } = this;
      const at = frameAt(session.sim, args.frameId);
      if (!at?.frame)
        throw new DebugError(
          "This CPU runs nothing of the kernel now, so there is no frame to restart. Step back instead.",
        );
      session.goto(enteredAt(session.trace, at.cpu, at.frame.fp, at.frame.fn.name));
      session.selectedCpu = at.cpu;
      queueMicrotask(() => this.reactions.moved("restart"));
    });
  }

  protected override disconnectRequest(
    response: DebugProtocol.DisconnectResponse,
    args: DebugProtocol.DisconnectArguments,
  ): void {
    this.current?.session.runner.cancel();
    this.current = undefined;
    // On standard input and output, the process ends with it.
    super.disconnectRequest(response, args);
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.current?.session.runner.cancel();
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    this.answer(response, () => customRequest(this.session, command, args, this.reactions));
  }
}
