/** Expressions: values, places that can be assigned to, and the C operators on both. */
import type { Expr, Stmt } from "../syntax/ast";
import { BOOL, INT, isPacked, ptr, VOID, type CType } from "../ctype";
import { constant, num, type BinOp, type Label, type Value } from "../ir";
import { copyStruct, lowerLiteral } from "./aggregates";
import { known } from "./known";
import type { Lower } from "./lower";
import { expandMacro, expandMacroPlace } from "./macros";
import { ZERO, type Lvalue, type Operand } from "./operand";
import { scoped } from "./scopes";
import { lowerStmts } from "./stmt";
import { resolveType, sameType, typeOf } from "./lower-types";

const arithmetic = new Set(["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"]);
const comparisons = new Set(["==", "!=", "<", ">", "<=", ">="]);

export function lowerExpr(x: Lower, e: Expr): Operand {
  switch (e.k) {
    case "num":
      return { v: num(e.value), t: INT };
    case "str":
    case "type":
      return ZERO;
    case "id":
      return lowerName(x, e);
    case "unary":
      return lowerUnary(x, e);
    case "step": {
      const lv = x.place(e.e);
      const old = x.load(lv);
      const before = e.prefix ? undefined : keep(x, x.b.value(old));
      const after = x.b.bin(e.op === "++" ? "+" : "-", x.b.value(old), stride(old.t));
      x.b.store(lv, after);
      return { v: before ?? after, t: old.t };
    }
    case "bin":
      return lowerBinary(x, e);
    case "assign":
      return lowerAssign(x, e);
    case "cond":
      return lowerConditional(x, e);
    case "call":
      return x.call(e);
    case "member":
    case "index":
      return x.load(x.place(e));
    case "cast": {
      const o = x.expr(e.e);
      const t = resolveType(x, e.type);
      // A pointer kept as an unsigned long is still worth showing as a pointer.
      return { ...o, t: t.k === "int" && o.t.k === "ptr" ? o.t : t.k === "void" ? VOID : t };
    }
    case "sizeof":
      return {
        v: { k: "const", c: constant(0, { k: "size", type: e.type ? resolveType(x, e.type) : typeOf(x, e.e!) }) },
        t: INT,
      };
    case "comma":
      x.expr(e.l);
      return x.expr(e.r);
    case "stmts":
      return lowerStatementExpr(x, e.body);
    case "init":
      x.out.error(e, "An initializer list is read only where a variable is declared.");
      return ZERO;
    case "literal": {
      const made = lowerLiteral(x, e);
      return "v" in made ? made : x.load(made);
    }
    case "generic": {
      const of = typeOf(x, e.of);
      const choice =
        e.choices.find((c) => c.type && sameType(resolveType(x, c.type), of)) ?? e.choices.find((c) => !c.type);
      if (choice) return x.expr(choice.value);
      x.out.error(e, "No choice of this _Generic is for a value of this type.");
      return ZERO;
    }
    case "offsetof": {
      const t = resolveType(x, e.type);
      const place = x.field({ k: "mem", base: num(0), off: constant(0), t }, e.field, e);
      return { v: { k: "const", c: place.k === "mem" ? place.off : constant(0) }, t: INT };
    }
    case "bad":
      return ZERO;
  }
}

/** The amount that ++ and -- add: a pointer moves by what it points to. */
const stride = (t: CType): Value => ({
  k: "const",
  c: t.k === "ptr" ? constant(0, { k: "size", type: t.to }) : constant(1),
});

function keep(x: Lower, v: Value): Value {
  if (v.k !== "slot") return v;
  const dst = x.b.newTemp();
  x.b.emit({ op: "move", dst, a: v });
  return dst;
}

function lowerName(x: Lower, e: Expr & { k: "id" }): Operand {
  const substituted = x.substitute(e.name);
  if (substituted) return x.outside(() => x.expr(substituted));
  const local = x.b.lookup(e.name);
  if (local) return x.load(x.place(e));
  const value = x.symbols.constantNamed(e.name);
  if (value) return value;
  const macro = x.symbols.macro(e.name);
  if (macro && !macro.params) return expandMacro(x, macro, [], e);
  if (x.symbols.variables.global(e.name)) return x.load(x.place(e));
  if (x.symbols.hasFunction(e.name)) return x.fnAddress(e.name);
  if (x.barePerCpu && x.symbols.variables.percpu(e.name)) return x.load(x.percpu(e));
  x.out.warnNotModelled(
    e.name,
    e,
    x.b.item.name,
    `${e.name} isn't declared in the open files: open the file that declares it. It counts as 0.`,
  );
  return ZERO;
}

export function lowerPlace(x: Lower, e: Expr): Lvalue {
  switch (e.k) {
    case "id": {
      const substituted = x.substitute(e.name);
      if (substituted) return x.outside(() => x.place(substituted));
      const local = x.b.lookup(e.name);
      if (local) {
        if (local.global !== undefined)
          return {
            k: "mem",
            base: { k: "const", c: constant(0, { k: "global", name: local.global }) },
            off: constant(0),
            t: local.type,
            key: local.global,
          };
        if (local.aggregate === undefined) return { k: "slot", slot: local.slot!, t: local.type };
        return { k: "mem", base: { k: "local", local: local.aggregate }, off: constant(0), t: local.type, key: e.name };
      }
      const variable = x.symbols.variables.global(e.name);
      if (variable)
        return {
          k: "mem",
          base: { k: "const", c: constant(0, { k: "global", name: e.name }) },
          off: constant(0),
          t: variable.type,
          key: e.name,
          unknown: x.out.undeclared.has(e.name) || undefined,
        };
      const macro = x.symbols.macro(e.name);
      if (macro && !macro.params) return expandMacroPlace(x, macro, [], e);
      if (x.barePerCpu && x.symbols.variables.percpu(e.name)) return x.percpu(e);
      x.out.warnNotModelled(
        e.name,
        e,
        x.b.item.name,
        `${e.name} isn't declared in the open files: open the file that declares it. It counts as 0.`,
      );
      return {
        k: "mem",
        base: { k: "const", c: constant(0, { k: "global", name: x.out.addUndeclaredGlobal(e.name) }) },
        off: constant(0),
        t: INT,
        key: e.name,
        unknown: true,
      };
    }
    case "member": {
      if (!e.arrow) return x.field(x.place(e.e), e.field, e);
      const p = x.expr(e.e);
      return x.field(x.b.deref(p), e.field, e);
    }
    case "index": {
      if (isArray(x, e.e)) return x.element(x.place(e.e), x.val(e.i));
      const base = x.expr(e.e);
      return x.scaled(
        { k: "mem", base: base.v, off: base.off ?? constant(0), t: base.t.k === "ptr" ? base.t.to : INT },
        x.val(e.i),
      );
    }
    case "unary":
      if (e.op === "*") return x.b.deref(x.expr(e.e));
      break;
    case "cast":
      return x.place(e.e);
    case "call": {
      const place = x.callPlace(e);
      if (place) return place;
      return x.b.deref(x.expr(e));
    }
    case "comma":
      x.expr(e.l);
      return x.place(e.r);
    case "literal": {
      const made = lowerLiteral(x, e);
      if (!("v" in made)) return made;
      break;
    }
    case "cond":
    case "assign":
    case "stmts": {
      // Where a structure's value stands.
      const o = x.expr(e);
      if (o.t.k === "ptr" && o.t.to.k === "struct") return x.b.deref(o);
      break;
    }
  }
  x.out.error(e, "This can't be assigned to or have its address taken here.");
  return { k: "mem", base: num(0), off: constant(0), t: INT };
}

/** Is this the name of an array variable (not a pointer to one)? Then indices into it can be checked. */
function isArray(x: Lower, e: Expr): boolean {
  if (e.k !== "id" || x.substitute(e.name)) return false;
  const local = x.b.lookup(e.name);
  return (local ? local.type : x.symbols.variables.global(e.name)?.type)?.k === "array";
}

function lowerUnary(x: Lower, e: Expr & { k: "unary" }): Operand {
  switch (e.op) {
    case "&": {
      if (
        e.e.k === "id" &&
        !x.b.lookup(e.e.name) &&
        !x.substitute(e.e.name) &&
        !x.symbols.variables.global(e.e.name) &&
        x.symbols.hasFunction(e.e.name)
      )
        return x.fnAddress(e.e.name);
      const lv = x.place(e.e);
      if (lv.k === "mem") return x.b.addressOf(lv);
      x.out.error(
        e,
        "The address of a plain local variable is taken: TLBscope keeps those in registers. Make it a static or " +
          "a struct member.",
      );
      return ZERO;
    }
    case "*":
      return x.load(x.b.deref(x.expr(e.e)));
    case "!":
      return { v: x.b.bin("==", x.val(e.e), num(0)), t: BOOL };
    case "~":
      return { v: x.b.bin("^", x.val(e.e), num(-1)), t: INT };
    case "-":
      return { v: x.b.bin("-", num(0), x.val(e.e)), t: INT };
    case "+":
      return x.expr(e.e);
  }
}

function lowerBinary(x: Lower, e: Expr & { k: "bin" }): Operand {
  if (e.op === "&&" || e.op === "||") return lowerTruth(x, e);
  const l = x.expr(e.l);
  const lv = x.b.value(l);
  const r = x.expr(e.r);
  const rv = x.b.value(r);
  if (comparisons.has(e.op)) {
    if (l.from) x.symbols.nameValue(l.from, e.r);
    if (r.from) x.symbols.nameValue(r.from, e.l);
    return { v: x.b.bin(e.op as BinOp, lv, rv), t: BOOL };
  }
  if (!arithmetic.has(e.op)) {
    x.out.error(e, `TLBscope doesn't read the operator ${e.op}.`);
    return ZERO;
  }
  if (l.t.k === "ptr" && r.t.k !== "ptr" && (e.op === "+" || e.op === "-")) {
    const size: Value = { k: "const", c: constant(0, { k: "size", type: l.t.to }) };
    return { v: x.b.bin(e.op, lv, x.b.bin("*", rv, size)), t: l.t };
  }
  return { v: x.b.bin(e.op as BinOp, lv, rv), t: isPacked(l.t) ? l.t : isPacked(r.t) ? r.t : INT };
}

function lowerAssign(x: Lower, e: Expr & { k: "assign" }): Operand {
  const lv = x.place(e.l);
  if (e.op === "=") {
    const r = x.expr(e.r);
    if (lv.t.k === "struct") {
      copyStruct(x, lv, r, e);
      return lv.k === "mem" ? x.load(lv) : ZERO;
    }
    const v = x.b.value(r);
    if (lv.k === "mem" && lv.key) x.symbols.nameValue(lv.key, e.r);
    x.b.store(lv, v);
    return { v, t: r.t };
  }
  const old = x.load(lv);
  const v = x.b.bin(e.op.slice(0, -1) as BinOp, x.b.value(old), x.val(e.r));
  x.b.store(lv, v);
  return { v, t: old.t };
}

/** Macros that are as true as their condition, and complain then. */
const complains = /^WARN(_ON)?(_ONCE)?$/;

/** Branches on an expression's truth, with C's short circuits. */
export function branchOn(x: Lower, e: Expr, yes: Label, no: Label): void {
  const v0 = known(x, e);
  if (v0 !== undefined) return x.b.jump(v0 !== 0 ? yes : no);
  if (e.k === "unary" && e.op === "!") return branchOn(x, e.e, no, yes);
  if (e.k === "call" && e.fn.k === "id" && /^(likely|unlikely)$/.test(e.fn.name) && e.args.length === 1)
    return branchOn(x, e.args[0], yes, no);
  if (e.k === "id") {
    const substituted = x.substitute(e.name);
    if (substituted) return x.outside(() => branchOn(x, substituted, yes, no));
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
  const v = x.val(e);
  if (v.k === "const" && v.c.syms.length === 0) x.b.jump(v.c.n !== 0 ? yes : no);
  else x.b.emit({ op: "branch", a: v, then: yes, else: no });
}

function lowerTruth(x: Lower, e: Expr): Operand {
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

function lowerConditional(x: Lower, e: Expr & { k: "cond" }): Operand {
  const holds = known(x, e.c);
  if (holds !== undefined && (holds === 0 || e.a)) return x.expr(holds !== 0 ? e.a! : e.b);
  const dst = x.b.newTemp();
  const yes = x.b.label(),
    no = x.b.label(),
    done = x.b.label();
  let t: CType = INT;
  if (e.a) branchOn(x, e.c, yes, no);
  else {
    const c = x.val(e.c); // a ?: b
    x.b.emit({ op: "move", dst, a: c });
    x.b.emit({ op: "branch", a: c, then: done, else: no });
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
  return { v: dst, t: t.k === "ptr" ? t : b.t };
}

/** `({ …; value; })`: its statements are part of the step around it. */
function lowerStatementExpr(x: Lower, body: Stmt[]): Operand {
  x.exprDepth++;
  const last = body.at(-1);
  const value = scoped(x, body, last?.end ?? 0, undefined, () => {
    lowerStmts(x, last?.k === "expr" ? body.slice(0, -1) : body);
    return last?.k === "expr" ? x.expr(last.e) : ZERO;
  });
  x.exprDepth--;
  return { ...value, t: value.t.k === "array" ? ptr(value.t.of) : value.t };
}
