import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import type { Scenario } from "../../../src/scenario/scenario";
import { readScenario } from "../../../src/scenario/read-scenario";
import { builtIns } from "./support";

/** What holds for any text: a scenario or an error, and problems that can be shown. */
function wellBehaved(text: string): Scenario | undefined {
  const { scenario, problems } = readScenario(text);
  assert.equal(
    scenario === undefined,
    problems.some((p) => p.severity === "error"),
  );
  for (const { message, range } of problems) {
    assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length, JSON.stringify(range));
    assert.match(message, /^[A-Z"].*[.?]$/s);
    assert.doesNotMatch(message, /undefined|\[object|could not be read|Invalid input/);
  }
  return scenario;
}

const texts = [...builtIns.values()];

const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(
      fc.record({
        at: fc.nat(1200),
        cut: fc.nat(12),
        put: fc.oneof(
          fc.constantFrom(
            "",
            "\n",
            "  ",
            ": ",
            "- ",
            "{",
            "]",
            "&a ",
            "*a",
            "!!x ",
            "|\n",
            "? ",
            "---\n",
            "\t",
            '"',
            "#",
            "swapper/0",
            "exit",
            "null",
          ),
          fc.string({ maxLength: 4, unit: "binary" }),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce(
      (t, { at, cut, put }) => t.slice(0, at % (t.length + 1)) + put + t.slice((at % (t.length + 1)) + cut),
      text,
    ),
  );

/** Lines of the built-ins in any order and number: mostly right in the small, wrong in the large. */
const shuffled = fc
  .array(fc.constantFrom(...new Set(texts.join("").split("\n"))), { maxLength: 25 })
  .map((lines) => lines.join("\n"));

const task = fc.constantFrom("A/1", "A/2", "B/1", "k", "swapper/0", "swapper/1", "nobody");
const mm = fc.constantFrom("A", "B", "H");
const page = fc.constantFrom("p", "q");
const action = fc.oneof(
  task.map((schedule) => ({ schedule })),
  page.map((touch) => ({ touch })),
  page.map((munmap) => ({ munmap })),
  page.map((munmap_table) => ({ munmap_table })),
  page.map((mmap) => ({ mmap })),
  fc.record({ mm, page, pte: fc.constantFrom("store", "xchg", "batched") }).map((reclaim) => ({ reclaim })),
  mm.map((exec) => ({ exec })),
  fc.constant("exit"),
);
const formed = fc
  .array(fc.record({ starts: task, does: fc.array(action, { maxLength: 5 }) }), { minLength: 1, maxLength: 2 })
  .map((cpus) => ({
    id: "t",
    about: "A test.",
    mms: { A: { pages: ["p", "q"] }, B: { pages: ["p"] }, H: { pages: ["p"] } },
    tasks: { "A/1": { mm: "A" }, "A/2": { mm: "A" }, "B/1": { mm: "B" }, k: {} },
    cpus,
  }));

describe("readScenario", () => {
  it("copes with any text", () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (text) => void wellBehaved(text)),
      { numRuns: 500 },
    ));
  it("copes with any YAML", () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void wellBehaved(stringify(value))),
      { numRuns: 500 },
    ));
  it("copes with any value in any field", () => {
    const fields = {
      id: fc.jsonValue(),
      about: fc.jsonValue(),
      platform: fc.jsonValue(),
      mms: fc.jsonValue(),
      tasks: fc.jsonValue(),
      cpus: fc.oneof(fc.jsonValue(), fc.array(fc.record({ starts: fc.jsonValue(), does: fc.array(fc.jsonValue()) }))),
    };
    fc.assert(
      fc.property(fc.record(fields, { requiredKeys: [] }), (value) => void wellBehaved(stringify(value))),
      { numRuns: 500 },
    );
  });
  it("copes with the built-in scenarios, edited anyhow", () =>
    fc.assert(
      fc.property(mutated, (text) => void wellBehaved(text)),
      { numRuns: 2000 },
    ));
  it("copes with their lines in any order", () =>
    fc.assert(
      fc.property(shuffled, (text) => void wellBehaved(text)),
      { numRuns: 500 },
    ));

  it("refuses text that nests too deeply, at the place, instead of exhausting the parser's stack", () => {
    for (const open of ["[", "{a: ", "- ", "? ", "[{a: ", "&a ", "!a ", ": "]) {
      const [problem] = readScenario(open.repeat(50_000)).problems;
      assert.match(problem.message, /nested too deeply here/);
      assert.ok(problem.range.end < 500);
    }
    const stairs = Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n");
    assert.match(readScenario(stairs).problems[0].message, /nested too deeply here/);
  });

  it("reads what is nested as deep as is allowed", () => {
    for (const open of ["[", "{a: ", "- ", "? ", "&a ", ": "]) wellBehaved(open.repeat(49));
    wellBehaved(
      Array.from({ length: 98 }, (_, i) => `${" ".repeat(i)}a:${i % 2 ? "\n" + " ".repeat(i) + "-" : ""}`).join("\n"),
    );
  });

  it("passes only scripts in which each action can be done by the task that runs then", () => {
    let passed = 0;
    fc.assert(
      fc.property(formed, (value) => {
        const scenario = wellBehaved(stringify(value));
        if (!scenario) return;
        passed++;
        assertRunnable(scenario);
      }),
      { numRuns: 4000 },
    );
    assert.ok(passed > 50, `only ${passed} passed: the property says nothing`);
  });
});

/** Replays each script the plain way, with no care for messages. */
function assertRunnable(scenario: Scenario): void {
  const mmOf = new Map(scenario.tasks.map((t) => [t.name, t.mm]));
  const pages = new Map(scenario.mms.map((m) => [m.name, m.pages]));
  const where = new Map<string, number>();
  const gone = new Set<string>();
  scenario.cpus.forEach((cpu, i) => {
    let runs = "";
    const run = (task: string) => {
      assert.ok(task === `swapper/${i}` || (mmOf.has(task) && !gone.has(task) && (where.get(task) ?? i) === i));
      assert.notEqual(task, runs);
      where.set(task, i);
      runs = task;
    };
    run(cpu.starts);
    for (const { action } of cpu.does) {
      if (action.do === "schedule") run(action.task);
      else if (action.do === "exit") {
        assert.ok(mmOf.has(runs));
        gone.add(runs);
        run(`swapper/${i}`);
      } else if (action.do === "exec") {
        assert.ok(mmOf.has(runs) && ![...mmOf.values()].includes(action.mm));
        mmOf.set(runs, action.mm);
      } else if (action.do === "global_asid") assert.ok(pages.has(action.mm));
      else assert.ok(pages.get(action.do === "reclaim" ? action.mm : mmOf.get(runs)!)?.includes(action.page));
    }
  });
}
