/**
 * The value of an expression that doesn't depend on the state, as a compiler would know it: numbers, configuration
 * options, CPU features, static keys. Code that such a condition makes unreachable isn't lowered, so nothing that it
 * uses is missed.
 */
import type { Expr } from "../../syntax/tree/ast";
import { primitiveIn } from "../../primitives/table";
import { fitsCell, fold, foldLong, type BinOp } from "../../arithmetic";
import { valueIn } from "../../integers";
import { resolveType } from "./lower-types";
import type { Lowering } from "../lowering";

/** Macros and operators within each other that are looked through. */
const DEPTH_LIMIT = 20;

/** The value, or undefined when it depends on the state. */
export function known(x: Lowering, e: Expr, depth = 0): number | undefined {
  if (depth > DEPTH_LIMIT || x.macros.lookedEnough(depth === 0)) return undefined;
  const of = (inner: Expr) => known(x, inner, depth + 1);
  switch (e.k) {
    case "num":
      return e.wide ? undefined : e.value;
    case "id":
      return knownName(x, e, depth);
    case "cast": {
      const v = of(e.e);
      return v === undefined || e.type.pointers > 0 ? v : valueIn(resolveType(x, e.type), v);
    }
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
      if (e.op === "&&" || e.op === "||") return +(r !== 0);
      // Where a result may be too wide, or a number is negative, the types decide.
      if (l < 0 || r < 0 || (e.op === "<<" && r > 31) || !fitsCell(foldLong(e.op as BinOp, l, r))) return undefined;
      return fold(e.op as BinOp, l, r);
    }
    case "call":
      return e.fn.k === "id" ? knownCall(x, e, e.fn.name, depth) : undefined;
    default:
      return undefined;
  }
}

function knownName(x: Lowering, e: Expr & { k: "id" }, depth: number): number | undefined {
  const substituted = x.macros.argument(e.name);
  if (substituted) return x.macros.atUse(() => known(x, substituted, depth + 1));
  if (x.b.lookup(e.name)) return undefined;
  const v = x.symbols.constantNamed(e.name)?.v;
  if (v) return v.k === "const" && v.c.syms.length === 0 ? v.c.n : undefined;
  const macro = x.symbols.macro(e.name);
  if (!macro || macro.params || x.symbols.variables.isDeclared(e.name)) return undefined;
  const body = x.symbols.macroBody(macro);
  if (body.length !== 1 || body[0].k !== "expr" || x.macros.isExpanding(macro)) return undefined;
  const { e: inner } = body[0];
  return x.macros.within(macro, new Map(), () => known(x, inner, depth + 1));
}

function knownCall(x: Lowering, e: Expr & { k: "call" }, name: string, depth: number): number | undefined {
  const primitive = primitiveIn(x.symbols, name);
  if (primitive)
    return e.args.length >= (primitive.args ?? 0)
      ? primitive.known?.(x, e.args, (a) => known(x, a, depth + 1))
      : undefined;
  const answer = x.symbols.constantFunction(name);
  if (answer !== undefined) return answer;
  const macro = x.symbols.callableMacro(name);
  if (!macro?.params || macro.params.length !== e.args.length || x.macros.isExpanding(macro)) return undefined;
  const body = x.symbols.macroBody(macro);
  if (body.length !== 1 || body[0].k !== "expr") return undefined;
  const { e: inner } = body[0];
  const args = new Map(macro.params.map((p, i) => [p, e.args[i]]));
  return x.macros.within(macro, args, () => known(x, inner, depth + 1));
}
