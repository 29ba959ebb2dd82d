/**
 * What the compiler answers itself, and the small helpers that headers build from it. Source:
 * include/linux/{minmax,container_of,compiler}.h.
 */
import type { Expr, Node } from "../syntax/tree/ast";
import { BOOL, INT, ptr, struct, type CType } from "../ctype";
import { common } from "../integers";
import { constant, num } from "../ir";
import type { Lowering } from "../lower/lowering";
import { ZERO, type Lvalue, type Operand } from "../lower/expressions/operand";
import { converted, operate } from "../lower/expressions/integers";
import { resolveType, sameType, typeOf } from "../lower/expressions/lower-types";
import type { Primitive } from "./primitive";
import { readTypeName } from "../syntax/declarators";

const minmax = "include/linux/minmax.h (kernel.h before 5.10)";

/** `a op b ? a : b`, as min() and max() need it. */
function better(x: Lowering, at: Node, a: Operand, b: Operand, op: string): Operand {
  const chosen = x.b.newTemp();
  const other = x.b.label(),
    done = x.b.label();
  x.b.emit({ op: "move", dst: chosen, a: a.v });
  x.b.emit({ op: "branch", a: operate(x, at, op, a, b).v, then: done, else: other });
  x.b.mark(other);
  x.b.emit({ op: "move", dst: chosen, a: b.v });
  x.b.mark(done);
  return { v: chosen, t: a.t.k === "ptr" ? a.t : common(a.t, b.t) };
}

/** The arguments behind the first `skip`, which names the type that they are compared as. */
const compared = (x: Lowering, args: Expr[], skip: number): Operand[] => {
  const t = skip ? typeNamed(x, args[0]) : undefined;
  return args.slice(skip).map((e) => {
    const o = x.expr(e),
      v = x.b.value(o);
    return t ? { v: converted(x, v, o.t, t), t } : { v, t: o.t };
  });
};

const choice = (names: string[], op: string, does: string, skip: number): Primitive => ({
  names,
  does,
  where: minmax,
  args: 2 + skip,
  fallback: true,
  value(x, args, call) {
    const [a, b] = compared(x, args, skip);
    return better(x, call, a, b, op);
  },
});

const clamp = (names: string[], skip: number): Primitive => ({
  names,
  does: "The value, but no less than the second and no more than the third.",
  where: minmax,
  args: 3 + skip,
  fallback: true,
  value(x, args, call) {
    const [a, low, high] = compared(x, args, skip);
    return better(x, call, better(x, call, a, low, ">"), high, "<");
  },
});

/** The type that an argument names; a structure's tag may come without its keyword. */
function typeNamed(x: Lowering, e: Expr): CType {
  if (e.k === "type") return resolveType(x, e.type);
  if (e.k !== "id" || x.b.lookup(e.name)) return typeOf(x, e);
  return x.symbols.types.declares(e.name) ? struct(e.name) : x.symbols.types.resolve(readTypeName(e.name));
}

/** `in.c` as the names of a member within a member. */
const memberPath = (e: Expr): string[] =>
  e.k === "id" ? [e.name] : e.k === "member" ? [...memberPath(e.e), e.field] : [];

/** The object that a member's address belongs to. */
const container: Primitive = {
  names: ["container_of", "container_of_const", "list_entry", "hlist_entry"],
  does: "The structure that a member at this address is part of.",
  where: "include/linux/container_of.h (kernel.h before 5.16)",
  args: 3,
  fallback: true,
  value(x, [member, type, field], call): Operand {
    const at = x.val(member);
    const t = typeNamed(x, type);
    const place = memberPath(field).reduce((of, name) => x.field(of, name, call), {
      k: "mem",
      base: num(0),
      off: constant(0),
      t,
    } as Lvalue);
    return { v: place.k === "mem" ? x.b.bin("-", at, { k: "const", c: place.off }) : at, t: ptr(t) };
  },
};

export const compilerPrimitives: Primitive[] = [
  choice(["min"], "<", "The smaller of the two.", 0),
  choice(["max"], ">", "The larger of the two.", 0),
  choice(["min_t"], "<", "The smaller of the two, compared as a type.", 1),
  choice(["max_t"], ">", "The larger of the two, compared as a type.", 1),
  clamp(["clamp"], 0),
  clamp(["clamp_t"], 1),
  clamp(["clamp_val"], 0),
  {
    names: ["swap"],
    does: "Has two variables change their values.",
    where: minmax,
    args: 2,
    fallback: true,
    value(x, [a, b]) {
      const left = x.place(a),
        right = x.place(b);
      const was = x.b.newTemp();
      x.b.emit({ op: "move", dst: was, a: x.b.value(x.b.load(left)) });
      x.b.store(left, converted(x, x.b.value(x.b.load(right)), right.t, left.t));
      x.b.store(right, converted(x, was, left.t, right.t));
      return ZERO;
    },
  },
  container,
  {
    names: ["no_free_ptr"],
    does: "Takes a pointer out of a variable that would be cleaned up, leaving NULL.",
    where: "include/linux/cleanup.h",
    args: 1,
    fallback: true,
    value(x, [p]) {
      const place = x.place(p);
      const was = x.b.load(place);
      const kept = x.b.newTemp();
      x.b.emit({ op: "move", dst: kept, a: x.b.value(was) });
      x.b.store(place, num(0));
      return { v: kept, t: was.t };
    },
  },
  {
    names: ["__builtin_constant_p"],
    does: "Does the compiler know this value? Only what TLBscope knows without running counts.",
    where: "include/linux/compiler_types.h",
    args: 1,
    known: (_x, [e], of) => +(of(e) !== undefined),
    value: (x, [e]) => ({ v: num(+(x.known(e) !== undefined)), t: INT }),
  },
  {
    names: ["__builtin_types_compatible_p", "__same_type"],
    does: "Are these one type? All whole numbers are one here.",
    where: "include/linux/compiler_types.h",
    args: 2,
    known: (x, [a, b]) => +sameType(typeNamed(x, a), typeNamed(x, b)),
    value: (x, [a, b]) => ({ v: num(+sameType(typeNamed(x, a), typeNamed(x, b))), t: BOOL }),
  },
  {
    names: ["__builtin_choose_expr"],
    does: "The second or the third, as the first is true or not.",
    where: "include/linux/compiler_types.h",
    args: 3,
    value: (x, [c, a, b]) => x.expr(x.known(c) === 0 ? b : a),
  },
  {
    names: ["__builtin_unreachable", "unreachable"],
    does: "Tells the compiler that control never gets here.",
    where: "include/linux/compiler_types.h",
    value: () => ZERO,
  },
];
