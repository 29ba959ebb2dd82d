/**
 * What is known before anything runs: constant expressions, the lengths of arrays, the values that variables
 * begin with.
 */
import type { Expr, InitItem, Stmt } from "../syntax/tree/ast";
import { INT, lengthOf, type CType } from "../ctype";
import { compute, computeUnary, constantIn, constantOf, inCell, isOperator, type Typed } from "../integers";
import { constant, type Const, type Initial } from "../ir";
import { constants } from "../primitives/vocabulary";
import type { Config, Macro } from "../syntax/conditionals";
import { withMembers } from "../syntax/declarations";
import { splitTop, type TypeRef } from "../syntax/declarators";
import type { DeclItem } from "../syntax/items";
import type { Span } from "../syntax/source";
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
  /** What a member of this structure begins with isn't known. */
  unknownBeginning(beginning: UnknownBeginning): void;
}

/** Part of an initializer whose value isn't known: TLBscope begins with 0 there. */
export interface UnknownBeginning {
  /** The variable, or the member, that begins with it. */
  variable: string;
  /** As it is written. */
  text: string;
  span: Span;
  /** Which member it is for; undefined where that isn't known either. */
  member?: { struct: string; field: string };
}

export class Constants {
  /** Macros whose values are being evaluated. */
  private readonly open = new Set<Macro>();
  private readonly macroValues = new Map<Macro, Typed | Const>();
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
        const start = item.start + eq;
        const members = withMembers(item.text.slice(eq, at + part.length), this.names.allMacros, (text, offset) => {
          const span = { file: item.file, start: start + offset, end: start + offset + text.length };
          this.names.unknownBeginning({ variable: name, text, span });
        });
        const { stmts } = this.names.parser.macro({
          file: item.file,
          start: start - before.length,
          text: before + members,
        });
        const decl = stmts[0];
        return decl?.k === "decl" ? decl.decls[0]?.init : undefined;
      }
      at += part.length + 1;
    }
    return undefined;
  }

  /** The initial values that an initializer gives, as far as they are constants. `member`: what it is a part of. */
  initials(e: Expr, type: CType, path: (string | number)[] = [], member?: UnknownBeginning["member"]): Initial[] {
    if (e.k !== "init") {
      const v = this.evaluate(e);
      // Which page tables there are, the machine sets up.
      const isTable = type.k === "ptr" && type.to.k === "struct" && type.to.name === "pgd";
      if (!v && member && isScalar(type) && !isTable) {
        const span = { file: e.file, start: e.start, end: e.end };
        this.names.unknownBeginning({ variable: member.field, text: textOf(span), span, member });
      }
      if (!v || !("t" in v)) return v ? [{ path, value: v }] : [];
      const kept = constantIn(type, v.n);
      if (inCell(kept) === undefined) this.names.reportWide(e);
      return [{ path, value: constant(Number(BigInt.asIntN(32, kept.n))) }];
    }
    if (type.k === "struct") {
      const members = this.names.types.memberNames(type.name);
      let index = 0;
      return e.items.flatMap((item) => {
        const name = item.field ?? members[index];
        index = (item.field ? members.indexOf(item.field) : index) + 1;
        if (name === undefined) return [];
        const f = this.names.types.field(type.name, name);
        const values = this.initials(item.value, f.type, [...path, f.name], { struct: type.name, field: name });
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
          this.initials(item.value, type.of, [...path, first + i], member),
        ).flat();
      });
    }
    return e.items[0] ? this.initials(e.items[0].value, type, path, member) : [];
  }

  /** The value of a constant or object-like macro, if it is a plain number. */
  numberNamed(name: string): number | undefined {
    const macro = this.names.macro(name);
    const e = macro && !macro.params ? this.macroValue(macro) : undefined;
    const declared = e ? undefined : this.names.enums.valueOf(name);
    if (declared !== undefined) return declared;
    const v = e ?? this.inVocabulary(name);
    return v && numberIn(v);
  }

  /** A constant expression's value: numbers, addresses of variables and functions. Undefined when it isn't one. */
  value(e: Expr): Const | undefined {
    const v = this.evaluate(e);
    return v && "t" in v ? asCell(v) : v;
  }

  /** The same where a number may be wider than a cell. */
  private evaluate(e: Expr): Typed | Const | undefined {
    const { names } = this;
    switch (e.k) {
      case "num": {
        const t = e.type ? names.types.named(e.type) : INT;
        return e.wide === undefined ? constantOf(e.value, t) : { n: e.wide, t };
      }
      case "call":
        return e.fn.k === "id" && /^ATOMIC(64|_LONG)?_INIT$/.test(e.fn.name) && e.args.length === 1
          ? this.evaluate(e.args[0])
          : undefined;
      case "bin": {
        const [l, r] = [this.number(e.l), this.number(e.r)];
        return l && r && isOperator(e.op) ? compute(e.op, l, r) : undefined;
      }
      case "unary": {
        if (e.op === "&" && e.e.k === "id") {
          if (names.isGlobal(e.e.name)) return constant(0, { k: "global", name: e.e.name });
          return names.hasFunction(e.e.name) ? this.evaluate(e.e) : undefined;
        }
        const v = e.op === "*" || e.op === "&" ? undefined : this.number(e.e);
        return v && computeUnary(e.op as "-", v);
      }
      case "cond": {
        const c = this.number(e.c);
        return c && (c.n === 0n ? this.evaluate(e.b) : e.a ? this.evaluate(e.a) : c);
      }
      case "cast": {
        const v = this.evaluate(e.e);
        const t = names.types.resolve(e.type);
        return v && "t" in v && t.k === "int" ? constantIn(t, v.n) : v;
      }
      case "id":
        return this.named(e.name);
      default:
        return undefined;
    }
  }

  private number(e: Expr): Typed | undefined {
    const v = this.evaluate(e);
    return v && ("t" in v ? v : v.syms.length ? undefined : constantOf(v.n, INT));
  }

  private named(name: string): Typed | Const | undefined {
    const { names } = this;
    const macro = names.macro(name);
    if (macro && !macro.params) return this.macroValue(macro);
    const enumerator = names.enums.valueOf(name);
    if (enumerator !== undefined) return constantOf(enumerator, INT);
    if (names.hasFunction(name)) {
      names.useFunction(name);
      return constant(0, { k: "fn", name });
    }
    const known = this.inVocabulary(name);
    if (known) return known;
    const option = names.config.get(name);
    return option === undefined ? undefined : constantOf(option, INT);
  }

  private inVocabulary(name: string): Const | undefined {
    const v = constants[name]?.v;
    return v?.k === "const" ? v.c : undefined;
  }

  /** The value of an object-like macro. */
  private macroValue(macro: Macro): Typed | Const | undefined {
    if (this.macroValues.has(macro)) return this.macroValues.get(macro);
    if (this.open.has(macro)) {
      this.names.reportCircle(macro);
      return undefined;
    }
    this.open.add(macro);
    const body = this.names.macroBody(macro);
    const value = body[0]?.k === "expr" ? this.evaluate(body[0].e) : undefined;
    this.open.delete(macro);
    if (value) this.macroValues.set(macro, value);
    return value;
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

/** What a variable may hold that is one cell: a number or a pointer. */
export const isScalar = (type: CType): boolean =>
  type.k === "ptr" || (type.k === "int" && (type.role === "number" || type.role === "bool"));

const textOf = ({ file, start, end }: Span): string => file.text.slice(start, end);

/** A number as a cell holds it; undefined when it is wider. */
function asCell(v: Typed): Const | undefined {
  const n = inCell(v);
  return n === undefined ? undefined : constant(n);
}

/** A plain number; undefined for addresses, and for what is wider than a cell. */
function numberIn(v: Typed | Const): number | undefined {
  if ("t" in v) return inCell(v);
  return v.syms.length === 0 ? v.n : undefined;
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
