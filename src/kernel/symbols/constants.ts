/**
 * What is known before anything runs: constant expressions, the lengths of arrays, the values that variables
 * begin with.
 */
import type { Expr, InitItem, Stmt } from "../syntax/tree/ast";
import { fold } from "../arithmetic";
import { lengthOf, type CType } from "../ctype";
import { valueIn } from "../lower/expressions/integers";
import { constant, type BinOp, type Const, type Initial } from "../ir";
import { constants } from "../primitives/vocabulary";
import type { Config, Macro } from "../syntax/conditionals";
import { withMembers } from "../syntax/declarations";
import { splitTop, type TypeRef } from "../syntax/declarators";
import type { DeclItem } from "../syntax/items";
import type { CParser } from "../syntax/tree/parse";
import type { Enums } from "./enums";
import type { Types } from "./types";

/** The names that a constant expression may be written with. */
export interface Names {
  readonly parser: CParser;
  readonly config: Config;
  readonly types: Types;
  readonly enums: Enums;
  readonly allMacros: ReadonlyMap<string, Macro>;
  macro(name: string): Macro | undefined;
  macroBody(macro: Macro): Stmt[];
  hasFunction(name: string): boolean;
  /** Has a function lowered whose address is a constant. */
  useFunction(name: string): void;
  isGlobal(name: string): boolean;
  /** The program uses this field: an initializer gives it a value. */
  useField(struct: string, field: string): void;
  /** A macro stands for itself. */
  reportCircle(macro: Macro): void;
  /** A number has more bits than a cell. */
  reportWide(e: Expr): void;
}

export class Constants {
  /** Macros whose values are being evaluated. */
  private readonly open = new Set<Macro>();
  /** Lengths of arrays as they are written, read. */
  private readonly dimensions = new Map<string, Stmt[]>();

  constructor(private readonly names: Names) {}

  /** The initializer that a declaration gives a variable. */
  initializerOf(item: DeclItem, name: string): Expr | undefined {
    let at = 0;
    for (const part of splitTop(item.text, ",")) {
      const m = new RegExp(`\\b${name}\\b[^=]*=`).exec(part);
      if (m) {
        const before = "int x ";
        const eq = at + m[0].length + m.index - 1;
        const { stmts } = this.names.parser.macro({
          file: item.file,
          start: item.start + eq - before.length,
          text: before + withMembers(item.text.slice(eq, at + part.length), this.names.allMacros),
        });
        const decl = stmts[0];
        return decl?.k === "decl" ? decl.decls[0]?.init : undefined;
      }
      at += part.length + 1;
    }
    return undefined;
  }

  /** The initial values that an initializer gives, as far as they are constants. */
  initials(e: Expr, type: CType, path: (string | number)[] = []): Initial[] {
    if (e.k !== "init") {
      const value = this.value(e);
      if (e.k === "num" && e.wide) this.names.reportWide(e);
      return value ? [{ path, value: value.syms.length ? value : constant(valueIn(type, value.n)) }] : [];
    }
    if (type.k === "struct") {
      const members = this.names.types.memberNames(type.name);
      let index = 0;
      return e.items.flatMap((item) => {
        const name = item.field ?? members[index];
        index = (item.field ? members.indexOf(item.field) : index) + 1;
        if (name === undefined) return [];
        const f = this.names.types.field(type.name, name);
        const values = this.initials(item.value, f.type, [...path, f.name]);
        if (values.length > 0) this.names.useField(type.name, name);
        return values;
      });
    }
    if (type.k === "array") {
      let next = 0;
      return e.items.flatMap((item) => {
        const first = item.index ? (this.value(item.index)?.n ?? next) : next;
        const last = item.last ? (this.value(item.last)?.n ?? first) : first;
        next = last + 1;
        return Array.from({ length: Math.max(0, Math.min(last + 1, type.n) - first) }, (_, i) =>
          this.initials(item.value, type.of, [...path, first + i]),
        ).flat();
      });
    }
    return e.items[0] ? this.initials(e.items[0].value, type, path) : [];
  }

  /** The value of a constant or object-like macro, if it is a plain number. */
  numberNamed(name: string): number | undefined {
    const macro = this.names.macro(name);
    const e = macro && !macro.params ? this.macroValue(macro) : undefined;
    const declared = e ? undefined : this.names.enums.valueOf(name);
    if (declared !== undefined) return declared;
    const v = e ?? (constants[name]?.v.k === "const" ? (constants[name].v as { c: Const }).c : undefined);
    return v && v.syms.length === 0 ? v.n : undefined;
  }

  /** A constant expression's value: numbers, addresses of variables and functions. Undefined when it isn't one. */
  value(e: Expr): Const | undefined {
    const { names } = this;
    if (e.k === "num") return constant(e.value);
    if (e.k === "call" && e.fn.k === "id" && /^ATOMIC(64|_LONG)?_INIT$/.test(e.fn.name) && e.args.length === 1)
      return this.value(e.args[0]);
    if (e.k === "unary" && e.op === "&" && e.e.k === "id" && names.isGlobal(e.e.name))
      return constant(0, { k: "global", name: e.e.name });
    if (e.k === "bin") {
      const l = this.value(e.l),
        r = this.value(e.r);
      return l && r && l.syms.length + r.syms.length === 0 ? constant(fold(e.op as BinOp, l.n, r.n)) : undefined;
    }
    if (e.k === "unary" && e.op === "-") {
      const v = this.value(e.e);
      return v && v.syms.length === 0 ? constant(-v.n) : undefined;
    }
    if (e.k === "id") {
      const macro = names.macro(e.name);
      if (macro && !macro.params) return this.macroValue(macro);
      const enumerator = names.enums.valueOf(e.name);
      if (enumerator !== undefined) return constant(enumerator);
      if (names.hasFunction(e.name)) {
        names.useFunction(e.name);
        return constant(0, { k: "fn", name: e.name });
      }
      const v = constants[e.name]?.v;
      if (v) return v.k === "const" ? v.c : undefined;
      const option = names.config.get(e.name);
      return option === undefined ? undefined : constant(option);
    }
    if (e.k === "cast") return this.value(e.e);
    if (e.k === "unary" && e.op === "&" && e.e.k === "id" && names.hasFunction(e.e.name)) return this.value(e.e);
    return undefined;
  }

  /** The value of an object-like macro. */
  private macroValue(macro: Macro): Const | undefined {
    if (this.open.has(macro)) {
      this.names.reportCircle(macro);
      return undefined;
    }
    this.open.add(macro);
    try {
      const body = this.names.macroBody(macro);
      return body[0]?.k === "expr" ? this.value(body[0].e) : undefined;
    } finally {
      this.open.delete(macro);
    }
  }

  /** The length of an array, or the width of a bit-field, as it is written. Undefined when it isn't known. */
  dimension(text: string): number | undefined {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    let e = this.dimensions.get(text);
    if (!e) {
      const { stmts } = this.names.parser.macro({
        file: { uri: "length", path: "length", text, origin: "environment" },
        start: 0,
        text,
      });
      this.dimensions.set(text, (e = stmts));
    }
    const v = e.length === 1 && e[0].k === "expr" ? this.value(e[0].e) : undefined;
    return v?.syms.length === 0 && v.n >= 0 ? v.n : undefined;
  }
}

/** An array type whose length is left out in the source takes it from the initializer. */
export function sized(t: CType, ref: TypeRef, init: Expr | undefined, valueOf: (e: Expr) => number | undefined): CType {
  if (t.k !== "array" || ref.dims[0] !== "" || init?.k !== "init") return t;
  let next = 0,
    n = 1;
  for (const item of init.items) {
    next = (lastOf(item, valueOf) ?? next) + 1;
    n = Math.max(n, next);
  }
  return { k: "array", of: t.of, ...lengthOf(n, t.of) };
}

const lastOf = (item: InitItem, valueOf: (e: Expr) => number | undefined): number | undefined => {
  const last = item.last ?? item.index;
  return last && valueOf(last);
};
