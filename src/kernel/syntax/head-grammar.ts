/**
 * C's grammar of a function's head (C standard, 6.7 and 6.9.1), with the annotations that the kernel writes. It gives
 * the first place that no head has.
 */
import { ANNOTATION_WORDS } from "./declarators";

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));
const qualifiers = words("const volatile restrict __restrict __restrict__ __const __const__ __volatile__ _Atomic");
const storage = words("static extern inline register auto _Noreturn __inline __inline__ __extension__");
const builtIn = words("void char short int long float double signed unsigned bool _Bool __int128");
const tagged = words("struct union enum");
const typeOf = words("typeof __typeof__ __typeof typeof_unqual");
const otherKeywords = words(
  "if else while for do switch case default break continue return goto sizeof typedef asm __asm__ _Alignof _Generic",
);
const lists = [qualifiers, storage, builtIn, tagged, typeOf, otherKeywords];
const isKeyword = (word: string): boolean => lists.some((list) => list.has(word));

/** Also those that nobody knows; but what ends with __, too, is gcc's. */
const annotation = new RegExp(
  `^(?:${ANNOTATION_WORDS}|__(?!u?int128\\b|[usbl]e?\\d+\\b)(?:\\w*[^\\W_]|attribute_\\w+))$`,
);

interface Token {
  text: string;
  at: number;
}

const tokensOf = (text: string, from: number, to: number): Token[] =>
  [...text.slice(from, to).matchAll(/[A-Za-z_]\w*|\d\w*|\.\.\.|->|"(?:\\.|[^"\\\n])*"|[^\w\s*()[\],;."]+|\S/g)].map(
    (m) => ({
      text: m[0],
      at: from + m.index,
    }),
  );

/** What can't stand where it does. */
class Stray extends Error {
  constructor(readonly token: Token | undefined) {
    super();
  }
}

/** Names that a head may have as annotations, and those that it can't, for they mean something else. */
export interface HeadNames {
  isAnnotation(name: string): boolean;
  isOther(name: string): boolean;
}

class Reader {
  private i = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly nameAt: number,
    private readonly names: HeadNames,
  ) {}

  /** The whole head. */
  head(): void {
    this.specifiers(false);
    this.pointers();
    if (this.tokens[this.i]?.at !== this.nameAt || this.isOneOf(isKeyword)) throw new Stray(this.tokens[this.i]);
    this.i++;
    this.expect("(");
    const list = this.i;
    const isList = !this.is(")");
    if (isList) this.parameters();
    this.expect(")");
    this.annotations();
    // Declarations of the parameters may stand here, as they did before C had prototypes.
    if (this.i < this.tokens.length && isList && this.isNames(list)) {
      while (this.i < this.tokens.length) this.oldDeclaration();
    }
    if (this.i < this.tokens.length) throw new Stray(this.tokens[this.i]);
  }

  /** Are the parameters from here on mere names? */
  private isNames(from: number): boolean {
    const close = this.tokens.findIndex((t, i) => i >= from && t.text === ")");
    return this.tokens
      .slice(from, close)
      .every((t, i) => (i % 2 ? t.text === "," : /^[A-Za-z_]/.test(t.text) && !isKeyword(t.text)));
  }

  private oldDeclaration(): void {
    this.specifiers(true);
    do this.declarator();
    while (this.take(","));
    this.expect(";");
  }

  private parameters(): void {
    do {
      if (this.take("...")) return;
      const from = this.i;
      this.specifiers(true);
      this.declarator();
      if (this.i === from) throw new Stray(this.tokens[this.is(")") ? from - 1 : from]);
    } while (this.take(","));
  }

  /** Storage classes, qualifiers, annotations, and the type. */
  private specifiers(inParameter: boolean): void {
    let type: "built in" | "other" | undefined;
    /** A name that stands for the type, and is none where a type follows. */
    let named: Token | undefined;
    for (; ; this.i++) {
      const word = this.tokens[this.i]?.text;
      if (word === undefined || !/^[A-Za-z_]/.test(word)) return;
      if (qualifiers.has(word)) continue;
      if (storage.has(word)) {
        if (inParameter && word !== "register") throw new Stray(this.tokens[this.i]);
      } else if (tagged.has(word)) {
        if (type) throw new Stray(named ?? this.tokens[this.i]);
        type = "other";
        this.i++;
        if (this.tokens[this.i + 1]?.text === "(") this.annotations();
        if (!this.isName()) throw new Stray(this.tokens[this.i - 1]);
      } else if (typeOf.has(word)) {
        if (type) throw new Stray(named ?? this.tokens[this.i]);
        type = "other";
        this.i++;
        this.group();
        this.i--;
      } else if (builtIn.has(word)) {
        if (type === "other") throw new Stray(named ?? this.tokens[this.i]);
        type = "built in";
      } else if (otherKeywords.has(word)) throw new Stray(this.tokens[this.i]);
      else if (this.isAnnotation()) {
        this.annotation();
        this.i--;
      } else {
        // The only name may be the function's, which gives an int then.
        if (type || this.tokens[this.i].at === this.nameAt) return;
        type = "other";
        named = this.tokens[this.i];
      }
    }
  }

  private pointers(): void {
    while (this.take("*")) while (this.isOneOf((w) => qualifiers.has(w)) || this.isAnnotation()) this.annotation();
    this.annotations();
  }

  /** What makes a parameter of its type: a name, or none; pointers, lengths, parameters of its own. */
  private declarator(): void {
    this.pointers();
    if (this.is("(")) {
      this.i++;
      this.annotations();
      this.pointers();
      if (this.isName()) this.i++;
      this.lengths();
      this.expect(")");
      if (this.is("(")) this.group();
    } else if (this.isName() && !this.isAnnotation()) {
      this.i++;
      if (this.is("(")) this.group();
    }
    this.lengths();
    this.annotations();
  }

  private lengths(): void {
    while (this.is("[")) this.group();
  }

  private annotations(): void {
    while (this.isAnnotation()) this.annotation();
  }

  private annotation(): void {
    const word = this.tokens[this.i++];
    if (this.is("(") && annotation.test(word.text)) this.group();
    else if (/^__attribute(?:__)?$/.test(word.text)) throw new Stray(word);
  }

  /** Brackets, and what stands between them. */
  private group(): void {
    let depth = 0;
    const from = this.i;
    for (; this.i < this.tokens.length; this.i++) {
      if (/^[([{]$/.test(this.tokens[this.i].text)) depth++;
      else if (/^[)\]}]$/.test(this.tokens[this.i].text)) depth--;
      if (depth === 0) break;
    }
    if (depth !== 0 || this.i === from) throw new Stray(this.tokens[from]);
    this.i++;
  }

  private is(text: string): boolean {
    return this.tokens[this.i]?.text === text;
  }

  private isOneOf(test: (word: string) => boolean): boolean {
    const token = this.tokens[this.i];
    return token !== undefined && test(token.text);
  }

  private isName(): boolean {
    return this.isOneOf((w) => /^[A-Za-z_]/.test(w) && !isKeyword(w));
  }

  private isAnnotation(): boolean {
    if (this.tokens[this.i]?.at === this.nameAt) return false;
    return this.isOneOf(
      (w) => !isKeyword(w) && (this.names.isAnnotation(w) || (annotation.test(w) && !this.names.isOther(w))),
    );
  }

  private take(text: string): boolean {
    if (!this.is(text)) return false;
    this.i++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new Stray(this.tokens[this.i]);
  }
}

/**
 * Where the text from `from` to `to`, which is read as the head of the function whose name stands at `nameAt`, isn't
 * one; undefined where it is.
 */
export function strayInHead(
  text: string,
  { from, to, nameAt }: { from: number; to: number; nameAt: number },
  names: HeadNames,
): { start: number; end: number } | undefined {
  try {
    new Reader(tokensOf(text, from, to), nameAt, names).head();
    return undefined;
  } catch (e) {
    if (!(e instanceof Stray)) throw e;
    return e.token ? { start: e.token.at, end: e.token.at + e.token.text.length } : { start: to, end: to + 1 };
  }
}
