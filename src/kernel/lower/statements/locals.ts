/** Declarations of local variables. */
import type { LocalDecl } from "../../syntax/tree/ast";
import type { CType } from "../../ctype";
import { copyStruct, initializeLocal } from "../expressions/aggregates";
import { freeAtEnd } from "./guards";
import { converted } from "../expressions/integers";
import type { Lowering } from "../lowering";
import { typeOfDeclaration } from "../expressions/lower-types";
import { reportTooLong } from "../output";

/** `x y;` with an operator missing reads as a declaration; so does what is declared a second time. */
function refuseNoDeclaration(x: Lowering, d: LocalDecl): void {
  const { base } = d.type;
  if (isNoType(x, base)) x.out.error(d, `${base} is no type: an operator or a semicolon is missing before ${d.name}.`);
  else if (x.b.declaredHere(d.name))
    x.out.error(d, `${d.name} is declared a second time in this block: the two are read as two variables.`);
}

/** Is this the name of something else than a type? Names that nothing declares may be types of other files. */
export function isNoType(x: Lowering, name: string): boolean {
  if (!/^[A-Za-z_]\w*$/.test(name) || x.symbols.types.declares(name) || x.macros.argument(name)) return false;
  return (
    x.b.lookup(name) !== undefined ||
    x.symbols.variables.isDeclared(name) ||
    x.symbols.hasFunction(name) ||
    (x.symbols.macro(name) === undefined && x.symbols.constantNamed(name) !== undefined)
  );
}

/** The variable comes into scope. A static one is initialised before anything runs, so it is no step. */
export function declare(x: Lowering, d: LocalDecl, type: CType): void {
  if (d.isExtern) return;
  if (d.isStatic)
    x.b.declareStatic(d.name, type, d.end, x.symbols.variables.staticLocal(x.b.item.name, d, type, x.b.pinnedAt ?? d));
  else x.b.declare(d.name, type, d.end);
}

export function lowerDecl(x: Lowering, d: LocalDecl): void {
  if (x.b.isFull)
    return x.out.error(d, `${x.b.item.name}() has more variables than TLBscope models: ${d.name} isn't one.`);
  refuseNoDeclaration(x, d);
  if (d.isExtern) {
    if (x.b.lookup(d.name) || d.init)
      x.out.error(d, `${d.name} is a variable of the function here, or would begin here: leave extern out.`);
    return;
  }
  const type = typeOfDeclaration(x, d);
  reportTooLong(x.out, type, d);
  if (d.init && !d.isStatic) {
    x.begin(d);
    if (d.init.k === "init") {
      x.b.declare(d.name, type, d.end);
      initializeLocal(x, d, type, d.init);
    } else {
      const o = x.expr(d.init);
      const v = type.k === "struct" ? undefined : converted(x, x.b.value(o), o.t, type);
      const local = x.b.declare(d.name, type, d.end);
      const place =
        local.aggregate === undefined
          ? { k: "slot" as const, slot: local.slot!, t: type }
          : x.place({ ...d, k: "id", name: d.name });
      if (v) x.b.store(place, v);
      else copyStruct(x, place, o, d);
    }
    x.b.finishStatement();
  } else declare(x, d, type);
  if (d.free !== undefined) freeAtEnd(x, { ...d, free: d.free });
}
