/** Static variables of functions: one for all calls and all CPUs, with their value before anything runs. */
import assert from "node:assert/strict";
import { evaluate } from "../../../src/machine/evaluate";
import { localsInScope } from "../../../src/machine/view/locals";
import { Player, leaves, read, toy, toyProgram, type ToyOptions } from "../../support/machine";

const runs = (body: string, c: string, expected: Record<string, number>, options: ToyOptions = {}) =>
  assert.deepEqual(leaves(body, Object.keys(expected), { c, ...options }), expected);

describe("a static variable of a function", () => {
  it("is kept between calls, and initialised once", () => {
    runs("f(); f(); x = f();", "int x; int f(void) { static int n = 5; return n++; }", { x: 7, "f::n": 8 });
    runs("for (x = 0; x < 3; x++) { static int n; n += 2; y = n; }", "int x, y;", { y: 6 });
  });
  it("is its function's own, and its block's", () => {
    runs("f(); g(); g();", "void f(void) { static int n = 1; n++; } void g(void) { static int n = 10; n++; }", {
      "f::n": 2,
      "g::n": 12,
    });
    runs("static int n = 1; { static int n = 5; n++; x = n; } n += 10; y = n;", "int x, y;", { x: 6, y: 11 });
  });
  it("is one for all CPUs", () => {
    const m = toy(["f();", "f();"], {
      c: "int f(void) { static atomic_t n = ATOMIC_INIT(3); atomic_inc(&n); return 0; }",
    });
    assert.equal(read(m, new Player(m).finish().state, "f::n"), 5);
  });
  it("may be a structure, an array, a mask, a lock, a pointer or a function's address", () => {
    runs(
      "f(); x = f();",
      "int x, g; struct s { int a, b; }; int f(void) { static struct s s = { .b = 4 }; static int v[] = { 1, [2] " +
        "= 3 }; static int *p = &g; s.a += s.b + v[2]; *p += ARRAY_SIZE(v); return s.a; }",
      { x: 14, g: 6, "f::s.a": 14 },
    );
    runs(
      "f(0); f(2); x = cpumask_weight(f(0));",
      "int x; struct cpumask *f(int cpu) { static struct cpumask seen; cpumask_set_cpu(cpu, &seen); return &seen; }",
      { x: 2, "f::seen": 5 },
    );
    runs(
      "f(); f();",
      "int n; void f(void) { static DEFINE_SPINLOCK(lock); spin_lock(&lock); n++; spin_unlock(&lock); }",
      { n: 2, "f::lock": 0 },
    );
    runs(
      "x = f(4);",
      "int x; int twice(int a) { return 2 * a; } int f(int a) { static int (*fn)(int) = twice; return fn(a); }",
      { x: 8 },
    );
  });
  it("may be declared by a macro: each use has one of its own", () => {
    runs(
      "f(); f(); f();",
      "#define ONCE(what) do { static bool done; if (!done) { done = true; what; } } while (0)\nint x, y; void " +
        "f(void) { ONCE(x++); ONCE(y++); }",
      { x: 1, y: 1 },
    );
    runs(
      "f(0); f(1); f(2); x = f(3);",
      "#define LAST(v) ({ static int last; int was = last; last = (v); was; })\nint x; int f(int a) { " +
        "__auto_type was = LAST(a); return was; }",
      { x: 2 },
    );
  });
  it("is seen where it is in scope, and only there", () => {
    const p = new Player(toy(["f();\nx = 1;"], { c: "int x;\nvoid f(void)\n{\n\tstatic int n = 3;\n\tx = n;\n}" })).to(
      0,
      "f:5",
    );
    const [inner, outer] = p.machine.stack(p.state, 0);
    assert.deepEqual(
      localsInScope(p.machine, inner.fn, inner.pc).map((v) => v.name),
      ["n"],
    );
    assert.equal((evaluate(p.machine, p.state, 0, inner, "n + 1") as { value: number }).value, 4);
    assert.ok("error" in evaluate(p.machine, p.state, 0, outer, "n"));
  });
  it("takes no step, as it is there before anything runs", () => {
    const p = toyProgram(["static int n = 1; x = n;"], "int x;");
    assert.deepEqual(
      p.fns
        .get("scenario_touch")!
        .code.filter((i) => i.begins)
        .map((i) => p.places[i.src])
        .map((at) => at.file.text.slice(at.start, at.end)),
      ["x = n"],
    );
  });
  it("that would begin with what isn't constant says so, at its place", () => {
    const p = toyProgram(["static int n = f(); x = n;"], "int x; int f(void) { return 1; }");
    assert.deepEqual(
      p.diagnostics.map((d) => [d.span.file.text.slice(d.span.start, d.span.end), d.message]),
      [
        [
          "n = f()",
          "n is static, so it begins with a constant: TLBscope doesn't know this as one, and it begins with 0.",
        ],
      ],
    );
  });
});
