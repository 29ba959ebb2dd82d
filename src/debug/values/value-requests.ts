/** The requests of the Variables view: its scopes, what they hold, and setting a value. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee";
import type { Reply, Requests } from "../reply";
import { assign, setItem } from "./assignments";
import { contextAt } from "./expressions";

export function valueRequests(debuggee: Debuggee) {
  const changed = (value: string): Reply => ({ body: { value }, after: () => debuggee.changed() });
  return {
    scopes: (args: DebugProtocol.ScopesArguments) => {
      const { cpu, frame } = contextAt(debuggee.session, args.frameId);
      return { body: { scopes: debuggee.variables.scopes(cpu, frame) } };
    },
    variables: (args: DebugProtocol.VariablesArguments) => ({
      body: { variables: debuggee.variables.children(args.variablesReference) },
    }),
    setVariable: (args: DebugProtocol.SetVariableArguments) => {
      const item = debuggee.variables.find(args.variablesReference, args.name);
      return changed(setItem(debuggee, item, args.value, contextAt(debuggee.session, undefined)));
    },
    setExpression: (args: DebugProtocol.SetExpressionArguments) =>
      changed(assign(debuggee, args.expression, args.value, contextAt(debuggee.session, args.frameId))),
  } satisfies Requests;
}
