/** Random C functions: statements over integers of all widths, structs, unions, bit-fields, arrays and pointers. */
import type { Rng } from "../rng";
import { ex, st, type Node } from "./tree";

/** Parts of C that a function may use beside plain ints; few at a time, so that a fault of one doesn't hide others. */
const features = [
  "narrow",
  "unsigned",
  "bool",
  "wide",
  "union",
  "bitfield",
  "pointers",
  "structs",
  "calls",
  "sizes",
] as const;
type Feature = (typeof features)[number];

const lvaluesOf: Record<Feature, readonly string[]> = {
  narrow: ["ub", "sb", "uw", "sw", "nw.a", "nw.b", "nw.c", "bytes[1]", "bytes[ga & 3]"],
  unsigned: ["ui", "un", "nw.e"],
  bool: ["flag", "nw.d"],
  wide: ["ul", "sl", "uq", "sq"],
  union: ["bo.i", "bo.c", "bo.s", "ho.i", "ho.c", "ho.k"],
  bitfield: ["bf.f", "bf.g", "bf.h"],
  pointers: ["*pi", "pa[1]", "ps->x", "ps->y", "ps->in.z", "pst[0].x", "(*ps).y"],
  structs: ["s1.x", "s1.y", "s2.x", "s1.in.z", "sa[1].x", "sa[ga & 1].y", "grid[1][gb & 1]"],
  calls: [],
  sizes: [],
};
const plain = ["ga", "gb", "gc", "gd"];
const literals: Partial<Record<Feature | "plain", readonly string[]>> = {
  plain: ["0", "1", "2", "3", "-1", "7", "255", "0x10", "010", "'a'", "'\\n'", "100", "65536", "E1", "E2", "M1"],
  unsigned: ["5u", "0xffffffffu", "0x80000000u"],
  wide: ["3L", "9UL", "0x100000000UL", "-1L", "(1UL << 40)"],
  narrow: ["256", "0x7fffffff", "(-2147483647 - 1)"],
};
const types: Record<string, readonly string[]> = {
  plain: ["int"],
  narrow: ["u8", "s8", "u16", "s16", "unsigned char"],
  unsigned: ["u32", "unsigned int"],
  bool: ["bool"],
  wide: ["unsigned long", "u64", "long"],
};

/** One function's generator. */
class Generator {
  private made = 0;
  private readonly has: Set<Feature>;

  constructor(private readonly r: Rng) {
    this.has = new Set(r.times(r.int(4), () => r.pick(features)));
  }

  body(): Node[] {
    const locals = ["l1", "l2"];
    const start = [
      ...(this.has.has("pointers") ? [st`ps = &s1; pi = &gc; pa = arr; pst = sa;`] : []),
      st`int l1 = 4, l2 = -2;`,
    ];
    const statements = this.r.times(2 + this.r.int(6), () => this.statement(locals, false, 0));
    return [...start, ...statements, st`ga = l1;`, st`gb = l2;`];
  }

  private fresh(letter: string): string {
    return `${letter}${++this.made}`;
  }

  private literal(): Node {
    const { r } = this;
    const list = r.pick(
      ["plain" as const, "plain" as const, ...this.has].flatMap((f) => (literals[f] ? [literals[f]] : [])),
    );
    return ex`${r.pick(list)}`;
  }

  private lvalue(locals: readonly string[]): Node {
    const { r } = this;
    const lists = [plain, locals.length ? locals : plain, ...[...this.has].map((f) => lvaluesOf[f])].filter(
      (l) => l.length,
    );
    if (r.chance(0.1)) return ex`arr[${this.operand(locals)} & 3]`;
    return ex`${r.pick(r.pick(lists))}`;
  }

  private operand(locals: readonly string[]): Node {
    return this.r.chance(0.35) ? this.literal() : this.lvalue(locals);
  }

  private expression(locals: readonly string[], depth = 0): Node {
    const { r } = this;
    if (depth > 2 || r.chance(0.25)) return this.operand(locals);
    const e = (): Node => this.expression(locals, depth + 1);
    return r.weighted<() => Node>([
      [5, () => ex`(${e()} ${r.pick(["+", "-", "*"])} ${e()})`],
      [3, () => ex`(${e()} ${r.pick(["&", "|", "^"])} ${e()})`],
      [3, () => ex`(${e()} ${r.pick(["==", "!=", "<", ">", "<=", ">="])} ${e()})`],
      [2, () => ex`(${e()} ${r.pick(["&&", "||"])} ${e()})`],
      [2, () => ex`(${e()} ? ${e()} : ${e()})`],
      [2, () => ex`${r.pick(["-", "~", "!", "+"])}(${e()})`],
      [2, () => ex`(${e()} ${r.pick(["<<", ">>"])} (${e()} & 15))`],
      [1, () => ex`(${e()} / ((${e()} & 7) + 1))`],
      [1, () => ex`(${e()} % ((${e()} & 7) + 1))`],
      [1, () => ex`LARGER(${this.operand(locals)}, ${this.operand(locals)})`],
      [1, () => ex`(${e()} ?: ${this.literal()})`],
      [2, () => ex`(${r.pick(this.typesHere())})(${e()})`],
      [1, () => this.statementExpression(locals, depth)],
      [1, () => ex`*(arr + (${e()} & 3))`],
      [this.has.has("pointers") ? 3 : 0, () => this.aboutPointers(locals)],
      [this.has.has("calls") ? 4 : 0, () => this.pureCall(e)],
      [this.has.has("sizes") ? 3 : 0, () => ex`sizeof(${r.pick(["int", "u8", "long", "struct st", "s1", "arr"])})`],
    ])();
  }

  private typesHere(): readonly string[] {
    return this.r.pick(["plain", ...this.has].flatMap((f) => (types[f] ? [types[f]] : [])));
  }

  private statementExpression(locals: readonly string[], depth: number): Node {
    const name = this.fresh("t");
    const { r } = this;
    return ex`({ ${r.pick(this.typesHere())} ${name} = ${this.expression(locals, depth + 1)}; ${name} + 1; })`;
  }

  private aboutPointers(locals: readonly string[]): Node {
    const index = this.operand(locals);
    return this.r.pick([
      ex`(pst == sa)`,
      ex`(pst > sa)`,
      ex`(int)(pa - arr)`,
      ex`(int)(pst - sa)`,
      ex`(pst + (${index} & 1))->x`,
      ex`((${index} & 1) + sa)->y`,
      ex`(&sa[${index} & 1])->in.z`,
      ex`*(&arr[1] + (${index} & 1))`,
      ex`getx(&sa[${index} & 1])`,
      ex`!ps`,
      ex`(ps && ps->x)`,
    ]);
  }

  private pureCall(e: () => Node): Node {
    return this.r.pick([
      ex`p1(${e()})`,
      ex`p2(${e()}, ${this.literal()})`,
      ex`low(${e()})`,
      ex`word(${e()})`,
      ex`yes(${e()})`,
    ]);
  }

  private block(locals: readonly string[], inLoop: boolean, depth: number): Node {
    return st`{ ${this.r.times(1 + this.r.int(2), () => this.statement(locals, inLoop, depth))} }`;
  }

  private statement(locals: readonly string[], inLoop: boolean, depth: number): Node {
    const { r } = this;
    const e = (d = 1): Node => this.expression(locals, d);
    const block = (loop = inLoop): Node => this.block(locals, loop, depth + 1);
    const deeper = depth < 2 ? 1 : 0;
    return r.weighted<() => Node>([
      [6, () => st`${this.lvalue(locals)} = ${e(0)};`],
      [2, () => st`${this.lvalue(locals)} ${r.pick(["+=", "-=", "*=", "&=", "|=", "^="])} ${e()};`],
      [1, () => st`${this.lvalue(locals)} ${r.pick(["<<=", ">>="])} (${e()} & 7);`],
      [2, () => st`${this.lvalue(locals)}${r.pick(["++", "--"])};`],
      [1, () => st`${r.pick(["++", "--"])}${this.lvalue(locals)};`],
      [1, () => st`${r.pick(plain)} = ${r.pick(locals)}${r.pick(["++", "--"])};`],
      [3 * deeper, () => st`if (${e()}) ${block()}${r.chance(0.5) ? st` else ${block()}` : ""}`],
      [deeper, () => this.countedLoop(locals, depth)],
      [deeper, () => this.whileLoop(locals, depth)],
      [deeper, () => this.switchStatement(locals, depth)],
      [inLoop ? 2 : 0, () => st`if (${e()}) ${r.pick(["break;", "continue;"])}`],
      [deeper, () => this.jump(locals, inLoop, depth)],
      [deeper, () => this.scoped(locals, inLoop, depth)],
      [1, () => st`${r.pick(plain)} = ({ ${this.statement(locals, false, depth + 1)} ${e(2)}; });`],
      [1, () => st`${r.pick(plain)} = (${e(2)}, ${e(2)});`],
      [this.has.has("calls") ? 3 : 0, () => this.call(e)],
      [this.has.has("structs") ? 2 : 0, () => r.pick([st`s2 = s1;`, st`sa[1] = s1;`, st`s1.in = sa[0].in;`])],
      [this.has.has("pointers") ? 4 : 0, () => this.movePointer()],
    ])();
  }

  private countedLoop(locals: readonly string[], depth: number): Node {
    const i = this.fresh("i");
    return st`for (int ${i} = 0; ${i} < ${String(1 + this.r.int(3))}; ${i}++) ${this.block(locals, true, depth + 1)}`;
  }

  private whileLoop(locals: readonly string[], depth: number): Node {
    const w = this.fresh("w");
    const body = this.block(locals, true, depth + 1);
    return this.r.chance(0.5)
      ? st`{ int ${w} = ${String(this.r.int(3))}; while (${w}-- > 0) ${body} }`
      : st`{ int ${w} = 0; do ${body} while (++${w} < ${String(1 + this.r.int(3))}); }`;
  }

  private switchStatement(locals: readonly string[], depth: number): Node {
    const { r } = this;
    const s = (): Node => this.statement(locals, false, depth + 1);
    const end = (): string => (r.chance(0.6) ? "break;" : "");
    const on = this.expression(locals, 2);
    return st`switch (${on} & 3) { case 0: ${s()} ${end()} case 1 ... 2: ${s()} ${end()} default: ${s()} }`;
  }

  private jump(locals: readonly string[], inLoop: boolean, depth: number): Node {
    const label = this.fresh("out");
    const condition = this.expression(locals, 1);
    return st`if (${condition}) goto ${label}; ${this.statement(locals, inLoop, depth + 1)} ${label}: ;`;
  }

  /** A local of its own block; it may hide one of the function's. */
  private scoped(locals: readonly string[], inLoop: boolean, depth: number): Node {
    const { r } = this;
    const name = r.chance(0.2) ? "l1" : this.fresh("v");
    const inner = this.statement([...locals, name], inLoop, depth + 1);
    const value = this.expression(
      locals.filter((l) => l !== name),
      1,
    );
    return st`{ ${r.pick(this.typesHere())} ${name} = ${value}; ${inner} ${r.pick(plain)} = ${name}; }`;
  }

  private call(e: () => Node): Node {
    const { r } = this;
    return r.pick([
      st`${r.pick(plain)} = f1(${e()});`,
      st`bump(&${r.pick(plain)});`,
      st`fp = p1; ${r.pick(plain)} = fp(${e()});`,
    ]);
  }

  private movePointer(): Node {
    const { r } = this;
    const g = r.pick(plain);
    return r.pick([
      st`ps = ${r.pick(["&s1", "&s2", "ps", "&sa[1]"])};`,
      st`pi = ${r.pick(["&ga", "&gb", "&s1.x", "&arr[2]", "pi"])};`,
      st`pa = ${r.pick(["arr", "&arr[1]", "arr + 2"])};`,
      st`pa = arr; pa += 1; ${g} = *pa;`,
      st`pst = sa; pst += 1; ${g} = pst->x; pst = sa;`,
      st`pst = sa; pst++; ${g} = pst->y; pst = sa;`,
      st`pst = sa + 2; pst -= 1; ${g} = pst->x; pst = sa;`,
      st`pst = 1 + sa; ${g} = pst->x; pst = sa;`,
      st`pst = &sa[2]; ${g} = pst - sa; pst = sa;`,
      st`pst = sa + 1; ${g} = pst[-1].x; pst = sa;`,
      st`pst = sa; ${g} = (++pst)->x; pst = sa;`,
      st`pst = sa; ${g} = pst++->x; pst = sa;`,
      st`pa = arr + 1; ${g} = *pa++; ${g} += *pa; pa = arr;`,
      st`pst = sa; *pst = s1; pst[1] = s2;`,
      st`pi = &s1.y; *pi = ${g}; (*pi)++;`,
    ]);
  }
}

/** A function's body of a seed. */
export const bodyOf = (r: Rng): Node[] => new Generator(r).body();

/** The values to compare at the end. */
export function observed(body: string): string[] {
  const whole: Record<string, readonly string[]> = {
    arr: ["arr[0]", "arr[1]", "arr[2]", "arr[3]"],
    grid: ["grid[1][0]", "grid[1][1]"],
    bytes: ["bytes[0]", "bytes[1]", "bytes[2]", "bytes[3]"],
    s1: ["s1.x", "s1.y", "s1.in.z"],
    s2: ["s2.x", "s2.y", "s2.in.z"],
    sa: ["sa[0].x", "sa[0].y", "sa[1].x", "sa[1].y", "sa[1].in.z"],
    nw: ["nw.a", "nw.b", "nw.c", "nw.d", "nw.e"],
    bf: ["bf.f", "bf.g", "bf.h"],
    bo: ["bo.i", "bo.c"],
    ho: ["ho.k", "ho.i", "ho.c"],
    uq: ["(uq >> 16) >> 16"],
    ul: ["ul", "(ul >> 16) >> 16"],
  };
  const names = new Set(
    body.match(/\b(?:g[a-d]|ub|sb|uw|sw|ui|un|flag|ul|sl|uq|sq|arr|grid|bytes|s[12]|sa|nw|bf|bo|ho)\b/g),
  );
  return [...names].flatMap((n) => whole[n] ?? [n]);
}
