/**
 * C declarators read from plain text: parameters, struct members, variables. Enough for kernel style, and forgiving.
 */

import { blank } from "./conditionals";

/** A type as it is written: the base without qualifiers, and what the declarator adds. */
export interface TypeRef {
  /** `struct mm_struct`, `unsigned long`, `cpumask_var_t`; `struct {…}` for an anonymous one. */
  base: string;
  pointers: number;
  /** Array dimensions as written, outermost first. */
  dims: string[];
  /** A pointer to a function: what it returns and takes, as written; true where that can't be read. */
  fn?: { returns: string; params: string } | true;
}

export interface Declarator {
  type: TypeRef;
  name: string;
  /** Bit-field width, if one is given. */
  bits?: string;
}

/** Words that say nothing of a type's shape, as patterns. */
const qualifierWords = (
  "const volatile static inline extern register auto restrict signed __inline__ __inline __always_inline asmlinkage " +
  "__visible notrace noinstr nokprobe_inline noinline noinline_for_stack fastcall FASTCALL asmregparm " +
  "__[a-z_]*init __sched __kprobes __user __iomem __percpu __rcu __force __read_mostly " +
  "____cacheline_\\w+ __maybe_unused __used __must_check __cold __pure __refdata __ref"
).split(" ");
/** Words that say nothing of a function's or a variable's type, none of them C's own: a pattern. */
export const ANNOTATION_WORDS = qualifierWords
  .filter((word) => !/^(?:const|volatile|static|inline|extern|register|auto|restrict|signed|__inline\w*)$/.test(word))
  .concat("__attribute__", "__printf", "__aligned", "__releases", "__acquires")
  .join("|");
const qualifiers = new RegExp(`\\b(?:${qualifierWords.join("|")})\\b`, "g");
/** A pattern for `__attribute__((…))`. */
export const GNU_ATTRIBUTE = String.raw`__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)`;
const attributes = new RegExp(
  String.raw`\b(?:${GNU_ATTRIBUTE}|(?:__aligned|__releases|__acquires|__printf)\s*\([^()]*\))`,
  "g",
);

/** The text with qualifiers and annotations blanked, also those that nobody knows: all else keeps its place. */
export function blankAnnotations(text: string): string {
  return text
    .replace(attributes, blank)
    .replace(qualifiers, blank)
    .replace(/\b__(?!typeof|int128\b|[usbl]e?\d+\b)\w+(?:\s*\((?:[^()]|\([^()]*\))*\))?/g, blank);
}

/** The text without qualifiers and annotations, white space folded. */
export function plainType(text: string): string {
  return text.replace(attributes, " ").replace(qualifiers, " ").replace(/\s+/g, " ").trim();
}

/** Splits at a separator that stands outside all brackets. */
export function splitTop(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0,
    from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "(" || c === "[" || c === "{") depth++;
    else if (c === ")" || c === "]" || c === "}") depth--;
    else if (c === separator && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

const taggedType = String.raw`(?:struct|union|enum)\s*(?:\w+)?\s*(?:\{.*\})?`;
const arithmeticType = String.raw`(?:unsigned|long|short|int|char|void|float|double|bool|\s)+(?=[\s*])`;
/** A declaration's base type, and its declarators. */
const baseAndRest = new RegExp(String.raw`^(${taggedType}|${arithmeticType}|[A-Za-z_]\w*)\s*(.*)$`, "s");

/** The lengths between square brackets, as written. */
const dimensions = (text: string): string[] => [...text.matchAll(/\[([^[\]]*)\]/g)].map((m) => m[1].trim());

/**
 * Reads one declaration without its initializer, `struct mm_struct *mm, *oldmm` say, into a declarator for each name.
 * Gives an empty list for text that declares nothing (a forward declaration, an unnamed parameter).
 */
export function readDeclarators(text: string): Declarator[] {
  const plain = plainType(text);
  const fn = /^(.*?)\(\s*(\*+)\s*(?:const\s+)?([A-Za-z_]\w*)\s*((?:\[[^\]]*\]\s*)*)\)\s*\((.*)\)$/.exec(plain);
  if (fn) {
    const [, before, { length: pointers }, name, lengths, params] = fn;
    const base = before.trim();
    return [{ type: { base, pointers, dims: dimensions(lengths), fn: { returns: base, params } }, name }];
  }
  const [first, ...others] = splitTop(plain, ",");
  const head = baseAndRest.exec(first.trim());
  if (!head) return [];
  const base = head[1].trim().replace(/\s+/g, " ");
  return [head[2], ...others].flatMap((d) => {
    const m = /^((?:\s|\*)*)([A-Za-z_]\w*)\s*((?:\[[^\]]*\]\s*)*)(?::\s*(.+))?$/.exec(d.split("=")[0].trim());
    if (!m) return [];
    const type = { base, pointers: (m[1].match(/\*/g) ?? []).length, dims: dimensions(m[3]) };
    return [{ type, name: m[2], bits: m[4] }];
  });
}

/** A type written alone, as in a cast or sizeof: `struct mm_struct *`. */
export function readTypeName(text: string): TypeRef {
  const plain = plainType(text);
  const typeOf = /^((?:__typeof__|__typeof|typeof_unqual|typeof)\s*\(.*\))([\s*]*)$/s.exec(plain);
  if (typeOf) return { base: typeOf[1], pointers: (typeOf[2].match(/\*/g) ?? []).length, dims: [] };
  const fn = /^(.*?)\(\s*\*\s*\)\s*\((.*)\)$/.exec(plain);
  if (fn) {
    const base = fn[1].trim();
    return { base, pointers: 1, dims: [], fn: { returns: base, params: fn[2] } };
  }
  const stars = (plain.match(/\*/g) ?? []).length;
  return {
    base: plain.replace(/\*/g, "").split("[")[0].trim(),
    pointers: stars,
    dims: dimensions(plain),
  };
}
