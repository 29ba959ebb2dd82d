/** Statements that the grammar, which knows no types, takes for something else. */
import type { Expr, LocalDecl } from "../../syntax/tree/ast";
import { readDeclarators } from "../../syntax/declarators";
import type { Lowering } from "../lowering";

/** `u8 (*p)(u8) = f;` reads as a call of what a call gives: it is the declaration of a pointer to a function. */
export function declarationIn(x: Lowering, e: Expr): LocalDecl | undefined {
  const declared = e.k === "assign" && e.op === "=" ? e.l : e;
  if (declared.k !== "call" || declared.fn.k !== "call") return undefined;
  const { fn, args } = declared.fn;
  if (fn.k !== "id" || args.length !== 1 || args[0].k !== "unary" || args[0].op !== "*") return undefined;
  if (x.b.lookup(fn.name) || x.macros.argument(fn.name) || !x.symbols.types.isTypeName(fn.name)) return undefined;
  const { file, start, end } = declared;
  const d = readDeclarators(file.text.slice(start, end))[0];
  if (!d?.type.fn) return undefined;
  const init = e.k === "assign" ? e.r : undefined;
  return { file, start, end: e.end, type: d.type, name: d.name, init, isStatic: false, isExtern: false };
}
