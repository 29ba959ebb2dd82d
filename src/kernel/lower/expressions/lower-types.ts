/**
 * Types as a function's code names them, also by an expression (typeof) or an initializer (__auto_type); and the types
 * of expressions.
 */
import type { Expr, LocalDecl } from "../../syntax/tree/ast";
import { INT, ptr, type CType } from "../../ctype";
import { promoted } from "../../integers";
import { sized } from "../../symbols/constants";
import { readTypeName, type TypeRef } from "../../syntax/declarators";
import { ofBoth } from "../../integers";
import type { Lowering } from "../lowering";

const typeofName = /^(?:__typeof__|__typeof|typeof_unqual|typeof)\s*\(([\s\S]*)\)$/;

/** What a type's name stands for here. */
export function resolveType(x: Lowering, ref: TypeRef, structBody?: string): CType {
  const of = typeofName.exec(ref.base)?.[1];
  if (of === undefined) return x.symbols.types.resolve(ref, structBody);
  let t = namedOrOf(x, of);
  for (let i = 0; i < ref.pointers; i++) t = ptr(t);
  return x.symbols.types.arrayOf(t, ref.dims);
}

/** `typeof(int *)` names a type, `typeof(*p)` that of an expression. */
function namedOrOf(x: Lowering, text: string): CType {
  if (/^\s*(?:(?:const|volatile)\s+)*(?:struct|union|enum|unsigned|int|long|char|bool|void|u\d+)\b/.test(text))
    return x.symbols.types.resolve(readTypeName(text));
  const e = expressionIn(x, text);
  return e ? typeOf(x, e) : INT;
}

/** The expression that a text is; undefined when it isn't one. */
function expressionIn(x: Lowering, text: string): Expr | undefined {
  const { stmts } = x.symbols.parser.macro({
    file: { uri: "typeof", path: "typeof", text, origin: "environment" },
    start: 0,
    text,
  });
  return stmts[0]?.k === "expr" ? stmts[0].e : undefined;
}

/** The type of a variable that is declared: an array without a length has as many elements as its initializer gives. */
export function typeOfDeclaration(x: Lowering, d: LocalDecl): CType {
  if (d.type.base === "__auto_type" && d.init) return typeOf(x, d.init);
  return sized(resolveType(x, d.type, d.structBody), d.type, d.init, (e) => (e.k === "num" ? e.value : undefined));
}

/** The type of an expression, which isn't evaluated. */
export function typeOf(x: Lowering, e: Expr): CType {
  switch (e.k) {
    case "id": {
      const substituted = x.macros.argument(e.name);
      if (substituted) return x.macros.atUse(() => typeOf(x, substituted));
      return (
        x.b.lookup(e.name)?.type ??
        x.symbols.constantNamed(e.name)?.t ??
        x.symbols.variables.global(e.name)?.type ??
        INT
      );
    }
    case "member": {
      const of = typeOf(x, e.e);
      const t = e.arrow && of.k === "ptr" ? of.to : of;
      return t.k === "struct" ? x.symbols.types.field(t.name, e.field).type : INT;
    }
    case "index":
    case "unary": {
      if (e.k === "unary" && e.op !== "*")
        return e.op === "&" ? ptr(typeOf(x, e.e)) : e.op === "!" ? INT : promoted(typeOf(x, e.e));
      const of = typeOf(x, e.e);
      return of.k === "ptr" ? of.to : of.k === "array" ? of.of : INT;
    }
    case "num":
      return e.type ? x.symbols.types.named(e.type) : INT;
    case "str":
      return { k: "array", of: x.symbols.types.named("char"), n: 1, unsized: true };
    case "cast":
    case "literal":
      return resolveType(x, e.type);
    case "comma":
      return typeOf(x, e.r);
    case "assign":
      return typeOf(x, e.l);
    case "cond":
      return ofBoth(typeOf(x, e.a ?? e.c), typeOf(x, e.b));
    case "call": {
      if (e.fn.k === "id" && x.symbols.hasFunction(e.fn.name)) return x.symbols.returnType(e.fn.name);
      return x.b.dryRun(() => x.expr(e).t);
    }
    case "generic":
    case "stmts":
    case "bin":
    case "step":
      return x.b.dryRun(() => x.expr(e).t);
    default:
      return INT;
  }
}

/** Are these one type, as _Generic sees it? All whole numbers are one here. */
export function sameType(a: CType, b: CType): boolean {
  if (a.k === "ptr" && b.k === "ptr") return sameType(a.to, b.to);
  if (a.k === "struct" && b.k === "struct") return a.name === b.name;
  return a.k === b.k;
}
