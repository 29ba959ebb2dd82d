/** The requests for what is typed: expressions of hovers, watches and the console, its commands, and completions. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { DebugError } from "../debug-error";
import type { Debuggee } from "../debuggee";
import type { Reply, Requests } from "../reply";
import { assign } from "../values/assignments";
import { typeName } from "../values/c-type-text";
import { contextAt, evaluateText, type Context } from "../values/expressions";
import { partsOfPointer } from "../values/named-values";
import { readCommand, type ReplAction } from "./console-commands";
import { completions } from "./console-completions";

type Evaluated = DebugProtocol.EvaluateResponse["body"];

export function consoleRequests(debuggee: Debuggee) {
  return {
    evaluate: ({ expression, frameId, context: where }: DebugProtocol.EvaluateArguments): Reply => {
      const { session } = debuggee;
      const context = contextAt(session, frameId);
      const command = where === "repl" ? readCommand(session, context.cpu, expression) : undefined;
      return command ? carryOut(debuggee, command, context) : { body: evaluated(debuggee, expression, context) };
    },
    completions: ({ frameId, text, column }: DebugProtocol.CompletionsArguments) => {
      const { session } = debuggee;
      return { body: { targets: completions(session, contextAt(session, frameId), text, column) } };
    },
  } satisfies Requests;
}

function evaluated({ session, variables }: Debuggee, text: string, context: Context): Evaluated {
  const found = evaluateText(context, text);
  if ("error" in found) throw new DebugError(found.error);
  return {
    result: found.shown,
    type: typeName(found.type),
    variablesReference: variables.reference(partsOfPointer(session.sim, found.type, found.value, text)),
  };
}

/** Carries out a command; the console shows a sentence on it. */
function carryOut(debuggee: Debuggee, command: ReplAction, context: Context): Reply {
  const { session } = debuggee;
  const shown = (result: string, after?: () => void): Reply => ({ body: { result, variablesReference: 0 }, after });
  switch (command.do) {
    case "say":
      return shown(command.text);
    case "move": {
      const stop = session.move(command.move);
      return shown(session.trace.sentence(session.trace.cursor), () => debuggee.stopped(stop));
    }
    case "goto":
      session.goto(command.step);
      return shown(session.state.sentence, () => debuggee.moved("goto"));
    case "set":
      return shown(assign(debuggee, command.target, command.value, context), () => debuggee.changed());
  }
}
