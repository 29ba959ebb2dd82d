/** Sessions on source that is half typed, not modelled, or goes wrong while it runs. */
import assert from "node:assert/strict";
import { editionFile, launched, MMU, SCHED, TLB, tree } from "./wire";

describe("source that is being edited", () => {
  it("runs with a half-typed statement, which is told at once", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({
        [MMU]: (t) =>
          t.replace(
            "percpu_write(cpu_tlbstate.state, TLBSTATE_OK);\n\t\tBUG_ON",
            "percpu_write(cpu_tlbstate.\n\t\tBUG_ON",
          ),
      }),
    });
    assert.match(w.panel.notice!, /mmu_context\.h:60: A "\)" is missing here/);
    assert.match(w.console[0], /^arch\/x86\/include\/asm\/mmu_context\.h:60: /);
    const diagnostics = await w.custom("tlbscope.diagnostics");
    assert.ok(
      diagnostics.some((d) => d.severity === "error" && d.range.line === 60 && d.uri.endsWith("mmu_context.h")),
    );
  });

  it("runs with a half-typed function, which is told at once", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({ [MMU]: (t) => t.replace("if (likely(prev != next)) {", "if (likely(prev != next)) {{") }),
    });
    assert.ok(
      w.console.some((line) => /mmu_context\.h:33: switch_mm\(\) has no closing brace/.test(line)),
      w.console.join("\n"),
    );
    assert.match(w.panel.notice!, /places don't run as they are written, each marked in the source/);
  });

  it("runs with a call that isn't modelled, and says which", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({
        [MMU]: (t) => t.replace("BUG_ON(percpu_read(cpu_tlbstate.active_mm) != next);", "FROBNICATE(cpu, next);"),
      }),
    });
    assert.match(w.panel.notice!, /^arch\/x86\/include\/asm\/mmu_context\.h:61: FROBNICATE\(\) is not modelled/);
    const [diagnostic] = await w.custom("tlbscope.diagnostics");
    assert.deepEqual([diagnostic.code, diagnostic.range.line], ["not-modelled", 61]);
  });

  it("asks once for what several names need, and says each where it stands", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({
        [MMU]: (t) =>
          t.replace(
            "BUG_ON(percpu_read(cpu_tlbstate.active_mm) != next);",
            "FROBNICATE(cpu, next); vendor_state.quick = VENDOR_QUICK;",
          ),
      }),
    });
    assert.equal(
      w.panel.notice,
      "3 names are defined in no open file: FROBNICATE, vendor_state, VENDOR_QUICK. Each counts as 0 or does " +
        "nothing, and the rest runs. Open the files that define them.",
    );
    assert.equal(w.console[0], w.panel.notice);
    const told = (await w.custom("tlbscope.diagnostics")).map(
      (d) => `${d.code} ${d.range.line} ${d.message.split(" ")[0]}`,
    );
    assert.deepEqual(told, [
      "not-modelled 61 FROBNICATE()",
      "not-modelled 61 vendor_state",
      "not-modelled 61 VENDOR_QUICK",
    ]);
  });

  it("says where the functions went when a file lost them", async () => {
    const w = await launched({ scenario: "lazy-return", tree: tree({ [MMU]: () => "/* nothing */\n" }) });
    assert.deepEqual(w.panel.standIns, [MMU], "the edition's own file stands in");
  });

  it("stops at a null pointer that is followed", async () => {
    const w = await launched({
      scenario: "lazy-return",
      stopOnEntry: false,
      tree: tree({
        [MMU]: (t) =>
          t.replace(
            "percpu_write(cpu_tlbstate.state, TLBSTATE_OK);\n\t\tBUG_ON",
            "next = NULL;\n\t\tload_cr3(next->pgd);\n\t\tBUG_ON",
          ),
      }),
    });
    assert.equal(w.stop.reason, "exception");
    assert.equal(w.stop.text, "CPU0 follows a null pointer in switch_mm().");
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:61");
    await w.next(0);
    assert.match(
      w.stop.text!,
      /^CPU0 was stopped by BUG\(\) or a bad pointer\. Step back to see how it came to that, or restart\.$/,
    );
    await w.back(0);
    assert.equal(await w.value("next"), "NULL");
  });

  it("tells of a null pointer on the way to the start, and what to do", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({ [SCHED]: (t) => t.replace("oldmm = prev->active_mm;", "oldmm = NULL;") }),
    });
    assert.equal(w.stop.reason, "exception");
    assert.equal(
      w.stop.text,
      "CPU0 follows a null pointer in switch_mm(). Correct the source (what is typed counts, saved or not) and " +
        "restart.",
    );
    await w.continue();
    assert.match(
      w.stop.text!,
      /^Nothing more can happen: CPU0 and CPU1 stopped at BUG\(\) or at a bad pointer\. Step back/,
    );
  });

  it("shows what broke on the way to the start rather than that a line can't be reached", async () => {
    const w = await launched({
      scenario: "lazy-return",
      stopAt: { file: editionFile(TLB), line: 69 },
      tree: tree({ [SCHED]: (t) => t.replace("oldmm = prev->active_mm;", "oldmm = NULL;"), [TLB]: undefined }),
    });
    assert.equal(w.stop.reason, "exception");
    assert.match(w.stop.text!, /^CPU0 follows a null pointer in switch_mm\(\)/);
    assert.ok(
      w.console.some((line) =>
        /^No execution of the scenario lazy-return comes to arch\/x86\/mm\/tlb\.c:69/.test(line),
      ),
      w.console.join("\n"),
    );
  });

  it("stops an endless loop by itself, and stays answerable meanwhile", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({
        [SCHED]: (t) =>
          t.replace(
            "\tmm = next->mm;",
            "\tif (current->mm != NULL && next->mm == NULL) for (;;) mm = next->mm;\n\tmm = next->mm;",
          ),
      }),
    });
    const told = w.client.waitForEvent("tlbscope.state", 15_000);
    await w.client.continueRequest({ threadId: 1 });
    let asked = 0;
    let longest = 0;
    const done = told.then(() => true);
    while (!(await Promise.race([done, Promise.resolve(false)]))) {
      const from = performance.now();
      await w.client.threadsRequest();
      longest = Math.max(longest, performance.now() - from);
      asked++;
    }
    assert.match(
      w.stop.text!,
      /^Stopped after \d+ steps without an end in sight: CPU0 is in context_switch\(\), line 3006\. If a loop there has no way out, give it one; else press Continue to go on\.$/,
    );
    assert.ok(asked >= 3, `requests were answered meanwhile: ${asked}, the slowest after ${longest.toFixed(0)} ms`);
  });

  it("notices when one CPU alone goes round in a circle", async () => {
    const w = await launched({
      scenario: "lazy-return",
      tree: tree({
        [SCHED]: (t) =>
          t.replace(
            "\tmm = next->mm;",
            "\tif (current->mm != NULL && next->mm == NULL) for (;;) mm = next->mm;\n\tmm = next->mm;",
          ),
      }),
    });
    await w.alone(0);
    assert.match(
      w.stop.text!,
      /^CPU0 goes round and round: CPU0 is in context_switch\(\), line 3006, and after \d+ steps all is as it was before\. Give the loop a way out/,
    );
  });

  it("says who waits for what when no CPU can go on", async () => {
    const w = await launched({
      scenario: "lazy-return",
      stopOnEntry: false,
      tree: tree({
        [TLB]: (t) =>
          t.replace(
            "\tack_APIC_irq();\n\t/* Last of all",
            "\tspin_lock(&f->tlbstate_lock);\n\tack_APIC_irq();\n\t/* Last of all",
          ),
      }),
    });
    assert.equal(w.stop.reason, "exception");
    assert.equal(w.stop.description, "Broken: no deadlock.");
    assert.match(
      w.stop.text!,
      /^No CPU can go on: CPU0 waits for the lock: spin_lock\(&f->tlbstate_lock\) with interrupts off; CPU1 waits while !cpumask_empty\(&f->flush_cpumask\)\. Step back to find where they took what the others wait for\.$/,
    );
    assert.equal((await w.client.exceptionInfoRequest({ threadId: 1 })).body.details?.typeName, "deadlock");
    assert.deepEqual(
      w.panel.properties.filter((p) => !p.ok).map((p) => p.id),
      ["deadlock"],
    );
  });
});
