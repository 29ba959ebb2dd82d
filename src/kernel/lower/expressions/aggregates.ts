/**
 * Structures and arrays as values: copied, passed, returned, initialised. A copy is a load and a store for each member
 * that the program uses.
 */
import type { Expr, InitItem, LocalDecl, Node } from "../../syntax/tree/ast";
import { INT, type CType } from "../../ctype";
import { addConst, constant, num, type Const, type Fn, type Instr, type Label, type Place } from "../../ir";
import { converted } from "./integers";
import type { Lvalue, Operand } from "./operand";
import type { Lowering } from "../lowering";
import { resolveType } from "./lower-types";
import type { Address, PendingCopy } from "../output";
import { sized } from "../../symbols/constants";

type Memory = Lvalue & { k: "mem" };
/** The value of a structure is its address. */
const addressOf = (o: Operand): Address => ({ base: o.v, off: o.off ?? constant(0) });

/** Copies a structure as a whole; `from` is the value of an expression of that type. */
export function copyStruct(x: Lowering, to: Lvalue, from: Operand, node: Node): void {
  if (to.k === "slot" || to.t.k !== "struct" || to.t.name === "pgd" || from.t.k !== "ptr" || from.t.to.k !== "struct") {
    x.out.error(
      node,
      "A structure is expected here, and TLBscope doesn't know this value as one: open the header that declares it.",
    );
    return;
  }
  postpone(x, to, addressOf(from));
}

/** Sets what the program uses of a structure or array to 0. */
const clear = (x: Lowering, to: Memory): void => postpone(x, to, undefined);

/** Leaves a mark where a copy will be: which members it needs is known once the whole program is lowered. */
function postpone(x: Lowering, to: Memory, from: Address | undefined): void {
  const temp = x.b.newTemp();
  x.b.emit({ op: "nop" });
  x.out.copies.push({ code: x.b.code, mark: x.b.code.at(-1)!, type: to.t, to, from, temp });
}

/** Replaces the marks of copies by loads and stores: `fields` holds the members that the program uses. */
export function expandCopies(
  copies: readonly PendingCopy[],
  fns: Iterable<Fn>,
  places: readonly Place[],
  fields: ReadonlyMap<string, ReadonlyMap<string, CType>>,
): void {
  const owners = new Map<Instr[], Fn>();
  for (const fn of fns) owners.set(fn.code, fn);
  for (const c of copies) {
    const at = c.code.indexOf(c.mark);
    if (!owners.has(c.code) || at < 0) continue;
    const cells = leaves(c.type, fields);
    if (cells.length === 0) continue;
    const { src, begins } = c.mark;
    const moves = cells.flatMap((cell): Instr[] => {
      const store: Instr = {
        op: "store",
        base: c.to.base,
        off: addConst(c.to.off, cell),
        a: c.from ? c.temp : num(0),
        src,
        begins: false,
      };
      return c.from
        ? [{ op: "load", dst: c.temp, base: c.from.base, off: addConst(c.from.off, cell), src, begins: false }, store]
        : [store];
    });
    moves[0].begins = begins;
    const labels = new Set<Label>(
      c.code.flatMap((i) => (i.op === "jump" ? [i.to] : i.op === "branch" ? [i.then, i.else] : [])),
    );
    for (const i of c.code) if (places[i.src]?.whenTrue) labels.add(places[i.src].whenTrue!);
    for (const l of labels) if (l.at > at) l.at += moves.length - 1;
    c.code.splice(at, 1, ...moves);
  }
}

/** Offsets of a value's cells, as far as the program uses them. */
function leaves(t: CType, fields: ReadonlyMap<string, ReadonlyMap<string, CType>>): Const[] {
  if (t.k === "struct")
    return [...(fields.get(t.name) ?? [])].flatMap(([field, type]) =>
      leaves(type, fields).map((c) => addConst(constant(0, { k: "field", struct: t.name, field }), c)),
    );
  if (t.k === "array") {
    const one = leaves(t.of, fields);
    return Array.from({ length: t.n }, (_, i) =>
      one.map((c) =>
        addConst({ n: 0, syms: Array.from({ length: i }, () => ({ k: "size" as const, type: t.of })) }, c),
      ),
    ).flat();
  }
  return [constant(0)];
}

/** `struct s v = { .a = 1, 2 };`: every member that the program uses gets its value, the others 0. */
export function initializeLocal(x: Lowering, d: LocalDecl, type: CType, init: Expr & { k: "init" }): void {
  const local = x.b.lookup(d.name)!;
  if (local.aggregate === undefined) {
    if (init.items[0]) x.b.store({ k: "slot", slot: local.slot!, t: INT }, x.val(init.items[0].value));
    return;
  }
  initializeAggregate(
    x,
    { k: "mem", base: { k: "local", local: local.aggregate }, off: constant(0), t: type, key: d.name },
    init,
  );
}

/** A frame begins with zeros; where a statement may run again, what it doesn't name is cleared first. */
function initializeAggregate(x: Lowering, to: Memory, init: Expr & { k: "init" }): void {
  if (x.flow.mayRunAgain) clear(x, to);
  initialize(x, to, init);
}

function initialize(x: Lowering, to: Memory, init: Expr & { k: "init" }): void {
  const { t } = to;
  const names = t.k === "struct" ? x.symbols.types.memberNames(t.name) : [];
  let index = 0;
  for (const item of init.items) {
    if (t.k === "struct") {
      const name = item.field ?? names[index];
      index = item.field ? names.indexOf(item.field) + 1 : index + 1;
      if (name === undefined) {
        x.out.error(item.value, "More values than the struct has members.");
        continue;
      }
      initializeItem(x, x.field(to, name, item.value), item);
    } else if (t.k === "array") {
      const first = item.index ? constantIndex(x, item.index) : index;
      if (first === undefined) {
        initializeItem(x, x.element(to, x.val(item.index!)), item);
        continue;
      }
      const last = item.last ? (constantIndex(x, item.last) ?? first) : first;
      if (last >= t.n) {
        x.out.error(item.value, "More values than the array has elements.");
        continue;
      }
      for (index = first; index <= last; index++) initializeItem(x, x.element(to, num(index)), item);
    } else initializeItem(x, to, item);
  }
}

function constantIndex(x: Lowering, e: Expr): number | undefined {
  const v = x.val(e);
  return v.k === "const" && v.c.syms.length === 0 ? v.c.n : undefined;
}

function initializeItem(x: Lowering, lv: Lvalue, { value }: InitItem): void {
  if (value.k === "init" && lv.k === "mem" && (lv.t.k === "struct" || lv.t.k === "array")) initialize(x, lv, value);
  else if (value.k === "init") {
    if (value.items[0]) initializeItem(x, lv, value.items[0]);
  } else if (lv.t.k === "struct") copyStruct(x, lv, x.expr(value), value);
  else {
    const o = x.expr(value);
    x.b.store(lv, converted(x, x.b.value(o), o.t, lv.t));
  }
}

/** `(struct s){ … }` is a variable without a name; of a scalar it is just its value. */
export function lowerLiteral(x: Lowering, e: Expr & { k: "literal" }): Operand | Memory {
  const type = sized(resolveType(x, e.type), e.type, e.init, (i) => constantIndex(x, i));
  if (type.k !== "struct" && type.k !== "array")
    return e.init.items[0] ? { ...x.expr(e.init.items[0].value), t: type } : { v: num(0), t: type };
  const place = newAggregate(x, type);
  initializeAggregate(x, place, e.init);
  return place;
}

/** A new unnamed variable of this type in the function's frame. */
export function newAggregate(x: Lowering, type: CType): Memory {
  return { k: "mem", base: { k: "local", local: x.b.aggregates.push(type) - 1 }, off: constant(0), t: type };
}

/** Structures are returned through a place that the caller names in front of the arguments. */
export const returnsStruct = (t: CType): boolean => t.k === "struct" && t.name !== "pgd";
