/** What generated functions can name: variables of every integer type, structs, unions, macros, functions. */

export interface Declaration {
  /** The names that it declares. */
  names: readonly string[];
  text: string;
  /** A function's definition; gcc nests it in another function, where `static` isn't allowed. */
  fn?: boolean;
}

/** Integer variables by their names: type and first value. */
export const integers = {
  ga: ["int", "1"],
  gb: ["int", "2"],
  gc: ["int", "3"],
  gd: ["int", "-4"],
  ub: ["u8", "200"],
  sb: ["s8", "-5"],
  uw: ["u16", "65000"],
  sw: ["s16", "-300"],
  ui: ["u32", "4000000000u"],
  un: ["unsigned int", "7"],
  flag: ["bool", "true"],
  ul: ["unsigned long", "9"],
  sl: ["long", "-9"],
  uq: ["u64", "0x100000003UL"],
  sq: ["s64", "-7"],
} as const;

export type IntegerName = keyof typeof integers;

const variables = Object.entries(integers).map(([name, [type, value]]): Declaration => ({
  names: [name],
  text: `static ${type} ${name} = ${value};`,
}));

const results = Array.from({ length: 40 }, (_, i): Declaration => ({ names: [`r${i}`], text: `static int r${i};` }));

export const declarations: readonly Declaration[] = [
  { names: ["E0", "E1", "E2", "colour"], text: "enum colour { E0, E1 = 5, E2 };" },
  { names: ["M1"], text: "#define M1 (E1 + 2)" },
  { names: ["LARGER"], text: "#define LARGER(a, b) ((a) > (b) ? (a) : (b))" },
  { names: ["inner"], text: "struct inner { int z; };" },
  { names: ["st"], text: "struct st { int x, y; struct inner in; };" },
  { names: ["narrow"], text: "struct narrow { u8 a; s8 b; u16 c; bool d; u32 e; };" },
  { names: ["bits"], text: "struct bits { unsigned int f : 3; unsigned int g : 1; int h : 4; };" },
  { names: ["both"], text: "union both { int i; u8 c; u16 s; };" },
  { names: ["holder"], text: "struct holder { int k; union { int i; u8 c; }; };" },
  ...variables,
  ...results,
  { names: ["arr"], text: "static int arr[4] = { 10, 20, [3] = 40 };" },
  { names: ["grid"], text: "static int grid[2][2] = { { 1, 2 }, { 3, 4 } };" },
  { names: ["bytes"], text: "static u8 bytes[4] = { 1, 2, 250, 255 };" },
  { names: ["s1"], text: "static struct st s1 = { 1, 2, { 3 } };" },
  { names: ["s2"], text: "static struct st s2 = { .y = 5 };" },
  { names: ["sa"], text: "static struct st sa[3] = { { 6, 7, { 8 } }, { .x = 9, .in = { .z = 11 } }, { 12, 13 } };" },
  { names: ["nw"], text: "static struct narrow nw = { 1, -2, 3, true, 5 };" },
  { names: ["bf"], text: "static struct bits bf;" },
  { names: ["bo"], text: "static union both bo;" },
  { names: ["ho"], text: "static struct holder ho;" },
  { names: ["ps"], text: "static struct st *ps;" },
  { names: ["pst"], text: "static struct st *pst;" },
  { names: ["pi"], text: "static int *pi;" },
  { names: ["pa"], text: "static int *pa;" },
  { names: ["fp"], text: "static int (*fp)(int);" },
  { names: ["p1"], fn: true, text: "static int p1(int x)\n{\n\tif (x > 3)\n\t\treturn x - 1;\n\treturn x + 2;\n}" },
  { names: ["p2"], fn: true, text: "static int p2(int x, int y)\n{\n\treturn x ? y : 3;\n}" },
  {
    names: ["f1"],
    fn: true,
    text: "static int f1(int x)\n{\n\tstatic int calls;\n\tcalls++;\n\treturn x > 3 ? calls : ga;\n}",
  },
  { names: ["getx"], fn: true, text: "static int getx(struct st *p)\n{\n\treturn p->x;\n}" },
  { names: ["bump"], fn: true, text: "static void bump(int *p)\n{\n\t*p = 6;\n}" },
  { names: ["low"], fn: true, text: "static u8 low(int x)\n{\n\treturn x;\n}" },
  { names: ["word"], fn: true, text: "static int word(u16 x)\n{\n\treturn x;\n}" },
  { names: ["yes"], fn: true, text: "static bool yes(int x)\n{\n\treturn x;\n}" },
];

const namesIn = (text: string): string[] => text.match(/[A-Za-z_]\w*/g) ?? [];
const byName = new Map(declarations.flatMap((d) => d.names.map((n) => [n, d] as const)));

/** The declarations that a text needs, directly or through others, in their order. */
export function neededBy(text: string): Declaration[] {
  const found = new Set<Declaration>();
  const add = (t: string): void => {
    for (const name of namesIn(t)) {
      const d = byName.get(name);
      if (d && !found.has(d)) {
        found.add(d);
        add(d.text);
      }
    }
  };
  add(text);
  return declarations.filter((d) => found.has(d));
}

/** The type of a name, for naming a cause: `u8` for ub. */
export function typeOfName(name: string): string | undefined {
  if (name in integers) return integers[name as IntegerName][0];
  if (/^r\d+$/.test(name) || /^(l|v|t|i|w|d)\d+$/.test(name)) return "int";
  const text = byName.get(name)?.text;
  return text && /^static (.*?)\b(?:s1|s2|sa|nw|bf|bo|ho|ps|pst|pi|pa|arr|grid|bytes)\b/.exec(text)?.[1].trim();
}
