import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { atLine60, connect, editionFile, launched, MMU, SCHED, TLB, tree } from "./wire";

describe("launching", () => {
  it("stops at the start of the scenario, every CPU in user mode, at what the scenario asks next", async () => {
    const w = await launched({ scenario: "lazy-return" });
    assert.equal(w.stop.reason, "entry");
    assert.equal(w.stop.allThreadsStopped, true);
    assert.equal(
      w.stop.text,
      "Nothing has happened yet: CPU0 runs A/1. Step to let CPU0 go on, or select another CPU and let it go first.",
    );
    assert.deepEqual(await w.threads(), ["CPU0 (A/1)", "CPU1 (A/2)"]);
    assert.deepEqual(await w.stack(0), ["A/1 in user mode lazy-return.yaml:14"]);
    assert.deepEqual(await w.stack(1), ["A/2 in user mode lazy-return.yaml:19"]);
  });

  it("stops at a line on the shortest execution that reaches it", async () => {
    const w = await atLine60();
    assert.deepEqual(await w.stack(0), [
      "switch_mm mmu_context.h:60",
      "context_switch sched.c:3020",
      "scenario_schedule environment.c:26",
    ]);
    assert.deepEqual(await w.threads(), ["CPU0 (kworker)", "CPU1 (A/2)"]);
    assert.equal(w.panel.step, w.panel.last);
    assert.ok(w.panel.view.cpus[1].mode === "user", "the shortest way needs no step of CPU1");
  });

  it("takes settings, shows those that the source asks for, and refuses what is none", async () => {
    const asks = {
      [TLB]: (t: string) =>
        t.replace(/^(void leave_mm\(.*\n\{)/m, "$1\n\tif (static_cpu_has(X86_FEATURE_PTI))\n\t\treturn;"),
    };
    assert.deepEqual((await launched({ scenario: "lazy-return", tree: tree(asks) })).panel.settings, [
      { name: "X86_FEATURE_PTI", value: 0, source: "TLBscope's default" },
    ]);
    assert.deepEqual(
      (await launched({ scenario: "lazy-return", tree: tree(asks), settings: { X86_FEATURE_PTI: true } })).panel
        .settings,
      [{ name: "X86_FEATURE_PTI", value: 1, source: "the scenario" }],
    );
    await assert.rejects(
      launched({ scenario: "lazy-return", settings: { X86_FEATURE_PTI: "yes" } } as never),
      /"settings\.X86_FEATURE_PTI" of the launch configuration must be true, false or a whole number, not "yes"/,
    );
  });

  it("refuses a scenario that doesn't apply to this kernel, and says why", async () => {
    await assert.rejects(
      launched({ scenario: "reclaim-batched" }),
      /^Error: The scenario reclaim-batched doesn't apply to this kernel\. This kernel flushes each page by itself\. .* came with 4\.3\.$/,
    );
  });

  it("takes a line without a step for the next one in its function", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(MMU), line: 57 } });
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
  });

  it("runs at once when it is not to stop on entry, and says at the end what can be done", async () => {
    const w = await launched({ scenario: "lazy-return", stopOnEntry: false });
    assert.equal(w.stop.text, "All CPUs have done what the scenario asks. Step back, drag the history, or restart.");
    assert.deepEqual(await w.stack(0), ["A/1 is done lazy-return.yaml:16"]);
  });

  it("stops at a breakpoint set before the start", async () => {
    const w = await launched({ scenario: "lazy-return", stopOnEntry: false }, (x) => x.breakAt(editionFile(MMU), 60));
    assert.equal(w.stop.reason, "breakpoint");
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
  });

  it("names the kernel by its Makefile, and the files of the edition that stand in for missing ones", async () => {
    const root = tree({ [TLB]: undefined });
    writeFileSync(
      path.join(root, "Makefile"),
      "VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 37\nEXTRAVERSION =\nNAME = Flesh-Eating Bats with Fangs\n",
    );
    const w = await launched({ scenario: "lazy-return", tree: root });
    assert.equal(w.panel.kernel, "Linux 2.6.37");
    assert.deepEqual(w.panel.standIns, [TLB]);
  });

  it("executes the files as they are when it is restarted, and keeps breakpoints", async () => {
    const root = tree();
    const file = path.join(root, MMU);
    const w = await launched({ scenario: "lazy-return", tree: root });
    await w.breakAt(file, 60);
    await w.continue();
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:60");
    // Line 60 goes, and with it what it wrote.
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(
        "\t\tpercpu_write(cpu_tlbstate.state, TLBSTATE_OK);\n\t\tBUG_ON",
        "\n\t\tBUG_ON",
      ),
    );
    const told = w.client.waitForEvent("breakpoint");
    await w.go(() => w.client.restartRequest({}));
    assert.equal(w.panel.step, 0);
    assert.equal((await told).body.breakpoint.line, 61);
    await w.continue();
    assert.equal((await w.stack(0))[0], "switch_mm mmu_context.h:61");
    assert.equal(await w.value("cpu_tlbstate.state"), "TLBSTATE_LAZY");
  });

  it("keeps the session when a restart is refused", async () => {
    const root = tree();
    const w = await launched({ scenario: "lazy-return", tree: root });
    await w.next(0);
    const why = await w.message(() =>
      w.client.restartRequest({ arguments: { scenario: "lazy-retrun", tree: root } } as never),
    );
    assert.match(why, /Did you mean "lazy-return"\?/);
    assert.equal((await w.custom("tlbscope.panelState")).step, 1);
  });

  it("serves the text of files that stand at other lines on the disk", async () => {
    const w = await launched({ scenario: "lazy-return", stopAt: { file: editionFile(SCHED), line: 3015 } });
    const [{ source }] = await w.frames(0);
    assert.ok(source?.sourceReference, "the compact file isn't to be opened from the disk");
    const { content } = (await w.client.sourceRequest({ source, sourceReference: source.sourceReference })).body;
    assert.match(content.split("\n")[3014], /if \(unlikely\(!mm\)\)/);
  });

  it("lists the sources that take part", async () => {
    const w = await launched({ scenario: "lazy-return" });
    const { sources } = (await w.client.customRequest("loadedSources")).body as { sources: { name: string }[] };
    assert.deepEqual(sources.map((s) => s.name).sort(), [
      "environment.c",
      "exec.c",
      "fork.c",
      "lazy-return.yaml",
      "mmu.c",
      "mmu_context.h",
      "sched.c",
      "sched.h",
      "tlb.c",
      "tlbflush.h",
    ]);
  });

  it("says that nothing runs to a client that asks too early", async () => {
    const w = await connect();
    await w.client.initializeRequest();
    assert.equal(await w.message(() => w.client.nextRequest({ threadId: 1 })), "No simulation runs. Start one first.");
  });
});
