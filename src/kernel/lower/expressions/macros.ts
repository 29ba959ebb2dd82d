/** Expansion of function-like and object-like macros where a function uses them. */
import type { Expr, Node } from "../../syntax/tree/ast";
import type { Macro } from "../../syntax/conditionals";
import { INT } from "../../ctype";
import { constant, num } from "../../ir";
import type { Lowering } from "../lowering";
import { ZERO, type Lvalue, type Operand } from "./operand";

/** Uses of macros, those inside others included, that one function may expand to. */
const EXPANSION_LIMIT = 5_000;

/** Runs `body` with the macro's parameters standing for the arguments; undefined where the macro can't be expanded. */
export function withArguments<T>(x: Lowering, macro: Macro, args: Expr[], use: Node, body: () => T): T | undefined {
  const params = macro.params ?? [];
  if (x.macros.isExpanding(macro)) {
    x.out.error(use, `The macro ${macro.name} uses itself: it can't be expanded.`);
    return undefined;
  }
  if (++x.macros.expansions > EXPANSION_LIMIT) {
    if (x.macros.expansions === EXPANSION_LIMIT + 1)
      x.out.error(use, `The macros of ${x.b.item.name}() expand to too much: from here on they do nothing.`);
    return undefined;
  }
  if (/(^|[^#])#[^#]|##/.test(macro.body)) {
    x.out.warnNotModelled(
      macro.name,
      use,
      x.b.item.name,
      `The macro ${macro.name} builds names or strings (#, ##), which TLBscope doesn't expand: nothing happens here.`,
    );
    return undefined;
  }
  const variadic = params.at(-1)?.endsWith("...");
  if (!variadic && args.length !== params.length) {
    x.out.error(
      use,
      `The macro ${macro.name} takes ${params.length} argument${params.length === 1 ? "" : "s"}, ` +
        `${args.length} are given.`,
    );
    return undefined;
  }
  return x.macros.within(macro, new Map(params.map((p, i) => [p, args[i]])), body);
}

/** The value of a macro's use; its steps stand at the use. */
export function expandMacro(x: Lowering, macro: Macro, args: Expr[], use: Node): Operand {
  const body = x.symbols.macroBody(macro);
  return (
    withArguments(x, macro, args, use, () =>
      x.b.pin(use, () => {
        if (body.length === 1 && body[0].k === "expr") return x.exact(body[0].e);
        x.withinStep(() => x.stmts(body));
        return ZERO;
      }),
    ) ?? ZERO
  );
}

/** A macro's use as a place that can be assigned to. */
export function expandMacroPlace(x: Lowering, macro: Macro, args: Expr[], use: Node): Lvalue {
  const body = x.symbols.macroBody(macro);
  const lv = withArguments(x, macro, args, use, () =>
    body.length === 1 && body[0].k === "expr" ? x.place(body[0].e) : undefined,
  );
  if (lv) return lv;
  x.out.error(use, `The macro ${macro.name} doesn't expand to something that can be assigned to.`);
  return { k: "mem", base: num(0), off: constant(0), t: INT };
}
