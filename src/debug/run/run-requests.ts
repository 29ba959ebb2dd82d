/** The requests that move the machine: steps of one CPU, runs of all, jumps, and back in the history. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Client } from "../client";
import { DebugError } from "../debug-error";
import type { Debuggee } from "../debuggee";
import type { Reply, Requests } from "../reply";
import type { StepKind } from "../session";
import { frameAt } from "../stack/frames";
import { enteredAt } from "./frame-entry";
import { findPath, replay } from "./line-search";
import { stepInTargets } from "./targets";

interface StepArguments {
  threadId: number;
  granularity?: DebugProtocol.SteppingGranularity;
}

export function runRequests(client: Client, debuggee: Debuggee) {
  const step = ({ threadId, granularity }: StepArguments, kind: StepKind): Reply => {
    const by = granularity !== "instruction" ? kind : kind === "back" ? "instructionBack" : "instruction";
    const cpu = debuggee.cpu(threadId);
    return debuggee.running(() => debuggee.session.step(cpu, by, debuggee.stopped));
  };
  return {
    next: (args: DebugProtocol.NextArguments) => step(args, "over"),
    stepIn: (args: DebugProtocol.StepInArguments) => {
      const { targetId, threadId } = args;
      if (targetId === undefined) return step(args, "into");
      const cpu = debuggee.cpu(threadId);
      if (debuggee.session.machine.code.fnOf[targetId]?.entry !== targetId)
        throw new DebugError(`There is no target ${targetId}. Ask for the targets of the frame again.`);
      return debuggee.running(() => debuggee.session.stepInto(cpu, targetId, debuggee.stopped));
    },
    stepInTargets: ({ frameId }: DebugProtocol.StepInTargetsArguments) => ({
      body: { targets: stepInTargets(debuggee.session, frameId) },
    }),
    stepOut: (args: DebugProtocol.StepOutArguments) => step(args, "out"),
    stepBack: (args: DebugProtocol.StepBackArguments) => step(args, "back"),
    continue: ({ threadId, singleThread }: DebugProtocol.ContinueArguments) => {
      const cpu = debuggee.cpu(threadId);
      return debuggee.running(() => debuggee.session.continue(singleThread ? cpu : undefined, debuggee.stopped), {
        allThreadsContinued: !singleThread,
      });
    },
    reverseContinue: ({ threadId }: DebugProtocol.ReverseContinueArguments) => {
      debuggee.cpu(threadId);
      return debuggee.running(() => debuggee.session.reverseContinue(debuggee.stopped));
    },
    pause: ({ threadId }: DebugProtocol.PauseArguments): Reply => {
      const { session } = debuggee;
      debuggee.cpu(threadId);
      if (!session.running) return { after: () => debuggee.stopped({ k: "paused" }) };
      session.pause();
      return {};
    },
    cancel: ({ progressId }: DebugProtocol.CancelArguments) => {
      client.cancel(progressId);
      return {};
    },
    gotoTargets: (args: DebugProtocol.GotoTargetsArguments) => ({ body: { targets: debuggee.targets.at(args) } }),
    goto: (args: DebugProtocol.GotoArguments) => goto(client, debuggee, args),
    restartFrame: ({ frameId }: DebugProtocol.RestartFrameArguments) => restartFrame(debuggee, frameId),
  } satisfies Requests;
}

/** Takes the shortest execution to a line of the function in which a CPU stands. */
async function goto(client: Client, debuggee: Debuggee, args: DebugProtocol.GotoArguments): Promise<Reply> {
  const { session } = debuggee;
  const cpu = debuggee.cpu(args.threadId);
  const target = debuggee.targets.named(args.targetId);
  const moves = await session.exclusively((givenUp) =>
    client.watched(`Searching a way to line ${target.line}`, (watch) => findPath(session, cpu, target, watch), givenUp),
  );
  session.selectedCpu = cpu;
  session.advance(() => replay(session, moves));
  return { after: () => debuggee.moved("goto") };
}

/** Goes back to where a frame had just been entered. */
function restartFrame(debuggee: Debuggee, frameId: number): Reply {
  const { session } = debuggee;
  const at = frameAt(session.sim, frameId);
  if (!at?.frame)
    throw new DebugError(
      "This CPU runs nothing of the kernel now, so there is no frame to restart. Step back instead.",
    );
  session.goto(enteredAt(session.trace, at.cpu, at.frame.fp, at.frame.fn.name));
  session.selectedCpu = at.cpu;
  return { after: () => debuggee.moved("restart") };
}
