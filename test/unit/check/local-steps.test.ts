/** Which steps a reduced search takes together with others, and which it must not. */
import assert from "node:assert/strict";
import { AccessSets, readOf, writeOf } from "../../../src/check/explore/access-sets";
import { Machine, MoveKind, moveKind, type State } from "../../../src/machine/machine";
import { build, edition } from "../../support/kernel";
import { scenario, toy } from "../../support/machine";
import { searched } from "./searched";

const states = (m: Machine, reduce: boolean): number => searched(m, reduce).progress.states;
const broken = (m: Machine, reduce: boolean): string[] => [...searched(m, reduce).findings.keys()].sort();

describe("local steps", () => {
  it("are those on what a lock protects, however many there are", () => {
    const critical = (n: number) =>
      toy(
        [0, 1].map(() => `spin_lock(&l); ${"x = x + 1; ".repeat(n)}spin_unlock(&l);`),
        { c: "static spinlock_t l; static int x;" },
      );
    assert.equal(states(critical(5), true), states(critical(1), true));
    assert.ok(states(critical(5), false) > states(critical(1), false));
  });

  it("are those on what a CPU may use until it has made the call that it was asked for", () => {
    const m = (reads: string) =>
      toy(["smp_call_function_many(mask, f, &x, 1); x = 2;", "y = 1;"], {
        c:
          "static int x, y, z; static const struct cpumask *mask = cpu_online_mask; " +
          "static void f(void *p) { int *q = p; " +
          `${reads} }`,
      });
    assert.equal(states(m("z = *q; z = *q; z = *q;"), true), states(m("z = *q;"), true));
  });

  it("are none on what may be used in either order, though that shows in one interleaving alone", () => {
    const m = toy(["a = 1; x = 1; b = 1; x = 2; c = 1;", "if (a == 1 && b == 1 && c == 0) BUG_ON(x == 1);"], {
      c: "static int a, b, c, x;",
    });
    assert.deepEqual([broken(m, true), broken(m, false)], [["bug"], ["bug"]]);
  });

  it("are none on an mm that is being given back, even where nobody writes what they read", () => {
    const m = toy(["y = 1; p = mm->pgd;", "if (y == 1) tlbscope_free_mm(mm);"], {
      c: "static int y; static pgd_t *p; static struct mm_struct *mm = &init_mm;",
      mms: [{ name: "A", pages: ["page0"], ldt: false }],
    });
    assert.deepEqual(broken(m, true), broken(m, false));
  });

  it("are none on what an interrupt's handler uses on the same CPU", () => {
    const m = toy(
      [
        "this_cpu_write(v, 1); this_cpu_write(v, 2); this_cpu_write(v, 0);",
        "smp_call_function_many(mask, f, NULL, 1);",
      ],
      {
        c:
          "DEFINE_PER_CPU(int, v); static const struct cpumask *mask = cpu_online_mask; static void f(void *p) { " +
          "BUG_ON(this_cpu_read(v) == 1); }",
      },
    );
    assert.deepEqual([broken(m, true), broken(m, false)], [["bug"], ["bug"]]);
  });

  it("know of every cell that the machine uses by itself: what is in all others changes nothing for it", () => {
    for (const id of ["lazy-return", "switch-away", "reclaim", "helper-exec-xen", "unmap-table"]) {
      const s = scenario(id);
      const m = new Machine(build(edition(), s.platform), s);
      const { layout: l } = m;
      const kept = new Set([...m.hidden.reads, ...m.hidden.writes, ...l.mmFreed, ...l.pgdFreed, ...l.frames]);
      const isMemory = (cell: number): boolean =>
        (cell >= l.first && cell < l.cpu[0]) || l.percpu.some((at, c) => cell >= at && cell < l.stack[c]);
      const itself = (state: State) => [
        m.moves(state).filter((x) => moveKind(x) !== MoveKind.step),
        l.cpu.map((_, c) => m.inUserMode(state, c)),
      ];
      let { state } = m.initial();
      for (let n = 0; n < 300; n++) {
        const garbage = state.map((v, cell) => (isMemory(cell) && !kept.has(cell) ? v ^ 0x55 : v));
        assert.deepEqual(itself(garbage), itself(state), `${id} after ${n} moves`);
        const moves = m.moves(state);
        if (moves.length === 0) break;
        state = m.apply(state, moves[(n * 7) % moves.length]).state;
      }
    }
  });
});

describe("sets of accesses", () => {
  it("conflict where both use a cell and one writes it", () => {
    const sets = new AccessSets();
    const [reads, writes, other] = [sets.of([readOf(7), readOf(7)]), sets.of([writeOf(7)]), sets.of([writeOf(8)])];
    assert.equal(sets.of([]), 0);
    assert.deepEqual(
      [
        sets.conflict(reads, reads),
        sets.conflict(reads, writes),
        sets.conflict(writes, reads),
        sets.conflict(writes, other),
      ],
      [false, true, true, false],
    );
    const both = sets.union(reads, other);
    assert.equal(both, sets.of([writeOf(8), readOf(7)]));
    assert.deepEqual([sets.cellsOf(both, writes), sets.cellsOf(both, other)], [[7], [8]]);
    // More sets than the table of known conflicts begins with.
    const many = Array.from({ length: 200 }, (_, i) => sets.of([writeOf(100 + i)]));
    assert.ok(many.every((a) => many.every((b) => sets.conflict(a, b) === (a === b))));
  });
});
