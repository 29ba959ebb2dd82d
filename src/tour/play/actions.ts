/**
 * Carries a tour's actions out on a trace. Every move comes from `Machine.moves`; one that isn't possible is said,
 * with the reason.
 */
import { properties } from "../../machine/effects";
import { handling, waitsFor } from "../../machine/view/describe";
import { W } from "../../machine/layout";
import {
  broadcastOf,
  callerOf,
  fillMove,
  isInterrupt,
  moveCpu,
  MoveKind,
  moveKind,
  stepOf,
  vectorOf,
  type Move,
  type State,
} from "../../machine/machine";
import { Stepper, type Stop } from "../../trace/stepping";
import type { Trace } from "../../trace/trace";
import type { Found, Lost } from "../anchor/anchor";
import { runsIn, standsAt } from "./arrive";
import type { Anchor, TourAction, Until } from "../format/tour";
import { anchorText } from "../format/notation";
import { say } from "../say";
import { valueOf, whereIs } from "./state-values";

export interface ActionContext {
  trace: Trace;
  find(a: Anchor): Found | Lost;
  /** Told when an action goes by a statement that isn't quite the anchor's. */
  drift(message: string): void;
}

/** Why an action couldn't be carried out; undefined when it was. The trace stands where it came to. */
export function perform(x: ActionContext, a: TourAction): string | undefined {
  const { trace } = x;
  const { machine } = trace;
  if ("cpu" in a && a.cpu >= machine.layout.cpuCount) return say.noCpu(a.cpu);
  switch (a.do) {
    case "run":
      return "to" in a ? runTo(x, a.cpu, a.to, a.times) : runUntil(x, a.cpu, a.until);
    case "over":
    case "into":
    case "out":
      return steps(trace, a.do, a.cpu, a.times);
    case "atom":
      for (let i = 0; i < a.times; i++) {
        if (!machine.canStep(trace.state, a.cpu)) return say.cantStep(a.cpu, whyNot(trace, a.cpu));
        trace.step(stepOf(a.cpu));
      }
      return undefined;
    case "deliver":
      return deliver(trace, a.cpu, a.sender);
    case "handle":
      return handle(trace, a.cpu);
    case "fill":
      return fill(trace, a.cpu, a.mm, a.page);
    case "drain": {
      const oldest = () =>
        machine.moves(trace.state).find((m) => moveKind(m) === MoveKind.drain && moveCpu(m) === a.cpu);
      if (!a.all && oldest() === undefined) return say.noDrain(a.cpu);
      for (let drain = oldest(); drain !== undefined; drain = a.all ? oldest() : undefined) trace.step(drain);
      return undefined;
    }
    case "finish": {
      const stop = new Stepper(trace, { stopsOn: () => false }).continue();
      return stop.k === "finished" ? undefined : stop.k === "limit" ? say.endless(stop.steps) : say.stuck();
    }
  }
}

function runTo({ trace, find, drift }: ActionContext, cpu: number, to: Anchor, times: number): string | undefined {
  const { machine } = trace;
  const found = find(to);
  if ("lost" in found) return found.lost;
  if (found.drift) drift(found.drift.message);
  const place = anchorText(to);
  if (!runsIn(machine, found)) return say.notThere(cpu, place, say.notCalled(found.fn.item.name));
  const there = standsAt(machine, cpu, found);
  let left = times - (there(trace.state) ? 1 : 0);
  if (left <= 0) return undefined;
  const stop = alone(trace, cpu, (s) => there(s) && --left === 0);
  return stop === undefined ? undefined : say.notThere(cpu, place, stop);
}

function runUntil({ trace }: ActionContext, cpu: number, until: Until): string | undefined {
  const { machine } = trace;
  const at = machine.layout.cpu[cpu];
  if (until === "waits") {
    const why = alone(trace, cpu, () => false);
    return waiting(trace, cpu) ? undefined : say.notReached(cpu, say.untilWaits(), why ?? say.done());
  }
  if (until === "done") {
    const why = alone(trace, cpu, () => false);
    return !machine.hasStep(trace.state, cpu) && trace.state[at + W.halted] === 0
      ? undefined
      : say.notReached(cpu, say.untilDone(), why ?? say.done());
  }
  if (until === "action") {
    const first = trace.state[at + W.action];
    const why = alone(trace, cpu, (s) => s[at + W.action] > first && s[at + W.fp] === 0);
    return why === undefined ? undefined : say.notReached(cpu, say.untilAction(), why);
  }
  if ("broken" in until) {
    const broken = () => trace.entry(trace.cursor).violations.some((v) => v.property === until.broken);
    if (
      Array.from({ length: trace.cursor + 1 }, (_, i) => trace.entry(i)).some((e) =>
        e.violations.some((v) => v.property === until.broken),
      )
    )
      return undefined;
    const why = alone(trace, cpu, broken);
    // The move that broke it may have been the last one that the CPU could make.
    return why === undefined || broken()
      ? undefined
      : say.notReached(cpu, say.untilBroken(properties[until.broken].label), why);
  }
  const holds = (s: State) => {
    const v = valueOf(machine, s, cpu, until.holds);
    return !("error" in v) && v.value !== 0;
  };
  if (holds(trace.state)) return undefined;
  const why = alone(trace, cpu, holds);
  if (why === undefined) return undefined;
  const value = valueOf(machine, trace.state, cpu, until.holds);
  return say.notReached(cpu, say.untilHolds(until.holds), "error" in value ? value.error : why);
}

const waiting = (trace: Trace, cpu: number): boolean =>
  trace.machine.hasStep(trace.state, cpu) && !trace.machine.canStep(trace.state, cpu);

/** Runs one CPU alone; undefined when `there` held, else why it went no further. */
function alone(trace: Trace, cpu: number, there: (s: State) => boolean): string | undefined {
  return ending(trace, cpu, new Stepper(trace, { stopsOn: () => false }).alone(cpu, there));
}

function ending(trace: Trace, cpu: number, stop: Stop): string | undefined {
  switch (stop.k) {
    case "step":
      return undefined;
    case "limit":
      return say.runsOn(stop.steps);
    default:
      return whyNot(trace, cpu);
  }
}

/** Why a CPU can't go on, as the end of a sentence. */
function whyNot(trace: Trace, cpu: number): string {
  const { machine } = trace;
  const s = trace.state;
  const why = waitsFor(machine, s, cpu);
  if (s[machine.layout.cpu[cpu] + W.halted]) return say.is(why);
  return waiting(trace, cpu) ? say.waitsAt(say.waits(why), whereIs(machine, s, cpu)) : say.done();
}

function steps(trace: Trace, what: "over" | "into" | "out", cpu: number, times: number): string | undefined {
  const stepper = new Stepper(trace, { stopsOn: () => false });
  for (let i = 0; i < times; i++) {
    const before = trace.cursor;
    const why = ending(trace, cpu, stepper[what](cpu));
    // A statement that ends in waiting, or in the end of an action, has been stepped as far as it goes.
    if (why !== undefined && trace.cursor === before) return say.cantStep(cpu, why);
  }
  return undefined;
}

/** Does something that another CPU has sent arrive by this move: an interrupt, or a flush that was broadcast? */
export const arrives = (m: Move): boolean => isInterrupt(m) || moveKind(m) === MoveKind.broadcast;

function deliver(trace: Trace, cpu: number, sender: number | undefined): string | undefined {
  const { machine } = trace;
  const possible = machine
    .moves(trace.state)
    .filter((m) => arrives(m) && moveCpu(m) === cpu && (sender === undefined || senderOf(trace, m) === sender));
  if (possible.length > 1) return say.severalInterrupts(cpu);
  if (possible.length === 1) {
    trace.step(possible[0]);
    return undefined;
  }
  const { layout: l } = machine;
  const pending =
    trace.state[l.cpu[cpu] + W.vectors] !== 0 || l.cpu.some((at) => (trace.state[at + W.callQueued] >> cpu) & 1);
  return pending ? say.held(cpu) : say.noInterrupt(cpu, sender);
}

/**
 * The CPU that sent an interrupt: of a call or a broadcast it is in the move, of a vector in the last step that sent
 * it.
 */
export function senderOf(trace: Trace, m: Move): number | undefined {
  if (moveKind(m) === MoveKind.call) return callerOf(m);
  if (moveKind(m) === MoveKind.broadcast) return broadcastOf(m).from;
  for (let i = trace.cursor; i > 0; i--) {
    const { cause, effects } = trace.entry(i);
    if (
      cause.k === "move" &&
      effects.some((e) => e.k === "sendVector" && e.vector === vectorOf(m) && (e.to >> moveCpu(m)) & 1)
    )
      return moveCpu(cause.move);
  }
  return undefined;
}

function handle(trace: Trace, cpu: number): string | undefined {
  const { machine } = trace;
  if (!handling(machine, trace.state, cpu)) return say.noHandler(cpu);
  const depth = (s: State) => machine.stack(s, cpu).filter((f) => f.interrupt).length;
  const first = depth(trace.state);
  const why = alone(trace, cpu, (s) => depth(s) < first);
  return why === undefined ? undefined : say.handlerStuck(cpu, why);
}

function fill(trace: Trace, cpu: number, mm: string, page: string): string | undefined {
  const { machine } = trace;
  const m = machine.scenario.mms.findIndex((x) => x.name === mm);
  const p = m < 0 ? -1 : machine.layout.slotNamed(m, page);
  if (p < 0) return say.noPage(`${mm}:${page}`);
  const wanted = fillMove(cpu, m, p);
  if (!machine.moves(trace.state).includes(wanted)) return say.noFill(cpu, `${mm}:${page}`);
  trace.step(wanted);
  return undefined;
}
