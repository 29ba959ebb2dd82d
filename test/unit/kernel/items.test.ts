import assert from "node:assert/strict";
import fc from "fast-check";
import { stripComments } from "../../../src/kernel/syntax/conditionals";
import { scanItems, type FunctionItem } from "../../../src/kernel/syntax/items";
import { complaint, dedent, edition, source } from "../../support/kernel";

const scan = (text: string) => {
  const file = source(dedent(text));
  return { file, ...scanItems(file, stripComments(file.text)) };
};
const functions = (text: string) => scan(text).items.filter((i): i is FunctionItem => i.kind === "function");
const names = (text: string) => functions(text).map((f) => f.name);
const signature = (f: FunctionItem) =>
  `${f.returns} ` +
  `${f.name}(${f.params.map((p) => `${p.type.base}${" *".repeat(p.type.pointers)} ${p.name}`).join(", ")})`;

describe("the top level of a file", () => {
  it("has functions with their names, results and parameters", () => {
    assert.deepEqual(
      functions(`
      static inline void switch_mm(struct mm_struct *prev, struct mm_struct *next,
                                   struct task_struct *tsk)
      {
      	if (prev) { }
      }
      unsigned long f(void) { return 0; }
      struct mm_struct *g()
      {
      }
    `).map(signature),
      [
        "void switch_mm(struct mm_struct * prev, struct mm_struct * next, struct task_struct * tsk)",
        "unsigned long f()",
        "struct mm_struct * g()",
      ],
    );
  });

  it("tells of a brace too many, where it stands", () => {
    const { file, items, problems } = scan(
      "void f(void)\n{\n\tif (x) {\n\t\ty = 1;\n\t}\n\t}\n\tz = 2;\n}\nvoid g(void)\n{\n}\n}\n",
    );
    assert.deepEqual(problems.map(complaint), ["6:2 unclosed: }", "12:1 unclosed: }"]);
    assert.deepEqual(
      items.flatMap((i) => (i.kind === "function" ? [file.text.slice(i.bodyStart, i.end).split("\n").length] : [])),
      [7, 2],
    );
    assert.deepEqual(
      scan("void f(void)\n{ if (x) { y(); } }\nvoid g(void)\n{\n\tx();\n\t}\nvoid h(void)\n{\n}\n").problems,
      [],
    );
  });

  it("has structures with attributes and annotations", () => {
    const { items, problems } = scan(
      "struct __attribute__((__packed__)) s {\n\tint a;\n};\nstatic __initdata struct t {\n\tint b;\n} u;\n",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      items.map((i) => (i.kind === "struct" ? [i.names, i.body.packed] : i.kind)),
      [[["struct s"], true], [["struct t"], false], "decl"],
    );
  });

  it("tells of a head without a body before another function", () => {
    const { items, problems } = scan("static int g(int a)\nvoid f(void)\n{\n}\n");
    assert.deepEqual(problems.map(complaint), ["1:1 unclosed: static int g(int a)"]);
    assert.deepEqual(
      items.flatMap((i) => (i.kind === "function" ? [i.name] : [])),
      ["f"],
    );
    assert.deepEqual(
      scan("module_init(x)\n__alloc_size(1) static void *f(int a)\n{\n}\nvoid __section(a) g(void)\n{\n}\n").problems,
      [],
    );
  });

  it("gives each function's place", () => {
    const { file, items } = scan("int a;\nstatic int\nf(int x)\n{\n  return x;\n}\nint b;\n");
    const f = items.find((i) => i.kind === "function") as FunctionItem;
    assert.equal(file.text.slice(f.start, f.end), "static int\nf(int x)\n{\n  return x;\n}");
    assert.equal(file.text.slice(f.nameStart, f.nameStart + 1), "f");
    assert.equal(file.text[f.bodyStart], "{");
  });

  it("sees past annotations, before and after the name", () => {
    assert.deepEqual(
      names(`
      asmlinkage void __sched schedule(void) { }
      static void finish_task_switch(struct rq *rq, struct task_struct *prev)
      	__releases(rq->lock)
      {
      }
      __attribute__((noinline)) static int f(int a) { }
      static int __init init_smp_flush(void) { }
      int __attribute__((weak)) h(void) { }
      void __kprobes notrace g(struct pt_regs *regs, long error_code) { }
    `),
      ["schedule", "finish_task_switch", "f", "init_smp_flush", "h", "g"],
    );
  });

  it("has a function behind a prototype, a structure, an initializer or a macro call", () => {
    assert.deepEqual(
      names(`
      void f(void);
      struct s { int a; struct { int b; } in; } one, two;
      enum e { A, B };
      static const struct ops ops = { .f = f, .g = { 1, 2 }, };
      int v[] = { 1, 2 };
      DEFINE_PER_CPU(struct s, x) = { 1 };
      EXPORT_SYMBOL(x);
      core_initcall(f);
      typedef struct { int c; } t;
      void g(void) { }
    `),
      ["g"],
    );
  });

  it("lists structures by tag and by typedef", () => {
    const structs = scan(
      "struct a { int x; };\ntypedef struct b { int y; } b_t;\ntypedef struct { int z; } c_t;\nunion u { int i; };",
    ).items.flatMap((i) => (i.kind === "struct" ? [i.names] : []));
    assert.deepEqual(structs, [["struct a"], ["struct b", "b_t"], ["c_t"], ["union u"]]);
  });

  it("has variables, with their initializers", () => {
    const decls = scan("int a = 1, *b;\nstatic struct s { int x; } one;\nint v[2] = { 1, 2 };\n").items.flatMap((i) =>
      i.kind === "decl" ? [i.text.replace(/\s+/g, " ").trim()] : [],
    );
    assert.deepEqual(decls, ["int a = 1, *b", "struct s one", "int v[2] = { 1, 2 }"]);
  });

  it("reads the old style of a function's head", () => {
    assert.deepEqual(
      functions("int g(void);\nint f(a, b, c)\n\tint a;\n\tchar *b;\n{\n\treturn a;\n}\n").map(signature),
      ["int f(int a, char * b, int c)"],
    );
  });

  it("goes on after a structure whose semicolon is missing", () =>
    assert.deepEqual(names("struct s {\n\tint a;\n}\n\nvoid f(void)\n{\n\tg();\n}\nvoid h(void)\n{\n}\n"), ["f", "h"]));

  it("isn't confused by braces in comments, strings and characters", () => {
    assert.deepEqual(names('void f(void)\n{\n\tprintk("}\\"{"); /* } */\n\tc = \'}\'; // {\n}\nvoid g(void)\n{\n}\n'), [
      "f",
      "g",
    ]);
  });
});

describe("a half-typed function", () => {
  const after = "\n/* the next */\nstatic int next(int a)\n{\n\treturn a;\n}\nint last(void)\n{\n}\n";

  for (const [what, text] of [
    ["without its last brace", "void f(int x)\n{\n\tif (x) {\n\t\tg(x);\n"],
    ["without any closing brace", "void f(int x)\n{\n\tif (x) {\n\t\tg(x"],
    ["with an open bracket", "void f(int x)\n{\n\tg(x;\n}\n"],
    ["with a brace too many", "void f(int x)\n{\n\t}\n}\n}\n"],
    ["with an open string", 'void f(int x)\n{\n\tg("x);\n}\n'],
    ["with a bracket open in its head", "void f(int x,\n{\n\tg(x);\n}\n"],
    ["with a bracket open before it", "int v = (1;\n"],
    ["with its head alone", "void f(int x)\n"],
  ] as const) {
    it(`${what} doesn't hide those behind it`, () =>
      assert.deepEqual(
        functions(text + after)
          .filter((f) => f.name !== "f")
          .map(signature),
        ["int next(int a)", "int last()"],
      ));
  }

  it("is named at its place", () => {
    const { problems } = scan("int a;\nvoid f(int x)\n{\n\tif (x) {\n\t\tg(x);\n" + after);
    assert.deepEqual(
      problems.map((p) => `${complaint(p)} → ${p.message}`),
      ["2:6 unclosed: f → f() has no closing brace: it is read up to the next function."],
    );
  });
});

describe("any text", () => {
  it("is listed without a crash: items in order, in the file, each function's name at its place", () => {
    const word = fc.constantFrom(
      "void f(",
      ")",
      "{",
      "}",
      ";",
      "=",
      '"',
      "'",
      "\n",
      "\n{",
      "\n}",
      "\n\n",
      "struct s",
      "int a",
      "typedef",
      ",",
      "\\",
      "__releases(x)",
      "enum",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 40 }).map((w) => w.join(" ")),
      fc.array(word, { maxLength: 40 }).map((w) => w.join("")),
    );
    fc.assert(
      fc.property(text, (t) => {
        const file = source(t);
        const { items } = scanItems(file, stripComments(t));
        let from = 0;
        for (const i of items) {
          if (i.kind === "struct" || i.kind === "enum") continue;
          assert.ok(from <= i.start && i.start <= i.end && i.end <= t.length);
          from = i.start;
          if (i.kind === "function") {
            assert.ok(i.start <= i.nameStart && i.nameStart < i.bodyStart && i.bodyStart < i.end);
            assert.equal(t.slice(i.nameStart, i.nameStart + i.name.length), i.name);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("of the edition, with one line deleted, keeps all functions but the one that stood there", () => {
    const all = edition().filter((f) => f.origin === "edition" && /\.c$/.test(f.path));
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.nat(300), (file, n) => {
        const list = (text: string) =>
          scanItems(source(text), stripComments(text)).items.flatMap((i) => (i.kind === "function" ? [i.name] : []));
        const lines = file.text.split("\n");
        const at = n % lines.length;
        // Comments and braces that open a function change what is a function at all.
        fc.pre(!/\/\*|\*\/|^\{/.test(lines[at]));
        const before = list(file.text),
          after = list(lines.filter((_, i) => i !== at).join("\n"));
        assert.ok(
          before.filter((f) => !after.includes(f)).length <= 1,
          `${lines[at]}: ${before.filter((f) => !after.includes(f)).join()}`,
        );
      }),
      { numRuns: 300 },
    );
  });
});
