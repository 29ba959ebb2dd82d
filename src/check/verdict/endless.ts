/**
 * Loops that never end. A spin for another CPU is a wait, which the machine knows; what goes round and round otherwise
 * shows in walks that don't end. Whether a walk has come to where no execution ends any more is then looked up exactly.
 */
import { t } from "@vscode/l10n";
import { W } from "../../machine/layout";
import { MoveKind, moveKind, type Machine, type Move, type State } from "../../machine/machine";
import { placeOf } from "../../machine/view/narrate";
import type { Finding } from "../explore/finding";
import { replay } from "../search/switches";
import { drawsFrom } from "../explore/walk";

/** States that are looked at from one on. Where a walk went round long enough, few are left. */
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

/** Moves that go on from where no execution ends: enough to come to the loop, and round it. */
const ROUND = 3_000;

/**
 * From the way to a state from which no execution comes to its end: the way on into where it goes round, as a failure
 * of `deadlock`.
 */
export function endlessFrom(machine: Machine, way: readonly Move[]): Finding {
  const draw = drawsFrom(1),
    walk = [...way];
  const { state } = replay(machine, way);
  const ignore = { violation: () => undefined };
  for (let n = 0; n < ROUND; n++) {
    const moves = machine.moves(state).filter((m) => moveKind(m) !== MoveKind.fill);
    const move = moves[Math.floor(draw() * moves.length)];
    walk.push(move);
    machine.applyTo(state, move, ignore);
  }
  return (
    endlessIn(machine, walk) ?? {
      property: "deadlock",
      moves: [...way],
      why: whyOf(machine, replay(machine, way).state),
    }
  );
}

/**
 * From a walk that didn't end: the way into where it goes round and no execution ends, as a failure of `deadlock`;
 * undefined when it only took long.
 */
export function endlessIn(machine: Machine, walk: readonly Move[]): Finding | undefined {
  const states = [machine.initial().state];
  for (const m of walk) states.push(machine.apply(states.at(-1)!, m).state);
  if (canEnd(machine, states.at(-1)!) !== false) return undefined;
  // Once there is no way to the end, there is none later: where that begins can be found by halves.
  let first = 0;
  for (let lost = walk.length; first < lost;) {
    const middle = (first + lost) >> 1;
    if (canEnd(machine, states[middle]) === false) lost = middle;
    else first = middle + 1;
  }
  // It may be certain long before a CPU comes to its loop: from there on the walk meets its own states again.
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
