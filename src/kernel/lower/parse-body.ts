/** A function's body, with what is known of names. */
import type { Expr, Stmt } from "../syntax/tree/ast";
import type { Symbols } from "../symbols/symbols";
import type { FunctionItem } from "../syntax/items";
import type { CParser } from "../syntax/tree/parse";

/**
 * The function's body. What the grammar takes for a cast is read once more where the type's name is known to be that of
 * something else: how operators bind depends on it.
 */
export function parseBody(symbols: Symbols, item: FunctionItem): ReturnType<CParser["body"]> {
  const text = symbols.textOf(item.file).slice(item.bodyStart, item.end);
  const slice = { file: item.file, start: item.bodyStart, text };
  const parsed = symbols.parser.body(slice);
  const { casts, declared } = namesIn(parsed.stmts);
  for (const { name } of item.params) declared.add(name);
  const isValue = (name: string): boolean =>
    declared.has(name) ||
    (!symbols.types.isTypeName(name) && (symbols.variables.isDeclared(name) || symbols.hasFunction(name)));
  const values = new Set([...casts].filter(isValue));
  return values.size ? symbols.parser.body({ ...slice, values }) : parsed;
}

/** Names that stand as types in casts, and those of the variables that are declared. */
function namesIn(stmts: unknown, casts = new Set<string>(), declared = new Set<string>()) {
  if (Array.isArray(stmts)) for (const s of stmts) namesIn(s, casts, declared);
  else if (typeof stmts === "object" && stmts !== null) {
    const e = stmts as Expr | Stmt;
    if (e.k === "cast" && !e.type.pointers && !e.type.dims.length) casts.add(e.type.base);
    if (e.k === "decl") for (const d of e.decls) declared.add(d.name);
    for (const [key, value] of Object.entries(stmts))
      if (key !== "file" && key !== "type") namesIn(value, casts, declared);
  }
  return { casts, declared };
}
