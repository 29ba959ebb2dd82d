/** Integers with C's width and sign, and pointers that are counted with. */
import assert from "node:assert/strict";
import { compile, complaint } from "../../support/kernel";
import { leaves, toy } from "../../support/machine";

const c =
  "struct s { int a; int b; int c; } v[4]; int x, y, z; unsigned int u; u8 b8; s8 c8; u16 h; bool t; struct s *p;";
const runs = (body: string, expected: Record<string, number>, more = "") => {
  const used = "p = &v[0]; p->a = 0; p->b = 0; p->c = 0;";
  assert.deepEqual(leaves(used + body, Object.keys(expected), { c: c + more }), expected, body);
};

describe("pointer arithmetic", () => {
  it("moves by what the pointer points to, in every form", () => {
    for (const move of [
      "q += 2;",
      "q++; ++q;",
      "q = q + 2;",
      "q = 2 + q;",
      "q = &q[2];",
      "q += 3; q -= 1;",
      "q = q + 3 - 1;",
    ])
      runs(`struct s *q = v; ${move} q->b = 7; x = v[2].b;`, { x: 7 });
  });
  it("counts the elements between two pointers", () =>
    runs("struct s *q = &v[3]; x = q - p; y = p - q; z = q - 1 > p;", { x: 3, y: -3, z: 1 }));
  it("doesn't scale what was cast to a number", () =>
    runs("unsigned long n = (unsigned long)p; x = (unsigned long)p + 4 - n; y = (long)(p + 1) - (long)p > 1;", {
      x: 4,
      y: 1,
    }));
});

describe("integers", () => {
  it("of a choice have the type of both, whichever is chosen", () => {
    runs("u = 4000000000u; x = (u ?: -1) >= 1; y = (1 ? -1 : u) > 0; z = (0 ? u : -1) > 0;", { x: 1, y: 1, z: 1 });
    runs("x = (1 ? -1 : y) > 0; z = (y ? u : -1) > 0;", { x: 0, z: 1 });
  });
  it("in brackets before an operator are no type: that is told, or read as C has it", () => {
    runs("x = 3; y = (x) * 2; z = (x) - 1;", { x: 3, y: 6, z: 2 });
    assert.ok(
      compile(`${c}void scenario_t(void)\n{\n\ty = (x * (y * y)) * 0;\n}\n`).diagnostics.some((d) =>
        /reads what stands in brackets here as a type/.test(d.message),
      ),
    );
  });
  it("are cut to their width where they are kept", () => {
    runs("b8 = 258; c8 = 200; h = 0x12345; x = b8; y = c8; z = h;", { x: 2, y: -56, z: 0x2345 });
    runs("x = (u8)257; y = (s8)255; z = (u16)-1;", { x: 1, y: -1, z: 0xffff });
    runs("b8 = 255; b8++; x = b8; b8 -= 1; y = b8; b8 += 3; z = b8;", { x: 0, y: 255, z: 2 });
    runs("u8 l = 300; x = l; x += f(511);", { x: 44 + 255 }, "u8 f(u8 a) { return a + 256; }");
    runs("x = w.m;", { x: 1 }, "struct w { u8 m; } w = { 257 };");
  });
  it("are true or false as bool", () => {
    runs("bool b = 4; x = (b == 1); t = 8; y = t; z = (bool)2 + (bool)p;", { x: 1, y: 1, z: 2 });
    runs("x = f(16); y = f(0);", { x: 1, y: 0 }, "bool f(int a) { return a & 16; }");
    runs("bool l = x == 0; y = l; l |= 6; z = l;", { y: 1, z: 1 });
  });
  it("have the types that typedefs name", () => {
    const more = "typedef u16 asid_t; typedef asid_t id_t, two_t; typedef unsigned long val_t; typedef bool yes_t; ";
    runs(
      "n = 0x12345; x = n; y = (id_t)-1; z = f(0x20003);",
      { x: 0x2345, y: 0xffff, z: 3 },
      `${more}asid_t n;
      two_t f(two_t a) { return a; }`,
    );
    runs(
      "val_t l = -1; x = l > 5; yes_t q = 4; y = q; z = sizeof(asid_t) + sizeof(val_t);",
      { x: 1, y: 1, z: 10 },
      more,
    );
    runs(
      "struct w { asid_t m; } k; k.m = -1; x = k.m; loop_t l = -1; y = l;",
      { x: 0xffff, y: -1 },
      `${more}typedef loop_t hoop_t; typedef hoop_t loop_t;`,
    );
  });
  it("are compared, divided and shifted as their types say", () => {
    runs("x = -1 < 5u; y = -1 < 5; u = -1; z = u > 5;", { x: 0, y: 1, z: 1 });
    runs("u = -2; x = u / 0x40000000u; y = u % 16; z = u >> 28;", { x: 3, y: 14, z: 15 });
    runs("unsigned long end = -1UL; x = end - 0 > 33; y = (long)end < 0; z = (int)end >> 4;", { x: 1, y: 1, z: -1 });
    runs("t = 1; x = (y ? t : 3) == 3; z = (bool)(y ? t : 3); t = x ? 3 : t; u = t;", { x: 1, z: 1, u: 1 });
    runs("b8 = 5; x = b8 - 6 < 0; h = 1; y = -h < 0; z = -1 >= 0U;", { x: 1, y: 1, z: 1 });
    runs("x = 0xffffffff > 5; y = 4294967295u / 2 == 0x7fffffff; z = 010u;", { x: 1, y: 1, z: 8 });
  });
  it("of a constant expression are as wide as they have to be", () => {
    runs("x = (0x100000000UL != 0); y = (1UL << 40) >> 38; z = (0xffffffffu + 1UL) / 0x10000 == 0x10000;", {
      x: 1,
      y: 4,
      z: 1,
    });
    runs("x = (u32)0x100000005UL; y = -1L == 0xffffffff; z = ~0UL == -1;", { x: 5, y: 0, z: 1 });
    runs(
      "if (1UL << 40) x = 1; y = k; z = l;",
      { x: 1, y: 3, z: 1 },
      "int k = (3UL << 33) >> 33, l = -1 < 0U ? 2 : 1;",
    );
  });
  it("wider than the machine's are told of, but not in masks", () => {
    const told = (body: string) => compile(`${c}\nvoid scenario_t(void)\n{\n${body}\n}`);
    const wide = told("u64 w = 0x100000000UL;");
    assert.deepEqual(
      wide.unknowns.filter((n) => n.kind === "number").map((n) => n.name),
      ["0x100000000UL"],
    );
    assert.deepEqual(wide.diagnostics.map(complaint), ["4:9 cannot-lower: 0x100000000UL"]);
    assert.deepEqual(told("x = y & 0xfffffffff000UL;").diagnostics, []);
    const { unknowns } = compile(`static u64 w, k = 0x1234567890UL;\nvoid scenario_t(void)\n{\nw = k;\n}`);
    assert.ok(unknowns.some((n) => n.kind === "number"));
  });
});

describe("a number of 64 bits", () => {
  /** What a run came to rest on, as the text where it stands. */
  const wide = (body: string, more = ""): string[] => {
    const machine = toy([body], { c: c + more });
    const found = new Set<number>();
    for (
      let { state } = machine.initial(), [move] = machine.moves(state);
      move !== undefined;
      [move] = machine.moves(state)
    ) {
      const applied = machine.apply(state, move);
      for (const n of applied.unknowns) found.add(n);
      state = applied.state;
    }
    return [...found].map((n) => machine.program.unknowns[n].name);
  };
  it("is watched where it is computed, and a verdict that rests on what doesn't fit can't be firm", () => {
    assert.deepEqual(wide("u64 w = 0x7fffffff; w += u + 1;", "unsigned int u = 5;"), ["w += u + 1"]);
    assert.deepEqual(wide("u64 w = 5; w <<= by; y = w;", "int by = 40;"), ["w <<= by"]);
    assert.deepEqual(wide("long w = 0x10000; w = w * w;"), ["w * w"]);
    assert.deepEqual(wide("u32 a = 0; a--; u64 w = a;").length, 1);
    assert.deepEqual(wide("u64 w = 1; w -= 2; w >>= 4;"), ["w >>= 4"]);
  });
  it("is exact as long as it fits", () => {
    assert.deepEqual(wide("u64 w = 1; w -= 2; w += 5; w <<= 20; w = w / 3 % 7; x = w >> 40; long s = -5; s *= 7;"), []);
    runs("u64 w = 1; w -= 2; x = w >> 40 == 0xffffff; y = w % 10; z = w > 7;", { x: 1, y: 5, z: 1 });
    runs("long w = -8; x = w >> 40; y = w / 3; z = w < 3u;", { x: -1, y: -2, z: 1 });
  });
  it("may be beyond a cell where it is only compared: a range that ends at TLB_FLUSH_ALL", () => {
    const range = "unsigned long start = 0, end = -1UL; x = (end - start) >> 12 > 33; y = 33 >= (end - start) >> 12;";
    assert.deepEqual(wide(range), []);
    runs(range, { x: 1, y: 0 });
    assert.deepEqual(wide("unsigned long end = -1UL; unsigned long n = end >> 12; x = n > 33;"), ["end >> 12"]);
  });
});

describe("sizes in bytes", () => {
  it("are C's, of integers, pointers, arrays and structures", () => {
    runs("x = sizeof(u8) + sizeof(short) + sizeof(long) + sizeof(p) + sizeof(bool) + sizeof(v);", {
      x: 1 + 2 + 8 + 8 + 1 + 48,
    });
    runs(
      "x = sizeof(struct w); y = offsetof(struct w, c); z = sizeof(w.a[0]);",
      { x: 32, y: 24, z: 2 },
      "struct w { u8 k; struct { long l; } m; u16 a[2]; char *c; } w;",
    );
    runs("x = sizeof(union w);", { x: 8 }, "union w { u8 k; long l; u16 a[3]; };");
  });
  it("that depend on what isn't declared are told of, but not where only a quotient is asked for", () => {
    const told = (body: string) =>
      compile(`struct w { foo_t a; } w[3]; int x;\nvoid scenario_t(void)\n{\n${body}\n}`).diagnostics.map(complaint);
    assert.deepEqual(told("x = sizeof(w);"), ["4:5 cannot-lower: sizeof(w)"]);
    assert.deepEqual(told("x = sizeof(w) / sizeof(w[0]);"), []);
  });
  it("aren't those of cells: integers of another size can't be looked at in one", () => {
    const told = (body: string) => compile(`${c}\nvoid scenario_t(void)\n{\n${body}\n}`).diagnostics.map(complaint);
    assert.deepEqual(told("x = *(u8 *)&y;"), ["4:6 cannot-lower: (u8 *)&y"]);
    assert.deepEqual(told("x = *(u32 *)&y; p = (struct s *)(void *)p;"), []);
  });
});

describe("a number behind a bracket", () => {
  for (const [expression, value] of [
    ["(x)-1", 6],
    ["(x)+1", 8],
    ["(x)-1 - (x)-1", -2],
    ["3 * (x)-1*2", 19],
    ["(x) & 2", 2],
    ["(u16)-1", 65535],
    ["(u8)-1*2", 510],
    ["sizeof(u32)-1", 3],
    ["2*sizeof(u32)-1*2", 6],
    ["sizeof(u64)*3+1", 25],
    ["f(3)-1", 2],
  ] as const)
    it(`has its sign only where C has: ${expression}`, () =>
      assert.deepEqual(leaves(`x = 7; r = ${expression};`, ["r"], { c: "int x, r; int f(int a) { return a; }" }), {
        r: value,
      }));
});

describe("a value in brackets", () => {
  const c = "#define MINUS(a, b) (3 * (a) - (b)*2)\n#define OF(fn, a) (fn)(a)\nint x, y, r; int f(int a) { return a; }";
  for (const [expression, value] of [
    ["3 * (x) - y*2", 17],
    ["(x) - y*2", 3],
    ["3 * (x) & y*2", 4],
    ["(z) - y*2", 5],
    ["30 - (x) - y", 21],
    ["x != (x) && (y = 1)", 0],
    ["100 / (x) * *&y", 28],
    ["MINUS(x, y)", 17],
    ["MINUS(z, 1)", 25],
    ["(f)(x) - 1", 6],
    ["OF(f, x)", 7],
  ] as const)
    it(`is no cast: ${expression}`, () => {
      assert.deepEqual(compile(`${c} void scenario_t(int z) { r = ${expression}; }`).diagnostics.map(complaint), []);
      assert.deepEqual(leaves(`int z = 9; x = 7; y = 2; r = ${expression};`, ["r"], { c }), { r: value });
    });
});

describe("a variable that is declared extern in a function", () => {
  it("is the file's", () =>
    assert.deepEqual(leaves("extern int x; x = 5; { extern int x; x++; }", ["x"], { c: "int x;" }), { x: 6 }));
});

describe("an initializer as gcc had it", () => {
  it("names the members", () =>
    assert.deepEqual(
      leaves("struct s v = { b: 2, a: 1 }; x = v.b; y = w.b;", ["x", "y"], {
        c: "struct s { int a, b; }; struct s w = { b: 3 }; int x, y;",
      }),
      { x: 2, y: 3 },
    ));
});

describe("a loop without a body", () => {
  it("counts in its condition", () => {
    runs("int w = 0; do ; while (++w < 3); x = w; while (z++ < 4) cpu_relax(); y = z;", { x: 3, y: 5 });
    runs("atomic_set(&x, 3); while (atomic_dec_return(&x) > 0); while (!test_and_set_bit(0, &y));", { x: 0, y: 1 });
    runs(
      "while (xchg(&x, 5) != 5); while (f(&y) < 3);",
      { x: 5, y: 3 },
      "int f(int *p) { int v = *p + 1; *p = v; return v; }",
    );
  });
});

describe("a union", () => {
  const told = (body: string, more: string) =>
    compile(`${more}\nvoid scenario_t(void)\n{\n${body}\n}`).diagnostics.map(complaint);
  it("of which two members are used is told of, at the second", () => {
    for (const union of ["union w { int a; char c; } w;", "struct w { union { int a; char c; }; } w;"])
      assert.deepEqual(told("w.a = 258;\nw.c = 1;", union), ["5:1 cannot-lower: w.c"]);
    assert.deepEqual(told("union { int a; char c; } w;\nw.a = 258; w.c = w.a;", ""), ["5:12 cannot-lower: w.c"]);
    assert.deepEqual(told("w.n.a = 258; w.n.c = 1;", "struct w { union { int a; char c; } n; } w;").length, 1);
  });
  it("of which one is used, or a structure's members, is not", () => {
    assert.deepEqual(told("w.a = 258; w.a++;", "union w { int a; char c; } w;"), []);
    assert.deepEqual(told("w.b = w.c + w.d;", "struct w { union { int a; struct { int b, c; }; }; int d; } w;"), []);
  });
});
