/** Lowers one function: its parameters, its body, and the jumps that its body leaves open. */
import type { Expr } from "../syntax/tree/ast";
import { ptr, VOID, type CType } from "../ctype";
import { constant, type Fn } from "../ir";
import type { Symbols } from "../symbols/symbols";
import { blankAnnotations, readTypeName } from "../syntax/declarators";
import { lostInHead } from "../syntax/head-account";
import type { FunctionItem } from "../syntax/items";
import type { Diagnostic } from "../syntax/source";
import { copyStruct, returnsStruct } from "./expressions/aggregates";
import { Lower } from "./lower";
import type { Lowering } from "./lowering";
import type { Output } from "./output";
import { parseBody } from "./parse-body";
import { closingBrace, labelBlocks, scoped } from "./statements/scopes";

const INCLUDED = "What is included in a function isn't read: write it in the place of this line.";

/** Lowers a function's parameters and body. `premises`: unknowns that every run of it rests on, by their indices. */
export function lowerFunction(symbols: Symbols, out: Output, item: FunctionItem, premises: readonly number[] = []): Fn {
  const returns = item.returns === "void" ? VOID : symbols.types.resolve(readTypeName(item.returns));
  const { stmts, problems } = parseBody(symbols, item);
  const addressed = addressTaken(stmts);
  const lower = new Lower(symbols, out, item, returns, addressed);
  out.mark = (n) => lower.b.emit({ op: "unknown", n });
  // What stands at the function's entry holds for all of it.
  lower.b.at({ file: item.file, start: item.nameStart, end: item.nameStart + item.name.length });
  for (const n of premises) out.mark(n);
  const names = {
    isAnnotation: (name: string) => {
      const macro = symbols.macro(name);
      return !!macro && !macro.params && !blankAnnotations(macro.body).trim();
    },
    isOther: (name: string) => symbols.hasFunction(name) || symbols.variables.isDeclared(name),
  };
  const included = symbols.includesBetween(item.file, item.start, item.end);
  out.reportLostText([
    ...lostInHead(symbols.textOf(item.file), item, names),
    ...included.map((span): Diagnostic => ({ severity: "error", code: "cannot-lower", message: INCLUDED, span })),
    ...problems,
  ]);
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
  lower.flow.labelBlocks = labelBlocks(stmts);
  scoped(lower, stmts, item.end, closingBrace(item), () => lower.stmts(stmts));
  for (const { label, at } of lower.flow.gotos) {
    const to = lower.flow.labels.get(label)!;
    if (to.at >= 0) continue;
    out.error(at, `There is no label ${label} in ${item.name}(): the function ends here instead.`);
    lower.b.mark(to);
  }
  // A function without a step stands at its name.
  if (lower.b.code.length === 0)
    lower.b.at({ file: item.file, start: item.nameStart, end: item.nameStart + item.name.length });
  lower.b.emit({ op: "ret" });
  out.mark = undefined;
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
function keepInMemory(x: Lowering, item: FunctionItem, addressed: ReadonlySet<string>): void {
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
