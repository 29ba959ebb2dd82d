/**
 * Calls: primitives first, then what is declared harmless, then the open files' functions and macros; the rest is "not
 * modelled".
 */
import type { Expr } from "../../syntax/tree/ast";
import type { Macro } from "../../syntax/conditionals";
import { VOID, type CType } from "../../ctype";
import type { Value } from "../../ir";
import { harmlessCall } from "../../primitives/harmless";
import type { Primitive } from "../../primitives/primitive";
import { primitiveIn } from "../../primitives/table";
import { newAggregate, returnsStruct } from "./aggregates";
import { assigned } from "./integers";
import type { Call, Lowering } from "../lowering";
import { typeOf } from "./lower-types";
import { expandMacro, expandMacroPlace } from "./macros";
import { ZERO, type Lvalue, type Operand } from "./operand";

/** The name that the tables know a callee by: `switch_mm`, or `apic->send_IPI_mask` for a call through a field. */
function calleeName(fn: Expr): string | undefined {
  if (fn.k === "id") return fn.name;
  if (fn.k === "member") {
    const of = calleeName(fn.e);
    return of && `${of}${fn.arrow ? "->" : "."}${fn.field}`;
  }
  return undefined;
}

export function lowerCall(x: Lowering, e: Call): Operand {
  const name = calleeName(e.fn);
  if (e.fn.k === "id" && x.macros.argument(e.fn.name)?.k === "id") {
    const fn = x.macros.argument(e.fn.name)!;
    return lowerCall(x, { ...e, fn });
  }
  const isVariable = e.fn.k === "id" && x.b.lookup(e.fn.name) !== undefined;
  if (name !== undefined && !isVariable) {
    const primitive = primitiveFor(x, name, e);
    if (primitive) return primitive.value ? primitive.value(x, e.args, e) : x.b.load(primitive.place!(x, e.args, e));
    if (harmlessCall(name)) return ZERO;
    const target = x.symbols.dispatch(name);
    if (target === "nothing") return ZERO;
    if (target) checkCount(x, target, e);
    if (target)
      return callFunction(
        x,
        target,
        e.args.map((a, i) => argument(x, target, a, i)),
      );
    const macro = x.symbols.callableMacro(name);
    if (macro?.params) return expandMacro(x, macro, e.args, e);
    const other = macro && namedByMacros(x, macro);
    if (other) return lowerCall(x, { ...e, fn: other });
  }
  // A name that means nothing else may be that of a variable that holds a function's address.
  const holdsFunction = e.fn.k === "id" && (isVariable || x.symbols.variables.global(e.fn.name)?.type.k === "ptr");
  if (
    holdsFunction ||
    e.fn.k === "unary" ||
    (e.fn.k === "member" && fieldIsKnown(x, e.fn)) ||
    (e.fn.k === "index" && isFunctionPointer(typeOf(x, e.fn)))
  ) {
    return callPointer(x, x.expr(e.fn.k === "unary" && e.fn.op === "*" ? e.fn.e : e.fn), e.args);
  }
  const shown = name ?? "This call";
  x.out.warnNotModelled(
    shown,
    e,
    x.b.item.name,
    `${shown}() is not modelled: it isn't in the open files or TLBscope's vocabulary. Nothing happens here and ` +
      "its value is 0; open the file that defines it if it matters.",
  );
  for (const a of e.args) if (a.k === "call") x.expr(a);
  return ZERO;
}

const isFunctionPointer = (t: CType): boolean => t.k === "ptr" && t.to.k === "fn";

/** A call through a pointer; as far as its type says, arguments and result have the types that they have in C. */
function callPointer(x: Lowering, pointer: Operand, list: readonly Expr[]): Operand {
  const fn = x.b.value(pointer);
  const type = pointer.t.k === "ptr" && pointer.t.to.k === "fn" ? pointer.t.to : undefined;
  const returns = type?.returns ?? VOID;
  const args = list.map((a, i) => (type?.params?.[i] ? assigned(x, a, type.params[i]) : x.val(a)));
  if (returnsStruct(returns)) {
    const result = newAggregate(x, returns);
    x.b.emit({ op: "icall", fn, args: [result.base, ...args] });
    return x.b.load(result);
  }
  const dst = x.b.newTemp();
  x.b.emit({ op: "icall", fn, args, dst });
  return { v: dst, t: returns };
}

/** An argument as the function's parameter has it. */
function argument(x: Lowering, target: string, e: Expr, i: number): Value {
  const param = x.symbols.functionNamed(target)?.params.at(i);
  return param ? assigned(x, e, x.symbols.types.resolve(param.type)) : x.val(e);
}

/**
 * A call with too few or too many arguments isn't C, and may have lost one. The environment gives what any era takes.
 */
function checkCount(x: Lowering, target: string, e: Call): void {
  const block = e.args.find((a) => a.k === "stmts" && a.file.text[a.start] === "{");
  if (block) x.out.error(block, "Statements are no argument of a function: put them in brackets, ({ … }).");
  if (e.file.origin === "environment") return;
  const wanted = x.symbols.functionNamed(target)?.params.length ?? 0;
  if (wanted === e.args.length || x.symbols.isVariadic(target)) return;
  const takes = `${wanted} argument${wanted === 1 ? "" : "s"}`;
  x.out.error(e, `${target}() takes ${takes}, ${e.args.length} are given: an argument is missing or too much.`);
}

/** Is this a member whose type is declared? */
function fieldIsKnown(x: Lowering, e: Expr & { k: "member" }): boolean {
  if (e.e.k !== "id") return false;
  const type = (x.b.lookup(e.e.name) ?? x.symbols.variables.global(e.e.name))?.type;
  const t = type?.k === "ptr" ? type.to : type;
  return t?.k === "struct" && x.symbols.types.field(t.name, e.field).known;
}

/**
 * The name that an object-like macro stands for, through further ones; undefined when it is something else, or the
 * macros form a cycle.
 */
function namedByMacros(x: Lowering, first: Macro): Expr | undefined {
  const passed = new Set<Macro>();
  for (let macro: Macro | undefined = first; macro && !macro.params && !passed.has(macro);) {
    passed.add(macro);
    const body = x.symbols.macroBody(macro);
    if (body.length !== 1 || body[0].k !== "expr" || body[0].e.k !== "id") return undefined;
    const { e } = body[0];
    const next = x.symbols.callableMacro(e.name);
    if (!next || next.params) return e;
    macro = next;
  }
  return undefined;
}

/** A call that stands where something is assigned to, as `per_cpu(x, cpu) = …` does. */
export function lowerCallPlace(x: Lowering, e: Call): Lvalue | undefined {
  const name = calleeName(e.fn);
  if (name === undefined) return undefined;
  const primitive = primitiveFor(x, name, e);
  if (primitive?.place) return primitive.place(x, e.args, e);
  if (primitive || x.symbols.hasFunction(name)) return undefined;
  const macro = x.symbols.callableMacro(name);
  if (macro?.params) return expandMacroPlace(x, macro, e.args, e);
  return undefined;
}

/** The table's entry for a name, if it is for this platform and given as many arguments as it needs. */
function primitiveFor(x: Lowering, name: string, e: Call): Primitive | undefined {
  const primitive = primitiveIn(x.symbols, name);
  if (primitive && e.args.length < (primitive.args ?? 0)) {
    x.out.error(e, `${name}() needs ${primitive.args} argument${primitive.args === 1 ? "" : "s"}: ${primitive.does}`);
    return undefined;
  }
  return primitive;
}

/** Calls a function of the open files with values that are already computed. */
export function callFunction(x: Lowering, name: string, args: Value[]): Operand {
  const returns = x.symbols.returnType(name);
  x.out.useFunction(name);
  if (returnsStruct(returns)) {
    const result = newAggregate(x, returns);
    x.b.emit({ op: "call", fn: name, args: [result.base, ...args] });
    return x.b.load(result);
  }
  const dst = returns.k === "void" ? undefined : x.b.newTemp();
  x.b.emit({ op: "call", fn: name, args, dst });
  return dst ? { v: dst, t: returns } : ZERO;
}
