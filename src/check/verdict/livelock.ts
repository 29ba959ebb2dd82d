/**
 * Livelocks: executions that go round in a loop from which none comes to the end. A spin for another CPU is a wait,
 * which the machine knows. Any other loop shows in random walks that don't end; whether such a walk has reached a state
 * from which no execution ends is then decided exactly.
 */
import { t } from "@vscode/l10n";
import { W } from "../../machine/layout";
import { MoveKind, moveKind, type Machine, type Move, type State } from "../../machine/machine";
import { placeOf } from "../../machine/view/narrate";
import type { Finding } from "../explore/finding";
import { replay } from "../search/switches";
import { drawsFrom } from "../explore/walk";

/** The most states that are searched from one on. Where a walk has gone round long enough, few are left. */
const MOST = 20_000;

const allDone = (machine: Machine, s: State): boolean => machine.scenario.cpus.every((_, c) => !machine.hasStep(s, c));

/**
 * Can some execution from this state on do all that the scenario asks? Undefined when that takes more than `MOST`
 * states.
 * TLB fills are left out: what a CPU runs doesn't depend on what its TLB holds.
 */
function canEnd(machine: Machine, from: State): boolean | undefined {
  const seen = new Set([from.join()]),
    todo = [from];
  for (let s = todo.pop(); s; s = todo.pop()) {
    if (allDone(machine, s)) return true;
    for (const m of machine.moves(s)) {
      if (moveKind(m) === MoveKind.fill) continue; // time may let a loop end
      const next = machine.apply(s, m).state,
        key = next.join();
      if (seen.has(key)) continue;
      if (seen.size >= MOST) return undefined;
      seen.add(key);
      todo.push(next);
    }
  }
  return false;
}

/** How many moves a walk is continued by, to reach the loop and to go round it. */
const ROUND = 3_000;

/**
 * From a path to a state from which no execution comes to its end: the path on into the loop, as a violation of
 * `deadlock`.
 */
export function livelockFrom(machine: Machine, path: readonly Move[]): Finding {
  const draw = drawsFrom(1),
    walk = [...path];
  const { state } = replay(machine, path);
  const ignore = { violation: () => undefined };
  for (let n = 0; n < ROUND; n++) {
    const moves = machine.moves(state).filter((m) => moveKind(m) !== MoveKind.fill);
    const move = moves[Math.floor(draw() * moves.length)];
    walk.push(move);
    machine.applyTo(state, move, ignore);
  }
  return (
    livelockIn(machine, walk) ?? {
      property: "deadlock",
      moves: [...path],
      why: whyOf(machine, replay(machine, path).state),
    }
  );
}

/**
 * From a walk that was cut off: the path into its loop, as a violation of `deadlock`; undefined when some execution
 * still ends.
 */
export function livelockIn(machine: Machine, walk: readonly Move[]): Finding | undefined {
  const states = [machine.initial().state];
  for (const m of walk) states.push(machine.apply(states.at(-1)!, m).state);
  if (canEnd(machine, states.at(-1)!) !== false) return undefined;
  // Once no execution ends, none does later: the first such state is found by bisection.
  let first = 0;
  for (let lost = walk.length; first < lost;) {
    const middle = (first + lost) >> 1;
    if (canEnd(machine, states[middle]) === false) lost = middle;
    else first = middle + 1;
  }
  // That may be certain long before a CPU reaches its loop: the loop begins where the walk repeats its own states.
  const times = new Map<string, number>();
  const keys = states.map((s) => s.join());
  for (const k of keys) times.set(k, (times.get(k) ?? 0) + 1);
  const round = keys.findIndex((k, i) => i >= first && times.get(k)! > 1);
  const at = Math.max(first, round);
  return { property: "deadlock", moves: walk.slice(0, at), why: whyOf(machine, states[at]) };
}

function whyOf(machine: Machine, s: State): string {
  const places = machine.scenario.cpus.flatMap((_, c) => {
    const place = machine.hasStep(s, c) ? placeOf(machine, s[machine.layout.cpu[c] + W.pc]) : undefined;
    return place ? [t("CPU{0} in {1}(), line {2}", c, place.fn, place.line)] : [];
  });
  return t("From here on no execution comes to its end, whoever goes on: {0}.", places.join(", "));
}
