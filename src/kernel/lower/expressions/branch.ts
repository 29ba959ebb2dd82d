/** Conditions: branches with C's short circuits, and the operators && || ?: on values. */
import type { Expr } from "../../syntax/tree/ast";
import { BOOL, INT, type CType } from "../../ctype";
import { isCounted, ofBoth } from "../../integers";
import { num, type Label } from "../../ir";
import type { Lowering } from "../lowering";
import { convertedOperand } from "./integers";
import { typeOf } from "./lower-types";
import type { Operand } from "./operand";

/** Made of names, numbers and operators alone: asking for its type asks for nothing else. */
function isPlain(e: Expr): boolean {
  switch (e.k) {
    case "id":
    case "num":
      return true;
    case "unary":
    case "cast":
    case "member":
      return isPlain(e.e);
    case "bin":
      return isPlain(e.l) && isPlain(e.r);
    case "cond":
      return isPlain(e.c) && (!e.a || isPlain(e.a)) && isPlain(e.b);
    default:
      return false;
  }
}

/** Macros that are as true as their condition, and complain then. */
const complains = /^WARN(_ON)?(_ONCE)?$/;

/** Branches on an expression's truth, with C's short circuits. */
export function branchOn(x: Lowering, e: Expr, yes: Label, no: Label): void {
  const v0 = x.known(e);
  if (v0 !== undefined) return x.b.jump(v0 !== 0 ? yes : no);
  if (e.k === "unary" && e.op === "!") return branchOn(x, e.e, no, yes);
  if (e.k === "call" && e.fn.k === "id" && /^(likely|unlikely)$/.test(e.fn.name) && e.args.length === 1)
    return branchOn(x, e.args[0], yes, no);
  if (e.k === "id") {
    const substituted = x.macros.argument(e.name);
    if (substituted) return x.macros.atUse(() => branchOn(x, substituted, yes, no));
  }
  if (e.k === "call" && e.fn.k === "id" && complains.test(e.fn.name) && e.args.length > 0 && !x.b.lookup(e.fn.name)) {
    const complaint = x.b.label();
    branchOn(x, e.args[0], complaint, no);
    x.b.mark(complaint);
    x.b.hw("warn", []);
    return x.b.jump(yes);
  }
  if (e.k === "bin" && (e.op === "&&" || e.op === "||")) {
    const middle = x.b.label();
    if (e.op === "&&") branchOn(x, e.l, middle, no);
    else branchOn(x, e.l, yes, middle);
    x.b.mark(middle);
    return branchOn(x, e.r, yes, no);
  }
  const o = x.exact(e);
  const v = x.b.value(o);
  if (v.k === "const" && v.c.syms.length === 0) x.b.jump(v.c.n !== 0 || o.wide !== undefined ? yes : no);
  else x.b.emit({ op: "branch", a: v, then: yes, else: no });
}

/** `a && b` or `a || b` as a value, 0 or 1. */
export function lowerTruth(x: Lowering, e: Expr): Operand {
  const dst = x.b.newTemp();
  const yes = x.b.label(),
    no = x.b.label(),
    done = x.b.label();
  branchOn(x, e, yes, no);
  x.b.mark(yes);
  x.b.emit({ op: "move", dst, a: num(1) });
  x.b.jump(done);
  x.b.mark(no);
  x.b.emit({ op: "move", dst, a: num(0) });
  x.b.mark(done);
  return { v: dst, t: BOOL };
}

export function lowerConditional(x: Lowering, e: Expr & { k: "cond" }): Operand {
  const holds = x.known(e.c);
  if (holds !== undefined && (holds === 0 || e.a)) {
    // The other value isn't computed, and has its part in the type.
    const [chosen, other] = holds !== 0 ? [e.a!, e.b] : [e.b, e.a ?? e.c];
    const o = x.expr(chosen);
    return isCounted(o.t) && isPlain(other) ? convertedOperand(x, o, ofBoth(o.t, typeOf(x, other))) : o;
  }
  const dst = x.b.newTemp();
  const yes = x.b.label(),
    no = x.b.label(),
    done = x.b.label();
  let t: CType = INT;
  if (e.a) branchOn(x, e.c, yes, no);
  else {
    const c = x.expr(e.c); // a ?: b
    t = c.t;
    const v = x.b.value(c);
    x.b.emit({ op: "move", dst, a: v });
    x.b.emit({ op: "branch", a: v, then: done, else: no });
  }
  x.b.mark(yes);
  if (e.a) {
    const a = x.expr(e.a);
    t = a.t;
    x.b.emit({ op: "move", dst, a: x.b.value(a) });
    x.b.jump(done);
  }
  x.b.mark(no);
  const b = x.expr(e.b);
  x.b.emit({ op: "move", dst, a: x.b.value(b) });
  x.b.mark(done);
  return { v: dst, t: ofBoth(t, b.t) };
}
