/** No text of a function that runs is lost without a word. */
import assert from "node:assert/strict";
import type { FunctionItem } from "../../../src/kernel/syntax/items";
import { readFile } from "../../../src/kernel/syntax/read-file";
import { configOf } from "../../../src/kernel/configuration";
import type { SourceFile } from "../../../src/kernel/syntax/source";
import { leaves } from "../../support/machine";
import { build, compile, complaint, edition, parser, source } from "../../support/kernel";

const c = "struct s { int a; struct s *n; } v; int x, y, r; int f(int a) { return a; } void g(int a, int b) { }\n";
const complaintsIn = (body: string): string[] =>
  compile(`${c}void scenario_t(void)\n{\n${body}\n}\n`).diagnostics.map(complaint);

describe("text that the grammar takes for something else", () => {
  for (const [what, body, at] of [
    ["a call without its semicolon, and the assignment behind it", "f(x)\nr = 5;", "f(x)"],
    ["a call without its semicolon, and the call behind it", "f(x)\ng(x, f(y));", "f(x)"],
    ["an assignment without its operator", "r y;", "y"],
    ["a call's value without its operator", "r f(y);", "f(y)"],
    ["a call that is lost behind a declaration", "int a\nf(x);", "f(x)"],
    ["a cast to a variable", "r = (x) y;", "(x) y"],
    ["else without if", "else f(x);", "else"],
    ["a case in no switch", "case 1: f(x);", "case 1"],
    ["what follows a bracket too many", "f(x); }\ng(x, y);", "}"],
    ["a second declaration", "int a; int a;", "a"],
    ["an assignment as an operand", "x && y = 1;", "y = 1"],
    ["an assignment as what a cast is of", "(void)x = y;", "x = y"],
    ["an assignment as the last choice", "x ? f(y) : r = 2;", "r = 2"],
    ["a loop over CPUs in place of the end of a do", "do f(x); for_each_cpu(x, y);", "do f(x); for_each_cpu(x, y);"],
    ["what sizeof of a type is said to be of", "r = sizeof (int) y;", "sizeof (int) y"],
    ["a name beside a string", 'f("a" y);', '"a" y'],
    ["a name beside a type's", "unsigned x z;", "unsigned x"],
    ["two storage classes", "static extern int a;", "static extern int a;"],
    ["a keyword as a name", "x = inline;", "inline"],
    ["a keyword as a member's name", "x = v.if;", "if"],
    ["a keyword as a label's name", "goto if;", "if"],
    ["a structure's name among arguments", "g(x, struct y, r);", "y"],
    ["statements as an argument", "f({ x = 1; });", "{ x = 1; }"],
    ["the value of a call that is assigned to", "f(x) = 2;", "f(x)"],
    ["an argument too many of a loop over CPUs", "for_each_online_cpu(x, y) f(x);", "for_each_online_cpu(x, y) f(x);"],
    ["what assembly gives", 'asm("invlpg (%0)" : "=r" (x) : "r" (y));', 'asm("invlpg (%0)" : "=r" (x) : "r" (y))'],
    ["the register of a variable", 'register int a asm("rax");', 'register int a asm("rax");'],
    ["a modifier of other compilers", "int __cdecl a;", "__cdecl"],
    ["an array's least length", "int a[static 3];", "a[static 3]"],
    ["a pointer to an array", "int (*a)[3];", "(*a)[3]"],
    ["a pointer to a function that gives one", "int (*(*a)(int))(int);", "(*(*a)(int))(int)"],
    ["characters that are one number", "x = 'ab';", "'ab'"],
    ["a number's suffix", "x = 5lul;", "5lul"],
    ["extern for a variable of the function", "int a; { extern int a; }", "a"],
    ["a line that includes a file", '\n#include "tlb.c"\n', '#include "tlb.c"'],
  ] as const)
    it(`is told: ${what}`, () => {
      const complaints = complaintsIn(body);
      assert.ok(
        complaints.some((one) => one.endsWith(`: ${at}`)),
        complaints.join("\n"),
      );
    });

  it("but a function's declaration, and pointers to functions, are read", () =>
    assert.deepEqual(complaintsIn("extern int h(u64 a); int k(int a, struct s *p); int (*p)(int) = f; r = p(x);"), []));
});

describe("a function's head", () => {
  const told = (head: string): string[] =>
    compile(`${c}${head}\n{\n}\nvoid scenario_t(void)\n{\n\th();\n}\n`).diagnostics.map((d) => {
      assert.equal(d.code, "cannot-lower", d.message);
      return complaint(d).replace(/^.*?: /, "");
    });
  for (const [head, at] of [
    ["void h(void)\n-", "-"],
    ["void h(void)\n?", "?"],
    ["void-h(void)", "-"],
    ["static \u00de\u00b7? int h(void)", "\u00de\u00b7?"],
    ["int 5x h(void)", "5x"],
    ["void h(void) (x)", "("],
    ["unlikely inline void h(void)", "unlikely"],
    ["static unlikely void h(void)", "unlikely"],
    ["static struct s return *h(void)", "return"],
    ["int struct s *h(void)", "struct"],
    ["u8 x h(void)", "x"],
    ["struct s *static h(void)", "static"],
    ["void h(void) const", "const"],
    ["void h(void) return", "return"],
    ["int h(void) int", "int"],
    ["struct h(void)", "("],
    ["__proto__ void h(void)", "__proto__"],
    ["static __attribute__ inline void h(void)", "__attribute__"],
    ["struct inline void h(void)", "struct"],
    ["static f void h(void)", "f"],
    ["void h(void)\nunlikely", "unlikely"],
    ["void h(void)\nunion", "union"],
  ] as const)
    it(`with what C has no place for is told of: ${JSON.stringify(head)}`, () =>
      assert.ok(told(head).includes(at), told(head).join("\n")));
  for (const [list, at] of [
    ["struct s *->a, int b", "->"],
    ["int a, , int b", ","],
    ["int a, int b,", ","],
    ["int a b, int b", "b"],
    ["int a; int b", ";"],
    ["const struct *a, int b", "struct"],
    ["int a?, int b", "?"],
    ["struct s *static, int b", "static"],
    ["static struct s *a, int b", "static"],
    ["int a const, int b", "const"],
    ["int a, int return", "return"],
    ["struct typeof *a, int b", "struct"],
    ["struct const s *a, int b", "struct"],
    ["struct 0xff *a, int b", "struct"],
    ["int a, ..., int b", ","],
  ] as const)
    it(`with a parameter that is none is told of: ${list}`, () => {
      const text = `${c}void h(${list})\n{\n}\nvoid scenario_t(void)\n{\n\th(x, y);\n}\n`;
      const complaints = compile(text).diagnostics;
      assert.ok(
        complaints.map(complaint).some((one) => one.endsWith(`: ${at}`)),
        complaints.map(complaint).join("\n"),
      );
    });
  for (const head of [
    'static inline __attribute__((regparm(3), section("x-y"))) struct s *h(void)',
    "asmlinkage __visible notrace void __sched h(void) __releases(&x->lock) __acquires(y)",
    "static noinline_for_stack int h(void)",
    "__printf(1, 2) void h(void)",
    "static noinstr unsigned long long h(void)",
    "__u32 __no_such_annotation h(void)",
    "struct s * const *h(void)",
  ])
    it(`is read: ${head}`, () => assert.deepEqual(told(head), []));
  it("without a parameter's name keeps the places of the others", () =>
    assert.deepEqual(leaves("x = h(1, 2, 3);", ["x"], { c: "int x; int h(int, int b, u8) { return b; }" }), { x: 2 }));
  it("is read with every kind of parameter", () => {
    const list =
      "int (*f)(int, u8), const char *names[], int n[2][3], unsigned long, struct s, u8 *, int w __maybe_unused, " +
      "struct s *p __attribute__((unused)), void (*)(void *), u8 k __foo(2, 3), struct s const *, u8 const, " +
      "unsigned long const, register const char *const n, ...";
    const args = "f, 0, 0, 1, v, 0, 1, &v, 0, 2, &v, 1, 1, 0";
    const text = `${c}void h(${list})\n{\n}\nvoid scenario_t(void)\n{\n\th(${args});\n}\n`;
    assert.deepEqual(
      compile(text)
        .diagnostics.filter((d) => !/takes \d+ argument/.test(d.message))
        .map(complaint),
      [],
    );
    assert.deepEqual(
      compile(
        `${c}int h(a, p)\n\tint a;\n\tstruct s *p;\n{\n\treturn a;\n}\nvoid scenario_t(void)\n{\nx = h(1, &v);\n}\n`,
      ).diagnostics.map(complaint),
      [],
    );
  });
});

describe("the edition with a character deleted", () => {
  it("tells what is lost wherever a bracket, a comma or a semicolon went", function () {
    this.timeout(120_000);
    const missed: string[] = [];
    for (const file of edition().filter((f) => f.origin === "edition"))
      for (const item of functionsOf(file)) {
        const text = readFile(file, configOf("native")).text.slice(item.bodyStart, item.end);
        const problems = (body: string) => parser().body({ file, start: item.bodyStart, text: body }).problems;
        assert.deepEqual(problems(text), [], item.name);
        for (const [i, c] of [...text].entries()) {
          if (i === 0 || i === text.length - 1 || !/[;,()[\]{}]/.test(c) || leavesC(text, i)) continue;
          if (problems(text.slice(0, i) + text.slice(i + 1)).length > 0) continue;
          missed.push(`${item.name}: ${text.slice(i - 30, i)}‸${text.slice(i, i + 30)}`);
        }
      }
    assert.deepEqual(missed, []);
  });

  it("tells of it at a place in the text, in the program that is built of it", () => {
    const path = "arch/x86/mm/tlb.c";
    const { text } = edition().find((f) => f.path === path)!;
    for (const edit of [
      (t: string) => t.slice(28, 4222) + t.slice(4225),
      (t: string) => t.slice(0, -3),
      ...[1000, 2000, 3000, 4000].map((n) => (t: string) => t.slice(0, n) + t.slice(t.indexOf(";", n) + 1)),
    ])
      for (const { message, span } of build(edition({ [path]: edit })).diagnostics) {
        const stands = `${message} ${span.start}–${span.end} of ${span.file.text.length}`;
        assert.ok(span.start >= 0 && span.end <= span.file.text.length && span.start <= span.end, stands);
      }
    assert.ok(text.length > 4225);
  });

  it("leaves nothing that holds: a call that lost its semicolon", () => {
    const forget = (t: string) => t.replace("cpumask_clear_cpu(cpu, mm_cpumask(prev));", (s) => `prefetch(next)\n${s}`);
    const { unknowns } = build(edition({ "arch/x86/include/asm/mmu_context.h": forget }));
    assert.ok(unknowns.some((u) => u.kind === "text" && u.name === "prefetch(next)"));
  });

  const functionsOf = (file: SourceFile): FunctionItem[] =>
    readFile(file, configOf("native")).items.filter((i): i is FunctionItem => i.kind === "function");

  /**
   * Is C left when this character goes? So it is with an empty statement's semicolon, and with a comma before an & that
   * reads as an operator then: the call has an argument too few, which only the program shows.
   */
  function leavesC(text: string, i: number): boolean {
    if (text[i] === ",") return /^\s*&/.test(text.slice(i + 1));
    return text[i] === ";" && /[;{}]$/.test(text.slice(0, i).trimEnd());
  }
});

describe("text between functions", () => {
  const told = (between: string) =>
    compile(`int a;\nvoid scenario_t(void)\n{\n\ta = 1;\n}${between}\nint b;\n`).diagnostics.map(complaint);
  for (const [between, at] of [
    ["(", "("],
    ["}", "}"],
    ["\nint )\n;", ")"],
    ["\nunlikely {\n\tint c;\n};", "{"],
    ["\nvoid g(int c,\nvoid g(int c, int d)\n{\n}", "void g(int c,"],
    ["\n\t}", "}"],
    ["\ufffd", "\ufffd"],
    ["\n-> x;", "->"],
    ["\n/* not closed", "/*"],
    ["\nint\u2028e;", "\u2028"],
    ["\nreturn;", "return"],
    ["\nif (a)\n\ta = 1;", "if (a)\n\ta = 1"],
    ["\nscenario_t();", "scenario_t()"],
    ["cpumask_clear(m);", "cpumask_clear(m)"],
    ["\nx->y = 1;", "x->y = 1"],
  ] as const)
    it(`that begins nothing is told of: ${JSON.stringify(between)}`, () =>
      assert.ok(
        told(between).some((one) => one.endsWith(`: ${at}`)),
        told(between).join("\n"),
      ));
  it("may be a semicolon, a macro, an attribute, a string of assembly", () =>
    assert.deepEqual(
      told(
        ';\nMODULE_LICENSE("GPL");\n__attribute__((weak)) int c;\nasm("nop");\nearly_initcall(scenario_t);\n' +
          "#define A 1 /* a\n* b */\nstatic int d[] = { (1), -1 };",
      ),
      [],
    ));
});

describe("a conditional", () => {
  const open = (text: string) => build([source(text, "test.c", "open")]);
  const told = (text: string) => open(text).diagnostics.map((d) => `${complaint(d)} → ${d.message}`);
  it("with two #else, or #elif behind #else, is told of there", () => {
    assert.deepEqual(told("#if 1\nint a;\n#else\nint b;\n#else\nint c;\n#endif\n"), [
      "5:1 conditional: #else → #else after the #else of the same #if: remove it. What follows is left out.",
    ]);
    assert.match(told("#if 0\n#else\n#elif 1\n#endif\n")[0], /^3:1 conditional: #elif 1/);
  });
  it("with a misspelt directive is told of", () =>
    assert.match(told("#if 1\n#esle\n#endif\n")[0], /^2:1 conditional: #esle → #esle is no directive/));
  it("beside a #define or #undef that names no macro, or has no list of parameters, is told of", () => {
    for (const line of [
      "#define",
      "#define 5 x",
      "#define A(b c) b",
      "#define A(b,",
      "#define A(b,)",
      "#undef",
      "#undef A B",
    ])
      assert.match(told(`${line}\nint a;\n`)[0] ?? "", /^1:1 conditional: #(define|undef)/, line);
    assert.deepEqual(told("#define A\n#define B() 1\n#define C(a, ...) a\n#define D(a...) a\n#undef A\n"), []);
  });
  it("with text behind #else or #endif, or without the name that it asks for, is told of", () => {
    assert.match(told("#if 1\nint a;\n#endif x(a);\n")[0], /^3:1 conditional: #endif x\(a\); → What stands behind/);
    assert.match(told("#ifdef\nint a;\n#endif\n")[0], /^1:1 conditional: #ifdef → #ifdef asks for one name/);
    assert.match(told("#ifndef A B\nint a;\n#endif\n")[0], /^1:1 conditional: #ifndef A B/);
    assert.deepEqual(told("#ifdef A /* x */\nint a;\n#else\n#endif CONFIG_A\n"), []);
  });
  it("behind a byte order mark is read", () =>
    assert.equal(compile("\uFEFF#if 0\nvoid scenario_t(void)\n{\n}\n#endif\n").fns.size, 0));
  it("of a file in UTF-16 isn't half read without a word", () => {
    const { diagnostics } = open([..."int a;\nvoid scenario_t(void)\n{\n}\n"].join("\0"));
    assert.match(diagnostics[0].message, /UTF-16/);
  });
});
