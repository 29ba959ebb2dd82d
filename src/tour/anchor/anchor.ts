/** Finds an anchor's place in the source that is open, or says how the code has drifted. */
import { positionAt } from "../../kernel/syntax/source";
import type { SourcePlace } from "../../machine/view/view";
import { canonical } from "./canonical";
import type { Anchor, Condition } from "../format/tour";
import { say } from "../say";
import type { FunctionText, Statement, Statements } from "./source-statements";
import { likeness } from "./tokens";

/** A statement that is less like the anchor than this is not offered. */
const NEAR = 0.6;

export interface Found {
  fn: FunctionText;
  /** Undefined for the function's head. */
  statement?: Statement;
  /**
   * `moved`: the very statement, but elsewhere in its function than in the edition; `near`: another one, which comes
   * nearest.
   */
  drift?: { k: "moved" | "near" | "missing"; message: string };
}

export interface Lost {
  fn?: FunctionText;
  lost: string;
}

/**
 * The statement that the anchor names. Never throws. `reference` is the source that the tour was written on, to tell
 * what was moved.
 */
export function find(a: Anchor, source: Statements, reference?: Statements): Found | Lost {
  const fn = a.fn.map((name) => source.of(name)).find((f) => f !== undefined);
  if (!fn) return { lost: say.noFunction(a.fn) };
  if (a.stmt.length === 0) return { fn };
  const same = matches(a, fn);
  const inside = a.in ? same.filter((s) => s.branches.includes(a.in!)) : same;
  const hit = inside[a.nth - 1];
  if (hit) return { fn, statement: hit, drift: movedFrom(a, hit, fn, reference) };
  if (inside.length > 0)
    return {
      fn,
      statement: inside.at(-1),
      drift: { k: "near", message: say.fewer(inside.at(-1)!, inside.length, a.nth) },
    };
  if (same.length > 0)
    return { fn, statement: same[0], drift: { k: "near", message: say.otherBranch(same[0], a.in!) } };
  return nearest(a, fn, reference);
}

/** The anchor stands exactly as named (it may have been moved). */
export const isThere = (f: Found | Lost): f is Found & { drift?: { k: "moved"; message: string } } =>
  "fn" in f && !("lost" in f) && (f.drift === undefined || f.drift.k === "moved");

const keysOf = (a: Anchor): string[] => a.stmt.map((s) => canonical(s).join(" "));

function matches(a: Anchor, fn: FunctionText): Statement[] {
  // The first wording that is there at all counts.
  for (const key of keysOf(a)) {
    const same = fn.statements.filter((s) => s.key === key);
    if (same.length > 0) return same;
  }
  return [];
}

/** Words count as much as all tokens together: brackets alone make no two statements alike. */
const nearness = (a: string[], b: string[]): number =>
  (likeness(a, b) +
    likeness(
      a.filter((t) => /\w/.test(t)),
      b.filter((t) => /\w/.test(t)),
    )) /
  2;

function nearest(a: Anchor, fn: FunctionText, reference: Statements | undefined): Found | Lost {
  const wanted = a.stmt.map((s) => canonical(s));
  const name = fn.item.name;
  let best: { s: Statement; like: number } | undefined;
  for (const s of fn.statements) {
    const like = Math.max(...wanted.map((w) => nearness(w, s.tokens))) + (a.in && s.branches.includes(a.in) ? 0.01 : 0);
    if (!best || like > best.like) best = { s, like };
  }
  // What the function calls by another name in the reference isn't near, but missing.
  const taken = best && reference?.of(name)?.statements.some((r) => r.key === best.s.key);
  if (best && best.like >= NEAR && !taken)
    return { fn, statement: best.s, drift: { k: "near", message: say.nearest(name, a.stmt[0], best.s) } };
  const after = followers(a, name, reference);
  if (after) {
    const next = after.map((key) => fn.statements.find((s) => s.key === key)).find((s) => s !== undefined);
    return {
      fn,
      statement: next ?? fn.statements.at(-1),
      drift: {
        k: "missing",
        message: next ? say.missingBefore(name, a.stmt[0], next) : say.missingAtEnd(name, a.stmt[0]),
      },
    };
  }
  if (best && best.like >= NEAR)
    return { fn, statement: best.s, drift: { k: "near", message: say.nearest(name, a.stmt[0], best.s) } };
  return { fn, lost: say.tooFar(name, a.stmt[0]) };
}

/** What follows the anchor's statement in the reference. */
function followers(a: Anchor, name: string, reference: Statements | undefined): string[] | undefined {
  const there = reference?.of(name);
  const hit = there && find(a, reference!);
  if (!hit || !("fn" in hit) || "lost" in hit || hit.drift || !hit.statement) return undefined;
  return there.statements.slice(there.statements.indexOf(hit.statement) + 1).map((s) => s.key);
}

/** Was the statement moved past others that both sources have just once? */
function movedFrom(a: Anchor, hit: Statement, fn: FunctionText, reference: Statements | undefined): Found["drift"] {
  const there = reference?.of(fn.item.name);
  if (!there || there.item.file === fn.item.file) return undefined;
  const was = find(a, reference!);
  if (!("fn" in was) || "lost" in was || was.drift || !was.statement) return undefined;
  const inverted = fn.statements.flatMap((s) => {
    const old = s.key === hit.key ? undefined : counterpart(s, fn, there);
    if (!old) return [];
    const below = s.start < hit.start; // the hit stands below s now
    return below === old.start < was.statement!.start ? [] : [{ s, below }];
  });
  if (inverted.length === 0) return undefined;
  // Of two statements that changed places, the one that passed more others was moved.
  const total = fn.statements.length;
  const { s, below } = inverted.reduce((x, y) =>
    Math.abs(y.s.start - hit.start) < Math.abs(x.s.start - hit.start) ? y : x,
  );
  if (inverted.length < 2 && total > 3 && passed(s, fn, there) > inverted.length) return undefined;
  return { k: "moved", message: below ? say.movedBelow(hit, s) : say.movedAbove(hit, s) };
}

/** The same statement in the reference: the first for the first, where both have as many that read like it. */
function counterpart(s: Statement, fn: FunctionText, there: FunctionText): Statement | undefined {
  const here = fn.statements.filter((x) => x.key === s.key),
    old = there.statements.filter((x) => x.key === s.key);
  return here.length === old.length ? old[here.indexOf(s)] : undefined;
}

/** How many others a statement has passed between the reference and the source. */
function passed(s: Statement, fn: FunctionText, there: FunctionText): number {
  const old = counterpart(s, fn, there);
  if (!old) return 0;
  return fn.statements.filter((x) => {
    const before = counterpart(x, fn, there);
    return before !== undefined && x !== s && x.start < s.start !== before.start < old.start;
  }).length;
}

/** Does the condition hold of the source? */
export function holdsOf(c: Condition, source: Statements): boolean {
  switch (c.k) {
    case "has":
      return isThere(find(c.at, source));
    case "lacks":
      return !isThere(find(c.at, source));
    case "order": {
      const first = find(c.first, source),
        second = find(c.second, source);
      return (
        isThere(first) &&
        isThere(second) &&
        first.fn === second.fn &&
        (first.statement?.start ?? -1) < (second.statement?.start ?? -1)
      );
    }
  }
}

/** The place in the text that a found anchor stands at. */
export function placeOfFound({ fn, statement }: Pick<Found, "fn" | "statement">): SourcePlace {
  const file = statement?.file ?? fn.item.file;
  const start = positionAt(file, statement?.start ?? fn.item.nameStart);
  const end = positionAt(file, statement?.end ?? fn.item.nameStart + fn.item.name.length);
  return {
    file: file.uri,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    fn: fn.item.name,
  };
}
