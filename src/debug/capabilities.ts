/** What the adapter can do, and what each line makes a client show. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { exceptionFilters } from "./breakpoints/breakpoints";

export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  // Step Back and Reverse in the toolbar.
  supportsStepBack: true,
  // Step, Continue of one thread only: choosing threads is choosing the interleaving.
  supportsSingleThreadExecutionRequests: true,
  // One atomic step at a time, from the disassembly view's commands or a client's own.
  supportsSteppingGranularity: true,
  supportsLoadedSourcesRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsDataBreakpoints: true,
  // One check box for each property in the Breakpoints view.
  exceptionBreakpointFilters: exceptionFilters,
  // Jump to Cursor, by the shortest execution that gets there.
  supportsGotoTargetsRequest: true,
  supportsRestartFrame: true,
  // The documents are read again, unsaved text included.
  supportsRestartRequest: true,
  supportsStepInTargetsRequest: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsEvaluateForHovers: true,
  supportsExceptionInfoRequest: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: [".", ">"],
  // A search that takes long is shown, and can be cancelled.
  supportsCancelRequest: true,
  supportsTerminateRequest: true,
};
