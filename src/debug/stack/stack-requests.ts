/** The requests that ask where the CPUs stand: threads, their frames, and the sources of these. */
import { Thread } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { DebugError } from "../debug-error";
import type { Debuggee } from "../debuggee";
import type { Requests } from "../reply";
import { stackFrames } from "./frames";
import { threadName, threadOf } from "./threads";

export function stackRequests(debuggee: Debuggee) {
  return {
    threads: () => {
      // Clients ask for threads while a launch still runs.
      const { begun } = debuggee;
      const cpus = begun?.machine.scenario.cpus ?? [];
      return { body: { threads: cpus.map((_, c) => new Thread(threadOf(c), threadName(begun!.sim, c))) } };
    },
    stackTrace: ({ threadId, startFrame = 0, levels }: DebugProtocol.StackTraceArguments) => {
      const { sim, sources } = debuggee.session;
      const frames = stackFrames(sim, sources, debuggee.cpu(threadId));
      return {
        body: {
          stackFrames: frames.slice(startFrame, levels ? startFrame + levels : undefined),
          totalFrames: frames.length,
        },
      };
    },
    source: ({ source, sourceReference }: DebugProtocol.SourceArguments) => {
      const content = debuggee.session.sources.text(source?.sourceReference ?? sourceReference);
      if (content === undefined) throw new DebugError("This file belongs to a session that has ended.");
      return { body: { content, mimeType: "text/x-c" } };
    },
    loadedSources: () => {
      const { sources } = debuggee.session;
      return { body: { sources: sources.all.map((f) => sources.named(f)) } };
    },
  } satisfies Requests;
}
