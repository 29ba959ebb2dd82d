/**
 * The arguments of every request that the adapter answers. They are checked here, before a request reaches the function
 * that answers it. What a client sends besides is left alone: the protocol grows.
 */
import * as z from "zod";
import { checked, maybe } from "./forms";
import { DebugError } from "./debug-error";

/** More than any expression has; what is longer costs the C parser time. */
const MOST_TEXT = 10_000;

const whole = (what: string) => z.int({ error: what }).min(0, what);
const text = (what: string) => z.string({ error: what }).max(MOST_TEXT, `${what} of at most ${MOST_TEXT} characters`);
const yesNo = z.boolean({ error: "true or false" });
const list = <T extends z.ZodType>(of: T, what: string) => z.array(of, { error: what });

const threadId = z.int({ error: "a thread's number" });
const frameId = whole("a stack frame's number");
const line = whole("a line's number");
const column = whole("a column's number");
const expression = text("a C expression, as text");
const cpu = whole("a CPU's number");
const move = z.int({ error: "a move's number" });
const granularity = maybe(z.enum(["statement", "line", "instruction"], { error: "statement, line or instruction" }));

const source = z.looseObject(
  {
    path: maybe(z.string({ error: "a path, as text" })),
    sourceReference: maybe(whole("a source's number")),
  },
  { error: "an object that names a source" },
);
const attached = {
  condition: maybe(expression),
  hitCondition: maybe(text("a hit count, as text")),
  logMessage: maybe(text("a message, as text")),
};
const nothing = z.looseObject({});
const step = z.looseObject({ threadId, granularity });
const settable = { name: text("a name"), value: text("a value, as text") };

/** By the request's name. */
const forms = new Map<string, z.ZodType>(
  Object.entries({
    initialize: z.looseObject({ supportsProgressReporting: maybe(yesNo) }),
    configurationDone: nothing,
    // Checked by launch-arguments.ts, whose sentences are for who wrote the configuration.
    launch: z.looseObject({}),
    restart: z.looseObject({ arguments: maybe(z.looseObject({}, { error: "a launch configuration" })) }),
    terminate: nothing,
    disconnect: nothing,

    next: step,
    stepIn: z.looseObject({ threadId, granularity, targetId: maybe(whole("the number of a target")) }),
    stepOut: step,
    stepBack: step,
    stepInTargets: z.looseObject({ frameId }),
    continue: z.looseObject({ threadId, singleThread: maybe(yesNo) }),
    reverseContinue: z.looseObject({ threadId }),
    pause: z.looseObject({ threadId }),
    cancel: z.looseObject({ progressId: maybe(text("the id of what is cancelled")) }),
    gotoTargets: z.looseObject({ source, line }),
    goto: z.looseObject({ threadId, targetId: whole("the number of a target") }),
    restartFrame: z.looseObject({ frameId }),

    setBreakpoints: z.looseObject({
      source,
      breakpoints: maybe(list(z.looseObject({ line, ...attached }), "a list of breakpoints")),
    }),
    setFunctionBreakpoints: z.looseObject({
      breakpoints: list(z.looseObject({ name: text("a function's name"), ...attached }), "a list of breakpoints"),
    }),
    setExceptionBreakpoints: z.looseObject({
      filters: list(text("a filter's id"), "a list of filters"),
      filterOptions: list(z.looseObject({ filterId: text("a filter's id") }), "a list of filters").optional(),
    }),
    setDataBreakpoints: z.looseObject({
      breakpoints: list(
        z.looseObject({
          dataId: text("the id of a value"),
          accessType: maybe(z.enum(["read", "write", "readWrite"], { error: "read, write or readWrite" })),
          ...attached,
        }),
        "a list of breakpoints",
      ),
    }),
    dataBreakpointInfo: z.looseObject({
      name: text("a name or a C expression"),
      variablesReference: maybe(whole("the number of a scope or a value")),
      frameId: maybe(frameId),
    }),
    exceptionInfo: z.looseObject({ threadId }),

    threads: nothing,
    stackTrace: z.looseObject({
      threadId,
      startFrame: maybe(whole("the index of a frame")),
      levels: maybe(whole("a number of frames")),
    }),
    source: z.looseObject({ source: maybe(source), sourceReference: whole("a source's number") }),
    loadedSources: nothing,
    scopes: z.looseObject({ frameId }),
    variables: z.looseObject({ variablesReference: whole("the number of a scope or a value") }),
    setVariable: z.looseObject({ variablesReference: whole("the number of a scope or a value"), ...settable }),
    setExpression: z.looseObject({ expression, value: settable.value, frameId: maybe(frameId) }),
    evaluate: z.looseObject({
      expression,
      frameId: maybe(frameId),
      context: maybe(text("where the expression stands")),
    }),
    completions: z.looseObject({ text: text("what is typed"), column, frameId: maybe(frameId) }),

    "tlbscope.panelState": nothing,
    "tlbscope.selectCpu": z.looseObject({ cpu, focus: maybe(yesNo) }),
    "tlbscope.move": z.looseObject({ move }),
    "tlbscope.goto": z.looseObject({ step: whole("a step's number") }),
    "tlbscope.follow": z.looseObject({ moves: list(move, "a list of moves"), cpu: maybe(cpu), decisive: maybe(yesNo) }),
    "tlbscope.history": nothing,
    "tlbscope.stepBack": nothing,
    "tlbscope.stepForward": nothing,
    "tlbscope.branch": z.looseObject({ id: whole("a history's number") }),
    "tlbscope.lastWrite": z.looseObject({
      cell: whole("a cell's number"),
      bit: maybe(whole("a bit's number, 0 to 31").max(31, "a bit's number, 0 to 31")),
    }),
    "tlbscope.moves": nothing,
    "tlbscope.places": nothing,
    "tlbscope.diagnostics": nothing,
    "tlbscope.program": nothing,
  }),
);

/** A request's arguments, checked. Throws Malformed, or a DebugError when there is no such request. */
export function argumentsOf(command: unknown, args: unknown): object {
  const form = typeof command === "string" ? forms.get(command) : undefined;
  if (!form)
    throw new DebugError(
      `There is no request ${typeof command === "string" ? command.slice(0, 60) : JSON.stringify(command)}.`,
    );
  return checked(`the request ${String(command)}`, form, args ?? {}) as object;
}
