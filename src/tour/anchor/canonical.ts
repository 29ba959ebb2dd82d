/**
 * A statement in a spelling that is the same for all versions of the kernel; statements are compared by it.
 * The names of one operation come from the table of primitives. Only what changed in form, not just in name, is here.
 */
import { primitives } from "../../kernel/primitives/table";
import { closing, isWord, startOfPostfix, tokens } from "./tokens";

/** The macros of before 2.6.29 that took a mask by name, and what took their place. Source: include/linux/cpumask.h. */
const successors: Record<string, string> = {
  cpu_set: "cpumask_set_cpu",
  cpu_clear: "cpumask_clear_cpu",
  cpu_test_and_set: "cpumask_test_and_set_cpu",
  cpu_isset: "cpumask_test_cpu",
  cpus_and: "cpumask_and",
  cpus_or: "cpumask_or",
  cpus_andnot: "cpumask_andnot",
  cpus_clear: "cpumask_clear",
  cpus_setall: "cpumask_setall",
  cpus_empty: "cpumask_empty",
};

/** Fields that held an mm's mask before, or behind, mm_cpumask(). */
const maskFields = new Set(["cpu_vm_mask", "cpu_vm_mask_var", "cpu_bitmap"]);

/** Calls that are their first argument. */
const transparent = new Set([
  "likely",
  "unlikely",
  "__builtin_expect",
  "to_cpumask",
  "cpumask_bits",
  "ACCESS_ONCE",
  "READ_ONCE",
]);

let spellings: Map<string, string> | undefined;

/** The name that stands for all spellings of an operation. */
function common(word: string): string {
  // A primitive that is called through a field has that field's name among its spellings.
  spellings ??= new Map(
    primitives.flatMap((p) =>
      p.names.map((n) => [n.replace(/^.*->/, ""), p.names.at(-1)!.replace(/^.*->/, "")] as const),
    ),
  );
  const now = Object.hasOwn(successors, word) ? successors[word] : word;
  return spellings.get(now) ?? now;
}

/**
 * A statement or condition in the common spelling: without `if (…)`, types of what it declares, casts, hints and `&`.
 */
export function canonical(text: string): string[] {
  let t = declared(condition(tokens(text)));
  t = unwrapped(t);
  t = masks(t);
  return bare(t.map((word) => (isWord(word) ? common(word) : word)));
}

/** `if (c) …`, `while (c) …` and `switch (c) …` are their condition, as the machine steps it. */
function condition(t: string[]): string[] {
  while (t.at(-1) === ";") t.pop();
  let i = 0;
  while (t[i] === "}" || t[i] === "else" || t[i] === "do") i++;
  if (t[i] === "do" || i === t.length) i = 0;
  if (/^(if|while|switch)$/.test(t[i] ?? "") && t[i + 1] === "(") return t.slice(i + 2, closing(t, i + 1));
  return t.slice(i);
}

/** `unsigned int cpu = x` is `cpu = x`. */
function declared(t: string[]): string[] {
  const eq = t.indexOf("=");
  if (eq <= 0) return t;
  const head = t.slice(0, eq);
  if (!head.every((x) => isWord(x) || x === "*")) return t;
  return t.slice(eq - 1);
}

/** Takes casts and transparent calls away, and `apic->` before what it calls. */
function unwrapped(t: string[]): string[] {
  const out: string[] = [];
  const drop = new Set<number>();
  for (let i = 0; i < t.length; i++) {
    if (drop.has(i)) continue;
    if (transparent.has(t[i]) && t[i + 1] === "(") {
      const end = closing(t, i + 1);
      drop.add(i + 1);
      drop.add(end);
      // Further arguments, as of __builtin_expect(x, 0), say nothing.
      let depth = 0;
      for (let j = i + 2; j < end; j++) {
        if (t[j] === "(" || t[j] === "[") depth++;
        else if (t[j] === ")" || t[j] === "]") depth--;
        else if (t[j] === "," && depth === 0) {
          for (let k = j; k < end; k++) drop.add(k);
          break;
        }
      }
      continue;
    }
    if (t[i] === "apic" && t[i + 1] === "->") {
      i++;
      continue;
    }
    const before = out.at(-1);
    const operandBefore = before !== undefined && (isWord(before) || /^[\w)\]"']/.test(before)) && before !== "return";
    if (t[i] === "(" && !operandBefore) {
      const end = closing(t, i);
      const inner = t.slice(i + 1, end);
      const cast =
        inner.length > 0 &&
        inner.every((x) => isWord(x) || x === "*") &&
        (inner.at(-1) === "*" || inner.some((x) => /^(struct|unsigned|long|int|char|void|u8|u16|u32|u64)$/.test(x)));
      if (cast) {
        i = end;
        continue;
      }
    }
    out.push(t[i]);
  }
  return out;
}

/** `mm->cpu_vm_mask` is `mm_cpumask(mm)`. */
function masks(t: string[]): string[] {
  for (let i = t.length - 1; i >= 2; i--) {
    if (!maskFields.has(t[i]) || (t[i - 1] !== "->" && t[i - 1] !== ".")) continue;
    const start = startOfPostfix(t, i - 2);
    t.splice(start, i - start + 1, "mm_cpumask", "(", ...t.slice(start, i - 1), ")");
  }
  return t;
}

/** Without unary `&` and `*`, and without brackets around a single word or around everything. */
function bare(t: string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < t.length; i++) {
    const before = out.at(-1);
    const unary = before === undefined || before === "return" || !(isWord(before) || /^[\w)\]"']/.test(before));
    if (t[i] === "&" && unary) continue;
    if (t[i] === "*" && out.length === 0) continue;
    if (t[i] === "(" && t[i + 2] === ")" && isWord(t[i + 1]) && unary) {
      out.push(t[i + 1]);
      i += 2;
      continue;
    }
    out.push(t[i]);
  }
  while (out[0] === "(" && out.length > 2 && closing(out, 0) === out.length - 1 && out.at(-1) === ")") {
    out.shift();
    out.pop();
  }
  return out;
}
