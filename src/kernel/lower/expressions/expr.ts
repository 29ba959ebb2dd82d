/** Expressions as values. */
import type { Expr, Stmt } from "../../syntax/tree/ast";
import { INT, ptr, VOID, type CType } from "../../ctype";
import { constant, num } from "../../ir";
import { lowerLiteral } from "./aggregates";
import { lowerConditional } from "./branch";
import { convertedOperand } from "./integers";
import { isNoType } from "../statements/locals";
import type { Lowering } from "../lowering";
import { resolveType, sameType, typeOf } from "./lower-types";
import { expandMacro } from "./macros";
import { ZERO, type Operand } from "./operand";
import { functionAddress, lowerAssign, lowerBinary, lowerStep, lowerUnary } from "./operators";
import { scoped } from "../statements/scopes";

export function lowerExpr(x: Lowering, e: Expr): Operand {
  switch (e.k) {
    case "num":
      return { v: num(e.value), t: e.type ? x.symbols.types.named(e.type) : INT, wide: e.wide };
    case "str":
      return ZERO;
    case "type":
      x.out.error(e, "A type stands here, and C has a value.");
      return ZERO;
    case "id":
      return lowerName(x, e);
    case "unary":
      return lowerUnary(x, e);
    case "step":
      return lowerStep(x, e);
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
      return x.b.load(x.place(e));
    case "cast": {
      if (e.type.pointers === 0 && isNoType(x, e.type.base))
        x.out.error(e, `${e.type.base} is no type: an operator is missing behind it.`);
      // An expression that looks like a type to the grammar, which knows no names.
      else if (!e.type.fn && !/^[\w\s]*$|^struct\b|^union\b|typeof/.test(e.type.base))
        x.out.error(
          e,
          "TLBscope reads what stands in brackets here as a type, which it isn't: write the operands in another order.",
        );
      const t = resolveType(x, e.type);
      const o = t.k === "int" ? x.exact(e.e) : x.expr(e.e);
      // A pointer kept as an unsigned long is still worth showing as a pointer.
      if (t.k === "int" && o.t.k === "ptr" && t.role !== "bool") return { ...o, asNumber: true };
      if (t.k === "ptr" && o.t.k === "ptr" && !o.asNumber && isOtherView(o.t.to, t.to))
        x.out.error(
          e,
          "A cell has no bytes: what stands here can't be looked at through a pointer to integers of another size. " +
            "Use its own type.",
        );
      if (t.k !== "int") return { ...o, t: t.k === "void" ? VOID : t, asNumber: undefined };
      return convertedOperand(x, o, t);
    }
    case "sizeof":
      return sizeOf(x, e.type ? resolveType(x, e.type) : (typeNamed(x, e.e!) ?? typeOf(x, e.e!)));
    case "comma":
      x.expr(e.l);
      return x.exact(e.r);
    case "stmts":
      return lowerStatementExpr(x, e.body);
    case "init":
      x.out.error(e, "An initializer list is read only where a variable is declared.");
      return ZERO;
    case "literal": {
      const made = lowerLiteral(x, e);
      return "v" in made ? made : x.b.load(made);
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
      const bytes = t.k === "struct" ? x.symbols.types.bytes.offsetOf(t.name, e.field) : undefined;
      if (bytes !== undefined) return { v: num(bytes), t: SIZE };
      x.out.error(e, "Where this member begins isn't known, in bytes: a type that stands before it isn't.");
      return ZERO;
    }
    case "bad":
      return ZERO;
  }
}

const SIZE: CType = { k: "int", role: "number", bits: 64, unsigned: true };

/** sizeof: in bytes, as C has it; in cells where the bytes aren't known. */
function sizeOf(x: Lowering, type: CType): Operand {
  const bytes = x.symbols.types.bytes.sizeOf(type);
  if (bytes !== undefined) return { v: num(bytes), t: SIZE };
  return { v: { k: "const", c: constant(0, { k: "size", type }) }, t: SIZE, cells: true };
}

/** The grammar, which knows no types, takes the `u8` of `sizeof(u8)` for a variable. */
function typeNamed(x: Lowering, e: Expr): CType | undefined {
  const isType = e.k === "id" && !x.b.lookup(e.name) && !x.macros.argument(e.name);
  return isType && x.symbols.types.isTypeName(e.name) ? x.symbols.types.named(e.name) : undefined;
}

/** Would a pointer of the second kind see only a part of what the first points to, or more than that? */
function isOtherView(from: CType, to: CType): boolean {
  if (to.k !== "int" || to.role !== "number" || to.vague) return false;
  if (from.k === "int") return from.role === "number" && !from.vague && (from.bits ?? 32) !== (to.bits ?? 32);
  return from.k === "ptr" || (from.k === "struct" && from.name !== "pgd");
}

function lowerName(x: Lowering, e: Expr & { k: "id" }): Operand {
  const substituted = x.macros.argument(e.name);
  if (substituted) return x.macros.atUse(() => x.exact(substituted));
  const local = x.b.lookup(e.name);
  if (local) return x.b.load(x.place(e));
  const value = x.symbols.constantNamed(e.name);
  if (value) return value;
  const macro = x.symbols.macro(e.name);
  if (macro && !macro.params) return expandMacro(x, macro, [], e);
  if (x.symbols.variables.global(e.name)) return x.b.load(x.place(e));
  if (x.symbols.hasFunction(e.name)) return functionAddress(x, e.name);
  if (x.barePerCpu && x.symbols.variables.percpu(e.name)) return x.b.load(x.percpu(e));
  x.out.warnNotModelled(
    e.name,
    e,
    x.b.item.name,
    `${e.name} isn't declared in the open files: open the file that declares it. It counts as 0.`,
  );
  return ZERO;
}

/** `({ …; value; })`: its statements are part of the step around it. */
function lowerStatementExpr(x: Lowering, body: Stmt[]): Operand {
  const last = body.at(-1);
  const value = x.withinStep(() =>
    scoped(x, body, last?.end ?? 0, undefined, () => {
      x.stmts(last?.k === "expr" ? body.slice(0, -1) : body);
      return last?.k === "expr" ? x.exact(last.e) : ZERO;
    }),
  );
  return { ...value, t: value.t.k === "array" ? ptr(value.t.of) : value.t };
}
