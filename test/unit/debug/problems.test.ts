/** What is told of a program at the beginning of a session. */
import assert from "node:assert/strict";
import { problemsOf } from "../../../src/debug/launch/problems";
import { build, source } from "../../support/kernel";

const tree = (text: string) =>
  build([
    source("void scenario_touch(unsigned long addr) { context_switch(); }"),
    { ...source(text), uri: "core.c", path: "kernel/sched/core.c", origin: "tree" },
  ]);

describe("what no open file defines", () => {
  it("is asked for once, with the files of the protocol that the tree lacks", () => {
    const { notice, lines } = problemsOf(
      tree(
        "void context_switch(void) { int i; for (i = 0; i < LIMIT; i++) count(LIMIT); this_cpu_write(tlb.a.b, " +
          "this_cpu_read(tlb.c)); }",
      ),
    );
    assert.equal(
      notice,
      "3 names are defined in no open file: LIMIT, count, tlb. Each counts as 0 or does nothing, and the rest " +
        "runs. This tree has no arch/x86/include/asm/mmu_context.h, no arch/x86/include/asm/tlbflush.h, no " +
        "arch/x86/mm/tlb.c, no fs/exec.c, no include/linux/sched.h, no kernel/fork.c: open them, or files that " +
        "define these names.",
    );
    assert.equal(lines[0], notice);
  });
  it("of a variable is told once, not again for each of its members", () => {
    assert.deepEqual(
      tree(
        "void context_switch(void) { this_cpu_write(tlb.a.b, 1); this_cpu_write(tlb.c[1].d, 2); per_cpu(tlb.e.f, " +
          "0) = 3; state.quick = state.slow.n; }",
      ).diagnostics.map((d) => d.message.split(" ").slice(0, 4).join(" ")),
      ["The per-CPU variable tlb", "state isn't declared in"],
    );
  });
  it("of a structure is told once, with all that is asked of its members, and the rest runs", () => {
    const { diagnostics } = tree(
      "DECLARE_PER_CPU(struct tlb, tlb);\nint x;\nvoid context_switch(void) { int i = 3; " +
        "this_cpu_write(tlb.ctxs[i].id, 7); this_cpu_write(tlb.ctxs[1].gen, 8); this_cpu_write(tlb.info.n, 1); x = " +
        "this_cpu_read(tlb.state); }",
    );
    assert.deepEqual(
      diagnostics.map((d) => d.message),
      [
        "struct tlb isn't declared in the open files: what its members hold isn't told apart, and begins as 0: " +
          "ctxs (.id, .gen), info (.n). Open the header that declares it.",
      ],
    );
  });
  it("is told as it stands when it is a single thing", () =>
    assert.match(
      problemsOf(tree("void context_switch(void) { nobody(); }")).notice!,
      /^kernel\/sched\/core\.c:1: nobody\(\) is not modelled/,
    ));
});

describe("a variable that one file declares per CPU and another defines plainly", () => {
  it("is per CPU", () =>
    assert.deepEqual(
      tree(
        "struct s { int a; };\nDECLARE_PER_CPU(struct s, v);\nstruct s v;\nvoid context_switch(void) { " +
          "this_cpu_write(v.a, 1); }",
      ).diagnostics,
      [],
    ));
});
