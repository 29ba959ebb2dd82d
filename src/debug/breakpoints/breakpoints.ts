/** Breakpoints on lines, functions and data: where they stand, and whether a move reached one. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { SourceFile } from "../../kernel/syntax/source";
import { W } from "../../machine/layout";
import { moveCpu, type Machine } from "../../machine/machine";
import { properties, propertyIds, type Violation } from "../../machine/effects";
import type { Entry, Trace } from "../../trace/trace";
import { countsHit, holds, logText, type Attached } from "./conditions";
import { functionPoint } from "./function-point";
import { Lines, type Line } from "../../machine/view/lines";
import { actionFrom, type ScriptLine } from "./script-lines";
import { fileKey, type Sources } from "../client-sources";

/** A breakpoint on a line or a function, which stands at program counters. */
interface Point extends Attached {
  id: number;
  kind: "breakpoint" | "function breakpoint";
  pcs: ReadonlySet<number>;
  /** In the scenario's file: the action at whose beginning it stands. */
  action?: ScriptLine;
  hits: number;
}

interface DataPoint extends Attached {
  id: number;
  cell: number;
  access: DebugProtocol.DataBreakpointAccessType;
  hits: number;
}

/** Why a move stopped at breakpoints. */
interface Hit {
  ids: number[];
  reason: string;
  /** For data: which value changed, and how; for a condition that can't be evaluated: why. */
  text?: string;
}

/** What the client asked for, kept so that a restart can set it on another program. */
interface Asked {
  lines: Map<string, { source: DebugProtocol.Source; points: DebugProtocol.SourceBreakpoint[]; ids: number[] }>;
  functions: { points: DebugProtocol.FunctionBreakpoint[]; ids: number[] };
  /** With the name of the cell that each stands on: its number is another one in another program. */
  data: { points: (DebugProtocol.DataBreakpoint & { name: string })[]; ids: number[] };
}

export class Breakpoints {
  /** The breakpoints that the last move reached. */
  hit: Hit | undefined;
  /** Going backwards, hits are neither counted nor logged. */
  backwards = false;
  private readonly asked: Asked = {
    lines: new Map(),
    functions: { points: [], ids: [] },
    data: { points: [], ids: [] },
  };
  private linePoints = new Map<string, Point[]>();
  private functionPoints: Point[] = [];
  private dataPoints: DataPoint[] = [];
  private stopping = new Set<string>(propertyIds);
  private nextId = 1;
  private lines: Lines | undefined;
  private machine: Machine | undefined;
  private sources: Sources | undefined;
  private script: SourceFile | undefined;

  constructor(private readonly log: (text: string) => void) {}

  /** Sets all breakpoints on a new program; gives them as the client is to show them now. */
  load(machine: Machine, sources: Sources, script: SourceFile): DebugProtocol.Breakpoint[] {
    [this.machine, this.sources, this.script, this.lines] = [machine, sources, script, new Lines(machine)];
    const lines = [...this.asked.lines.values()].flatMap((a) => this.setLines(a.source, a.points, a.ids));
    return [...lines, ...this.setFunctions(this.asked.functions.points, this.asked.functions.ids), ...this.placeData()];
  }

  setLines(
    source: DebugProtocol.Source,
    points: DebugProtocol.SourceBreakpoint[],
    ids = points.map(() => this.nextId++),
  ): DebugProtocol.Breakpoint[] {
    const key = source.sourceReference ? `#${source.sourceReference}` : fileKey(source.path ?? "");
    this.asked.lines.set(key, { source, points, ids });
    const file = this.sources?.find(source);
    const set: Point[] = [];
    const answers = points.map((p, i) => {
      const id = ids[i];
      const line = this.placeLine(file, p.line);
      if ("index" in line) {
        set.push({ ...p, id, kind: "breakpoint", pcs: new Set(), action: line, hits: 0 });
        return { id, verified: true, line: line.line, column: line.column, ...moved(p.line, line.line) };
      }
      if ("why" in line) return { id, verified: false, line: p.line, message: line.why };
      set.push({ ...p, id, kind: "breakpoint", pcs: line.pcs, hits: 0 });
      return {
        id,
        verified: true,
        line: line.line,
        column: line.column,
        source: this.sources!.named(line.file),
        ...moved(p.line, line.line),
      };
    });
    this.linePoints.set(key, set);
    return answers;
  }

  private placeLine(file: SourceFile | undefined, line: number): Line | ScriptLine | { why: string } {
    if (!this.lines || !this.machine) return { why: "The simulation has not begun yet." };
    if (!file)
      return {
        why:
          "This file takes no part in the simulation: it holds none of the functions that the scenario leads to. " +
          "Open the file of the protocol that you mean, and restart.",
      };
    return file === this.script ? actionFrom(file, this.machine.scenario, line) : this.lines.nearest(file, line);
  }

  setFunctions(
    points: DebugProtocol.FunctionBreakpoint[],
    ids = points.map(() => this.nextId++),
  ): DebugProtocol.Breakpoint[] {
    this.asked.functions = { points, ids };
    this.functionPoints = [];
    return points.map((p, i) => {
      const id = ids[i];
      if (!this.machine) return { id, verified: false, message: "The simulation has not begun yet." };
      const at = functionPoint(this.machine, p.name);
      if ("why" in at) return { id, verified: false, message: at.why };
      this.functionPoints.push({ ...p, id, kind: "function breakpoint", pcs: new Set([at.pc]), hits: 0 });
      return { id, verified: true, line: at.line, source: this.sources!.named(at.file) };
    });
  }

  setData(points: DebugProtocol.DataBreakpoint[]): DebugProtocol.Breakpoint[] {
    const { layout } = this.machine ?? {};
    const name = (dataId: string) => layout?.cells[Number(dataId)] && layout.cellName(Number(dataId));
    this.asked.data = {
      points: points.map((p) => ({ ...p, name: name(p.dataId) ?? "" })),
      ids: points.map(() => this.nextId++),
    };
    return this.placeData();
  }

  private placeData(): DebugProtocol.Breakpoint[] {
    const { points, ids } = this.asked.data;
    this.dataPoints = [];
    return points.map((p, i) => {
      const cell = this.cellNamed(p.name, Number(p.dataId));
      if (cell < 0)
        return {
          id: ids[i],
          verified: false,
          message: "This value is not there in this session: set the breakpoint again from the Variables view.",
        };
      this.dataPoints.push({ ...p, id: ids[i], cell, access: p.accessType ?? "write", hits: 0 });
      return { id: ids[i], verified: true, message: p.name };
    });
  }

  /** The cell of that name; the guess if it has the name, else the first that has it, else -1. */
  private cellNamed(name: string, guess: number): number {
    if (!this.machine) return -1;
    const { layout } = this.machine;
    const named = (at: number) => layout.cells[at] !== undefined && layout.cellName(at) === name;
    return named(guess) ? guess : layout.cells.findIndex((_, at) => named(at));
  }

  /** Properties whose violations stop a run. */
  setProperties(ids: string[]): void {
    this.stopping = new Set(ids);
  }

  readonly stopsOn = (v: Violation): boolean => this.stopping.has(v.property);

  /** For the Stepper: did the move that made this entry reach a breakpoint? */
  readonly stopAt = (trace: Trace, entry: Entry): boolean => {
    this.hit = undefined;
    if (entry.cause.k !== "move" || trace.cursor === 0) return false;
    const cpu = moveCpu(entry.cause.move);
    const before = trace.entry(trace.cursor - 1).state;
    const at = trace.machine.layout.cpu[cpu];
    const pc = entry.state[at + W.pc],
      fp = entry.state[at + W.fp];
    const came =
      fp !== 0 && (pc !== before[at + W.pc] || fp !== before[at + W.fp] || entry.effects.some((e) => e.k === "branch"));
    if (came)
      for (const p of this.pointsAt(pc))
        if (p.kind === "breakpoint" || this.entered(trace, entry, cpu)) this.consider(trace, cpu, p, p.kind);
    const begun = entry.effects.find((e) => e.k === "action");
    if (begun)
      for (const points of this.linePoints.values())
        for (const p of points)
          if (p.action?.cpu === cpu && p.action.index === begun.index) this.consider(trace, cpu, p, p.kind);
    for (const p of this.dataPoints) {
      const what = this.touched(trace, entry, before, p);
      if (what !== undefined) this.consider(trace, cpu, p, "data breakpoint", what);
    }
    return this.hit !== undefined;
  };

  private *pointsAt(pc: number): Iterable<Point> {
    for (const points of this.linePoints.values()) for (const p of points) if (p.pcs.has(pc)) yield p;
    for (const p of this.functionPoints) if (p.pcs.has(pc)) yield p;
  }

  /** The function was entered just now: a loop that returns to its first statement doesn't count. */
  private entered(trace: Trace, entry: Entry, cpu: number): boolean {
    const top = trace.machine.stack(entry.state, cpu)[0];
    return entry.effects.some((e) => e.k === "action" || ((e.k === "call" || e.k === "take") && e.fn === top.fn.name));
  }

  private touched(trace: Trace, entry: Entry, before: Int32Array, p: DataPoint): string | undefined {
    const { layout: l } = trace.machine;
    const name = l.cellName(p.cell);
    if (p.access !== "read" && before[p.cell] !== entry.state[p.cell])
      return `${name}: ${l.format(p.cell, before[p.cell])} → ${l.format(p.cell, entry.state[p.cell])}`;
    if (p.access !== "write" && entry.effects.some((e) => e.k === "read" && e.cell === p.cell))
      return `${name} is read: ${l.format(p.cell, entry.state[p.cell])}`;
    return undefined;
  }

  private consider(trace: Trace, cpu: number, p: Point | DataPoint, reason: string, text?: string): void {
    const { machine, state } = trace;
    const held = holds(machine, state, cpu, p.condition);
    if (held === false) return;
    if (!this.backwards) p.hits++;
    const counts = this.backwards ? true : countsHit(p.hitCondition, p.hits);
    if (counts === false) return;
    const wrong = typeof held === "object" ? held.error : typeof counts === "object" ? counts.error : undefined;
    if (p.logMessage && wrong === undefined) {
      if (!this.backwards) this.log(logText(machine, state, cpu, p.logMessage));
      return;
    }
    this.hit = {
      ids: [...(this.hit?.ids ?? []), p.id],
      reason: this.hit?.reason ?? reason,
      text: wrong ?? text ?? this.hit?.text,
    };
  }
}

const moved = (asked: number, given: number): { message?: string } =>
  asked === given ? {} : { message: `Moved to line ${given}: line ${asked} has no step of its own.` };

/** The client's switches for exceptions: one for each property. */
export const exceptionFilters: DebugProtocol.ExceptionBreakpointsFilter[] = propertyIds.map((id) => ({
  filter: id,
  label: properties[id].label,
  description: properties[id].sentence,
  default: true,
}));
