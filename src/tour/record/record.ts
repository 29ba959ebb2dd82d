/**
 * Makes a tour of a recorded execution: each stop with its words becomes a step, and what happened between two stops
 * becomes the step's actions. They name statements instead of moves, so that they fit other versions of the source too.
 */
import { handling } from "../../machine/view/describe";
import { W } from "../../machine/layout";
import { fillOf, isSpontaneous, moveCpu, MoveKind, moveKind, type Machine, type Move } from "../../machine/machine";
import { atStatement } from "../../trace/stepping";
import { Trace } from "../../trace/trace";
import { arrives, perform, senderOf } from "../play/actions";
import { find } from "../anchor/anchor";
import { anchorOf } from "../anchor/locate";
import type { Anchor, Step, Tour, TourAction } from "../format/tour";
import { say } from "../say";
import type { Statements } from "../anchor/source-statements";

/** A state of the trace that is to be a step. */
export interface Stop {
  /** Index of the trace. Stops are taken in the order of their indices. */
  index: number;
  title: string;
  /** Markdown. */
  words: string;
  /** The CPU that the step is about; the one that moved last, unless said otherwise. */
  cpu?: number;
}

export interface Recording {
  id: string;
  title: string;
  about: string;
  /** The trace's own history is read; its cursor stays. */
  trace: Trace;
  stops: readonly Stop[];
  /** Settings that the scenario was run with instead of its own. */
  settings?: Readonly<Record<string, number>>;
  /** The source that the trace ran on: `new Statements(parser, trace.machine.program)`. */
  statements: Statements;
}

/** The tour, or why there can't be one. It plays to just the states of the stops. */
export function recordTour(r: Recording): { tour: Tour } | { error: string } {
  const { machine } = r.trace;
  const stops = [...r.stops].sort((a, b) => a.index - b.index);
  if (stops.length === 0) return { error: say.noStops() };
  const last = Math.min(stops.at(-1)!.index, r.trace.last);
  const moves: Move[] = [];
  for (let i = 1; i <= last; i++) {
    const { cause } = r.trace.entry(i);
    if (cause.k !== "move") return { error: say.editedHistory(i) };
    moves.push(cause.move);
  }
  const replay = new Trace(machine);
  const taken = new Set<string>();
  const none = { start: 0, end: 0 };
  const steps = stops.map((stop, n): Step => {
    const to = Math.max(0, Math.min(stop.index, last));
    const actions = actionsFor(replay, moves, to, r.statements);
    const lastMove = [...moves.slice(0, to)].reverse().find((m) => !isSpontaneous(m));
    const cpu = stop.cpu ?? (lastMove === undefined ? 0 : moveCpu(lastMove));
    return {
      id: stepId(stop.title, n, taken),
      title: stop.title.trim() || say.stepTitle(n + 1),
      at: standing(machine, replay, cpu, r.statements),
      cpu,
      from: n === 0 ? { k: "start" } : { k: "previous" },
      patch: [],
      machine: actions,
      words: stop.words.trim().replaceAll("${", "\\${") || say.noWords,
      claims: [],
      branches: [],
      refs: [],
      when: [],
      range: none,
      atRange: none,
      actionRanges: actions.map(() => none),
    };
  });
  return {
    tour: {
      id: r.id,
      title: r.title,
      about: r.about,
      scenario: machine.scenario.id,
      order: machine.scenario.order,
      settings: r.settings,
      level: "first",
      needs: [],
      steps,
    },
  };
}

/** An id made of a title, new in the tour. */
export function stepId(title: string, n: number, taken: Set<string>): string {
  const word = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  const plain = word === "" || /^(start|previous|end)$/.test(word) ? `step-${n + 1}` : word;
  let id = plain;
  for (let i = 2; taken.has(id); i++) id = `${plain}-${i}`;
  taken.add(id);
  return id;
}

/** The statement that the CPU is about to execute. */
function standing(machine: Machine, trace: Trace, cpu: number, statements: Statements): Anchor | undefined {
  const pc = trace.state[machine.layout.cpu[cpu] + W.pc];
  if (pc === 0) return undefined;
  const place = machine.program.places[machine.code.instrs[pc].src];
  const s = statements.of(place.fn)?.statements.find((x) => x.file === place.file && x.start === place.start);
  return s && anchorOf(s, statements);
}

/** Actions that take `replay` from where it stands along the moves up to `to`. */
function actionsFor(replay: Trace, moves: readonly Move[], to: number, statements: Statements): TourAction[] {
  const out: TourAction[] = [];
  while (replay.cursor < to) {
    const first = replay.cursor;
    const action = special(replay, moves[first]) ?? longest(replay, moves, to, statements);
    for (let i = first; i < first + action.moves; i++) replay.step(moves[i]);
    const before = out.at(-1);
    if (before?.do === "atom" && action.action.do === "atom" && before.cpu === action.action.cpu)
      before.times += action.action.times;
    else out.push(action.action);
  }
  return out;
}

interface Derived {
  action: TourAction;
  moves: number;
}

/** A move that isn't a step of a CPU has an action of its own. */
function special(replay: Trace, m: Move): Derived | undefined {
  const { machine, state } = replay;
  const cpu = moveCpu(m);
  switch (moveKind(m)) {
    case MoveKind.fill: {
      const { layout: l } = machine;
      const { mm, page } = fillOf(m);
      return { action: { do: "fill", cpu, mm: l.mmNames[mm], page: l.pageName(mm, page) }, moves: 1 };
    }
    case MoveKind.drain:
      return { action: { do: "drain", cpu }, moves: 1 };
    case MoveKind.vector:
    case MoveKind.call:
    case MoveKind.broadcast: {
      const others = machine.moves(state).filter((x) => moveCpu(x) === cpu && arrives(x));
      return {
        action: others.length > 1 ? { do: "deliver", cpu, sender: senderOf(replay, m) } : { do: "deliver", cpu },
        moves: 1,
      };
    }
  }
  return undefined;
}

/** The action that goes furthest along this CPU's own moves, tried out on a trace of its own. */
function longest(replay: Trace, moves: readonly Move[], to: number, statements: Statements): Derived {
  const first = replay.cursor;
  const cpu = moveCpu(moves[first]);
  let end = first;
  while (end < to && moves[end] === moves[first]) end++;
  const ahead = new Trace(replay.machine);
  for (const m of moves.slice(0, end)) ahead.step(m);
  for (let at = end; at > first; at--) {
    ahead.goto(at);
    for (const action of candidates(replay, ahead, cpu, first, at, statements))
      if (leads(replay, moves, at, action, statements)) return { action, moves: at - first };
  }
  return { action: { do: "atom", cpu, times: 1 }, moves: 1 };
}

/** Actions that may lead from `first` to `at`, where `ahead` stands. */
function candidates(
  replay: Trace,
  ahead: Trace,
  cpu: number,
  first: number,
  at: number,
  statements: Statements,
): TourAction[] {
  const { machine, state } = ahead;
  const w = machine.layout.cpu[cpu];
  const out: TourAction[] = [];
  const next = machine.canStep(state, cpu);
  if (!next && machine.hasStep(state, cpu)) out.push({ do: "run", cpu, until: "waits" });
  if (state[w + W.fp] === 0 && state[w + W.action] === replay.state[w + W.action] + 1)
    out.push({ do: "run", cpu, until: "action" });
  if (handling(machine, replay.state, cpu) && ahead.entry(at).effects.some((e) => e.k === "iret"))
    out.push({ do: "handle", cpu });
  if (state[w + W.fp] !== 0 && atStatement(machine, state, cpu)) {
    const to = standing(machine, ahead, cpu, statements);
    if (to) {
      // How often the CPU is at this statement between the two.
      const pc = state[w + W.pc];
      let times = 0;
      for (let i = first; i <= at; i++) if (ahead.entry(i).state[w + W.pc] === pc && machine.code.begins[pc]) times++;
      out.push({ do: "run", cpu, to, times });
    }
  }
  return out;
}

/** Does the action make just the moves up to `at`? */
function leads(replay: Trace, moves: readonly Move[], at: number, action: TourAction, statements: Statements): boolean {
  const trial = new Trace(replay.machine);
  for (const m of moves.slice(0, replay.cursor)) trial.step(m);
  if (
    perform({ trace: trial, find: (a) => find(a, statements), drift: () => undefined }, action) !== undefined ||
    trial.cursor !== at
  )
    return false;
  return moves.slice(replay.cursor, at).every((m, i) => {
    const { cause } = trial.entry(replay.cursor + 1 + i);
    return cause.k === "move" && cause.move === m;
  });
}
