/** Mistakes put into C text: what a person mistypes, what an editor loses, what an enemy would try. */
import type { Rng } from "../rng";

const token =
  /[A-Za-z_]\w*|0[xX][\da-fA-F]+|\d+|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|->|\+\+|--|<<=?|>>=?|&&|\|\||[<>=!+\-*/%&|^]=|\/\*|\*\/|\/\/|##?|\.\.\.|\S/g;

const words =
  "if else while for do switch case default break continue return goto struct union enum typedef static inline " +
  "sizeof " +
  "typeof const void int unsigned __attribute__ asm volatile current NULL next prev mm cpu constructor __proto__ " +
  "toString valueOf hasOwnProperty DEFINE_PER_CPU per_cpu this_cpu_read container_of offsetof guard scoped_guard " +
  "__free CLASS for_each_cpu READ_ONCE WRITE_ONCE smp_mb BUG_ON ({ }) _Generic __auto_type __builtin_expect likely";
const punctuation =
  "( ) { } [ ] ; , . -> * & ! ~ + - / % < > << >> = == != && || ? : # ## \\ \" ' /* */ // ... ++ -- += @ $ `";
const numbers =
  "0 1 -1 2147483647 4294967295 0xffffffffffffffffffffffff 1e9 0x 08 1.5 1000000000 99999999999999999999999999 0b101 " +
  "'\\x 'ab' 0xdeadbeefUL";
const directives = [
  "#if 0",
  "#if 1",
  "#ifdef CONFIG_SMP",
  "#ifndef X",
  "#else",
  "#elif 1",
  "#endif",
  "#define switch_mm switch_mm",
  "#define A B\n#define B A",
  "#define cpu (cpu)",
  "#undef NULL",
  '#include "tlb.c"',
  "#define M(x) M(x, x)",
  "#define N(x) x x x x",
  "#error",
  "#if (((",
  "#if defined(",
  "#define TLB_NR_DYN_ASIDS (TLB_NR_DYN_ASIDS)",
];
const strange = [
  "\0",
  "\uFEFF",
  "\u2028",
  "é",
  "𝒳",
  "\uD800",
  "\r",
  "\r\n",
  "\x1b[31m",
  "\u202e",
  "\t",
  "\v",
  "\f",
  "??/",
];
const nesting = [
  "(",
  "{",
  "[",
  "f(",
  "!",
  "*",
  "&",
  "-",
  "~",
  "({",
  "a ? b : ",
  "if (1) ",
  "while (0) ",
  "do ",
  "x = ",
  "x, ",
  "a + ",
  "a && ",
  "a->",
  "(int)",
  "sizeof ",
];

const listOf = (text: string): string[] => text.split(" ");
const [wordList, punctuationList, numberList] = [words, punctuation, numbers].map(listOf);

interface Token {
  at: number;
  text: string;
}

/** Tokens of a window of the text; all of a large file would take too long. */
function tokensOf(text: string, r: Rng): Token[] {
  const window = 40_000;
  const from = r.int(Math.max(1, text.length - window));
  return [...text.slice(from, from + window).matchAll(token)].map((m) => ({ at: from + m.index, text: m[0] }));
}

/** A change of a text; undefined where there is nothing that it could change. */
type Mutation = (text: string, tokens: Token[], r: Rng) => string | undefined;

const replaced = (text: string, t: Token, by: string): string =>
  text.slice(0, t.at) + by + text.slice(t.at + t.text.length);
const inserted = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at);

/** A mutation of one token by lot. */
const ofToken =
  (change: (text: string, t: Token, r: Rng, tokens: Token[]) => string): Mutation =>
  (text, tokens, r) =>
    tokens.length ? change(text, r.pick(tokens), r, tokens) : undefined;

/** A mutation of the lines. */
const ofLines =
  (change: (lines: string[], at: number, r: Rng) => void): Mutation =>
  (text, _, r) => {
    const lines = text.split("\n");
    change(lines, r.int(lines.length), r);
    return lines.join("\n");
  };

/** A stretch of tokens by lot. */
function stretch(tokens: Token[], r: Rng): { start: number; end: number } | undefined {
  if (tokens.length < 4) return undefined;
  const first = r.int(tokens.length);
  const last = Math.min(tokens.length - 1, first + 1 + r.int(30));
  return { start: tokens[first].at, end: tokens[last].at };
}

export const mutations: Record<string, Mutation> = {
  "delete a token": ofToken((text, t) => replaced(text, t, "")),
  "double a token": ofToken((text, t) => inserted(text, t.at, `${t.text} `)),
  "exchange a token": ofToken((text, t, r, tokens) => replaced(text, t, r.pick(tokens).text)),
  "insert a word": ofToken((text, t, r) => inserted(text, t.at, `${r.pick(wordList)} `)),
  "insert punctuation": ofToken((text, t, r) => inserted(text, t.at, r.pick(punctuationList))),
  "replace by a word": ofToken((text, t, r) => replaced(text, t, r.pick(wordList))),
  "replace by a number": ofToken((text, t, r) => replaced(text, t, r.pick(numberList))),
  "nest deeply": ofToken((text, t, r) => inserted(text, t.at, r.pick(nesting).repeat(r.pick([50, 199, 600, 3000])))),
  "delete a semicolon": (text, tokens, r) => {
    const ends = tokens.filter((t) => t.text === ";");
    return ends.length ? replaced(text, r.pick(ends), "") : undefined;
  },
  "insert a call without semicolon": (text, tokens, r) => {
    const ends = tokens.filter((t) => t.text === ";" || t.text === "{" || t.text === "}");
    const call = r.pick(["prefetch(next)", "barrier()", "f(x)", "smp_mb()", "cpu_relax()", "note(prev)"]);
    return ends.length ? inserted(text, r.pick(ends).at + 1, `\n\t${call}\n`) : undefined;
  },
  "delete a bracket": (text, tokens, r) => {
    const brackets = tokens.filter((t) => /^[{}()[\]]$/.test(t.text));
    return brackets.length ? replaced(text, r.pick(brackets), "") : undefined;
  },
  rename: (text, tokens, r) => {
    const names = tokens.filter((t) => /^[A-Za-z_]/.test(t.text));
    return names.length ? replaced(text, r.pick(names), r.pick(names).text) : undefined;
  },
  "exchange neighbours": (text, tokens, r) => {
    const at = r.int(tokens.length - 1);
    const [a, b] = [tokens[at], tokens[at + 1]];
    return a && b ? text.slice(0, a.at) + b.text + " " + a.text + text.slice(b.at + b.text.length) : undefined;
  },
  "double a stretch": (text, tokens, r) => {
    const s = stretch(tokens, r);
    return s && inserted(text, r.pick(tokens).at, text.slice(s.start, s.end));
  },
  "delete a stretch": (text, tokens, r) => {
    const s = stretch(tokens, r);
    return s && text.slice(0, s.start) + text.slice(s.end);
  },
  "delete lines": ofLines((lines, at, r) => lines.splice(at, 1 + r.int(3))),
  "double a line": ofLines((lines, at) => lines.splice(at, 0, lines[at])),
  "exchange lines": ofLines((lines, at, r) => {
    const other = r.int(lines.length);
    [lines[at], lines[other]] = [lines[other], lines[at]];
  }),
  "insert a directive": ofLines((lines, at, r) => lines.splice(at, 0, r.pick(directives))),
  "join lines": (text, _, r) => text.replace(/\n/g, (end) => (r.chance(0.05) ? " " : end)),
  "cut off": (text, _, r) => text.slice(0, r.int(text.length + 1)),
  "delete characters": (text, _, r) => {
    const at = r.int(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + r.int(3));
  },
  "insert bytes": (text, _, r) =>
    inserted(text, r.int(text.length + 1), r.times(1 + r.int(40), () => String.fromCharCode(r.int(256))).join("")),
  "insert strange characters": (text, _, r) => inserted(text, r.int(text.length + 1), r.pick(strange)),
};

export interface Mutant {
  text: string;
  /** The mutations' names. */
  how: string;
}

/** Mostly one mistake, sometimes up to eight. */
export function mutate(text: string, r: Rng, names: readonly string[] = Object.keys(mutations)): Mutant {
  const how: string[] = [];
  for (let left = r.chance(0.7) ? 1 : 1 + r.int(8); left > 0; left--) {
    const name = r.pick(names);
    const changed = mutations[name](text, tokensOf(text, r), r);
    if (changed === undefined) continue;
    text = changed;
    how.push(name);
  }
  return { text, how: how.join(", ") };
}
