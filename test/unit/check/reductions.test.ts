/** Partial-order and symmetry reduction against the search without them. */
import assert from "node:assert/strict";
import { Search } from "../../../src/check/search/search";
import { replay } from "../../../src/check/search/switches";
import { checkNow } from "../../../src/check/verdict/verdict";
import { whyNotApplicable } from "../../../src/machine/requirements/applies";
import { Machine } from "../../../src/machine/machine";
import { golden } from "../../support/golden";
import { build, edition } from "../../support/kernel";
import { builtInIds, editionMachine, scenario, toy } from "../../support/machine";
import { searched } from "./searched";

/**
 * Scenarios of the tests: more CPUs, and CPUs that can be exchanged. Those with millions of states under TSO are
 * searched under SC alone.
 */
const further: [id: string, orders: ("sc" | "tso")[]][] = [
  ["three-cpus", ["sc"]],
  ["two-leave", ["sc"]],
  ["changing-places", ["sc", "tso"]],
  ["two-unmap", ["sc", "tso"]],
  ["two-exit-xen", ["sc"]],
];

describe("reductions", () => {
  const all: typeof further = [...builtInIds.map((id): (typeof further)[number] => [id, ["sc", "tso"]]), ...further];
  /** A line for the record, by scenario and memory order. */
  const rows = new Map<string, string>();

  /** A scenario searched plainly, with each reduction and with both. */
  function searches(id: string, order: "sc" | "tso") {
    const s = { ...scenario(id), order };
    const m = new Machine(build(edition(), s.platform), s);
    const plain = searched(m, false),
      reduced = searched(m, true),
      symmetric = searched(m, false, true),
      both = searched(m, true, true);
    const head = `${id.padEnd(18)} ${order.padEnd(4)}`;
    const failures = [...plain.findings.values()].map((f) => `${f.property} in ${f.moves.length} steps`).join(", ");
    const count = (x: Search, what: string) => `${String(x.progress.states).padStart(8)} ${what}`;
    rows.set(
      `${id} ${order}`,
      whyNotApplicable(m.program, s) !== undefined
        ? `${head} doesn't apply`
        : (
            `${head} ${(failures ? "fails" : "holds").padEnd(6)} ` +
            `${count(plain, "states")}  ${count(symmetric, "by symmetry")}  ` +
            `${count(reduced, "reduced")}  ${count(both, "both")}  ${failures}`
          ).trimEnd(),
    );
    return { m, plain, reduced, symmetric, both };
  }

  for (const [id, orders] of all)
    for (const order of orders)
      it(`change no verdict on ${id}, ${order.toUpperCase()}`, () => {
        const { m, plain, reduced, symmetric, both } = searches(id, order);
        const broken = (x: Search) => [...x.findings.keys()].sort();
        for (const x of [reduced, symmetric, both]) {
          assert.deepEqual(broken(x), broken(plain));
          assert.deepEqual(x.neverReached, plain.neverReached);
          assert.ok(x.progress.states <= plain.progress.states);
        }
        // Symmetry keeps the length of the shortest execution; each execution it tells of is one of the machine.
        for (const [property, f] of symmetric.findings)
          assert.equal(f.moves.length, plain.findings.get(property)!.moves.length);
        for (const x of [reduced, symmetric, both])
          for (const f of x.findings.values())
            if (f.property !== "deadlock") assert.ok(replay(m, f.moves).whys.includes(`${f.property} ${f.why}`));
      });

  it("take no step together with another where a promise is told by what lies between", () => {
    // A page may be freed once x is set, and once CPU1's runqueue says that it is leaving its mm, no earlier.
    const leaves =
      "struct task_struct *to; local_irq_disable(); to = k; if (to) { x = 1; this_cpu_write(runqueues.curr, to); " +
      "load_cr3(current->mm->pgd); }";
    const frees =
      "if (x == 1) { page = xchg(&tlbscope_pte(current->mm, 0x1000), 0); load_cr3(current->mm->pgd); " +
      "tlbscope_free_page(page); }";
    const m = toy(["k = current;", leaves, frees], {
      c:
        "struct rq { struct task_struct *curr; }; DEFINE_PER_CPU(struct rq, runqueues); struct task_struct *k; int " +
        "x; pte_t page;",
      settings: { flush_at_once: 0 },
      mms: [{ name: "A", pages: ["page0"], ldt: false }],
      tasks: [
        { name: "A/1", mm: "A" },
        { name: "A/2", mm: "A" },
      ],
      starts: ["swapper/0", "A/1", "A/2"],
      speculation: true,
    });
    for (const reduce of [false, true])
      assert.deepEqual(
        [...searched(m, reduce, false).findings.values()].map((f) => f.why),
        ["CPU2 frees frame1 while CPU1's TLB still holds A:page0 → frame1."],
        `${reduce}`,
      );
  });

  it(
    "tell of what they found by executions of the machine whenever they are stopped, also while they learn what " +
      "they had assumed wrongly",
    () => {
      // Only where CPU1 comes in between twice is CPU0's own variable looked at from elsewhere.
      const m = toy(
        [
          "local_irq_disable(); this_cpu_write(v, 1); a = 1; b = 1; this_cpu_write(v, 2); c = 1; d = 1; " +
            "this_cpu_write(v, 3); local_irq_enable();",
          "if (a == 1 && b == 0 && c == 1 && d == 0) { BUG_ON(per_cpu(v, 0) == 2); e = 1; e = 2; }",
        ],
        { c: "static int a, b, c, d, e; DEFINE_PER_CPU(int, v);" },
      );
      const search = new Search(m, { reduce: true });
      let told = 0,
        fewer = 0;
      for (let before = 0, more = true; more; before = search.progress.states) {
        more = search.run(1);
        if (search.progress.states < before) fewer++;
        for (const f of search.failuresOf("bug"))
          told += replay(m, f.moves).whys.includes(`${f.property} ${f.why}`) ? 1 : -Infinity;
      }
      assert.ok(told > 0 && fewer > 0, `told ${told} times, begun anew ${fewer} times`);
    },
  );

  it("the verdicts of the built-in edition, with their counts, are the ones on record", () => {
    const record = all.flatMap(([id, orders]) =>
      orders.map((order) => {
        if (!rows.has(`${id} ${order}`)) searches(id, order);
        return rows.get(`${id} ${order}`);
      }),
    );
    golden("verdicts-edition", `${record.join("\n")}\n`);
  }).timeout(120_000);
});

describe("symmetry", () => {
  const alike = (id: string) => searched(editionMachine(id), true, true).interchangeable;

  it("finds the CPUs that do the same, also when mms or pages are exchanged with them", () => {
    assert.deepEqual(alike("two-leave"), [[0, 1]]);
    assert.deepEqual(alike("changing-places"), [[0, 1]]);
    assert.deepEqual(alike("two-unmap"), [[0, 1]]);
    assert.deepEqual(alike("three-cpus"), []);
  });

  it("counts three CPUs' stores once for all their orders: 27 states become 10", () => {
    const m = toy(["x = 1;", "y = 1;", "z = 1;"], { c: "static int x, y, z;" });
    const same = new Machine(m.program, {
      ...m.scenario,
      cpus: m.scenario.cpus.map((c) => ({ ...c, does: m.scenario.cpus[0].does })),
    });
    const counted = toy(["atomic_inc(&n);"], { c: "static atomic_t n;" });
    const three = new Machine(counted.program, {
      ...counted.scenario,
      cpus: [0, 1, 2].map((c) => ({ ...counted.scenario.cpus[0], starts: `swapper/${c}` })),
    });
    assert.equal(searched(same, false).progress.states, 27);
    // Each CPU is at 0, 1 or 2, and it doesn't count which: (2 + 3) choose 3.
    assert.equal(searched(three, false, true).progress.states, 10);
  });

  it("gives up where the code looks at the number of a CPU, and says where", () => {
    const one = toy(["if (smp_processor_id() == 0) atomic_inc(&n);"], { c: "static atomic_t n;" });
    const m = new Machine(one.program, {
      ...one.scenario,
      cpus: [0, 1].map((c) => ({ ...one.scenario.cpus[0], starts: `swapper/${c}` })),
    });
    const s = searched(m, false, true);
    assert.deepEqual([s.interchangeable, s.progress.states], [[], searched(m, false).progress.states]);
    assert.match(s.asymmetry!, /^what CPU\d does( in \w+\(\))? depends on its number$/);
    assert.match(checkNow(m).bounds, /no CPUs count as interchangeable, for what CPU/);
    assert.match(
      checkNow(editionMachine("two-lazy-cpus")).bounds,
      /CPU0 and CPU1 count as interchangeable, which was checked on the way/,
    );
  });
});
