/** What variables begin with, where that isn't known, and members within the macros of distributions. */
import assert from "node:assert/strict";
import { compile, complaint } from "../../support/kernel";
import { leaves } from "../../support/machine";

const about = (c: string, body: string) => {
  const { diagnostics, unknowns } = compile(`int x;\n${c}\nvoid scenario_t(void)\n{\n${body}\n}\n`);
  for (const d of diagnostics)
    assert.ok(
      unknowns.some((u) => u.message === d.message && u.always),
      `every run rests on it: ${d.message}`,
    );
  return diagnostics.map((d) => complaint(d).replace(/^\S+ /, ""));
};

describe("a member that begins with something unknown", () => {
  const c =
    "struct s { int a, b; struct { int c; } in; }; struct s v = { .a = 4, .b = NOBODY_KNOWS(3), .in = { HIDDEN } };";
  it("is told of where the program uses it, and every run rests on it", () => {
    assert.deepEqual(about(c, "x = v.b;"), ["not-modelled: NOBODY_KNOWS(3)"]);
    assert.deepEqual(about(c, "x = v.in.c;"), ["not-modelled: HIDDEN"]);
  });
  it("is nobody's business where no program uses it", () => assert.deepEqual(about(c, "x = v.a;"), []));
  it("is told of where a macro that nothing defines may stand for any member", () =>
    assert.deepEqual(about("struct s { int a; } v = { .a = 1, INIT_MORE(v) };", "x = v.a;"), [
      "not-modelled: INIT_MORE",
    ]));
  it("isn't one where the macro is empty, or gives members", () => {
    assert.deepEqual(about("#define NONE(v)\nstruct s { int a; } v = { NONE(v) };", "x = v.a;"), []);
    assert.deepEqual(
      leaves("x = v.a;", ["x"], { c: "#define SOME(v) .a = 7,\nint x; struct s { int a; } v = { SOME(v) };" }),
      { x: 7 },
    );
  });
});

describe("members within the macros of distributions", () => {
  const use = (members: string, body: string) =>
    compile(`struct s { int a;\n${members}\n};\nstruct s v;\nvoid scenario_t(void)\n{\n${body}\n}\n`).diagnostics.map(
      complaint,
    );
  for (const members of [
    "RH_KABI_FILL_HOLE(int b) /* hole */",
    "RH_KABI_EXTEND(int b)",
    "RH_KABI_USE(1, int b)",
    "RH_KABI_REPLACE(void *old, int b)",
    "RH_KABI_BROKEN_INSERT(int b)",
    "KABI_USE(1, int b)",
    "int RH_KABI_RENAME(old, b);",
    "RH_KABI_RESERVE(1) int b;",
    "RH_KABI_DEPRECATE(void *, old) int b;",
  ])
    it(`are read: ${members}`, () => assert.deepEqual(use(members, "v.b = v.a;"), []));
  it("that are taken out aren't there", () => assert.deepEqual(use("RH_KABI_BROKEN_REMOVE(int b)", "v.a = 1;"), []));
});
