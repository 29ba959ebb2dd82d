/**
 * Lowers one function: the meeting point of its builder, the program's symbols and the readers of expressions and
 * statements.
 */
import type { Expr, Node, Stmt } from "../syntax/ast";
import type { Macro } from "../syntax/conditionals";
import type { CType } from "../ctype";
import { FN, INT, ptr, VOID } from "../ctype";
import { constant, num, type Fn, type Label, type Value } from "../ir";
import type { FunctionItem } from "../syntax/items";
import type { Symbols } from "../symbols/symbols";
import { readTypeName } from "../syntax/declarators";
import { FnBuilder } from "./builder";
import type { Output } from "./output";
import { ZERO, type Lvalue, type Operand } from "./operand";
import { lowerCall, lowerCallPlace } from "./call";
import { lowerExpr, lowerPlace } from "./expr";
import { copyStruct, returnsStruct } from "./aggregates";
import { closingBrace, labelBlocks, scoped, type Scope } from "./scopes";
import { lowerStmts } from "./stmt";

/** Expressions within each other, macros expanded. */
const NESTING_LIMIT = 500;

export class Lower {
  readonly b: FnBuilder;
  private nesting = 0;
  /** Macros expanded so far in this function: beyond any use, a limit to what nested ones may grow to. */
  expansions = 0;
  /**
   * In what a reader types, a per-CPU variable's bare name means this CPU's copy, as in a debugger of the real kernel.
   */
  barePerCpu = false;
  /** Inside a statement expression no statement is a step of its own. */
  exprDepth = 0;
  readonly labels = new Map<string, { at: number }>();
  readonly gotos: { label: string; at: Node }[] = [];
  /** Where break and continue go, and how many blocks they leave standing. */
  readonly breaks: { to: Label; depth: number }[] = [];
  readonly continues: { to: Label; depth: number }[] = [];
  /** The blocks around the statement that is being lowered. */
  readonly scopes: Scope[] = [];
  /** The blocks that each label of the function stands in. */
  labelBlocks: ReadonlyMap<string, ReadonlySet<readonly Stmt[]>> = new Map();
  /** Where the cases of the switches around go. */
  readonly cases: Map<Stmt, Label>[] = [];
  /** How many guards there are so far. */
  guards = 0;
  /** Where the caller wants a structure returned. */
  resultAt: Lvalue | undefined;
  /** Macro parameters stand for these expressions while the macro is expanded. */
  readonly substitutions: { macro: Macro; args: Map<string, Expr> }[] = [];

  constructor(
    readonly symbols: Symbols,
    readonly out: Output,
    item: FunctionItem,
    returns: CType,
    addressed?: ReadonlySet<string>,
  ) {
    this.b = new FnBuilder(item, returns, out.places, addressed);
  }

  /** May the statement that is being lowered run more than once in one call? */
  get mayRunAgain(): boolean {
    return this.continues.length > 0 || this.labels.size > 0 || this.labelBlocks.size > 0;
  }

  begin(node: Node): void {
    if (this.exprDepth === 0) this.b.begin(node);
  }

  expr(e: Expr): Operand {
    if (this.nesting >= NESTING_LIMIT) {
      this.out.error(e, "Macros and expressions are nested too deeply here: it counts as 0.");
      return ZERO;
    }
    this.nesting++;
    const value = lowerExpr(this, e);
    this.nesting--;
    return value;
  }

  val(e: Expr): Value {
    return this.b.value(this.expr(e));
  }

  place(e: Expr): Lvalue {
    return lowerPlace(this, e);
  }

  call(e: Expr & { k: "call" }): Operand {
    return lowerCall(this, e);
  }

  callPlace(e: Expr & { k: "call" }): Lvalue | undefined {
    return lowerCallPlace(this, e);
  }

  /** Reads a cell, remembering which kind of cell it was. */
  load(lv: Lvalue): Operand {
    return this.b.load(lv);
  }

  /** `place.field`, following anonymous members and the field's other names. */
  field(lv: Lvalue, field: string, node: Node): Lvalue {
    if (lv.k === "mem" && lv.unknown) return lv;
    if (lv.k === "mem" && lv.t.k !== "struct" && lv.undeclared) {
      this.out.warnUndeclaredMember(lv.undeclared, field, node, this.b.item.name);
      return { ...lv, t: INT, unknown: true };
    }
    if (lv.k === "slot" || lv.t.k !== "struct") {
      this.out.error(
        node,
        `.${field} is asked of something that isn't a struct TLBscope knows: open the header that declares it.`,
      );
      return { k: "mem", base: num(0), off: constant(0), t: INT };
    }
    const f = this.symbols.useField(lv.t.name, field);
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
  percpu(e: Expr, cpu?: Value): Lvalue {
    if (e.k === "member" && !e.arrow) return this.field(this.percpu(e.e, cpu), e.field, e);
    if (e.k === "index") return this.element(this.percpu(e.e, cpu), this.val(e.i));
    if (e.k === "unary" && (e.op === "&" || e.op === "*")) return this.percpu(e.e, cpu);
    if (e.k === "id") {
      const substituted = this.substitute(e.name);
      if (substituted) return this.percpu(substituted, cpu);
      const variable = this.symbols.variables.percpu(e.name);
      if (variable) {
        const unknown = this.out.undeclared.has(e.name) || undefined;
        if (!cpu)
          return {
            k: "mem",
            base: { k: "percpu", name: e.name },
            off: constant(0),
            t: variable.type,
            key: e.name,
            unknown,
          };
        const dst = this.b.newTemp();
        this.b.emit({ op: "percpu", dst, name: e.name, cpu });
        return { k: "mem", base: dst, off: constant(0), t: variable.type, key: e.name, unknown };
      }
      this.out.warnNotModelled(
        e.name,
        e,
        this.b.item.name,
        `The per-CPU variable ${e.name} isn't declared in the open files: open the file that defines it. It ` +
          "counts as 0.",
      );
      return {
        k: "mem",
        base: { k: "percpu", name: this.out.addUndeclaredPercpu(e.name) },
        off: constant(0),
        t: INT,
        key: e.name,
        unknown: true,
      };
    }
    if (e.k === "call") {
      const p = this.callPlace(e);
      if (p) return p;
    }
    this.out.error(e, "A per-CPU variable's name is expected here.");
    return { k: "mem", base: num(0), off: constant(0), t: INT };
  }

  /** `array[index]`. */
  element(lv: Lvalue, index: Value): Lvalue {
    // Of what isn't declared, all elements are one.
    if (lv.k === "mem" && lv.undeclared && lv.t.k === "int") return lv;
    if (lv.k === "slot")
      return { k: "mem", base: { k: "slot", slot: lv.slot }, off: constant(0), t: lv.t.k === "ptr" ? lv.t.to : INT };
    const of: CType = lv.t.k === "array" ? lv.t.of : lv.t.k === "ptr" ? lv.t.to : lv.t;
    if (lv.t.k === "ptr") {
      const p = this.load(lv);
      return this.scaled({ k: "mem", base: p.v, off: p.off ?? constant(0), t: of }, index);
    }
    return this.scaled({ ...lv, t: of }, index, lv.t.k === "array" ? lv.t.n : undefined);
  }

  /** The `index`-th of the things of which the first stands at `lv`. */
  scaled(lv: Lvalue & { k: "mem" }, index: Value, length?: number): Lvalue {
    const size: Value = { k: "const", c: constant(0, { k: "size", type: lv.t }) };
    if (index.k === "const" && index.c.n === 0 && index.c.syms.length === 0) return lv;
    if (length !== undefined) this.b.emit({ op: "bound", a: index, n: length });
    const scaledIndex = this.b.bin("*", index, size);
    const base = this.b.value({ v: lv.base, t: INT });
    return { ...lv, base: this.b.bin("+", base, scaledIndex), key: lv.key };
  }

  /** The expression that a macro parameter stands for, if the name is one. */
  substitute(name: string): Expr | undefined {
    return this.substitutions.at(-1)?.args.get(name);
  }

  /** Runs `body` with the expression's names meaning what they meant where the macro was used. */
  outside<T>(body: () => T): T {
    const inner = this.substitutions.pop()!;
    try {
      return body();
    } finally {
      this.substitutions.push(inner);
    }
  }

  /** The address of a function, for callbacks. */
  fnAddress(name: string): Operand {
    this.out.useFunction(name);
    return { v: { k: "const", c: constant(0, { k: "fn", name }) }, t: ptr(FN) };
  }
}

/** Lowers a function's parameters and body. */
export function lowerFunction(symbols: Symbols, out: Output, item: FunctionItem): Fn {
  const returns = item.returns === "void" ? VOID : symbols.types.resolve(readTypeName(item.returns));
  const { stmts, problems } = symbols.parser.body({
    file: item.file,
    start: item.bodyStart,
    text: symbols.textOf(item.file).slice(item.bodyStart, item.end),
  });
  out.diagnostics.push(...problems);
  const addressed = addressTaken(stmts);
  const lower = new Lower(symbols, out, item, returns, addressed);
  if (returnsStruct(returns)) {
    const at = lower.b.declare("(returned)", ptr(returns), item.start, true);
    lower.resultAt = { k: "mem", base: { k: "slot", slot: at.slot! }, off: constant(0), t: returns };
  }
  const copied = item.params.flatMap((p) => {
    const t = decay(symbols.types.resolve(p.type));
    const local = lower.b.declare(p.name, returnsStruct(t) ? ptr(t) : t, item.start, true);
    return returnsStruct(t) ? [{ local, t }] : [];
  });
  keepInMemory(lower, item, addressed);
  for (const { local, t } of copied) {
    // A structure that is passed is the function's own: the caller says where its copy is made from.
    const own = lower.b.declare(local.name, t, item.start);
    lower.b.at({ file: item.file, start: item.nameStart, end: item.nameStart + item.name.length });
    copyStruct(
      lower,
      { k: "mem", base: { k: "local", local: own.aggregate! }, off: constant(0), t },
      { v: { k: "slot", slot: local.slot! }, t: ptr(t) },
      { file: item.file, start: item.nameStart, end: item.nameStart + item.name.length },
    );
  }
  lower.labelBlocks = labelBlocks(stmts);
  scoped(lower, stmts, item.end, closingBrace(item), () => lowerStmts(lower, stmts));
  for (const { label, at } of lower.gotos) {
    const to = lower.labels.get(label)!;
    if (to.at >= 0) continue;
    out.error(at, `There is no label ${label} in ${item.name}(): the function ends here instead.`);
    lower.b.mark(to);
  }
  // A function without a step stands at its name.
  if (lower.b.code.length === 0)
    lower.b.at({ file: item.file, start: item.nameStart, end: item.nameStart + item.name.length });
  lower.b.emit({ op: "ret" });
  return lower.b.finish();
}

/** Names under an & in these statements; a variable of such a name can't be kept in a register. */
function addressTaken(stmts: unknown, into = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(stmts)) for (const s of stmts) addressTaken(s, into);
  else if (typeof stmts === "object" && stmts !== null) {
    const e = stmts as Partial<Expr & { k: "unary" }>;
    if (e.k === "unary" && e.op === "&" && e.e?.k === "id") into.add(e.e.name);
    for (const [key, value] of Object.entries(stmts)) if (key !== "file" && key !== "type") addressTaken(value, into);
  }
  return into;
}

/** Parameters whose address is taken come in registers and get a copy in memory. */
function keepInMemory(x: Lower, item: FunctionItem, addressed: ReadonlySet<string>): void {
  for (const p of item.params) {
    if (!addressed.has(p.name) || returnsStruct(x.symbols.types.resolve(p.type))) continue;
    const { slot, type } = x.b.lookup(p.name)!;
    const copy = x.b.declare(p.name, type, item.start);
    x.b.at({ file: item.file, start: item.nameStart, end: item.nameStart + item.name.length });
    x.b.store(
      { k: "mem", base: { k: "local", local: copy.aggregate! }, off: constant(0), t: type },
      { k: "slot", slot: slot! },
    );
  }
}

/** Arrays are passed as pointers. */
const decay = (t: CType): CType => (t.k === "array" ? ptr(t.of) : t);
