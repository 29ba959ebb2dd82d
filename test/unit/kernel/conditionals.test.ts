import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveConditionals, stripComments } from "../../../src/kernel/syntax/conditionals";
import { complaint, dedent, source } from "../../support/kernel";

const resolve = (text: string, config: Record<string, number> = {}) =>
  resolveConditionals(source(text), new Map(Object.entries(config)));
/** The lines that are left, without those that are blank. */
const left = (text: string, config: Record<string, number> = {}) =>
  resolve(dedent(text), config)
    .text.split("\n")
    .filter((l) => l.trim())
    .map((l) => l.trim());
const complaints = (text: string, config: Record<string, number> = {}) =>
  resolve(dedent(text), config).problems.map((p) => `${complaint(p)} → ${p.message}`);

describe("conditionals", () => {
  it("keep every line and column", () => {
    const text = "int a;\n#ifdef X\n  int b; /* c */\n#else\n\tint d;\n#endif\nint e;\n";
    const { text: out } = resolve(text);
    assert.equal(out, "int a;\n        \n                \n     \n\tint d;\n      \nint e;\n");
    assert.deepEqual(
      out.split("\n").map((l) => l.length),
      text.split("\n").map((l) => l.length),
    );
  });

  it("may stand between an if's block and its else, as in switch_mm", () => {
    const split = `
      if (prev != next) {
        other();
      }
      #ifdef CONFIG_SMP
      else {
        same();
      }
      #endif`;
    assert.deepEqual(left(split, { CONFIG_SMP: 1 }), [
      "if (prev != next) {",
      "other();",
      "}",
      "else {",
      "same();",
      "}",
    ]);
    assert.deepEqual(left(split), ["if (prev != next) {", "other();", "}"]);
  });

  it("nest, and take the first branch that holds", () => {
    const nested = `
      #if A
      a
      # if B
      ab
      # elif C
      ac
      # else
      a-
      # endif
      #elif B
      b
      #elif B || C
      c
      #else
      none
      #endif`;
    assert.deepEqual(left(nested, { A: 1, B: 1, C: 1 }), ["a", "ab"]);
    assert.deepEqual(left(nested, { A: 1, C: 1 }), ["a", "ac"]);
    assert.deepEqual(left(nested, { A: 1 }), ["a", "a-"]);
    assert.deepEqual(left(nested, { B: 1, C: 1 }), ["b"]);
    assert.deepEqual(left(nested, { C: 1 }), ["c"]);
    assert.deepEqual(left(nested), ["none"]);
  });

  it("are not asked inside lines that are left out", () =>
    assert.deepEqual(complaints("#if 0\n#if ) nonsense (\n#endif\n#elif 0\n#endif\n"), []));

  it("see what the file itself defines, up to there", () => {
    assert.deepEqual(
      left("#ifdef X\nbefore\n#endif\n#define X 3\n#if X > 2\nmore\n#endif\n#undef X\n#ifndef X\nafter\n#endif"),
      ["more", "after"],
    );
    assert.deepEqual(
      left("#if 0\n#define X\n#endif\n#ifdef X\nx\n#endif"),
      [],
      "a #define that is left out defines nothing",
    );
    assert.deepEqual(left("#define F(a) a\n#ifdef F\nf\n#endif"), ["f"]);
  });

  it("pay no attention to # inside comments and strings", () => {
    assert.deepEqual(left("/*\n#if 0\n*/\na\n"), ["/*", "#if 0", "*/", "a"]);
    assert.deepEqual(left('s = "/*";\n#if 0\nb\n#endif\nc = \'"\';\n#if 0\nd\n#endif\n'), ['s = "/*";', "c = '\"';"]);
    assert.deepEqual(left("// it's a /* comment\n#if 0\nb\n#endif\n"), ["// it's a /* comment"]);
  });

  it("go on after a comment that a directive begins", () =>
    assert.deepEqual(left("#define A /* one\n#if 0\n*/ a\n#if 0\nb\n#endif\n"), ["/*", "#if 0", "*/ a"]));

  it("may have their condition on several lines and comments in it", () => {
    assert.deepEqual(left("#if defined(A) && /* both */ \\\n    defined(B)\nab\n#endif\n", { A: 1, B: 1 }), ["ab"]);
    assert.deepEqual(left("#if defined(A) && \\\n    defined(B)\nab\n#endif\n", { A: 1 }), []);
  });

  it("that are not balanced are shown at their place, and the rest is read", () => {
    assert.deepEqual(complaints("a\n#else\n#endif\nb"), [
      "2:1 conditional: #else → #else without #if: remove it, or add the #if it belongs to.",
      "3:1 conditional: #endif → #endif without #if: remove it, or add the #if it belongs to.",
    ]);
    assert.deepEqual(left("a\n#else\n#endif\nb"), ["a", "b"]);
    assert.match(complaints("a\n#ifdef X\nb\n#if Y\nc\n#endif\n")[0], /^2:1 conditional: #ifdef X.*has no #endif/s);
    assert.match(
      complaints("#if 1 +\na\n#endif")[0],
      /^1:1 conditional: #if 1 \+ → The condition "1 \+" breaks off\. The lines under this condition are left out\.$/,
    );
  });

  it("take a file with Windows line endings", () =>
    assert.deepEqual(left("#ifdef X\r\na\r\n#else\r\nb\r\n#endif\r\n"), ["b"]));
});

describe("a #define", () => {
  const macro = (text: string, name: string) => resolve(text).macros.get(name)!;

  it("is kept with its parameters, and with the place of its body", () => {
    const text = "#define BOTH(a, b)\t\\\n\tdo { a; \\\n\tb; } while (0)\nint x;\n";
    const m = macro(text, "BOTH");
    assert.deepEqual(m.params, ["a", "b"]);
    assert.equal(text.slice(m.nameStart, m.nameStart + 4), "BOTH");
    assert.equal(m.body.length, m.end - m.start);
    assert.equal(m.body.replace(/\s+/g, " ").trim(), "do { a; b; } while (0)");
    assert.equal(text[m.end - 1], ")");
  });

  it("may have no parameters, an empty list of them, or none of a value", () => {
    assert.deepEqual(
      [macro("#define A 1\n", "A").params, macro("#define A() 1\n", "A").params, macro("#define A (1)\n", "A").params],
      [undefined, [], undefined],
    );
    assert.equal(macro("#define A\n", "A").body, "");
    assert.equal(macro("#define A 1 /* one */\n", "A").body, "1");
  });
});

describe("comments", () => {
  it("become blanks, and strings stay", () => {
    assert.equal(
      stripComments('a /* b\n c */ d // e\n"/* s */" \'/\' "\\"//" f'),
      'a     \n      d     \n"/* s */" \'/\' "\\"//" f',
    );
    assert.equal(stripComments("a /* open"), "a        ");
  });
});

describe("any text", () => {
  const line = fc.constantFrom(
    "#if 1",
    "#if 0",
    "#ifdef A",
    "#else",
    "#elif defined(B)",
    "#endif",
    "#define A 1",
    "#define F(x) x \\",
    "/*",
    "*/",
    "a /* b */",
    "// c",
    '"s',
    "'",
    "\\",
    "x;",
    "#",
    "# if A == 1",
    "",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(line, { maxLength: 30 }).map((l) => l.join("\n")),
  );

  it("keeps its length and its line breaks", () =>
    fc.assert(
      fc.property(text, (t) => {
        for (const out of [resolve(t).text, stripComments(t)]) {
          assert.equal(out.length, t.length);
          assert.deepEqual(
            [...out.matchAll(/\n/g)].map((m) => m.index),
            [...t.matchAll(/\n/g)].map((m) => m.index),
          );
        }
      }),
      { numRuns: 1000 },
    ));
});
