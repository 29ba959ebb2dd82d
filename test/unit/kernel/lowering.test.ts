import assert from "node:assert/strict";
import { complaint, compile } from "../../support/kernel";
import { checkNow } from "../../../src/check/verdict/verdict";
import { leaves, toy, toyProgram, type ToyOptions } from "../../support/machine";

/** The statements, run by the machine, leave these values in the variables. */
const runs = (body: string, c: string, expected: Record<string, number>, options: ToyOptions = {}) =>
  assert.deepEqual(leaves(body, Object.keys(expected), { c, ...options }), expected);
const xyz = "int x, y, z;";

describe("control flow", () => {
  it("if and else", () => {
    for (const [i, x] of [
      [1, 10],
      [2, 20],
      [3, 30],
    ])
      runs(`int i = ${i}; if (i == 1) x = 10; else if (i == 2) x = 20; else { x = 30; }`, xyz, { x });
    runs("if (y) if (x) z = 1; else z = 2;", "int x, y = 1, z;", { z: 2 });
  });

  it("while, with break and continue", () =>
    runs("int i = 0; while (i < 5) { i++; if (i == 2) continue; if (i == 4) break; x += i; }", xyz, { x: 4 }));
  it("do, whose continue goes to the condition", () => {
    runs("int i = 0; do { x += 10; i++; } while (i < 3);", xyz, { x: 30 });
    runs("int i = 0; do { i++; if (i == 1) continue; x += i; } while (i < 3);", xyz, { x: 5 });
    runs("do { x++; } while (0);", xyz, { x: 1 });
    runs("do { x = 1; if (x) break; x = 2; } while (0); y = 1;", xyz, { x: 1, y: 1 });
  });
  it("for, with and without its parts", () => {
    runs("int i; for (i = 0; i < 4; i++) { if (i == 1) continue; x = x * 10 + i; }", xyz, { x: 23 });
    runs("for (int i = 3; i; --i) x = x * 10 + i;", xyz, { x: 321 });
    runs("int i = 0; for (;;) { if (++i > 3) break; } x = i;", xyz, { x: 4 });
    runs("for (y = 0, z = 5; y < z; y++, z--) ; x = y;", xyz, { x: 3, z: 2 });
  });
  it("switch, with cases that fall through and a default", () => {
    runs(
      "int i; for (i = 0; i < 5; i++) switch (i) { case 0: x += 1; case 1: x += 10; break; case 2: case 3: x += " +
        "100; break; default: x += 1000; }",
      xyz,
      { x: 1221 },
    );
    runs("int i; for (i = 0; i < 3; i++) { switch (i) { case 1: continue; } x += i + 1; }", xyz, { x: 4 });
    runs("switch (2) { case 1: x = 1; break; case 2: { y = 3; break; } }", xyz, { x: 0, y: 3 });
  });
  it("switch, with ranges, and with cases inside other statements", () => {
    runs(
      "int i; for (i = 0; i < 8; i++) switch (i) { case 1 ... 3: x++; break; case 4 ... 5: y++; break; default: z++; }",
      xyz,
      { x: 3, y: 2, z: 3 },
    );
    runs("switch (2) { case 1: if (x) { case 2: y = 1; } z = 1; break; default: x = 9; }", xyz, { x: 0, y: 1, z: 1 });
    runs("int i = 0; switch (2) { case 0: do { x++; case 2: y++; case 1: z++; } while (++i < 2); }", xyz, {
      x: 1,
      y: 2,
      z: 2,
    });
    runs(
      "switch (1) { case 1: x = 1; fallthrough; case 2: y = 2; __attribute__((__fallthrough__)); default: z = 3; }",
      xyz,
      { x: 1, y: 2, z: 3 },
    );
    runs("switch (3) { int q; case 3: q = 4; x = q; switch (q) { case 3: y = 1; break; case 4: z = 1; } }", xyz, {
      x: 4,
      y: 0,
      z: 1,
    });
  });
  it("a spin that looks at several things looks at all of them again", () => {
    for (const spin of ["while (x != y) cpu_relax();", "while (!x || z) ;", "do { } while (x < y || z);"]) {
      const v = checkNow(toy([`${spin} w = 1;`, "x = 5;"], { c: "int x, y = 5, z, w;" }), {
        asked: [{ kind: "can", text: "w == 1" }],
      });
      assert.deepEqual([spin, v.outcome, v.asked[0].standing], [spin, "holds", "happens"]);
    }
  });
  it("goto, forwards and backwards", () =>
    runs("int i = 0; again: x += ++i; if (i < 3) goto again; goto out; x = 0; out: y = x;", xyz, { x: 6, y: 6 }));
  it("goto, into a loop and out of one", () => {
    runs("int i = 0; goto in; for (; i < 3; i++) { x += 10; in: x++; } y = i;", xyz, { x: 23, y: 3 });
    runs("int i; for (i = 0; ; i++) { while (1) { if (i == 2) goto out; x++; break; } } out: y = i;", xyz, {
      x: 2,
      y: 2,
    });
    runs("if (0) { in: switch (5) { case 5: x++; } goto out; } goto in; out: y = 1;", xyz, { x: 1, y: 1 });
  });
  it("return, from the middle of a loop", () =>
    runs("x = f(5);", `${xyz} int f(int n) { int i; for (i = 0; ; i++) { if (i * i > n) return i; } }`, { x: 3 }));

  it("for_each_cpu and its relatives walk the set in order, and end at nr_cpu_ids", () => {
    const c = "struct cpumask m; int x, y, z, cpu;";
    runs(
      "cpumask_set_cpu(0, &m); cpumask_set_cpu(2, &m); for_each_cpu(cpu, &m) x = x * 10 + cpu + 1; " +
        "for_each_online_cpu(y) z++;",
      c,
      { x: 1, y: 1, z: 1, cpu: 1 },
    );
    assert.deepEqual(
      leaves(
        ["cpumask_set_cpu(0, &m); cpumask_set_cpu(2, &m); for_each_cpu(cpu, &m) x = x * 10 + cpu + 1;", "", ""],
        ["x", "cpu"],
        { c },
      ),
      { x: 13, cpu: 3 },
    );
    assert.deepEqual(
      leaves(
        ["for_each_online_cpu(cpu) { if (cpu == 1) continue; x = x * 10 + cpu + 1; if (cpu == 2) break; }", "", ""],
        ["x", "cpu"],
        { c },
      ),
      { x: 13, cpu: 2 },
    );
  });
});

describe("expressions", () => {
  it("&& and || ask no further than needed", () => {
    runs("x = (z && (y = 1)) + (!z || (y = 2)) * 2 + (!z && 5) * 4;", xyz, { x: 6, y: 0 });
    runs("if (!(x || (y = 3)) || !z) z = 1;", xyz, { y: 3, z: 1 });
  });
  it("?: works out one side, and may leave out the middle", () => {
    runs("x = y ? (z = 1) : 2;", xyz, { x: 2, z: 0 });
    runs("y = 7; x = y ?: 9; y = 0; z = y ?: 9;", xyz, { x: 7, z: 9 });
    runs("x = (y ? f(1, 2) : f(3, 4)) + (1 && f(0, 1));", `${xyz} int f(int a, int b) { return a * 2 + b; }`, {
      x: 11,
    });
  });
  it("the comma, and statements in brackets", () => {
    runs("x = (y = 2, y + 1);", xyz, { x: 3, y: 2 });
    runs("x = ({ int a = 3; y = a; a * 2; }) + 1;", xyz, { x: 7, y: 3 });
  });
  it("arithmetic and assignment", () => {
    runs("x = 7; x -= 2; x *= 3; x /= 4; x %= 2; y = 1; y <<= 4; y |= 3; y ^= 1; y &= ~2; y >>= 1;", xyz, {
      x: 1,
      y: 8,
    });
    runs("x = -7 / 2; y = -7 % 3; z = !5 + !0 - ~0;", xyz, { x: -3, y: -1, z: 2 });
    runs("x = 0x1f + 010 + 'a' + 1UL; y = '\\n'; z = '\\0';", xyz, { x: 31 + 8 + 97 + 1, y: 10, z: 0 });
  });
  it("++ and --, before and behind", () => {
    runs("int i = 1; x = i++ + 10; y = ++i; z = i-- - 1; x += i * 100;", xyz, { x: 211, y: 3, z: 2 });
    runs("p = v; *p += 6; p++; *p = 9; x = *p--; x += *p;", "int v[2], *p, x;", { x: 15, "v[0]": 6, "v[1]": 9 });
  });
  it("the address of a local variable or parameter, through which others write it", () => {
    runs(
      "int a = 1, b = 2; f(&a, &b, 5); x = a; y = b;",
      `${xyz} void f(int *p, int *q, int n) { g(&n); *p = n; *q += *p; } void g(int *p) { *p *= 2; }`,
      { x: 10, y: 12 },
    );
  });
  it("variables of an inner block hide those outside it", () =>
    runs("int a = 1; { int a = 2; x = a; } y = a;", xyz, { x: 2, y: 1 }));
  it("casts keep the value", () =>
    runs(
      "p = (struct s *)(unsigned long)&s; ((struct s *)p)->b = 2; x = (int)s.b;",
      "struct s { int a, b; } s; void *p; int x;",
      { "s.b": 2, x: 2 },
    ));
  it("sizeof counts bytes, as C does", () =>
    runs(
      "x = sizeof(v) / sizeof(v[0]); y = ARRAY_SIZE(v); z = sizeof(struct s) / sizeof(s.b); s.a = s.b;",
      "struct s { int a, b; } v[4], s; int x, y, z;",
      { x: 4, y: 4, z: 2 },
    ));
  it("what headers and the compiler define: min, clamp, swap and their like", () => {
    runs("x = min(4, 5) + max_t(int, 4, 5) * 10 + clamp(9, 1, 3) * 100; y = 7; swap(y, z);", xyz, {
      x: 354,
      y: 0,
      z: 7,
    });
    runs(
      "x = __builtin_constant_p(3) * 10 + __builtin_constant_p(y); static_assert(1); y = " +
        "__builtin_choose_expr(0, f(), 2); z = __builtin_types_compatible_p(int, long);",
      `${xyz} int f(void) { return 9; }`,
      { x: 10, y: 2, z: 1 },
    );
  });
  it("statements in brackets may return, and leave loops", () => {
    runs("x = f(0) * 10 + f(3);", "int x; int f(int a) { int b = ({ if (a) return 7; a + 1; }); return b; }", {
      x: 17,
    });
    runs("int i; for (i = 0; i < 9; i++) { x += ({ if (i == 2) break; i; }); }", xyz, { x: 1 });
  });
  it("calls in arguments of calls", () =>
    runs("x = f(f(1, 2), f(3, 4));", `int x; int f(int a, int b) { return a * 2 + b; }`, { x: 18 }));
});

describe("data", () => {
  it("arrays, also of arrays and of pointers", () => {
    runs("int i; for (i = 0; i < 3; i++) v[i] = i * i; x = v[2] + *(v + 1);", "int v[3], x;", {
      x: 5,
      "v[0]": 0,
      "v[1]": 1,
      "v[2]": 4,
    });
    runs("m[1][2] = 5; m[0][2] = 7; x = m[1][2] * 10 + m[0][2];", "int m[2][3], x;", {
      x: 57,
      "m[0][2]": 7,
      "m[1][2]": 5,
    });
    runs(
      "v[1] = &s; v[1]->b = 4; x = v[0] == 0; p = v; y = p[1]->b;",
      "struct s { int a, b; } s, *v[2], **p; int x, y;",
      { x: 1, y: 4, "s.b": 4 },
    );
  });
  it("structures in structures, through members and pointers", () =>
    runs(
      "s.a = 1; s.in.b = 2; p = &s; p->in.c = s.a + p->in.b;",
      "struct in { int b, c; }; struct s { int a; struct in in; } s, *p;",
      { "s.a": 1, "s.in.b": 2, "s.in.c": 3 },
    ));
  it("initial values of atomic counters, and of members that a macro stands for", () => {
    runs(
      "x = atomic64_read(&n) * 100 + s.in.a * 10 + s.c;",
      "#define INIT_IN(v) \\\n\t.in = { \\\n\t\t.a = 4, .b = v, \\\n\t}\natomic64_t n = ATOMIC64_INIT(3); struct " +
        "in { int a, b; }; struct s { int lock; struct in in; int c; } s = {\n\tLOCK_INITIALIZER(s)\n\t.c = " +
        "5,\n\tINIT_IN(7)\n}; int x;",
      { x: 345 },
    );
  });
  it("typedefs and enums", () => {
    runs("t.a = C + D;", "typedef struct { int a; } t_t; t_t t; enum e { A, B, C = 5, D };", { "t.a": 11 });
    runs(
      "x = TWO; y = FLAG;",
      `${xyz} #define ONE 1\n enum { ZERO, TWO = ONE + ONE, FLAG = 1 << TWO };`.replace("; #", ";\n#"),
      { x: 2, y: 4 },
    );
  });
  it("static initialisers, by position and by name", () =>
    runs(
      "x = a + s.b + v[1] + e.in.y + (p == &s);",
      "struct s { int a, b; }; int a = 3, x; struct s s = { .b = 4 }; int v[2] = { 1, 5 }; struct t { int q; " +
        "struct { int x, y; } in; }; static struct t e = { 1, { 2, 6 } }; struct s *p = &s;",
      { x: 19, a: 3, "s.b": 4, "v[1]": 5 },
    ));
  it("initialisers of locals, with what they don't name 0", () =>
    runs(
      "struct s l = { .b = 4, .a = 1 }; int v[3] = { 7, 8 }; x = l.a * 10 + l.b; y = v[1] + v[2];",
      "struct s { int a, b; }; int x, y;",
      { x: 14, y: 8 },
    ));
  it("structures as values: assigned, initialised from, passed and returned", () => {
    const c =
      "struct in { int b, c; }; struct s { int a; struct in in; int v[2]; } s = { 1, { 2, 3 }, { 4, 5 } }, t, " +
      "*p; int x, y; struct s made(int n) { struct s r = { .a = n, .v = { n + 1, n + 2 } }; return r; } int " +
      "sum(struct s v) { v.a += 10; return v.a + v.in.c + v.v[1]; }";
    runs("t = s; s.in.b = 9; x = t.in.b * 10 + t.v[1];", c, { x: 25, "t.a": 1, "t.in.c": 3, "t.v[0]": 4 });
    runs("struct s l = s; s.a = 7; x = l.a + l.in.c; p = &l; t = *p; y = t.v[0];", c, { x: 4, y: 4 });
    runs("x = sum(s); y = s.a;", c, { x: 19, y: 1 });
    runs("t = made(3); x = made(5).v[1] + t.v[0];", c, { x: 11, "t.a": 3 });
    runs("x = sum(made(1)); t = y ? s : made(2); t.in = s.in; y = t.in.b;", c, { x: 14, y: 2, "t.a": 2 });
    runs("x = (y ? s : *(p = &s)).in.b;", c, { x: 2 });
  });
  it("compound literals", () => {
    const c = "struct s { int a, b; } s = { 7, 8 }, *p; int x, y;";
    runs("s = (struct s){ .b = 5 };", c, { "s.a": 0, "s.b": 5 });
    runs("p = &(struct s){ 1, 2 }; x = p->a * 10 + p->b; y = ((int[]){ 4, 5, 6 })[x - 11] + (int){ 3 };", c, {
      x: 12,
      y: 8,
    });
    runs("int i; for (i = 0; i < 2; i++) { p = &(struct s){ .b = 1 }; x += p->a; p->a = 5; }", c, { x: 0 });
  });
  it("initialisers within each other, with designators of elements, ranges and members", () => {
    runs(
      "int v[] = { [4] = 5, 6, [0 ... 2] = 1 }; x = v[0] + v[2] * 10 + v[4] * 100 + v[5] * 1000; y = " +
        "ARRAY_SIZE(v); z = v[3];",
      xyz,
      { x: 6511, y: 6, z: 0 },
    );
    runs(
      "struct t v[2] = { { .in = { 1, 2 }, .c = 3 }, { .in.b = 4, .in.a = 5 } }; x = v[0].in.b * 10 + v[0].c; y " +
        "= v[1].in.a * 10 + v[1].in.b;",
      "struct in { int a, b; }; struct t { struct in in; int c; }; int x, y;",
      { x: 23, y: 54 },
    );
    runs(
      "int i; for (i = 0; i < 2; i++) { struct s l = { .b = 1 }; x += l.a; l.a = 5; }",
      "struct s { int a, b; }; int x;",
      { x: 0 },
    );
    runs("x = v[5] * 10 + v[2]; y = ARRAY_SIZE(v);", "int v[] = { [1 ... 3] = 4, [5] = 6 }; int x, y;", {
      x: 64,
      y: 6,
    });
  });
  it("types that an expression or an initialiser gives", () => {
    const c = "struct s { int a, b; } s = { 1, 2 }, *p = &s; int x, y;";
    runs("typeof(p) q = p; __typeof__(*p) l = *q; __auto_type r = &s; x = q->b + l.a; y = r->b;", c, { x: 3, y: 2 });
    runs("typeof(*p) *q = p; typeof(int *) n = &q->a; *n = 6; __auto_type t = s; x = t.a;", c, { x: 6 });
    runs(
      "x = MAX(s.a, MAX(y, 3));",
      `${c}\n#define MAX(a, b) ({ typeof(a) _a = (a); __auto_type _b = (b); _a > _b ? _a : _b; })`.replace("\\n", "\n"),
      { x: 3 },
    );
    runs("x = _Generic(p, int: 1, struct s *: 2, default: 3) * 10 + _Generic(x, struct s *: 4, default: 5);", c, {
      x: 25,
    });
  });
  it("offsets of members, and the structure around one", () =>
    runs(
      "p = container_of(&s.in.c, struct s, in.c); p->a = 5; x = offsetof(struct s, b) - offsetof(struct s, a); y " +
        "= s.b; s.in.c = 1;",
      "struct s { int a, b; struct { int c; } in; } s, *p; int x, y;",
      { "s.a": 5, x: 4 },
    ));
  it("function pointers in variables, members and initialisers", () => {
    const c =
      "int x, y, z; int twice(int a) { return 2 * a; } int thrice(int a) { return 3 * a; } int (*fn)(int) = " +
      "twice; struct ops { int (*f)(int); int n; } ops = { .f = thrice };";
    runs("int (*fn)(int) = twice; x = fn(4); fn = &thrice; y = (*fn)(2);", c, { x: 8, y: 6 });
    runs("struct ops *o = &ops; x = fn(4); y = ops.f(2); o->f = twice; z = o->f(5);", c, { x: 8, y: 6, z: 10 });
  });
  it("per-CPU variables, each CPU's its own", () => {
    const c = "DEFINE_PER_CPU(int, n) = 5; int x, y;";
    assert.deepEqual(
      leaves(
        ["__get_cpu_var(n) = 7; per_cpu(n, 1) += 1; x = percpu_read(n); y = per_cpu(n, 1);", ""],
        ["x", "y", "CPU0's n", "CPU1's n"],
        { c },
      ),
      { x: 7, y: 6, "CPU0's n": 7, "CPU1's n": 6 },
    );
  });
});

describe("macros", () => {
  it("are expanded as expressions and as statements", () =>
    runs(
      "x = ADD(1, ADD(2, 3)); INC(y); if (1) BOTH(z, w); else z = 9;",
      "#define ADD(a, b) ((a) + (b))\n#define INC(a) (a)++\n#define BOTH(a, b) do { (a) = 5; (b) = 6; } while " +
        "(0)\nint w, x, y, z;",
      { w: 6, x: 6, y: 1, z: 5 },
    ));
  it("whose parameters have each other's names mean what they meant outside", () => {
    runs("x = OUTER(1, 2);", "#define INNER(a, b) ((a) * 10 + (b))\n#define OUTER(b, a) INNER(a, b)\nint x;", {
      x: 21,
    });
    runs(
      "int a = 3; x = TWICE(a); x += SQUARE(a + 1);",
      "#define TWICE(a) (ONE(a) + ONE(a))\n#define ONE(a) (a)\n#define SQUARE(x) ((x) * (x))\nint x;",
      { x: 22 },
    );
    runs(
      "struct s *prev = &b; SWITCH(prev, prev);",
      "struct s { int n; } a, b; void f(struct s *p, struct s *n) { p->n = 1; n->n += 1; }\n#define SWITCH(next, " +
        "prev) do { f((next), (prev)); } while (0)",
      { "b.n": 2 },
    );
  });
  it("work their arguments out where they use them", () =>
    runs("SECOND(x = 1, y = x + 1);", "#define SECOND(a, b) do { b; } while (0)\nint x, y;", { x: 0, y: 1 }));
  it("may return from the function that uses them", () =>
    runs(
      "x = f(0) * 10 + f(1);",
      "#define CHECK(a) do { if (!(a)) return 7; } while (0)\nint f(int a) { CHECK(a); return 1; }\nint x;",
      { x: 71 },
    ));
  it("may stand for a place or a function's name", () =>
    runs(
      "CURRENT = 4; x = CALL(3);",
      "#define CURRENT s.a\n#define CALL twice\nstruct s { int a; } s; int x; int twice(int n) { return 2 * n; }",
      { "s.a": 4, x: 6 },
    ));
  it("are steps where they are used", () => {
    const p = toyProgram(["SET(x);"], "int x;\n#define SET(a) do { (a) = 1; (a) = 2; } while (0)");
    const fn = p.fns.get("scenario_touch")!;
    assert.deepEqual(
      [
        ...new Set(
          fn.code
            .filter((i) => i.op === "store")
            .map((i) => p.places[i.src])
            .map((at) => at.file.text.slice(at.start, at.end)),
        ),
      ],
      ["SET(x)"],
    );
  });
});

describe("what can't be lowered", () => {
  const complaints = (body: string, c = "") =>
    toyProgram([body], c).diagnostics.map((d) => `${complaint(d)} → ${d.message}`);

  for (const [what, body, c, expected] of [
    ["a call of nothing known", "x = nobody(1);", "int x;", /not-modelled: nobody\(1\) → nobody\(\) is not modelled/],
    ["a variable of nothing known", "x = nobody;", "int x;", /not-modelled: nobody → nobody isn't declared/],
    [
      "a per-CPU variable of nothing known",
      "percpu_write(nobody, 1);",
      "",
      /not-modelled: nobody → The per-CPU variable nobody isn't declared/,
    ],
    ["assembly", 'asm volatile("hlt");', "", /not-modelled: asm.* → Assembly isn't modelled/],
    [
      "a loop of another kind",
      "list_for_each_entry(p, q, r) x = 1;",
      "int x, p, q, r;",
      /not-modelled: list_for_each_entry → The loop list_for_each_entry isn't modelled/,
    ],
    [
      "a loop over CPUs without a set",
      "int cpu; for_each_cpu(cpu) x = 1;",
      "int x;",
      /cannot-lower: for_each_cpu\(cpu\) x = 1; → for_each_cpu\(\) needs a variable and a set of CPUs/,
    ],
    [
      "a macro that pastes names",
      "x = JOIN(a, b);",
      "#define JOIN(a, b) a##b\nint x;",
      /not-modelled: JOIN\(a, b\) → The macro JOIN builds names/,
    ],
    [
      "a macro with too few arguments",
      "x = ADD(1);",
      "#define ADD(a, b) ((a) + (b))\nint x;",
      /cannot-lower: ADD\(1\) → The macro ADD takes 2 arguments, 1 are given/,
    ],
    [
      "a macro that uses itself",
      "x = SELF(1);",
      "#define SELF(a) (SELF(a) + 1)\nint x;",
      /cannot-lower: .* → The macro SELF uses itself/,
    ],
    [
      "a primitive with too few arguments",
      "cpumask_set_cpu(1);",
      "",
      /cannot-lower: cpumask_set_cpu\(1\) → cpumask_set_cpu\(\) needs 2 arguments: Adds the CPU to the set, LOCKed\./,
    ],
    ["a break in no loop", "break;", "", /cannot-lower: break; → This break stands in no loop/],
    ["the address of a value", "p = &(x + 1);", "int x, *p;", /cannot-lower: \(x \+ 1\) → This can't be assigned to/],
    [
      "a member of no structure",
      "x = x.y;",
      "int x;",
      /cannot-lower: x\.y → \.y is asked of something that isn't a struct/,
    ],
    ["half a statement", "x = (1 +;", "int x;", /cannot-lower: .* → /],
    ["a number that isn't whole", "x = 1.5;", "int x;", /cannot-lower: 1\.5 → TLBscope reads whole numbers only/],
    [
      "a guard of an unknown kind",
      "guard(nobody)(&x);",
      "int x;",
      /not-modelled: guard\(nobody\)\(&x\) → guard\(nobody\) isn't defined in the open files/,
    ],
    [
      "a guard without its lock",
      "guard(mutex)();",
      "",
      /cannot-lower: guard\(mutex\)\(\) → guard\(mutex\) takes 1 argument, 0 are given/,
    ],
    [
      "a class of an unknown kind",
      "CLASS(nobody, p)(1); x = p;",
      "int x;",
      /not-modelled: CLASS\(nobody, p\)\(1\) → CLASS\(nobody\) isn't defined/,
    ],
    ["an unknown __free", "int *p __free(nobody) = &x;", "int x;", /not-modelled: .* → __free\(nobody\) isn't defined/],
    [
      "a number given to a structure",
      "s = x;",
      "struct s { int a; } s; int x;",
      /cannot-lower: s = x → A structure is expected here/,
    ],
    [
      "too many values for an array",
      "int v[2] = { 1, 2, 3 }; x = v[1];",
      "int x;",
      /cannot-lower: 3 → More values than the array has elements/,
    ],
    [
      "a choice that isn't there",
      "x = _Generic(&x, int: 1);",
      "int x;",
      /cannot-lower: .* → No choice of this _Generic/,
    ],
    ["a jump to nowhere", "goto nowhere;", "", /cannot-lower: goto nowhere; → There is no label nowhere/],
  ] as const) {
    it(`${what} is shown at its place, with the reason`, () => {
      const all = complaints(body, c);
      assert.ok(
        all.some((m) => expected.test(m)),
        `${all.join("\n")} doesn't match ${expected}`,
      );
    });
  }

  it("leaves the rest of the function as it is", () => runs("x = 1; nobody(x = 5); y = 2;", xyz, { x: 1, y: 2 }));
});

describe("steps", () => {
  const steps = (body: string, c = "int x, y, z;") => {
    const p = toyProgram([body], c);
    return p.fns
      .get("scenario_touch")!
      .code.filter((i) => i.begins)
      .map((i) => p.places[i.src])
      .map((at) => at.file.text.slice(at.start, at.end));
  };

  it("are statements, conditions apart", () =>
    assert.deepEqual(steps("x = 1; if (x == 1) { y = 2; } while (y) y--; for (z = 0; z < 2; z++) x += z;"), [
      "x = 1",
      "x == 1",
      "y = 2",
      "y",
      "y--",
      "z = 0",
      "z < 2",
      "x += z",
      "z++",
    ]));
  it("are there for statements that do nothing, so that one can stop on them", () =>
    assert.deepEqual(steps("barrier(); trace_x(x); ; x = 1;"), ["barrier()", "trace_x(x)", "x = 1"]));
  it("of a declaration are its initialised names", () =>
    assert.deepEqual(steps("int a, b = 2, c = 3;"), ["b = 2", "c = 3"]));

  it("know the function that they stand in", () => {
    const p = compile(
      "int x; static inline int f(void) { return x; }\nvoid scenario_touch(unsigned long a) { x = f(); }",
    );
    assert.deepEqual([...new Set(p.places.map((at) => at.fn))].sort(), ["f", "scenario_touch"]);
  });
});
