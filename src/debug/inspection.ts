/** Requests that look at the machine: threads, stacks, values, sources, breakpoints. */
import { Thread } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { properties, propertyIds, sentenceOf } from "../machine/effects";
import { AdapterBase } from "./base";
import { completions } from "./console/console-completions";
import { evaluateText, type Context } from "./values/expressions";
import { DebugError } from "./host";
import { partsOfPointer, type Item } from "./values/named-values";
import { readCommand, type ReplAction } from "./console/console-commands";
import { frameAt, stackFrames, threadName, threadOf } from "./stack/frames";
import { typeName } from "./values/c-type-text";

export abstract class Inspection extends AdapterBase {
  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    const { current } = this;
    // Clients ask for threads while a launch is still under way.
    this.answer(response, () => ({
      threads: current
        ? current.session.machine.scenario.cpus.map(
            (_, c) => new Thread(threadOf(c), threadName(current.session.sim, c)),
          )
        : [],
    }));
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    args: DebugProtocol.StackTraceArguments,
  ): void {
    this.answer(response, () => {
      const frames = stackFrames(this.session.sim, this.session.sources, this.cpu(args.threadId));
      const start = args.startFrame ?? 0;
      return {
        stackFrames: frames.slice(start, args.levels ? start + args.levels : undefined),
        totalFrames: frames.length,
      };
    });
  }

  protected override scopesRequest(response: DebugProtocol.ScopesResponse, args: DebugProtocol.ScopesArguments): void {
    this.answer(response, () => {
      const { cpu, frame } = this.context(args.frameId);
      return { scopes: this.live.variables.scopes(cpu, frame) };
    });
  }

  protected override variablesRequest(
    response: DebugProtocol.VariablesResponse,
    args: DebugProtocol.VariablesArguments,
  ): void {
    this.answer(response, () => ({ variables: this.live.variables.children(args.variablesReference) }));
  }

  protected override setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    args: DebugProtocol.SetVariableArguments,
  ): void {
    this.answer(response, () =>
      this.set(this.live.variables.find(args.variablesReference, args.name), args.value, this.context(undefined)),
    );
  }

  protected override setExpressionRequest(
    response: DebugProtocol.SetExpressionResponse,
    args: DebugProtocol.SetExpressionArguments,
  ): void {
    this.answer(response, () => this.assign(args.expression, args.value, this.context(args.frameId)));
  }

  protected override evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    args: DebugProtocol.EvaluateArguments,
  ): void {
    // A hover over what is no expression shows nothing, and says nothing.
    this.answer(
      response,
      () => {
        const context = this.context(args.frameId);
        const command = args.context === "repl" ? readCommand(this.session, context.cpu, args.expression) : undefined;
        return command ? this.carryOut(command, context) : this.evaluated(args.expression, context);
      },
      false,
    );
  }

  protected override completionsRequest(
    response: DebugProtocol.CompletionsResponse,
    args: DebugProtocol.CompletionsArguments,
  ): void {
    this.answer(
      response,
      () => ({ targets: completions(this.session, this.context(args.frameId), args.text, args.column) }),
      false,
    );
  }

  protected override exceptionInfoRequest(response: DebugProtocol.ExceptionInfoResponse): void {
    this.answer(response, () => {
      const { broken } = this.live;
      if (!broken) throw new DebugError("Nothing is broken at this step.");
      const { label } = properties[broken.property],
        sentence = sentenceOf(broken.property, this.session.trace.machine.program.promise);
      return {
        exceptionId: `Broken: ${label}`,
        description: broken.why,
        breakMode: "always",
        details: { message: broken.why, typeName: broken.property, fullTypeName: sentence },
      };
    });
  }

  protected override sourceRequest(response: DebugProtocol.SourceResponse, args: DebugProtocol.SourceArguments): void {
    this.answer(response, () => {
      const content = this.session.sources.text(args.source?.sourceReference ?? args.sourceReference);
      if (content === undefined) throw new DebugError("This file belongs to a session that has ended.");
      return { content, mimeType: "text/x-c" };
    });
  }

  protected override loadedSourcesRequest(response: DebugProtocol.LoadedSourcesResponse): void {
    this.answer(response, () => ({ sources: this.session.sources.all.map((f) => this.session.sources.named(f)) }));
  }

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    args: DebugProtocol.SetBreakpointsArguments,
  ): void {
    this.answer(response, () => ({ breakpoints: this.breakpoints.setLines(args.source, args.breakpoints ?? []) }));
  }

  protected override setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    args: DebugProtocol.SetFunctionBreakpointsArguments,
  ): void {
    this.answer(response, () => ({ breakpoints: this.breakpoints.setFunctions(args.breakpoints) }));
  }

  protected override setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    args: DebugProtocol.SetExceptionBreakpointsArguments,
  ): void {
    this.answer(response, () => {
      const wanted = [...args.filters, ...(args.filterOptions ?? []).map((o) => o.filterId)];
      this.breakpoints.setProperties(wanted);
      return { breakpoints: wanted.map((id) => ({ verified: (propertyIds as string[]).includes(id) })) };
    });
  }

  protected override setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    args: DebugProtocol.SetDataBreakpointsArguments,
  ): void {
    this.answer(response, () => ({ breakpoints: this.breakpoints.setData(args.breakpoints) }));
  }

  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    args: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    this.answer(response, () => {
      const { layout: l } = this.session.machine;
      let cell: number | undefined;
      if (args.variablesReference) cell = this.live.variables.find(args.variablesReference, args.name).cell;
      else {
        const found = evaluateText(this.context(args.frameId), args.name);
        if ("error" in found) return { dataId: null, description: found.error };
        cell = found.cell;
      }
      if (cell === undefined)
        return {
          dataId: null,
          description: `${args.name} has no place of its own in memory: choose one of the values that it holds.`,
        };
      if (!l.cells[cell])
        return {
          dataId: null,
          description:
            `${args.name} lives on a stack, and only while its function runs: choose a value that stays, such as ` +
            "cpu_tlbstate.state or mm_cpumask(A).",
        };
      return {
        dataId: String(cell),
        description: l.cellName(cell),
        accessTypes: ["write", "read", "readWrite"],
        canPersist: false,
      };
    });
  }

  /** Where the reader looks: a frame, or the selected CPU's innermost one. */
  protected context(frameId: number | undefined): Context {
    const { session } = this;
    const { machine, trace } = session;
    const at = frameAt(session.sim, frameId) ?? {
      cpu: session.selectedCpu,
      frame: machine.stack(trace.state, session.selectedCpu)[0],
    };
    return { machine, state: trace.state, ...at };
  }

  private evaluated(text: string, context: Context): DebugProtocol.EvaluateResponse["body"] {
    const found = evaluateText(context, text);
    if ("error" in found) throw new DebugError(found.error);
    return {
      result: found.shown,
      type: typeName(found.type),
      variablesReference: this.live.variables.reference(
        partsOfPointer(this.session.sim, found.type, found.value, text),
      ),
    };
  }

  private carryOut(command: ReplAction, context: Context): DebugProtocol.EvaluateResponse["body"] {
    const said = (result: string) => ({ result, variablesReference: 0 });
    switch (command.do) {
      case "say":
        return said(command.text);
      case "move": {
        const stop = this.session.move(command.move);
        // The answer first, then the stop that it leads to.
        queueMicrotask(() => this.stopped(stop));
        return said(this.session.trace.sentence(this.session.trace.cursor));
      }
      case "goto":
        this.session.goto(command.step);
        queueMicrotask(() => this.reactions.moved("goto"));
        return said(this.session.state.sentence);
      case "set":
        return said(this.assign(command.target, command.value, context).value);
    }
  }

  /** Sets what a C expression means. */
  private assign(target: string, value: string, context: Context): { value: string } {
    const found = evaluateText(context, target);
    if ("error" in found) throw new DebugError(found.error);
    if (found.cell === undefined) throw new DebugError(`${target} can't be set: it has no place of its own in memory.`);
    const key = this.session.machine.layout.cells[found.cell]?.key;
    return this.set(
      {
        name: target,
        value: found.shown,
        type: this.session.machine.layout.cells[found.cell]?.type ?? found.type,
        key,
        cell: found.cell,
      },
      value,
      context,
    );
  }

  private set(item: Item, text: string, context: Context): { value: string } {
    const value = this.live.variables.set(item, text, (t) => {
      const found = evaluateText(context, t);
      return "error" in found ? found : found.value;
    });
    queueMicrotask(() => this.reactions.changed());
    return { value };
  }
}
