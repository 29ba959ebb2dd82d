/** guard(), scoped_guard(), CLASS() and __free(): what is done where they stand, and however their scope is left. */
import assert from "node:assert/strict";
import { compile, actions } from "../../support/kernel";
import { leaves, toy, toyProgram, Player, read } from "../../support/machine";

const xyz = "int x, y, z;";
const runs = (body: string, c: string, expected: Record<string, number>) =>
  assert.deepEqual(leaves(` ${body}`, Object.keys(expected), { c }), expected);
const does = (body: string, c = "int x; spinlock_t lock; struct mutex m;") => {
  const program = toyProgram([` ${body}`], c);
  assert.deepEqual(
    program.diagnostics.map((d) => d.message),
    [],
  );
  return actions(program, "scenario_touch");
};

describe("guards", () => {
  it("are taken where they stand and given back at the end of their block", () => {
    assert.deepEqual(does("{ guard(raw_spinlock)(&lock); x = 1; } x = 2;"), ["hw lock", "store", "hw unlock", "store"]);
    assert.deepEqual(does("guard(mutex)(&m); x = 1;"), ["hw lock", "store", "hw unlock"]);
    assert.deepEqual(does("scoped_guard(spinlock_irqsave, &lock) x = 1; x = 2;"), [
      "hw irq_save",
      "hw lock",
      "store",
      "hw unlock",
      "hw irq_restore",
      "store",
    ]);
  });
  it("are given back innermost first", () =>
    assert.deepEqual(does("guard(irq)(); guard(spinlock)(&lock); guard(mutex)(&m); x = 1;"), [
      "hw irq_off",
      "hw lock",
      "hw lock",
      "store",
      "hw unlock",
      "hw unlock",
      "hw irq_on",
    ]));
  it("of other subsystems do nothing", () =>
    assert.deepEqual(does("guard(rcu)(); guard(preempt)(); scoped_guard (rcu) { x = 1; }"), ["store"]));

  it("keep interrupts off for as long as they last, and put the flag back as it was", () => {
    runs("x = irqs_disabled(); { guard(irqsave)(); y = irqs_disabled(); } z = irqs_disabled();", xyz, {
      x: 0,
      y: 1,
      z: 0,
    });
    runs("local_irq_disable(); scoped_guard(irqsave) { y = irqs_disabled(); } z = irqs_disabled();", xyz, {
      y: 1,
      z: 1,
    });
    runs("{ guard(irqsave)(); { guard(irqsave)(); } x = irqs_disabled(); } y = irqs_disabled();", xyz, { x: 1, y: 0 });
  });
  it("hold interrupts back until their block ends", () => {
    const m = toy(
      ["int i; { guard(irqsave)(); x = 1; x = 2; } x = 3;", "smp_call_function_single(0, seen, NULL, 1);"],
      { c: "int x, y; void seen(void *info) { y = x; }" },
    );
    const p = new Player(m);
    p.untilWaits(1);
    while (!p.canTake(0)) p.step(0);
    p.take(0);
    p.finish();
    assert.equal(read(m, p.state, "y"), 0, "before the guard");
    const q = new Player(m);
    while (read(m, q.state, "CPU0's interrupt flag") !== 0) q.step(0);
    q.untilWaits(1);
    while (!q.canTake(0)) q.step(0);
    q.take(0);
    q.finish();
    assert.equal(read(m, q.state, "y"), 2, "after the guard, not within");
  });

  for (const [how, body] of [
    ["return", "f();"],
    ["return of a value that is worked out first", "z = g();"],
    ["break", "while (1) { guard(cell)(&x); y = x; break; }"],
    ["continue", "int i; for (i = 0; i < 2; i++) { guard(cell)(&x); y = x; if (i == 0) continue; }"],
    ["goto out of the block", "{ guard(cell)(&x); y = x; goto out; } out: ;"],
    ["goto backwards out of the block", "int i = 0; again: { guard(cell)(&x); y = x; if (i++ == 0) goto again; }"],
    ["break out of scoped_guard()", "scoped_guard(cell, &x) { y = x; break; y = 5; }"],
    ["a return within a statement in brackets", "h();"],
  ] as const)
    it(`are given back by ${how}`, () => {
      const c = `${xyz}
      DEFINE_LOCK_GUARD_1(cell, int, taken(_T->lock), given(_T->lock))
      void taken(int *p) { BUG_ON(*p); *p = 1; }
      void given(int *p) { BUG_ON(!*p); *p = 0; }
      void f(void) { guard(cell)(&x); y = x; if (y) return; y = 7; }
      int g(void) { guard(cell)(&x); y = x; return x + 1; }
      void h(void) { guard(cell)(&x); y = ({ if (x) { y = 1; return; } 7; }); }`;
      runs(body, c, { x: 0, y: 1, ...(how.startsWith("return of") ? { z: 2 } : {}) });
    });
  it("stay while a goto stays in their block", () =>
    runs("guard(cell)(&x); goto on; y = 5; on: y += x;", `${xyz}\nDEFINE_GUARD(cell, int *, *_T = 1, *_T = 0)`, {
      x: 0,
      y: 1,
    }));

  it("are those that the open files define, with variables of their own", () => {
    runs(
      "{ guard(both)(&x); z = x; } y = x;",
      `${xyz} struct old { int was; }; void f(int *p, struct old *o) { o->was = *p; *p = 6; } void g(int *p, ` +
        `struct old *o) { *p = o->was; }\nDEFINE_LOCK_GUARD_1(both, int,\n\t\t    f(_T->lock, &_T->rf),\n\t\t    ` +
        `g(_T->lock, &_T->rf),\n\t\t    struct old rf)`,
      { z: 6, y: 0 },
    );
    runs(
      "scoped_guard(two, &x, &y) { z = x + y; }",
      `${xyz}\nDEFINE_LOCK_GUARD_2(two, int, (*_T->lock = 1, *_T->lock2 = 2), (*_T->lock = 0, *_T->lock2 = 0))`,
      { x: 0, y: 0, z: 3 },
    );
    runs("guard(none)(); x = z;", `${xyz}\nDEFINE_LOCK_GUARD_0(none, z = 1, z = 2)`, { x: 1, z: 2 });
  });
  it("work their argument out once", () =>
    runs(
      "p = v; { guard(cell)(p++); y = *p; } x = v[0] * 10 + v[1];",
      "int v[2] = { 0, 4 }, *p, x, y;\nDEFINE_GUARD(cell, int *, *_T = 1, *_T = 2)",
      { x: 24, y: 4 },
    ));

  it("end at the brace, which is a step of its own", () => {
    const text = "int x;\nvoid scenario_touch(unsigned long a)\n{\n\tguard(irq)();\n\tx = 1;\n}\n";
    const p = compile(text);
    const at = p.fns
      .get("scenario_touch")!
      .code.filter((i) => i.op === "hw")
      .map((i) => p.places[i.src]);
    assert.deepEqual(
      at.map((n) => text.slice(n.start, n.end)),
      ["guard(irq)()", "}"],
    );
  });
});

describe("classes and variables that clean up", () => {
  const c =
    `${xyz} int *open(int *p, int n) { *p = n; return p; } void close(int *p) { if (p) *p = -1; ` +
    `}\nDEFINE_CLASS(cell, int *, close(_T), open(p, n), int *p, int n)\nDEFINE_FREE(cell, int *, if (_T) ` +
    "close(_T))";
  it("are made by their constructor and undone at the end", () =>
    runs("{ CLASS(cell, q)(&x, 5); y = *q; } z = x;", c, { y: 5, z: -1 }));
  it("are undone where their scope ends, unless the pointer was taken out", () => {
    runs("{ int *q __free(cell) = open(&x, 3); y = *q; } z = x;", c, { y: 3, z: -1 });
    runs("int *r; { int *q __free(cell) = open(&x, 3); r = no_free_ptr(q); } z = x;", c, { z: 3 });
    runs("{ int *q __free(kfree) = &x; *q = 3; } z = x;", c, { z: 3 });
  });
});
