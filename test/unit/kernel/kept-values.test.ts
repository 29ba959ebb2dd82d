/** What the kernel's own ways to store and count leave in a field, by C's rules for its type. */
import assert from "node:assert/strict";
import { leaves, toy } from "../../support/machine";

const c =
  "u8 b8; s8 c8; bool t; u16 h; u32 u; int x, y, z; struct s { u8 f; bool on; unsigned int low : 3; } v; " +
  "atomic_t n; atomic64_t g; atomic_long_t l; DEFINE_PER_CPU(u8, mine); DEFINE_PER_CPU(bool, own);";
const runs = (body: string, expected: Record<string, number>, more = "") =>
  assert.deepEqual(leaves(body, Object.keys(expected), { c: c + more }), expected, body);

/** Does the run come to rest on a number that a cell can't hold? */
function isTooWide(body: string): boolean {
  const machine = toy([body], { c });
  let found = false;
  for (
    let { state } = machine.initial(), [move] = machine.moves(state);
    move !== undefined;
    [move] = machine.moves(state)
  ) {
    const applied = machine.apply(state, move);
    found ||= applied.unknowns.some((n) => machine.program.unknowns[n].kind === "number");
    state = applied.state;
  }
  return found;
}

describe("a store by a primitive", () => {
  it("keeps what the field's type can hold, as an assignment does", () => {
    runs("WRITE_ONCE(v.f, 300); x = READ_ONCE(v.f); WRITE_ONCE(v.on, 4); y = v.on + 1;", { x: 44, y: 2 });
    runs("WRITE_ONCE(c8, 200); x = c8; smp_store_release(&h, -1); y = h; smp_store_mb(b8, 257); z = b8;", {
      x: -56,
      y: 0xffff,
      z: 1,
    });
    runs("u8 r = 3; WRITE_ONCE(r, 260); x = r;", { x: 4 });
  });
  it("exchanges a value of the field's type, and gives the old one as such", () => {
    runs("b8 = 250; x = xchg(&b8, 258); y = b8; t = 1; z = xchg(&t, 6) + t;", { x: 250, y: 2, z: 2 });
    runs("u = -1; x = xchg(&u, 1) > 5;", { x: 1 });
  });
  it("finds the bits of a shorter number behind a pointer to unsigned long, as set_bit() asks for", () => {
    runs("__set_bit(9, (unsigned long *)&h); set_bit(1, (unsigned long *)&h); x = h;", { x: 514 });
    runs("h = 5; __clear_bit(0, (unsigned long *)&h); x = test_bit(2, (unsigned long *)&h); y = h;", { x: 1, y: 4 });
    assert.deepEqual(toy(["set_bit(1, (unsigned long *)&h);"], { c }).program.diagnostics, []);
  });

  it("keeps the type of a per-CPU variable", () => {
    runs("this_cpu_write(mine, 300); x = this_cpu_read(mine); this_cpu_write(own, 8); y = this_cpu_read(own);", {
      x: 44,
      y: 1,
    });
    runs("this_cpu_write(mine, 250); this_cpu_add(mine, 10); x = this_cpu_read(mine); this_cpu_sub(mine, 5);", {
      x: 4,
    });
    runs("this_cpu_write(mine, 1); x = this_cpu_add_return(mine, 255); y = this_cpu_dec_return(mine);", {
      x: 0,
      y: 255,
    });
  });
  it("swaps through both types", () => runs("x = 300; b8 = 7; swap(x, b8); y = b8;", { x: 7, y: 44 }));
});

describe("a counter", () => {
  it("of 64 bits is compared as a long", () => {
    runs("u = -2; atomic64_set(&g, 5); x = atomic64_read(&g) < u; y = atomic64_read(&g) - 6 < 0;", { y: 1 });
    runs("atomic64_set(&g, -1); u = 5; x = atomic64_read(&g) < u; atomic_set(&n, -1); y = atomic_read(&n) < u;", {
      x: 1,
      y: 0,
    });
    runs("atomic_long_set(&l, 7); u = 2; x = atomic_long_inc_return(&l) - 9 < u; y = atomic_long_dec_return(&l);", {
      x: 1,
      y: 7,
    });
  });
  it("of 64 bits that a cell can't hold is told of, one of 32 bits goes round", () => {
    assert.ok(isTooWide("atomic64_set(&g, 0x7fffffff); atomic64_inc(&g);"));
    assert.ok(isTooWide("atomic_long_set(&l, 0x7fffffff); x = atomic_long_add_return(1, &l) > 0;"));
    assert.ok(!isTooWide("atomic_set(&n, 0x7fffffff); atomic_inc(&n); atomic64_set(&g, 5); atomic64_sub(6, &g);"));
    runs("atomic_set(&n, 0x7fffffff); x = atomic_inc_return(&n) < 0; y = atomic_sub_and_test(2, &n);", { x: 1, y: 0 });
  });
});

describe("min() and max()", () => {
  it("compare as the types of both say, min_t() and max_t() as theirs", () => {
    runs("u = -1; x = min(u, 5u); y = max(1, -1); z = max(u, 5u) > 5;", { x: 5, y: 1, z: 1 });
    runs("x = min_t(u8, 258, 3); y = max_t(unsigned int, -1, 5) > 5; z = clamp(7, 1, 3);", { x: 2, y: 1, z: 3 });
  });
});

describe("a call through a pointer to a function", () => {
  const f = "u8 cut(u8 a) { return a + 1; } u32 top(unsigned long a, bool b) { return a - 2 + b; } ";
  it("passes and gives what the pointer's type says", () => {
    runs("unsigned char (*p)(u8) = cut; x = p(300); y = (*p)(255); z = p(511) - 1 < 0;", { x: 45, y: 0, z: 1 }, f);
    runs("unsigned int (*p)(unsigned long, bool b) = top; x = p(1, 0) > 5; y = p(1, 8);", { x: 1, y: 0 }, f);
    runs(
      "o.top = top; x = o.top(0, 4) > 5; q = &o; y = q->cut(257);",
      { x: 1, y: 2 },
      `${f}
      struct ops { u32 (*top)(unsigned long, bool); u8 (*cut)(u8 a); } o = { .cut = cut }; struct ops *q;`,
    );
    runs(
      "e = cut; x = e(256) + each(cut, 258);",
      { x: 4 },
      `${f} typedef u8 (*each_t)(u8); each_t e;
      int each(each_t g, int a) { return g(a); }`,
    );
  });
  it("that begins like a call is declared", () => {
    runs("u8 (*p)(u8) = cut; x = p(300); u32 (*q)(unsigned long, bool); q = top; y = q(2, 8);", { x: 45, y: 1 }, f);
  });
  it("that stands in an array", () => {
    const two = "u8 one(u8 a) { return a + 3; }";
    runs("int (*p[2])(int) = { one, cut }; x = p[0](300) + p[1](4);", { x: 52 }, `${f}${two}`);
    runs("x = both[1](300) + (*both[0])(4);", { x: 52 }, `${f}${two} u8 (*both[2])(u8) = { cut, one };`);
    runs("o.p[1] = cut; o.k = 1; x = o.p[1](4) + o.k;", { x: 6 }, `${f} struct { u8 (*p[2])(u8); int k; } o;`);
  });
  it("gives a structure as a value", () =>
    runs(
      "struct two (*p)(int a) = both; k = p(7); x = k.a; y = k.b;",
      { x: 7, y: 8 },
      "struct two { int a, b; } k; struct two both(int a) { struct two r; r.a = a; r.b = a + 1; return r; }",
    ));
});
