/** Heads of functions: the return type, the name and the parameters before a body's `{`. */
import { closingParen } from "./brackets";
import { readDeclarators, readTypeName, splitTop, type Declarator } from "./declarators";

export interface FunctionHead {
  name: string;
  nameAt: number;
  /** Where it begins in the text that was read: behind a head whose body isn't typed yet. */
  from: number;
  /** Text before the name, and between the brackets after it. */
  before: string;
  list: string;
  /** Declarations of the parameters, where they stand between the head and the brace. */
  oldStyle: string[];
}

export function readParameters({ list, oldStyle }: FunctionHead): Declarator[] {
  if (list === "" || list === "void") return [];
  const types = oldStyle.flatMap(readDeclarators);
  return splitTop(list, ",").flatMap((p) => {
    if (!oldStyle.length && p.trim() === "...") return [];
    // One without a name has its place among the arguments all the same.
    if (!oldStyle.length) return [readDeclarators(p)[0] ?? { type: readTypeName(p), name: "(unnamed)" }];
    return types.find((t) => t.name === p.trim()) ?? { type: { base: "int", pointers: 0, dims: [] }, name: p.trim() };
  });
}

/** Does this semicolon end one of the parameter declarations between an old-style head and its `{`? */
export function isOldStyle(text: string, start: number, semicolon: number): boolean {
  return (
    /\)\s*\w+\s[^()={}]*$/.test(text.slice(start, semicolon)) &&
    /^;(?:[\w\s*,[\]]+;)*\s*\{/.test(text.slice(semicolon, semicolon + 1000))
  );
}

/**
 * Reads `static inline void switch_mm(struct mm_struct *prev, …) __releases(x)`; undefined when it is no function's
 * head.
 */
export function functionHead(head: string): FunctionHead | undefined {
  if (head.includes("=")) return undefined;
  const [first, ...declarations] = head.split(";");
  // The last name with a parameter list after it that isn't an annotation is the function's: a head may stand before
  // it whose body isn't typed yet.
  const names = /\b([A-Za-z_]\w*)\s*\(/g;
  let found: Omit<FunctionHead, "oldStyle"> | undefined;
  let from = 0,
    last = 0;
  for (let m = names.exec(first); m; m = names.exec(first)) {
    const open = m.index + m[0].length - 1;
    const close = closingParen(first, open);
    const before = first.slice(from, m.index);
    const annotation =
      /^__(attribute__|releases|acquires|aligned|printf)$/.test(m[1]) ||
      (m[1].startsWith("__") && found !== undefined && !first.slice(last, m.index).trim());
    if (!annotation) {
      found = {
        name: m[1],
        nameAt: m.index,
        from: from + before.length - before.trimStart().length,
        before,
        list: first.slice(open + 1, close).trim(),
      };
      from = close + 1;
    }
    last = names.lastIndex = close + 1;
  }
  return found && { ...found, oldStyle: declarations.length ? [first.slice(from), ...declarations] : [] };
}
