/** Whatever is typed: diagnostics at places in the file, never an exception, and never without end. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Program } from "../../../src/kernel/ir";
import { type SourceFile } from "../../../src/kernel/syntax/source";
import { LayoutError } from "../../../src/machine/layout";
import { Machine, type State } from "../../../src/machine/machine";
import type { Scenario } from "../../../src/scenario/scenario";
import { Stepper } from "../../../src/trace/stepping";
import { Trace } from "../../../src/trace/trace";
import { transcript } from "../../support/transcript";
import { build, edition, source } from "../../support/kernel";
import { builtInIds, scenario, toy } from "../../support/machine";

/** Builds a program, whose diagnostics can all be shown. */
function program(files: SourceFile[], platform: "native" | "xen"): Program {
  const p = build(files, platform);
  for (const d of p.diagnostics) {
    const { file, start, end } = d.span;
    assert.ok(files.includes(file));
    assert.ok(
      0 <= start && start <= end && end <= file.text.length,
      `${d.message} stands at ${start}–${end} of ${file.text.length}`,
    );
    assert.match(d.message, /^\S.*[.?]$/s);
    assert.doesNotMatch(d.message, /undefined|\[object/);
  }
  for (const at of p.places) assert.ok(0 <= at.start && at.start <= at.end && at.end <= at.file.text.length);
  return p;
}

/** Runs it for a while, and writes down what happened; a program that can't be laid out says why. */
function run(p: Program, s: Scenario): State | undefined {
  try {
    const trace = new Trace(new Machine(p, s));
    for (let n = 0, stepper = new Stepper(trace, { stopsOn: () => false, paused: () => trace.last > 200 }); n < 3; n++)
      stepper.continue();
    if (trace.last < 300) transcript(trace, { from: trace.last - 5 });
    return trace.state;
  } catch (e) {
    if (!(e instanceof LayoutError)) throw e;
    assert.match(e.message, /^\S.*\.$/s);
    return undefined;
  }
}

const scenarios = new Map(builtInIds.map((id) => [id, scenario(id)]));
const anyScenario = fc.constantFrom(...builtInIds);

describe("any text", () => {
  const token = fc.constantFrom(
    "if",
    "(",
    ")",
    "{",
    "}",
    ";",
    "else",
    "while",
    "for",
    "do",
    "return",
    "x",
    "y",
    "=",
    "+",
    "*",
    "&",
    "->",
    ".",
    "f",
    "1",
    ",",
    "switch",
    "case",
    ":",
    "?",
    "goto",
    "a",
    "[",
    "]",
    "struct s",
    "int",
    "sizeof",
    '"s"',
    "#define M(a) a\n",
    "M",
    "percpu_read",
    "for_each_cpu",
    "mm_cpumask",
    "\n",
    "break",
    "continue",
    "cpumask_set_cpu",
    "likely",
    "BUG_ON",
    "xchg",
    "smp_call_function",
    "static int n = 1;",
    "guard(mutex)(&f);",
    "scoped_guard",
    "(irqsave)",
    "CLASS(k, v)",
    "__free(k)",
    "__auto_type",
    "static",
    "DEFINE_SPINLOCK(l);",
  );
  const body = fc.array(token, { maxLength: 60 }).map((t) => t.join(" "));
  const c = "struct s { int a, x; } f, *y; int x, a; int f(int a) { return a; }";
  const s: Scenario = {
    ...scenario("two-lazy-cpus"),
    cpus: [
      { starts: "swapper/0", does: [{ action: { do: "touch", page: "page0" }, range: { start: 0, end: 0 } }] },
      { starts: "swapper/1", does: [] },
      { starts: "swapper/2", does: [] },
    ],
  };

  it("as a function's body is read and run", () =>
    fc.assert(
      fc.property(
        body,
        (b) => void run(program([source(`${c}\nvoid scenario_touch(unsigned long addr)\n{\n${b}\n}\n`)], "native"), s),
      ),
      { numRuns: 250 },
    ));
  it("as a file is read", () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.string(), body),
        (b) => void run(program([source(b)], "native"), s),
      ),
      { numRuns: 200 },
    ));
  it("as a macro's body is read and run", () =>
    fc.assert(
      fc.property(
        body,
        body,
        (b, arg) =>
          void run(
            program(
              [
                source(
                  `${c}\n#define MACRO(a, b) ${b.replace(/\n/g, " ")}\nvoid scenario_touch(unsigned long ` +
                    `addr)\n{\n\tMACRO(${arg.replace(/[()\n]/g, "")}, y);\n\tx = MACRO(1, 2);\n}\n`,
                ),
              ],
              "native",
            ),
            s,
          ),
      ),
      { numRuns: 200 },
    ));
});

describe("the edition, edited anyhow", () => {
  const paths = [
    "kernel/sched.c",
    "arch/x86/include/asm/mmu_context.h",
    "arch/x86/include/asm/tlbflush.h",
    "arch/x86/mm/tlb.c",
    "arch/x86/xen/mmu.c",
    "fs/exec.c",
    "include/linux/sched.h",
    "kernel/fork.c",
    "environment.c",
  ];
  const edit = fc.oneof(
    fc.record({ k: fc.constant("delete" as const), at: fc.nat(400) }),
    fc.record({ k: fc.constant("swap" as const), at: fc.nat(400) }),
    fc.record({ k: fc.constant("double" as const), at: fc.nat(400) }),
    fc.record({
      k: fc.constant("insert" as const),
      at: fc.nat(12_000),
      put: fc.constantFrom(
        "(",
        ")",
        "{",
        "}",
        ";",
        "\n{",
        "\n}",
        '"',
        "/*",
        "*/",
        "#if 0\n",
        "\n#endif\n",
        "\\\n",
        "'",
        "x",
        "NULL->a",
        "while (1) ",
        "!",
        "0 &&",
        "return;",
      ),
    }),
    fc.record({ k: fc.constant("cut" as const), at: fc.nat(12_000), length: fc.nat(40) }),
  );
  /** Edits count on the part of the file that isn't the blank lines of a compact file. */
  const apply = (text: string, edits: (typeof edit extends fc.Arbitrary<infer T> ? T : never)[]): string => {
    const first = text.search(/\n[^\n]/);
    let head = text.slice(0, first),
      rest = text.slice(first);
    for (const e of edits) {
      if (e.k === "insert" || e.k === "cut") {
        const at = e.at % (rest.length + 1);
        rest = rest.slice(0, at) + (e.k === "insert" ? e.put : "") + rest.slice(at + (e.k === "cut" ? e.length : 0));
        continue;
      }
      const lines = rest.split("\n");
      const at = e.at % lines.length;
      if (e.k === "delete") lines.splice(at, 1);
      else if (e.k === "double") lines.splice(at, 0, lines[at]);
      else if (at + 1 < lines.length) [lines[at], lines[at + 1]] = [lines[at + 1], lines[at]];
      rest = lines.join("\n");
    }
    head += rest;
    return head;
  };

  it("is read and run as far as it goes", () =>
    fc.assert(
      fc.property(
        anyScenario,
        fc.constantFrom(...paths),
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        (id, path, edits) => {
          const s = scenarios.get(id)!;
          const files = edition().map((f) => (f.path === path ? { ...f, text: apply(f.text, edits) } : f));
          run(program(files, s.platform), s);
        },
      ),
      { numRuns: 120 },
    ));

  it("without one of its files says what is missing", () => {
    for (const id of builtInIds)
      for (const path of paths) {
        const s = scenarios.get(id)!;
        run(
          program(
            edition().filter((f) => f.path !== path),
            s.platform,
          ),
          s,
        );
      }
  });
});

describe("a program that can't be run", () => {
  const refused = (bodies: string[], c: string, why: RegExp) =>
    assert.throws(
      () => new Machine(toy(bodies, { c }).program, scenario("lazy-return")),
      (e: unknown) => e instanceof LayoutError && why.test(e.message),
    );

  it("because a function calls itself says so", () => {
    refused(
      ["f(1);"],
      "int f(int n) { return n ? f(n - 1) : 0; }",
      /f\(\) calls f\(\): TLBscope can't run functions that call themselves\. Write the recursion as a loop/,
    );
    refused(
      ["f(1);"],
      "int g(int n); int f(int n) { return g(n); } int g(int n) { return f(n); }",
      /f\(\) calls g\(\) calls f\(\)/,
    );
  });

  it("because the scenario's entry is missing says which", () => {
    const m = toy(["x = 1;"], { c: "int x;" });
    assert.throws(
      () => new Machine(m.program, scenario("lazy-return")).initial(),
      (e: unknown) =>
        e instanceof LayoutError &&
        /^scenario_schedule\(\) isn't there: the environment file is incomplete\.$/.test(e.message),
    );
  });

  it("because its macros grow beyond reason is reported, not waited for", () => {
    const grow = Array.from({ length: 40 }, (_, i) => `#define M${i + 1}(a) (M${i}(a) + M${i}(a))\n`).join("");
    const p = program(
      [
        source(
          `int x;\n#define M0(a) (a)\n${grow}#define SELF(a) (SELF(a) + SELF(a))\nvoid scenario_touch(unsigned ` +
            `long addr)\n{\n\tx = M40(1);\n}\nvoid scenario_exit(int idle)\n{\n\tx = SELF(1);\n}\n`,
        ),
      ],
      "native",
    );
    assert.deepEqual(p.diagnostics.map((d) => d.message).sort(), [
      "The macro SELF uses itself: it can't be expanded.",
      "The macro SELF uses itself: it can't be expanded.",
      "The macros of scenario_touch() expand to too much: from here on they do nothing.",
    ]);
  });

  it("because macros name each other in a circle is reported, and one of its own name isn't a circle", () => {
    const p = program(
      [
        source(
          "#define A B\n#define B A\n#define f f\nvoid f(void) { }\n#define g g\nvoid scenario_touch(unsigned " +
            "long addr)\n{\n\tA(1);\n\tf();\n\tg();\n}\n",
        ),
      ],
      "native",
    );
    assert.deepEqual(
      p.diagnostics.map((d) => d.message.split(" ")[0]),
      ["A()", "g()"],
    );
  });
  it("because a function is defined twice under the options that are set says so, and runs the first", () => {
    const p = program(
      [
        source(
          "int x;\n#ifdef CONFIG_SMP\nvoid f(void) { x = 1; }\n#endif\n#ifdef CONFIG_64BIT\nvoid f(void) { x = " +
            "2; }\n#endif\nvoid scenario_touch(unsigned long addr) { f(); }\n",
        ),
      ],
      "native",
    );
    assert.deepEqual(
      p.diagnostics.map((d) => [d.span.file.text.slice(0, d.span.start).split("\n").length, d.message.split(":")[0]]),
      [
        [
          6,
          "f() is defined twice in this file under the options as they are set, and the first definition is run. " +
            "If this one is meant, set its option otherwise in the scenario's settings.",
        ],
      ],
    );
  });
  it("because it nests beyond reason is reported, not crashed on", () => {
    for (const b of [
      "x = " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + ";",
      "{".repeat(20_000),
      "if (x) ".repeat(20_000) + ";",
      "x = " + "!".repeat(20_000) + "y;",
      "x" + " + 1".repeat(50_000) + ";",
      "f(".repeat(20_000),
      "x" + "[0]".repeat(20_000) + ";",
      "p" + "->p".repeat(20_000) + ";",
      "x = " + "y ? 1 : ".repeat(20_000) + "0;",
    ]) {
      const p = program([source(`int x, y;\nvoid scenario_touch(unsigned long addr)\n{\n${b}\n}\n`)], "native");
      assert.ok(p.fns.has("scenario_touch"), b.slice(0, 20));
    }
  });
});
