/**
 * C expressions that the reader types (watches, conditions, hovers), lowered as if they stood in a function of the
 * program.
 */
import type { ExpressionError, Fn, LoweredExpression } from "../ir";
import { Lower } from "./lower";
import type { Lowering } from "./lowering";
import type { Output } from "./output";
import type { SourceFile } from "../syntax/source";
import type { Symbols } from "../symbols/symbols";

/**
 * Lowers an expression with the names that `fn` sees at `offset` of its file. What the program doesn't use has no
 * cell to be read from, so an expression that needs more than the program has is an error in words.
 */
export function lowerExpression(
  symbols: Symbols,
  out: Output,
  fn: Fn | undefined,
  offset: number,
  text: string,
): LoweredExpression | ExpressionError {
  const file: SourceFile = { uri: "expression", path: "expression", text, origin: "open" };
  const before = out.snapshot();
  try {
    const { stmts, problems } = symbols.parser.macro({ file, start: 0, text });
    const s = stmts.filter((x) => x.k !== "empty");
    if (problems.length || s.length !== 1 || s[0].k !== "expr")
      return {
        error: `"${text}" isn't a C expression: ${problems[0]?.message ?? "write one value, like next->mm."}`,
        at: problems[0] && within(problems[0].span, text),
      };
    const item = {
      kind: "function" as const,
      name: fn?.name ?? "expression",
      file,
      nameStart: 0,
      start: 0,
      bodyStart: 0,
      end: text.length,
      returns: "int",
      params: [],
    };
    const x = new Lower(symbols, out, item, { k: "int", role: "number" });
    x.barePerCpu = true;
    if (fn) x.b.seeVariablesOf(fn, offset);
    x.begin(s[0].e);
    const e = s[0].e;
    const assignable =
      (e.k === "id" &&
        x.b.lookup(e.name)?.aggregate === undefined &&
        (symbols.variables.global(e.name) !== undefined || x.b.lookup(e.name) !== undefined)) ||
      e.k === "member" ||
      e.k === "index" ||
      (e.k === "unary" && e.op === "*");
    const percpu = isPerCpu(e, x);
    let lowered: Omit<LoweredExpression, "code" | "temps">;
    const place = percpu
      ? undefined
      : assignable && symbols.constantNamed(e.k === "id" ? e.name : "") === undefined
        ? x.place(e)
        : e.k === "call"
          ? x.callPlace(e)
          : undefined;
    if (place?.k === "mem" && place.t.k !== "struct" && place.t.k !== "array")
      lowered = { result: place.base, place: place.off, type: place.t, key: place.key };
    else if (percpu) {
      const p = x.percpu(e);
      lowered =
        p.k === "mem" && p.t.k !== "struct" && p.t.k !== "array"
          ? { result: p.base, place: p.off, type: p.t, key: p.key }
          : { result: x.b.value(x.b.addressOf(p)), type: { k: "ptr", to: p.t } };
    } else {
      const o = x.expr(e);
      lowered = { result: x.b.value(o), type: o.t, key: o.from };
    }
    const trouble = out.diagnostics.slice(before.diagnostics)[0];
    if (trouble) return { error: trouble.message.replace(/ It counts as 0\.$/, ""), at: within(trouble.span, text) };
    const fresh = out.usedSince(before);
    if (fresh.length)
      return {
        error: `${fresh[0]} isn't used by the code that runs, so it has no value here.`,
        at: wordIn(text, fresh[0].split(".").at(-1)!),
      };
    const done = x.b.finish();
    return { code: done.code, temps: done.temps, ...lowered };
  } finally {
    out.restore(before);
  }
}

function within({ start, end }: { start: number; end: number }, text: string): ExpressionError["at"] {
  return start <= text.length && start <= end ? { start, end: Math.min(end, text.length) } : undefined;
}

function wordIn(text: string, word: string): ExpressionError["at"] {
  const start = text.search(new RegExp(`\\b${word}\\b`));
  return start < 0 ? undefined : { start, end: start + word.length };
}

function isPerCpu(e: { k: string; e?: unknown }, x: Lowering): boolean {
  let inner = e as { k: string; e?: { k: string }; name?: string; arrow?: boolean };
  while (inner.k === "member" && !inner.arrow && inner.e) inner = inner.e as typeof inner;
  return (
    inner.k === "id" &&
    !x.b.lookup(inner.name!) &&
    x.symbols.variables.percpu(inner.name!) !== undefined &&
    x.symbols.variables.global(inner.name!) === undefined
  );
}
