/**
 * What can be worked out before anything runs: constant expressions, the lengths of arrays, the values that variables
 * begin with.
 */
import type { Expr } from "./syntax/ast";
import type { CType } from "./ctype";
import { withMembers } from "./syntax/declarations";
import { splitTop } from "./syntax/declarators";
import { constant, type BinOp, type Const, type Initial } from "./ir";
import type { DeclItem } from "./syntax/items";
import { fold } from "./arithmetic";
import { constants } from "./primitives/vocabulary";
import type { Symbols } from "./symbols";

export class Constants {
  constructor(private readonly symbols: Symbols) {}

  /** The initializer that a declaration gives a variable. */
  initializerOf(item: DeclItem, name: string): Expr | undefined {
    let at = 0;
    for (const part of splitTop(item.text, ",")) {
      const m = new RegExp(`\\b${name}\\b[^=]*=`).exec(part);
      if (m) {
        const before = "int x ";
        const eq = at + m[0].length + m.index - 1;
        const { stmts } = this.symbols.parser.macro({
          file: item.file,
          start: item.start + eq - before.length,
          text: before + withMembers(item.text.slice(eq, at + part.length), this.symbols.allMacros),
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
      return value ? [{ path, value }] : [];
    }
    if (type.k === "struct") {
      const names = this.symbols.types.memberNames(type.name);
      let index = 0;
      return e.items.flatMap((item) => {
        const name = item.field ?? names[index];
        index = (item.field ? names.indexOf(item.field) : index) + 1;
        if (name === undefined) return [];
        const f = this.symbols.types.field(type.name, name);
        const values = this.initials(item.value, f.type, [...path, f.name]);
        if (values.length > 0) this.symbols.useField(type.name, name);
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
    const macro = this.symbols.macro(name);
    const body = macro && !macro.params ? this.symbols.macroBody(macro) : [];
    const e = body[0]?.k === "expr" ? this.value(body[0].e) : undefined;
    const declared = e ? undefined : this.symbols.enums.valueOf(name);
    if (declared !== undefined) return declared;
    const v = e ?? (constants[name]?.v.k === "const" ? (constants[name].v as { c: Const }).c : undefined);
    return v && v.syms.length === 0 ? v.n : undefined;
  }

  /** A constant expression's value: numbers, addresses of variables and functions. Undefined when it isn't one. */
  value(e: Expr): Const | undefined {
    const { symbols } = this;
    if (e.k === "num") return constant(e.value);
    if (e.k === "call" && e.fn.k === "id" && /^ATOMIC(64|_LONG)?_INIT$/.test(e.fn.name) && e.args.length === 1)
      return this.value(e.args[0]);
    if (e.k === "unary" && e.op === "&" && e.e.k === "id" && symbols.global(e.e.name))
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
      const macro = symbols.macro(e.name);
      if (macro && !macro.params) {
        const body = symbols.macroBody(macro);
        return body[0]?.k === "expr" ? this.value(body[0].e) : undefined;
      }
      const enumerator = symbols.enums.valueOf(e.name);
      if (enumerator !== undefined) return constant(enumerator);
      if (symbols.hasFunction(e.name)) {
        symbols.need(e.name);
        return constant(0, { k: "fn", name: e.name });
      }
      const v = constants[e.name]?.v;
      return v?.k === "const" ? v.c : undefined;
    }
    if (e.k === "cast") return this.value(e.e);
    if (e.k === "unary" && e.op === "&" && e.e.k === "id" && symbols.hasFunction(e.e.name)) return this.value(e.e);
    return undefined;
  }

  /** The length of an array, as it is written between its brackets. */
  dimension(text: string): number | undefined {
    if (/^\d+$/.test(text)) return Number(text);
    const macro = this.symbols.macro(text);
    if (macro && !macro.params) return this.dimension(macro.body.replace(/[()]/g, "").trim());
    const v = constants[text]?.v;
    return v?.k === "const" && v.c.syms.length === 0 ? v.c.n : this.symbols.config.get(text);
  }
}
