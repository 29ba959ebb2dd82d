/** Expressions as places that can be assigned to: variables, members, elements, what pointers point to. */
import type { Expr, Node } from "../../syntax/tree/ast";
import { INT, type CType } from "../../ctype";
import { constant, num, type Value } from "../../ir";
import { lowerLiteral } from "./aggregates";
import type { Lowering } from "../lowering";
import { expandMacroPlace } from "./macros";
import type { Lvalue } from "./operand";
import { reportTooLong, reportUnsized } from "../output";

export function lowerPlace(x: Lowering, e: Expr): Lvalue {
  switch (e.k) {
    case "id": {
      const substituted = x.macros.argument(e.name);
      if (substituted) return x.macros.atUse(() => x.place(substituted));
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
      if (variable) markUnknownsOf(x, e.name);
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
      const unknown = x.out.warnNotModelled(
        e.name,
        e,
        x.b.item.name,
        `${e.name} isn't declared in the open files: open the file that declares it. It counts as 0.`,
      );
      return {
        k: "mem",
        base: { k: "const", c: constant(0, { k: "global", name: x.out.addUndeclaredGlobal(e.name, unknown) }) },
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
      return scaled(
        x,
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
      // Where a structure's value stands.
      const o = x.expr(e);
      if (o.t.k !== "int" && o.t.k !== "void") return x.b.deref(o);
      break;
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

/** A use of a variable rests on what is unknown of it: that no file declares it, or what it begins with. */
function markUnknownsOf(x: Lowering, variable: string): void {
  for (const n of x.out.unknownsOf.get(variable) ?? []) x.out.mark?.(n);
}

/** Is this the name of an array variable (not a pointer to one)? Then indices into it can be checked. */
function isArray(x: Lowering, e: Expr): boolean {
  if (e.k !== "id" || x.macros.argument(e.name)) return false;
  const local = x.b.lookup(e.name);
  return (local ? local.type : x.symbols.variables.global(e.name)?.type)?.k === "array";
}

/** `place.field`, following anonymous members and the field's other names. */
export function fieldOf(x: Lowering, lv: Lvalue, field: string, node: Node): Lvalue {
  if (lv.k === "mem" && lv.unknown) return lv;
  if (lv.k === "mem" && lv.t.k !== "struct" && lv.undeclared) {
    x.out.warnUndeclaredMember(lv.undeclared, field, node, x.b.item.name);
    return { ...lv, t: INT, unknown: true };
  }
  if (lv.k === "slot" || lv.t.k !== "struct") {
    x.out.error(
      node,
      `.${field} is asked of something that isn't a struct TLBscope knows: open the header that declares it.`,
    );
    return { k: "mem", base: num(0), off: constant(0), t: INT };
  }
  const f = x.symbols.useField(lv.t.name, field);
  // A reader's own expression has words of its own for what the program doesn't use.
  if (!f.known && !x.barePerCpu && x.symbols.types.hasMembers(lv.t.name))
    x.out.warnNotModelled(
      `${lv.t.name}.${field}`,
      node,
      x.b.item.name,
      `struct ${lv.t.name} has no member ${field} under the options as they are set: it begins as 0. Correct the ` +
        "name, or set the option that it depends on.",
      "field",
    );
  const { types } = x.symbols;
  const at = types.declarationOf(lv.t.name, f.name) ?? node;
  reportTooLong(x.out, f.type, at);
  const circle = types.circleIn(lv.t.name);
  if (circle !== undefined)
    x.out.errorInDeclaration(
      types.declarationOf(lv.t.name, circle) ?? node,
      `struct ${lv.t.name} can't hold itself: ${circle} isn't a member. A pointer to it can be one.`,
    );
  if (!types.partsOf(lv.t.name, f.name).every((part) => x.out.usePart(part)))
    x.out.error(
      node,
      `${field} shares its place in a union with another member that is used: TLBscope keeps the two apart. Use one.`,
    );
  const off = { n: lv.off.n, syms: [...lv.off.syms, { k: "field" as const, struct: lv.t.name, field: f.name }] };
  return {
    k: "mem",
    base: lv.base,
    off,
    t: f.type,
    key: `${lv.t.name}.${f.name}`,
    ...(f.known ? {} : { undeclared: { struct: lv.t.name, member: f.name } }),
  };
}

/** A per-CPU variable named by an expression like `cpu_tlbstate.active_mm`; this CPU's copy unless `cpu` is given. */
export function percpuPlace(x: Lowering, e: Expr, cpu?: Value): Lvalue {
  if (e.k === "member" && !e.arrow) return fieldOf(x, percpuPlace(x, e.e, cpu), e.field, e);
  if (e.k === "index") return elementOf(x, percpuPlace(x, e.e, cpu), x.val(e.i));
  if (e.k === "unary" && (e.op === "&" || e.op === "*")) return percpuPlace(x, e.e, cpu);
  if (e.k === "id") {
    const substituted = x.macros.argument(e.name);
    if (substituted) return percpuPlace(x, substituted, cpu);
    const variable = x.symbols.variables.percpu(e.name);
    if (variable) {
      const unknown = x.out.undeclared.has(e.name) || undefined;
      markUnknownsOf(x, e.name);
      if (!cpu)
        return {
          k: "mem",
          base: { k: "percpu", name: e.name },
          off: constant(0),
          t: variable.type,
          key: e.name,
          unknown,
        };
      const dst = x.b.newTemp();
      x.b.emit({ op: "percpu", dst, name: e.name, cpu });
      return { k: "mem", base: dst, off: constant(0), t: variable.type, key: e.name, unknown };
    }
    const unknown = x.out.warnNotModelled(
      e.name,
      e,
      x.b.item.name,
      `The per-CPU variable ${e.name} isn't declared in the open files: open the file that defines it. It ` +
        "counts as 0.",
    );
    return {
      k: "mem",
      base: { k: "percpu", name: x.out.addUndeclaredPercpu(e.name, unknown) },
      off: constant(0),
      t: INT,
      key: e.name,
      unknown: true,
    };
  }
  if (e.k === "call") {
    const p = x.callPlace(e);
    if (p) return p;
  }
  x.out.error(e, "A per-CPU variable's name is expected here.");
  return { k: "mem", base: num(0), off: constant(0), t: INT };
}

/** `array[index]`. */
export function elementOf(x: Lowering, lv: Lvalue, index: Value): Lvalue {
  // Of what isn't declared, all elements are one.
  if (lv.k === "mem" && lv.undeclared && lv.t.k === "int") return lv;
  if (lv.k === "slot")
    return { k: "mem", base: { k: "slot", slot: lv.slot }, off: constant(0), t: lv.t.k === "ptr" ? lv.t.to : INT };
  const of: CType = lv.t.k === "array" ? lv.t.of : lv.t.k === "ptr" ? lv.t.to : lv.t;
  if (lv.t.k === "array" && lv.t.unsized && !isZero(index)) reportUnsized(x.out, x.b.here ?? x.b.item);
  if (lv.t.k === "ptr") {
    const p = x.b.load(lv);
    return scaled(x, { k: "mem", base: p.v, off: p.off ?? constant(0), t: of }, index);
  }
  return scaled(x, { ...lv, t: of }, index, lv.t.k === "array" ? lv.t.n : undefined);
}

const isZero = (v: Value): boolean => v.k === "const" && v.c.n === 0 && v.c.syms.length === 0;

/** The `index`-th of the things of which the first stands at `lv`. */
function scaled(x: Lowering, lv: Lvalue & { k: "mem" }, index: Value, length?: number): Lvalue {
  const size: Value = { k: "const", c: constant(0, { k: "size", type: lv.t }) };
  if (isZero(index)) return lv;
  if (length !== undefined) x.b.emit({ op: "bound", a: index, n: length });
  const scaledIndex = x.b.bin("*", index, size);
  const base = x.b.value({ v: lv.base, t: INT });
  return { ...lv, base: x.b.bin("+", base, scaledIndex), key: lv.key };
}
