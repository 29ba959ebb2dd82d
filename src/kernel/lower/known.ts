/**
 * What an expression comes to whatever the state is, as a compiler would know it: numbers, configuration options, CPU
 * features, static keys. Code that can't be reached for such a reason isn't lowered, so nothing of it is asked for.
 */
import type { Expr, Stmt } from "../syntax/ast";
import { primitiveIn } from "../primitives/table";
import { fold } from "../arithmetic";
import type { BinOp } from "../ir";
import type { Lower } from "./lower";

/** Macros and operators within each other that are looked through. */
const DEPTH_LIMIT = 20;

/** The value, or undefined when it depends on the state. */
export function known(x: Lower, e: Expr, depth = 0): number | undefined {
  if (depth > DEPTH_LIMIT) return undefined;
  const of = (inner: Expr) => known(x, inner, depth + 1);
  switch (e.k) {
    case "num":
      return e.value;
    case "id":
      return knownName(x, e, depth);
    case "cast":
      return of(e.e);
    case "unary": {
      if (e.op !== "!") return undefined;
      const v = of(e.e);
      return v === undefined ? undefined : +(v === 0);
    }
    case "bin": {
      const l = of(e.l);
      if (e.op === "&&" && l === 0) return 0;
      if (e.op === "||" && l !== undefined && l !== 0) return 1;
      const r = l === undefined ? undefined : of(e.r);
      if (l === undefined || r === undefined) return undefined;
      return e.op === "&&" || e.op === "||" ? +(r !== 0) : fold(e.op as BinOp, l, r);
    }
    case "call":
      return e.fn.k === "id" ? knownCall(x, e, e.fn.name, depth) : undefined;
    default:
      return undefined;
  }
}

function knownName(x: Lower, e: Expr & { k: "id" }, depth: number): number | undefined {
  const substituted = x.substitute(e.name);
  if (substituted) return x.outside(() => known(x, substituted, depth + 1));
  if (x.b.lookup(e.name)) return undefined;
  const v = x.symbols.constantNamed(e.name)?.v;
  if (v) return v.k === "const" && v.c.syms.length === 0 ? v.c.n : undefined;
  const macro = x.symbols.macro(e.name);
  if (!macro || macro.params || x.symbols.variables.isDeclared(e.name)) return undefined;
  const body = x.symbols.macroBody(macro);
  if (body.length !== 1 || body[0].k !== "expr" || x.substitutions.some((s) => s.macro === macro)) return undefined;
  return within(x, macro, new Map(), body[0].e, depth);
}

function knownCall(x: Lower, e: Expr & { k: "call" }, name: string, depth: number): number | undefined {
  const primitive = primitiveIn(x.symbols, name);
  if (primitive)
    return e.args.length >= (primitive.args ?? 0)
      ? primitive.known?.(x, e.args, (a) => known(x, a, depth + 1))
      : undefined;
  const answer = x.symbols.constantFunction(name);
  if (answer !== undefined) return answer;
  const macro = x.symbols.callableMacro(name);
  if (!macro?.params || macro.params.length !== e.args.length || x.substitutions.some((s) => s.macro === macro))
    return undefined;
  const body = x.symbols.macroBody(macro);
  if (body.length !== 1 || body[0].k !== "expr") return undefined;
  return within(x, macro, new Map(macro.params.map((p, i) => [p, e.args[i]])), body[0].e, depth);
}

function within(
  x: Lower,
  macro: Lower["substitutions"][number]["macro"],
  args: Map<string, Expr>,
  body: Expr,
  depth: number,
): number | undefined {
  x.substitutions.push({ macro, args });
  try {
    return known(x, body, depth + 1);
  } finally {
    x.substitutions.pop();
  }
}

/**
 * Could control come to a place inside this statement from outside it? The cases of a switch inside are no such place.
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

/** Does control never go on behind this statement? */
export function neverEnds(x: Lower, s: Stmt): boolean {
  switch (s.k) {
    case "return":
    case "goto":
    case "break":
    case "continue":
      return true;
    case "block":
      return s.body.length > 0 && neverEnds(x, s.body.at(-1)!);
    case "if": {
      const v = known(x, s.c);
      if (v !== undefined) return v !== 0 ? neverEnds(x, s.then) : s.else !== undefined && neverEnds(x, s.else);
      return s.else !== undefined && neverEnds(x, s.then) && neverEnds(x, s.else);
    }
    default:
      return false;
  }
}
