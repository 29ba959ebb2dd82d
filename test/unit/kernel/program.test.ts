import assert from "node:assert/strict";
import { companionPaths, editionPaths, treeRootOf } from "../../../src/kernel/companions";
import { offsetOfLine, positionAt } from "../../../src/kernel/syntax/source";
import { describeSpan } from "../../support/describe-span";
import { actions, build, complaint, edition, insertAt, source, withoutLines } from "../../support/kernel";

const mmuContext = "arch/x86/include/asm/mmu_context.h";
const asOpen = (path: string, change: (text: string) => string) => {
  const file = edition().find((f) => f.path === path)!;
  return { ...file, uri: `open:${path}`, origin: "open" as const, text: change(file.text) };
};

describe("a program", () => {
  for (const platform of ["native", "xen"] as const) {
    it(`of the edition is read without a complaint (${platform}), from all the protocol's functions`, () => {
      const p = build(edition(), platform);
      assert.deepEqual(
        p.diagnostics.map((d) => `${describeSpan(d.span)} ${d.message}`),
        [],
      );
      const expected = [
        "context_switch",
        "switch_mm",
        "enter_lazy_tlb",
        "leave_mm",
        "flush_tlb_page",
        "flush_tlb_mm",
        "finish_task_switch",
        "mmdrop",
        "exec_mmap",
        "smp_invalidate_interrupt",
      ];
      assert.deepEqual(
        expected.filter((f) => !p.fns.has(f)),
        [],
      );
      assert.deepEqual(
        ["xen_exit_mmap", "drop_other_mm_ref"].map((f) => p.fns.has(f)),
        platform === "xen" ? [true, true] : [false, false],
      );
      assert.equal(p.fns.has("native_flush_tlb_others"), platform === "native", "under Xen the hypervisor flushes");
      assert.deepEqual(p.standIns, [], "nothing stands in for a tree that isn't there");
    });
  }

  it("does what switch_mm's lines say, in their order", () => {
    assert.deepEqual(actions(build(edition()), "switch_mm"), [
      "rmw clearbit",
      "store",
      "store",
      "rmw setbit",
      "load",
      "hw load_cr3",
      "load",
      "load",
      "load",
      "hw load_ldt",
      "store",
      "load",
      "hw bug",
      "rmw setbit",
      "load",
      "hw load_cr3",
      "load",
      "hw load_ldt",
    ]);
  });

  it("changes with the text: a line deleted, two swapped", () => {
    const before = actions(build(edition()), "switch_mm");
    assert.deepEqual(actions(build(edition({ [mmuContext]: withoutLines(40) })), "switch_mm"), before.slice(1));
    const swapped = edition({
      [mmuContext]: (t) =>
        t
          .split("\n")
          .map((l, i, all) => (i === 44 ? all[46] : i === 46 ? all[44] : l))
          .join("\n"),
    });
    assert.deepEqual(actions(build(swapped), "switch_mm").slice(0, 4), [
      "rmw clearbit",
      "store",
      "rmw setbit",
      "store",
    ]);
  });

  it("takes an open file before the tree's and the edition's, and tells what stands in", () => {
    const open = asOpen(mmuContext, withoutLines(40));
    const p = build([open, ...edition()]);
    assert.equal(p.fns.get("switch_mm")!.file, open);
    assert.equal(actions(p, "switch_mm")[0], "store");
    assert.ok(p.standIns.some((f) => f.path === "kernel/sched.c"));
    assert.ok(!p.standIns.some((f) => f.path === mmuContext));
  });

  it("doesn't let the edition fill in for a function that an open file has lost", () => {
    const open = asOpen(mmuContext, (t) =>
      t.replace("static inline void enter_lazy_tlb(", "static inline void enter_lazy("),
    );
    const p = build([open, ...edition()]);
    assert.deepEqual(
      p.diagnostics.filter((d) => d.span.file.origin === "edition").map((d) => `${d.span.file.path} ${complaint(d)}`),
      ["kernel/sched.c 3018:3 not-modelled: enter_lazy_tlb(oldmm, next)"],
    );
  });

  it("knows values by the names that they are compared with and set to", () => {
    const names = build(edition()).enumerators.get("tlb_state.state")!;
    assert.deepEqual(
      [...names],
      [
        [1, "TLBSTATE_OK"],
        [2, "TLBSTATE_LAZY"],
      ],
    );
  });

  it("reads a statement added to a line", () => {
    const p = build(edition({ [mmuContext]: insertAt(60, "cpumask_clear_cpu(cpu, mm_cpumask(prev));") }));
    const at = p.places
      .filter((x) => x.fn === "switch_mm" && positionAt(x.file, x.start).line === 60)
      .map((x) => x.file.text.slice(x.start, x.end));
    assert.deepEqual(
      [...new Set(at)],
      ["cpumask_clear_cpu(cpu, mm_cpumask(prev))", "percpu_write(cpu_tlbstate.state, TLBSTATE_OK)"],
    );
  });

  it("of no files at all has no functions", () => assert.equal(build([]).fns.size, 0));
  it("of a file without these functions has none of them", () =>
    assert.equal(build([source("int main(void) { return 0; }", "hello.c", "open")]).fns.size, 0));
});

describe("a tree's root", () => {
  it("is what stands before a known path", () => {
    for (const path of companionPaths) {
      assert.equal(treeRootOf(`/home/me/linux/${path}`), "/home/me/linux");
      assert.equal(treeRootOf(path), "");
    }
    assert.equal(treeRootOf("/home/me/linux/mm/memory.c"), "/home/me/linux");
    assert.equal(treeRootOf("/home/me/linux/arch/x86/kernel/smp.c"), "/home/me/linux");
    assert.equal(treeRootOf("/home/me/hello.c"), undefined);
  });
  it("has a place for each file of the edition", () =>
    assert.deepEqual(
      editionPaths.filter((p) => !companionPaths.includes(p)),
      [],
    ));
});

describe("places", () => {
  const file = source("ab\n\ncd\n");
  it("are lines and columns from 1, and back", () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 7].map((o) => positionAt(file, o)).map((p) => `${p.line}:${p.column}`),
      ["1:1", "1:2", "1:3", "2:1", "3:1", "3:2", "4:1"],
    );
    assert.deepEqual(
      [1, 2, 3, 4, 9].map((l) => offsetOfLine(file, l)),
      [0, 3, 4, 7, 7],
    );
    assert.deepEqual(positionAt(file, 99), { line: 4, column: 1 });
  });
});
