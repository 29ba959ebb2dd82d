/** Integers with C's width and sign, and pointers that are counted with. */
import assert from "node:assert/strict";
import { compile, complaint } from "../../support/kernel";
import { leaves } from "../../support/machine";

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
  it("are compared, divided and shifted as their types say", () => {
    runs("x = -1 < 5u; y = -1 < 5; u = -1; z = u > 5;", { x: 0, y: 1, z: 1 });
    runs("u = -2; x = u / 0x40000000u; y = u % 16; z = u >> 28;", { x: 3, y: 14, z: 15 });
    runs("unsigned long end = -1UL; x = end - 0 > 33; y = (long)end < 0; z = (int)end >> 4;", { x: 1, y: 1, z: -1 });
    runs("b8 = 5; x = b8 - 6 < 0; h = 1; y = -h < 0; z = -1 >= 0U;", { x: 1, y: 1, z: 1 });
    runs("x = 0xffffffff > 5; y = 4294967295u / 2 == 0x7fffffff; z = 010u;", { x: 1, y: 1, z: 8 });
  });
  it("wider than the machine's are told of, but not in masks", () => {
    const told = (body: string) => compile(`${c}\nvoid scenario_t(void)\n{\n${body}\n}`);
    const wide = told("x = (0x100000000UL != 0);");
    assert.deepEqual(
      wide.unknowns.filter((n) => n.kind === "number").map((n) => n.name),
      ["0x100000000UL"],
    );
    assert.deepEqual(wide.diagnostics.map(complaint), ["4:6 cannot-lower: 0x100000000UL"]);
    assert.deepEqual(told("x = y & 0xfffffffff000UL;").diagnostics, []);
    const { unknowns } = compile(`static u64 w, k = 0x1234567890UL;\nvoid scenario_t(void)\n{\nw = k;\n}`);
    assert.ok(unknowns.some((n) => n.kind === "number"));
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
