/** Declarations of local variables. */
import type { LocalDecl } from "../syntax/ast";
import type { CType } from "../ctype";
import { copyStruct, initializeLocal } from "./aggregates";
import { freeAtEnd } from "./guards";
import type { Lowering } from "./lowering";
import { typeOfDeclaration } from "./lower-types";

/** The variable comes into scope. A static one is initialised before anything runs, so it is no step. */
export function declare(x: Lowering, d: LocalDecl, type: CType): void {
  if (d.isStatic)
    x.b.declareStatic(d.name, type, d.end, x.symbols.variables.staticLocal(x.b.item.name, d, type, x.b.pinnedAt ?? d));
  else x.b.declare(d.name, type, d.end);
}

export function lowerDecl(x: Lowering, d: LocalDecl): void {
  const type = typeOfDeclaration(x, d);
  if (d.init && !d.isStatic) {
    x.begin(d);
    if (d.init.k === "init") {
      x.b.declare(d.name, type, d.end);
      initializeLocal(x, d, type, d.init);
    } else {
      const o = x.expr(d.init);
      const v = type.k === "struct" ? undefined : x.b.value(o);
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
