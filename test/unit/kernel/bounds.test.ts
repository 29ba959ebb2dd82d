/** What is out of all proportion is refused at its place, and soon. */
import assert from "node:assert/strict";
import { LayoutError } from "../../../src/machine/layout";
import { forGrammar } from "../../../src/kernel/syntax/tree/dialect";
import { configOf } from "../../../src/kernel/configuration";
import { readDeclarators, readTypeName } from "../../../src/kernel/syntax/declarators";
import { functionHead } from "../../../src/kernel/syntax/function-head";
import { readFile } from "../../../src/kernel/syntax/read-file";
import { compile, complaint, source } from "../../support/kernel";
import { leaves } from "../../support/machine";

/** Far more than it takes, and far less than what grows without bounds would. */
const SOON = 3_000;

function soon<T>(what: () => T): T {
  const start = performance.now();
  const value = what();
  const took = performance.now() - start;
  assert.ok(took < SOON, `${Math.round(took)} ms`);
  return value;
}
const told = (body: string, c: string): string[] =>
  soon(() => compile(`${c}\nvoid scenario_t(void)\n{\n${body}\n}`)).diagnostics.map(
    (d) => `${complaint(d).slice(0, 60)} → ${d.message}`,
  );

describe("refused at its place", () => {
  it("is a constant macro that uses itself", () => {
    assert.match(
      told("r = zz;", "#define NN (NN)\nstatic int zz = NN;\nint r;")[0],
      /^1:\d+ .*The macro NN uses itself/,
    );
    assert.match(
      told("r = a[0];", "#define A (B)\n#define B (A)\nint a[B];\nint r;")[0],
      /^2:\d+ .*The macro B uses itself/,
    );
  });
  it("is a structure that holds itself", () =>
    assert.match(
      told("x.s.a = 1; x.s.s.a = 2;", "struct selfy { struct selfy s; int a; } x;").join(),
      /^1:16 .*struct selfy can't hold itself/,
    ));
  it("are macros that double", () => {
    for (const use of ["r = M0(1);", "if (M0(r)) r = 2;", "r = M0(r) ? 1 : 2;", "while (M0(r) && M0(r)) r++;"]) {
      const bomb = Array.from({ length: 30 }, (_, i) => `#define M${i}(x) M${i + 1}(x + x)\n`).join("");
      assert.match(told(use, `${bomb}#define M30(x) x\nint r;`).join(), /expand to too much/, use);
    }
  });
  it("is a macro, or a function, of a megabyte", () => {
    assert.match(told("r = M;", `#define M 1${" + 1".repeat(250_000)}\nint r;`)[0], /1000001 characters long/);
    assert.match(told("r = 1;".repeat(200_000), "int r;")[0], /characters long/);
  });
  it("is an array of 10⁹ elements", () => {
    for (const [body, c] of [
      ["big[1] = 2;", "static int big[1000000000];"],
      ["big[1] = 2;", "static int big[1000][1000000];"],
      ["big[1] = 2;", "static int big[] = { [999999999] = 1 };"],
      ["int big[1000000000]; big[1] = 2;", ""],
      ["v.big[1] = 2;", "struct s { int a, big[1000000000]; } v;"],
    ])
      assert.match(told(body, c).join(), /An array of \d+ elements/, c);
  });
  it("are thousands of variables", () =>
    assert.match(told(Array.from({ length: 3_000 }, (_, i) => `int a${i};\n`).join(""), "").join(), /more variables/));
  it("is a chain of a thousand calls", () => {
    const chain = Array.from({ length: 1_000 }, (_, i) => `void f${i + 1}(void) { f${i}(); }`).join("\n");
    assert.throws(
      () => leaves("f1000();", [], { c: `int n; void f0(void) { n++; }\n${chain}` }),
      (e) => e instanceof LayoutError && /more than 200 calls within each other/.test(e.message),
    );
  });
  it("is a function that calls itself through a pointer", () => {
    const c = "int n; void f(int a); void (*p)(int) = f; void f(int a) { n++; if (a) p(a - 1); }";
    assert.throws(
      () => leaves("p(15);", ["n"], { c }),
      (e) => e instanceof LayoutError && /call themselves/.test(e.message),
    );
  });
});

describe("text of 200 KB without sense", () => {
  for (const unit of [
    '\\"',
    '"',
    "'",
    "((((",
    "[",
    "{",
    "\n{",
    "/*",
    "typeof(",
    "__attribute__((",
    "a",
    "a,",
    "f(",
    "= {",
    "#if (\n",
  ])
    it(`is read soon: ${JSON.stringify(unit)}`, () => {
      const text = unit.repeat(200_000 / unit.length);
      soon(() => readFile(source(text), configOf("native")));
      soon(() => [forGrammar(text), readDeclarators(text), readTypeName(text), functionHead(text)]);
    });
});
