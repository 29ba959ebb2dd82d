/** Which statements control can reach: labels that are jumped to, and statements that never end. */
import type { Stmt } from "../../syntax/tree/ast";
import type { Lowering } from "../lowering";

/**
 * Can control jump into this statement from outside? The cases of a switch that is wholly inside don't count.
 */
export function hasLabel(s: Stmt, cases = true): boolean {
  const inside = (t: Stmt): boolean => hasLabel(t, cases);
  switch (s.k) {
    case "label":
      return true;
    case "case":
      return cases || s.body.some(inside);
    case "block":
      return s.body.some(inside);
    case "if":
      return inside(s.then) || (s.else !== undefined && inside(s.else));
    case "while":
    case "do":
    case "for":
    case "each":
      return inside(s.body);
    case "switch":
      return hasLabel(s.body, false);
    default:
      return false;
  }
}

/** Does control never reach what follows this statement? */
export function neverEnds(x: Lowering, s: Stmt): boolean {
  switch (s.k) {
    case "return":
    case "goto":
    case "break":
    case "continue":
      return true;
    case "block":
      return s.body.length > 0 && neverEnds(x, s.body.at(-1)!);
    case "if": {
      const v = x.known(s.c);
      if (v !== undefined) return v !== 0 ? neverEnds(x, s.then) : s.else !== undefined && neverEnds(x, s.else);
      return s.else !== undefined && neverEnds(x, s.then) && neverEnds(x, s.else);
    }
    default:
      return false;
  }
}
