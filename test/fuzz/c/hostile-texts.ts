/** Texts made to use up time or memory, by what is too much of them. */
import type { Rng } from "../rng";

/** Stands in a toy: declarations, and the body of its function. */
export interface Hostile {
  declarations: string;
  body: string;
  /** Can't be right: without an error at its place something was swallowed. */
  refused?: boolean;
  /** Nothing is wrong with it but its length. */
  long?: boolean;
}

type Make = (r: Rng) => Hostile;

const many = (n: number, make: (i: number) => string, between = "\n"): string =>
  Array.from({ length: n }, (_, i) => make(i)).join(between);

/** Each of `n` names stands for more of the next one. */
const chain = (n: number, make: (name: string, next: string) => string): string =>
  many(n, (i) => make(`M${i}`, `M${i + 1}`));

/** A text of each kind, with its sizes and spellings chosen at random. */
export const hostileTexts: Record<string, Make> = {
  "a macro that stands for itself": (r) => {
    const names = ["NN", "NA", "NB"].slice(0, 1 + r.int(3));
    const lines = names.map(
      (name, i) => `#define ${name} (${names[(i + 1) % names.length]}${r.pick(["", " + 1", " | 2"])})`,
    );
    const use = r.pick([
      "static int zz = NN;",
      "static int zz[NN];",
      "enum { ZZ = NN };",
      "#if NN\nstatic int zz;\n#endif",
    ]);
    return {
      declarations: `${lines.join("\n")}\n${use}`,
      body: r.pick(["int q = zz;", "int q = NN;", "if (NN) return;"]),
    };
  },
  "a macro with arguments that stands for itself": (r) => {
    const again = r.pick(["R(x)", "R(x + x)", "R(R(x))", "S(x)"]);
    return { declarations: `#define R(x) (${again})\n#define S(x) (R(x))\nstatic int a;`, body: "a = R(1);" };
  },
  "macros that double": (r) => {
    const n = r.pick([20, 30, 60, 200]);
    const twice = r.pick(["x + x", "x, x", "(x) * (x)", "f(x, x)"]);
    const call = r.pick(["a = M0(1);", "if (M0(a)) return;", "a = M0(M0(1));"]);
    return { declarations: `${chain(n, (m, next) => `#define ${m}(x) ${next}(${twice})`)}\nstatic int a;`, body: call };
  },
  "names that double": (r) => {
    const n = r.pick([20, 30, 60, 200]);
    const use = r.pick(["static int zz = M0;", "static int zz[M0];", "enum { ZZ = M0 };", "static int zz;"]);
    const end = `#define M${n} 1`;
    return {
      declarations: `${chain(n, (m, next) => `#define ${m} (${next} + ${next})`)}\n${end}\n${use}`,
      body: "int q = M0;",
    };
  },
  "conditionals that double": (r) => {
    const n = r.pick([20, 30, 60]);
    const lines = `${chain(n, (m, next) => `#define ${m} (${next} || ${next})`)}\n#define M${n} 0`;
    return { declarations: `${lines}\n#if M0\nstatic int b;\n#endif\nstatic int a;`, body: "a = 1;" };
  },
  "a large macro": (r) => {
    const size = r.pick([100_000, 1_000_000]);
    const body = r.pick(["x + ", "(", "f(x), ", "y ", "{ ", '"a" ']);
    return {
      declarations: `#define BIG(x) ${body.repeat(size / body.length)}x\nstatic int a;`,
      body: r.pick(["a = BIG(1);", "a = 1;"]),
    };
  },
  "a macro with many arguments": (r) => {
    const n = r.pick([1000, 20_000]);
    const names = many(n, (i) => `a${i}`, ", ");
    return { declarations: `#define W(${names}) a0\nstatic int a;`, body: `a = W(${many(n, () => "1", ", ")});` };
  },
  "a struct that holds itself": (r) => {
    const names = ["selfy", "sb", "sc"].slice(0, 1 + r.int(3));
    const kind = r.pick(["struct", "union"]);
    const structs = names.map((s, i) => `${kind} ${s} { ${kind} ${names[(i + 1) % names.length]} s; int a; };`);
    const use = r
      .pick(["static struct selfy v;", "static struct selfy v[2];", "static struct selfy *v;"])
      .replace(/struct/, kind);
    const member = use.includes("*") ? "v->s.a" : use.includes("[") ? "v[0].a" : "v.a";
    return { declarations: `${structs.join("\n")}\n${use}\nstatic int n;`, body: `n = ${member};`, refused: true };
  },
  "a type that is itself": (r) => {
    const decls = r.pick([
      "typedef ta ta;",
      "typedef tb ta;\ntypedef ta tb;",
      "typedef ta ta[2];",
      "typedef typeof(v) ta;",
    ]);
    return { declarations: `${decls}\nstatic ta v;\nstatic int n;`, body: "n = v;" };
  },
  "a large array": (r) => {
    const size = r.pick(["1000000000", "2147483647", "0x7fffffffffff", "100000000", "65536 * 65536", "-1", "1 << 30"]);
    const type = r.pick(["int", "char", "struct st"]);
    const where = r.chance(0.5);
    const text = r.pick([`${type} big[${size}];`, `${type} big[4][${size}];`, `${type} big[30000][30000];`]);
    const end = type === "struct st" ? ".x" : "";
    const use = `n = ${text.includes("][") ? "big[0][0]" : "big[0]"}${end};`;
    const head = "struct st { int x, y; };\nstatic int n;\n";
    if (where) return { declarations: `${head}static ${text}`, body: use };
    return { declarations: head, body: `${text} ${use}` };
  },
  "a large array in a struct": (r) => {
    const size = r.pick(["1000000000", "2147483647", "100000000"]);
    const use = r.pick([
      "static struct large v;",
      "static struct large v[3], *p;",
      "static DEFINE_PER_CPU(struct large, v);",
    ]);
    const read = use.includes("[") ? "v[0].a[1]" : use.includes("PER_CPU") ? "per_cpu(v, 0).a[1]" : "v.a[1]";
    return { declarations: `struct large { int a[${size}]; };\n${use}\nstatic int n;`, body: `n = ${read};` };
  },
  "a designator far out": (r) => {
    const at = r.pick(["1000000000", "0x7fffffff", "[0 ... 1000000000]", "-1"]);
    const place = at.startsWith("[") ? at : `[${at}]`;
    return { declarations: `static int a[] = { ${place} = 1 };\nstatic int n;`, body: "n = a[0];" };
  },
  "many locals": (r) => {
    const n = r.pick([20_000, 50_000]);
    const one = r.pick([
      (i: number) => `int v${i} = ${i};`,
      (i: number) => `struct st v${i};`,
      (i: number) => `int v${i}[8];`,
    ]);
    return { declarations: "struct st { int x; };\nstatic int n;", body: `${many(n, one)}\nn = 1;` };
  },
  "many statements": (r) => ({
    declarations: "static int n;",
    body: many(r.pick([5000, 20_000]), () => r.pick(["n++;", "n = n + 1;", "if (n) n--;"])),
    long: true,
  }),
  "many globals": (r) => {
    const n = r.pick([5000, 20_000]);
    return { declarations: many(n, (i) => `static int g${i} = ${i};`), body: `g0 = g${n - 1};`, long: true };
  },
  "many functions": (r) => {
    const n = r.pick([1000, 5000]);
    const f = (i: number): string => `static int f${i}(int x) { return ${i + 1 < n ? `f${i + 1}(x)` : "x"}; }`;
    return { declarations: `${many(n, f)}\nstatic int a;`, body: "a = f0(1);", long: true };
  },
  "a function that calls itself": (r) => {
    const n = r.pick([3, 15, 100_000]);
    const through = r.pick(["rec", "(*again)", "again"]);
    const f =
      `static int (*again)(int);\nstatic int n;\nstatic int rec(int x) { if (x <= 0) return 0; return ${through}(x ` +
      "- 1) + 1; }";
    return { declarations: f, body: `again = rec;\nn = rec(${n});` };
  },
  "a long string": (r) => {
    const piece = r.pick(['\\"', "a", "\\\\", '" "', "\\n", "%s", "/*", "//"]);
    const text = piece.repeat(200_000 / piece.length);
    const open = r.chance(0.3);
    const use = r.pick([`printk("${text}${open ? "" : '"'});`, `static char *s = "${text}${open ? "" : '"'};`]);
    return use.startsWith("static")
      ? { declarations: `${use}\nstatic int n;`, body: "n = 1;" }
      : { declarations: "static int n;", body: `${use}\nn = 1;` };
  },
  "a long run of one thing": (r) => {
    const piece = r.pick([
      '\\"',
      "'",
      '"',
      "/*",
      "*/",
      "//\n",
      "\\\n",
      "#\n",
      "#if 1\n",
      "#else\n",
      "#endif\n",
      "#define A\n",
      "(",
      ")",
      "{",
      "}",
      "[",
      ";",
      ",",
      " ",
      "\n",
      "\t",
      "x ",
      "x,",
      "*",
      "int ",
      "struct ",
      "__attribute__((",
      "a.",
      "a->",
      "= ",
      "EXPORT_SYMBOL(",
      "static ",
      "typedef ",
      "asm(",
      "do ",
      "if (1) ",
      "&",
      "1",
      "0x",
      "?",
      ":",
      "case 1:",
      "x:",
      "\u2028",
      "\0",
    ]);
    const run = piece.repeat(Math.ceil(200_000 / piece.length));
    return r.chance(0.5)
      ? { declarations: `${run}\nstatic int n;`, body: "n = 1;" }
      : { declarations: "static int n;", body: `${run}\nn = 1;` };
  },
  "a large number": (r) => {
    const digits = r.pick(["9", "f", "0", "1"]).repeat(r.pick([30, 400, 200_000]));
    const value = r.pick([`0x${digits}`, `1${digits}`, `1e${digits.slice(0, 9)}`, `1 << ${digits.slice(0, 9)}`]);
    return {
      declarations: "static int n;",
      body: r.pick([`n = ${value};`, `for (int i = 0; i < ${value}; i++) n++;`]),
    };
  },
  "a wide enum": (r) => {
    const n = r.pick([20_000, 60_000]);
    return {
      declarations: `enum { ${many(n, (i) => `E${i}`, ", ")} };\nstatic int n;`,
      body: `n = E${n - 1};`,
      long: true,
    };
  },
  "a long expression": (r) => {
    const n = r.pick([2000, 20_000]);
    const [start, one, end] = r.pick([
      ["n", " + n", ""],
      ["n", " && n", ""],
      ["", "n ? n : ", "n"],
      ["", "!", "n"],
      ["n", ", n", ""],
      ["n", " = n", ""],
    ]);
    return { declarations: "static int n;", body: `n = ${start}${one.repeat(n)}${end};` };
  },
};
