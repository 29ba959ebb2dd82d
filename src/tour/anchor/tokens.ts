/** C text as tokens, white space and comments gone. */

const comment = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/;
const word = /[A-Za-z_]\w*|\.?\d[\w.]*/;
const quoted = /"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?/;
const operator = /<<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\s\w]/;
/** The token is the first group; a comment has none. */
const token = new RegExp(`${comment.source}|(${[word, quoted, operator].map((r) => r.source).join("|")})`, "g");

/** Longer texts than any statement are cut, so that comparing two of them stays cheap. */
const LIMIT = 400;

/** The first 400 tokens: names, numbers, strings and operators. */
export function tokens(text: string): string[] {
  const out: string[] = [];
  for (const m of text.matchAll(token)) {
    if (m[1] !== undefined) out.push(m[1]);
    if (out.length >= LIMIT) break;
  }
  return out;
}

export const isWord = (t: string | undefined): boolean => t !== undefined && /^[A-Za-z_]/.test(t);

/** Index of the bracket that closes the one at `open`, or the last index when none does. */
export function closing(list: readonly string[], open: number): number {
  let depth = 0;
  for (let i = open; i < list.length; i++) {
    if (list[i] === "(" || list[i] === "[") depth++;
    else if ((list[i] === ")" || list[i] === "]") && --depth === 0) return i;
  }
  return list.length - 1;
}

/** Where the postfix expression begins whose last token stands at `end`: `f(x)->y`, `a[i].b`. */
export function startOfPostfix(list: readonly string[], end: number): number {
  let i = end;
  for (;;) {
    if (list[i] === ")" || list[i] === "]") {
      let depth = 0;
      for (; i >= 0; i--) {
        if (list[i] === ")" || list[i] === "]") depth++;
        else if ((list[i] === "(" || list[i] === "[") && --depth === 0) break;
      }
      if (i < 0) return 0;
      if (isWord(list[i - 1]) || list[i - 1] === ")" || list[i - 1] === "]") {
        i--;
        continue;
      }
      return i;
    }
    if ((list[i - 1] === "->" || list[i - 1] === ".") && i >= 2) {
      i -= 2;
      continue;
    }
    return Math.max(0, i);
  }
}

/**
 * How alike two token lists are: 1 the same, 0 nothing in common (twice the longest common subsequence over the
 * lengths).
 */
export function likeness(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  let row = new Uint16Array(b.length + 1);
  for (const x of a) {
    const next = new Uint16Array(b.length + 1);
    for (let j = 1; j <= b.length; j++) next[j] = x === b[j - 1] ? row[j - 1] + 1 : Math.max(row[j], next[j - 1]);
    row = next;
  }
  return (2 * row[b.length]) / (a.length + b.length);
}
