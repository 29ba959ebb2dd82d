/** The requests that set breakpoints, on lines, functions, values and properties, and ask what was broken. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { properties, propertyIds, sentenceOf } from "../../machine/effects";
import { DebugError } from "../debug-error";
import type { Debuggee } from "../debuggee";
import type { Requests } from "../reply";
import { contextAt, evaluateText } from "../values/expressions";

export function breakpointRequests(debuggee: Debuggee) {
  const { breakpoints } = debuggee;
  return {
    setBreakpoints: (args: DebugProtocol.SetBreakpointsArguments) => ({
      body: { breakpoints: breakpoints.setLines(args.source, args.breakpoints ?? []) },
    }),
    setFunctionBreakpoints: (args: DebugProtocol.SetFunctionBreakpointsArguments) => ({
      body: { breakpoints: breakpoints.setFunctions(args.breakpoints) },
    }),
    setExceptionBreakpoints: (args: DebugProtocol.SetExceptionBreakpointsArguments) => {
      const wanted = [...args.filters, ...(args.filterOptions ?? []).map((o) => o.filterId)];
      breakpoints.setProperties(wanted);
      return { body: { breakpoints: wanted.map((id) => ({ verified: (propertyIds as string[]).includes(id) })) } };
    },
    setDataBreakpoints: (args: DebugProtocol.SetDataBreakpointsArguments) => ({
      body: { breakpoints: breakpoints.setData(args.breakpoints) },
    }),
    dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments) => ({ body: dataInfo(debuggee, args) }),
    exceptionInfo: () => ({ body: exceptionInfo(debuggee) }),
  } satisfies Requests;
}

/** Whether a value can be watched: it needs a cell of its own that outlives the function that runs. */
function dataInfo(
  debuggee: Debuggee,
  args: DebugProtocol.DataBreakpointInfoArguments,
): DebugProtocol.DataBreakpointInfoResponse["body"] {
  const { session } = debuggee;
  const { layout: l } = session.machine;
  let cell: number | undefined;
  if (args.variablesReference) cell = debuggee.variables.find(args.variablesReference, args.name).cell;
  else {
    const found = evaluateText(contextAt(session, args.frameId), args.name);
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
}

/** The property that the last step has broken, and why. */
function exceptionInfo(debuggee: Debuggee): DebugProtocol.ExceptionInfoResponse["body"] {
  const { broken, session } = debuggee;
  if (!broken) throw new DebugError("Nothing is broken at this step.");
  return {
    exceptionId: `Broken: ${properties[broken.property].label}`,
    description: broken.why,
    breakMode: "always",
    details: {
      message: broken.why,
      typeName: broken.property,
      fullTypeName: sentenceOf(broken.property, session.machine.program.promise),
    },
  };
}
