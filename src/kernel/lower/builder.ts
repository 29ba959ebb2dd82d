/** Builds one function's instruction list: temporaries, labels, statement boundaries, variables in scope. */
import type { Node } from "../syntax/tree/ast";
import type { CType } from "../ctype";
import { INT, isMask, ptr } from "../ctype";
import {
  addConst,
  constant,
  num,
  type Dst,
  type Fn,
  type HwOp,
  type Instr,
  type Label,
  type Local,
  type Op,
  type Place,
  type RmwOp,
  type Value,
} from "../ir";
import { fold, type BinOp } from "../arithmetic";
import type { FunctionItem } from "../syntax/items";
import { constantsIn, type Lvalue, type Operand } from "./expressions/operand";

const NO_OFFSET = constant(0);

/** Variables that a function may have. */
const VARIABLE_LIMIT = 1_000;

export class FnBuilder {
  readonly code: Instr[] = [];
  readonly params: Local[] = [];
  readonly locals: Local[] = [];
  readonly aggregates: CType[] = [];
  private readonly scopes: Map<string, Local>[] = [new Map()];
  private scopeEnds: number[] = [];
  private slots = 0;
  private temp = 0;
  private maxTemps = 0;
  private src = 0;
  private beginning = false;
  /** While a macro is expanded, its steps stand at the place of its use. */
  private pinned: Node | undefined;

  /** `addressed` names the variables whose address is taken: they stand in memory. */
  constructor(
    readonly item: FunctionItem,
    readonly returns: CType,
    private readonly places: Place[],
    private readonly addressed: ReadonlySet<string> = new Set(),
  ) {
    this.scopeEnds.push(item.end);
  }

  /** Starts a statement: what follows is a step of its own at this place. */
  begin(node: Node): void {
    this.finishStatement();
    this.at(node);
    this.beginning = true;
    this.temp = 0;
  }

  /** Gives a statement that emitted nothing an empty step, so that the reader can stop on it. */
  finishStatement(): void {
    if (this.beginning) this.emit({ op: "nop" });
  }

  /** Instructions from here on belong to this place (within the same statement). */
  at(node: Node): void {
    const n = this.pinned ?? node;
    const last = this.places.at(-1);
    if (last && last.file === n.file && last.start === n.start && last.end === n.end && last.fn === this.item.name)
      this.src = this.places.length - 1;
    else this.src = this.places.push({ file: n.file, start: n.start, end: n.end, fn: this.item.name }) - 1;
  }

  /** Where the present step stands. */
  get here(): Node | undefined {
    return this.places[this.src];
  }

  /** Where the macro that is being expanded is used. */
  get pinnedAt(): Node | undefined {
    return this.pinned;
  }

  /** The present place is a condition that goes on at `yes` when it holds. */
  condition(yes: Label): void {
    this.places[this.src].whenTrue = yes;
  }

  /** Runs `body` with all places pinned to `node`, unless an outer macro has pinned them. */
  pin<T>(node: Node, body: () => T): T {
    const outer = this.pinned;
    this.pinned = outer ?? node;
    try {
      return body();
    } finally {
      this.pinned = outer;
    }
  }

  emit(op: Op): void {
    this.code.push({ ...op, src: this.src, begins: this.beginning });
    this.beginning = false;
  }

  /** Gives what `body` gives, and drops what it emitted. */
  dryRun<T>(body: () => T): T {
    const { beginning, src } = this;
    const length = this.code.length;
    try {
      return body();
    } finally {
      this.code.length = length;
      this.beginning = beginning;
      this.src = src;
    }
  }

  newTemp(): Dst {
    this.maxTemps = Math.max(this.maxTemps, ++this.temp);
    return { k: "temp", temp: this.temp - 1 };
  }

  label(): Label {
    return { at: -1 };
  }

  mark(label: Label): void {
    this.finishStatement();
    label.at = this.code.length;
  }

  jump(to: Label): void {
    this.emit({ op: "jump", to });
  }

  // --- values ---

  /** The operand as one value that any instruction can read. */
  value(o: Operand): Value {
    if (!o.off || (o.off.n === 0 && o.off.syms.length === 0)) return o.v;
    if (o.v.k === "const") return { k: "const", c: addConst(o.v.c, o.off) };
    return this.bin("+", o.v, { k: "const", c: o.off });
  }

  bin(f: BinOp, a: Value, b: Value): Value {
    const known = constantsIn(a, b);
    if (known) return num(fold(f, ...known));
    const dst = this.newTemp();
    this.emit({ op: "bin", f, dst, a, b });
    return dst;
  }

  load(lv: Lvalue): Operand {
    if (lv.k === "slot") return { v: { k: "slot", slot: lv.slot }, t: lv.t };
    if (lv.t.k === "array") return { v: lv.base, off: lv.off, t: ptr(lv.t.of) };
    if (lv.t.k === "struct") return { v: lv.base, off: lv.off, t: ptr(lv.t) };
    const dst = this.newTemp();
    this.emit({ op: "load", dst, base: lv.base, off: lv.off });
    return { v: dst, t: lv.t, from: lv.key };
  }

  store(lv: Lvalue, a: Value): void {
    if (lv.k === "slot") this.emit({ op: "move", dst: { k: "slot", slot: lv.slot }, a });
    else this.emit({ op: "store", base: lv.base, off: lv.off, a });
  }

  rmw(f: RmwOp, lv: Lvalue, a: Value, wantsOld: boolean): Value {
    const dst = wantsOld ? this.newTemp() : undefined;
    if (lv.k === "slot") {
      // A register: no other CPU sees it, so ordinary instructions do.
      if (dst) this.emit({ op: "move", dst, a: { k: "slot", slot: lv.slot } });
      const old: Value = { k: "slot", slot: lv.slot };
      const bit = f === "setbit" || f === "clearbit" ? this.bin("<<", num(1), a) : a;
      const v =
        f === "xchg"
          ? a
          : f === "add"
            ? this.bin("+", old, a)
            : f === "setbit" || f === "or"
              ? this.bin("|", old, bit)
              : this.bin("&", old, this.bin("^", bit, num(-1)));
      this.emit({ op: "move", dst: { k: "slot", slot: lv.slot }, a: v });
    } else this.emit({ op: "rmw", f, dst, base: lv.base, off: lv.off, a });
    return dst ?? num(0);
  }

  /** Puts `a` where `expected` stands, in one LOCKed step, and gives what stood there. */
  compareAndExchange(lv: Lvalue, expected: Value, a: Value): Value {
    const old = this.newTemp();
    if (lv.k === "mem") {
      this.emit({ op: "rmw", f: "cmpxchg", dst: old, base: lv.base, off: lv.off, a, expected });
      return old;
    }
    const slot = { k: "slot", slot: lv.slot } as const;
    const [equal, done] = [this.label(), this.label()];
    this.emit({ op: "move", dst: old, a: slot });
    this.emit({ op: "branch", a: this.bin("==", old, expected), then: equal, else: done });
    this.mark(equal);
    this.emit({ op: "move", dst: slot, a });
    this.mark(done);
    return old;
  }

  hw(f: HwOp, args: Value[], result = false): Value {
    const dst = result ? this.newTemp() : undefined;
    this.emit({ op: "hw", f, args, dst });
    return dst ?? num(0);
  }

  /** What a pointer points to, as something to load from or assign to. */
  deref(p: Operand, t?: CType): Lvalue {
    return { k: "mem", base: p.v, off: p.off ?? NO_OFFSET, t: t ?? (p.t.k === "ptr" ? p.t.to : INT), key: p.from };
  }

  addressOf(lv: Lvalue): Operand {
    if (lv.k === "slot") throw new Error("a register slot has no address");
    return { v: lv.base, off: lv.off, t: ptr(lv.t), from: lv.key };
  }

  // --- variables ---

  /** Has the function more variables than a frame is given room for? */
  get isFull(): boolean {
    return this.slots + this.aggregates.length >= VARIABLE_LIMIT;
  }

  declare(name: string, type: CType, start: number, param = false): Local {
    const inMemory = !param && (type.k === "struct" || type.k === "array" || isMask(type) || this.addressed.has(name));
    const local: Local = { name, type, scope: { start, end: this.scopeEnds.at(-1)! } };
    if (inMemory) local.aggregate = this.aggregates.push(type) - 1;
    else local.slot = this.slots++;
    (param ? this.params : this.locals).push(local);
    this.scopes.at(-1)!.set(name, local);
    return local;
  }

  /** A static variable: `global` is its name among the globals. */
  declareStatic(name: string, type: CType, start: number, global: string): void {
    const local: Local = { name, type, global, scope: { start, end: this.scopeEnds.at(-1)! } };
    this.locals.push(local);
    this.scopes.at(-1)!.set(name, local);
  }

  enterScope(end: number): void {
    this.scopes.push(new Map());
    this.scopeEnds.push(end);
  }

  leaveScope(): void {
    this.scopes.pop();
    this.scopeEnds.pop();
  }

  /**
   * Sees another function's variables as they are in scope at `offset`: for expressions evaluated in one of its
   * frames.
   */
  seeVariablesOf(fn: Fn, offset: number): void {
    for (const local of [...fn.params, ...fn.locals])
      if (offset >= local.scope.start && offset <= local.scope.end) this.scopes[0].set(local.name, local);
  }

  /** Does the innermost block declare this name so far? */
  declaredHere(name: string): boolean {
    return this.scopes.at(-1)!.has(name);
  }

  lookup(name: string): Local | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const local = this.scopes[i].get(name);
      if (local) return local;
    }
    return undefined;
  }

  finish(): Fn {
    this.finishStatement();
    const { item } = this;
    return {
      name: item.name,
      file: item.file,
      nameStart: item.nameStart,
      start: item.start,
      end: item.end,
      params: this.params,
      locals: this.locals,
      slots: this.slots,
      temps: this.maxTemps,
      aggregates: this.aggregates,
      returns: this.returns,
      code: this.code,
    };
  }
}
