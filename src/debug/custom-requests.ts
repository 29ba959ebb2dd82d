/** Custom requests, beside the protocol's own: what the panel and the editor's marks ask. */
import { moveCpu, MoveKind, moveKind, type Move } from "../machine/machine";
import { runningAction } from "../machine/view/describe";
import { placeOf } from "../machine/view/narrate";
import { W } from "../machine/layout";
import type { SourcePlace } from "../machine/view/view";
import { positionAt } from "../kernel/syntax/source";
import type { PanelState } from "../panel/messages";
import { storyOf } from "../story/story";
import { actionPlace, statementPlace, statementStart } from "../trace/statement";
import { follow, onTheWay } from "../trace/follow";
import { DebugError } from "./debug-error";
import type { Debuggee } from "./debuggee";
import type { Requests } from "./reply";
import type { Session } from "./session";

type MoveName = "step" | "interrupt" | "fill" | "drain" | "broadcast" | "time" | "choose";
const moveNames: Record<number, MoveName> = {
  [MoveKind.step]: "step",
  [MoveKind.vector]: "interrupt",
  [MoveKind.call]: "interrupt",
  [MoveKind.fill]: "fill",
  [MoveKind.drain]: "drain",
  [MoveKind.broadcast]: "broadcast",
  [MoveKind.time]: "time",
  [MoveKind.choose]: "choose",
};

/** Each custom request: its arguments and its answer. */
export interface CustomRequests {
  "tlbscope.panelState": { args: undefined; answer: PanelState };
  /** Selects a CPU; its thread is focused, too, unless `focus` is false because the reader did that. */
  "tlbscope.selectCpu": { args: { cpu: number; focus?: boolean }; answer: undefined };
  "tlbscope.move": { args: { move: Move }; answer: undefined };
  "tlbscope.goto": { args: { step: number }; answer: undefined };
  /**
   * Goes along these moves from the scenario's start, and selects a CPU. Where the last one breaks a promise and
   * `decisive` is true, it goes back to the statement at which that is decided, and selects its CPU. `stuck`: the first
   * move that isn't possible; nothing was done.
   */
  "tlbscope.follow": {
    args: { moves: Move[]; cpu?: number; decisive?: boolean };
    answer: { stuck?: number; step: number };
  };
  /** How the shown state came about, from the scenario's start: a move, or a value set by hand. */
  "tlbscope.history": { args: undefined; answer: ({ move: Move } | { cell: number; value: number })[] };
  "tlbscope.stepBack": { args: undefined; answer: undefined };
  "tlbscope.stepForward": { args: undefined; answer: undefined };
  "tlbscope.branch": { args: { id: number }; answer: undefined };
  /** The last write of a cell (of one CPU's bit of it) before the shown step; nothing moves. */
  "tlbscope.lastWrite": {
    args: { cell: number; bit?: number };
    answer: { step?: number; place?: SourcePlace; sentence: string };
  };
  "tlbscope.moves": { args: undefined; answer: { move: Move; kind: MoveName; cpu: number; label: string }[] };
  "tlbscope.places": { args: undefined; answer: { cpu: number; task: string; place?: SourcePlace }[] };
  "tlbscope.diagnostics": {
    args: undefined;
    answer: { severity: string; code: string; message: string; uri: string; range: SourcePlace }[];
  };
  "tlbscope.program": {
    args: undefined;
    answer: { kernel: string; standIns: string[]; functions: { name: string; uri: string; line: number }[] };
  };
}

type Handlers = {
  [K in keyof CustomRequests]: (
    s: Session,
    args: CustomRequests[K]["args"],
    d: Debuggee,
  ) => CustomRequests[K]["answer"];
};

type Handler = (s: Session, args: unknown, d: Debuggee) => unknown;

const handlers: Handlers = {
  "tlbscope.panelState": (s) => s.state,
  "tlbscope.selectCpu": (s, { cpu, focus }, d) => {
    mustBeThere(s, cpu);
    if (s.selectedCpu === cpu) return;
    s.selectedCpu = cpu;
    if (focus === false || s.running) d.looked();
    else d.moved("step");
  },
  "tlbscope.move": (s, { move }, d) => noting(s, d, () => d.stopped(s.move(move))),
  "tlbscope.goto": (s, { step }, d) =>
    noting(s, d, () => {
      s.goto(step);
      d.moved("goto");
    }),
  "tlbscope.follow": (s, { moves, cpu, decisive }, d) => {
    s.mustStand();
    if (cpu !== undefined) mustBeThere(s, cpu);
    let stuck: number | undefined;
    // All that a tour did since its last step counts as one command, whose changes the panel lists.
    const onward = onTheWay(s.trace, moves);
    if (onward) s.advance(() => (stuck = follow(s.trace, moves)));
    else if ((stuck = follow(s.trace, moves)) === undefined) s.goto(moves.length);
    if (stuck !== undefined) return { stuck, step: s.trace.cursor };
    if (cpu !== undefined) s.selectedCpu = cpu;
    const point = decisive ? storyOf(s.machine, moves)?.decisive : undefined;
    if (point) {
      s.goto(statementStart(s.trace, point.step));
      s.selectedCpu = point.cpu;
    }
    d.moved("goto");
    return { step: s.trace.cursor };
  },
  "tlbscope.history": ({ trace }) =>
    Array.from({ length: trace.cursor }, (_, i) => trace.entry(i + 1).cause).flatMap(
      (c): CustomRequests["tlbscope.history"]["answer"] => {
        if (c.k === "start") return [];
        return [c.k === "move" ? { move: c.move } : { cell: c.cell, value: c.value }];
      },
    ),
  "tlbscope.stepBack": (s, _, d) =>
    noting(s, d, () => {
      s.goto(s.trace.cursor - 1);
      d.moved("step");
    }),
  "tlbscope.stepForward": (s, _, d) =>
    noting(s, d, () => {
      if (s.trace.cursor === s.trace.last)
        throw new DebugError("This is the last step of the history. Step or continue to go on.");
      s.goto(s.trace.cursor + 1);
      d.moved("step");
    }),
  "tlbscope.branch": (s, { id }, d) =>
    noting(s, d, () => {
      s.branch(id);
      d.moved("goto");
    }),
  "tlbscope.lastWrite": (s, { cell, bit }) => {
    const { trace, machine } = s;
    if (cell >= trace.state.length)
      throw new DebugError(`There is no cell ${cell}: the machine's memory has ${trace.state.length}.`);
    const step = bit === undefined ? trace.lastWrite(cell) : lastBitWrite(s, cell, bit);
    const name = machine.layout.cellName(cell);
    if (step === undefined) return { sentence: `${name} still has the value that it began with.` };
    return { step, place: statementPlace(trace, step, s.sim.script), sentence: trace.sentence(step) };
  },
  "tlbscope.moves": (s) =>
    s.machine
      .moves(s.trace.state)
      .map((move) => ({ move, kind: moveNames[moveKind(move)], cpu: moveCpu(move), label: s.nameMove(move) })),
  "tlbscope.places": ({ machine, trace, sim }) =>
    machine.scenario.cpus.map((_, cpu) => {
      const at = machine.layout.cpu[cpu];
      const place =
        placeOf(machine, trace.state[at + W.pc]) ??
        actionPlace(trace, runningAction(machine, trace.state, cpu), cpu, sim.script);
      return { cpu, task: machine.layout.objectAt(trace.state[at + W.current]), place };
    }),
  "tlbscope.diagnostics": ({ sim }) =>
    sim.program.diagnostics.map(({ severity, code, message, span }) => {
      const start = positionAt(span.file, span.start),
        end = positionAt(span.file, span.end);
      return {
        severity,
        code,
        message,
        uri: span.file.uri,
        range: {
          file: span.file.uri,
          line: start.line,
          column: start.column,
          endLine: end.line,
          endColumn: end.column,
          fn: "",
        },
      };
    }),
  "tlbscope.program": ({ sim }) => ({
    kernel: sim.kernel,
    standIns: sim.program.standIns.map((f) => f.path),
    functions: [...sim.program.fns.values()].map((f) => ({
      name: f.name,
      uri: f.file.uri,
      line: positionAt(f.file, f.nameStart).line,
    })),
  }),
};

/** The requests of our own, as the adapter's others. */
export const customRequests = (debuggee: Debuggee): Requests =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      (args: never) => ({ body: (handler as Handler)(debuggee.session, args, debuggee) }),
    ]),
  );

/** Shows in the panel, where it was asked for, why something can't be done. */
function noting(s: Session, d: Debuggee, work: () => void): undefined {
  try {
    work();
  } catch (e) {
    if (!(e instanceof DebugError)) throw e;
    s.notice = e.message;
    d.changed();
  }
  return undefined;
}

function mustBeThere({ machine }: Session, cpu: number): void {
  if (cpu >= machine.layout.cpuCount) throw new DebugError(`There is no CPU${cpu} in this scenario.`);
}

function lastBitWrite({ trace }: Session, cell: number, bit: number): number | undefined {
  const at = (i: number) => (trace.entry(i).state[cell] >> bit) & 1;
  for (let i = trace.cursor; i > 0; i--) if (at(i) !== at(i - 1)) return i;
  return undefined;
}
