import assert from "node:assert/strict";
import { bugFailed, fourCpus, ipiHeld, staleEntry, choosing } from "../../fixtures/panel-states";
import { value } from "../../fixtures/panel-builders";
import { openPanel, press, text, type PanelInDom } from "./dom";

describe("the panel in a session", () => {
  let panel: PanelInDom;
  beforeEach(async () => (panel = await openPanel()));
  afterEach(() => panel.close());
  const last = () => panel.sent.at(-1);

  it("says that what is shown rests on what isn't known, and in which step it came to", async () => {
    const restsOn = [
      { name: "PAGE_MOSK", message: "PAGE_MOSK isn't declared.", path: "tlb.c", line: 7, at: ipiHeld.step },
    ];
    await panel.show({ ...ipiHeld, restsOn });
    assert.match(text(panel.root), /Rests on what isn’t known: PAGE_MOSK/);
    assert.match(text(panel.root), /From here on it rests on what isn’t known\. PAGE_MOSK isn't declared\./);
    await panel.show({ ...ipiHeld, restsOn: [{ ...restsOn[0], at: ipiHeld.step - 1 }] });
    assert.match(text(panel.root), /Rests on what isn’t known: PAGE_MOSK/);
    assert.doesNotMatch(text(panel.root), /From here on/);
  });

  describe("a CPU's card", () => {
    it("is a region of the CPU's name that shows what the CPU is at", async () => {
      await panel.show(ipiHeld);
      const card = text(panel.region("CPU0"));
      for (const part of [
        "A/1",
        "interrupts off",
        "schedule A/1",
        "TLBSTATE_OK",
        "A:page0 → frame3",
        "flush A page0 from CPU1",
        "switch_mm, line 61",
      ])
        assert.ok(card.includes(part), `${part} in: ${card}`);
      assert.match(text(panel.region("CPU1")), /waits until flush_cpumask is empty/);
    });

    it("marks a changed value with words, not by colour alone", async () => {
      await panel.show(ipiHeld);
      const state = panel.button(/^cpu_tlbstate\.state of CPU0/);
      assert.equal(text(state), "TLBSTATE_OKwas LAZY");
      assert.ok(state.querySelector(".codicon"), "and with a mark in front");
      assert.match(state.getAttribute("aria-label") ?? "", /was LAZY/);
      const active = panel.button(/^cpu_tlbstate\.active_mm of CPU0/);
      assert.doesNotMatch(active.getAttribute("aria-label") ?? "", /was|changed/);
    });

    it("says that an entry is stale, and that its frame was freed", async () => {
      await panel.show(ipiHeld);
      assert.match(text(panel.region("CPU0")), /A:page0 → frame3 ?stale/);
      await panel.show(staleEntry);
      assert.match(text(panel.region("CPU0")), /A:page0 → frame3 ?freed/);
      assert.match(text(panel.region("CPU0")), /A:page1 → frame4 ?dropped/);
    });

    it("says that an interrupt is held back because IF = 0, only on the CPU that it is for", async () => {
      await panel.show(ipiHeld);
      assert.match(text(panel.region("CPU0")), /held: IF = 0/);
      assert.doesNotMatch(text(panel.region("CPU1")), /held/);
      assert.match(text(panel.region("IPIs in flight")), /CPU1 ?CPU0 ?flush A page0 ?held: IF = 0/);
    });

    it("shows under TSO which stores wait, and lets the oldest one out", async () => {
      await panel.show(ipiHeld);
      assert.doesNotMatch(text(panel.region("CPU0")), /stores/);
      const [cpu0, ...others] = ipiHeld.view.cpus;
      const stores = [value("kworker.active_mm", "A"), value("runqueues.curr", "kworker")];
      await panel.show({
        ...ipiHeld,
        view: {
          ...ipiHeld.view,
          cpus: [
            { ...cpu0, storeBuffer: { stores, drain: 77 } },
            ...others.map((cpu) => ({ ...cpu, storeBuffer: { stores: [] } })),
          ],
        },
      });
      assert.match(text(panel.region("CPU0")), /stores ?active_mm = A ?Let Out ?curr = kworker/);
      assert.match(text(panel.region("CPU1")), /stores ?none waiting/);
      await panel.click("Let Out");
      assert.deepEqual(last(), { type: "move", move: 77 });
    });

    it("offers what a CPU that is left to choose may do, and has it do that", async () => {
      await panel.show(choosing);
      assert.match(text(panel.region("CPU0")), /may ?schedule B\/1 ?schedule kworker\/0 ?touch page0 ?munmap page0/);
      await panel.click("munmap page0");
      assert.deepEqual(last(), { type: "move", move: 103 });
      await panel.show({
        ...choosing,
        view: {
          ...choosing.view,
          cpus: choosing.view.cpus.map((cpu, c) => (c > 0 ? cpu : { ...cpu, action: "munmap page0", choices: [] })),
        },
      });
      assert.match(text(panel.region("CPU0")), /does ?munmap page0/);
    });

    it("selects its CPU, and shows which one is selected", async () => {
      await panel.show(ipiHeld);
      assert.equal(panel.button("CPU0").getAttribute("aria-pressed"), "true");
      assert.equal(panel.button("CPU1").getAttribute("aria-pressed"), "false");
      await panel.click("CPU1");
      assert.deepEqual(last(), { type: "selectCpu", cpu: 1 });
    });

    it("leads from a value to where it was last written, and from its place to the source", async () => {
      await panel.show(ipiHeld);
      await panel.click(/^cpu_tlbstate\.active_mm of CPU0/);
      assert.deepEqual(last(), { type: "lastWrite", cell: ipiHeld.view.cpus[0].perCpu[1].cell });
      await panel.click(/^TLB CPU0: A:page0/);
      assert.deepEqual(last(), { type: "lastWrite", cell: ipiHeld.view.cpus[0].tlb[0].cell });
      await panel.click("switch_mm, line 61");
      assert.deepEqual(last(), { type: "openPlace", place: ipiHeld.view.cpus[0].at });
    });

    it("keeps its size when a list gets shorter", async () => {
      await panel.show(fourCpus);
      const rows = () =>
        panel.region("CPU1").querySelector<HTMLElement>("dd .steady")?.style.getPropertyValue("--rows");
      assert.equal(rows(), "2");
      const [cpu0, cpu1, ...others] = fourCpus.view.cpus;
      await panel.show({ ...fourCpus, view: { ...fourCpus.view, cpus: [cpu0, { ...cpu1, tlb: [] }, ...others] } });
      assert.match(text(panel.region("CPU1")), /TLB ?empty/);
      assert.equal(rows(), "2");
    });
  });

  describe("the cpumask matrix", () => {
    it("is a table with a header for each mm and each CPU", async () => {
      await panel.show(fourCpus);
      const table = panel.region("mm_cpumask").querySelector("table");
      assert.deepEqual([...(table?.querySelectorAll("th[scope=col]") ?? [])].map(text), [
        "mm",
        "CPU0",
        "CPU1",
        "CPU2",
        "CPU3",
      ]);
      assert.deepEqual([...(table?.querySelectorAll("th[scope=row]") ?? [])].map(text), ["A", "init_mm"]);
    });

    it("says of each bit whether it is set, and whether the step changed it", async () => {
      await panel.show(fourCpus);
      for (const label of [
        "CPU0 in the cpumask of A: set",
        "CPU2 in the cpumask of A: just cleared",
        "CPU0 in the cpumask of init_mm: clear",
      ])
        panel.button(label);
      await panel.show(staleEntry);
      panel.button("CPU0 in the cpumask of B: just set");
    });

    it("is one stop of the Tab key; the arrow keys move in it; a bit leads to where it was last written", async () => {
      await panel.show(fourCpus);
      const table = panel.region("mm_cpumask").querySelector("table") as HTMLElement;
      const stops = () =>
        [...table.querySelectorAll<HTMLElement>("button")]
          .filter((b) => b.tabIndex === 0)
          .map((b) => b.getAttribute("aria-label"));
      assert.deepEqual(stops(), ["CPU0 in the cpumask of A: set"]);
      await press(table, "ArrowDown");
      await press(table, "End");
      assert.deepEqual(stops(), ["CPU3 in the cpumask of init_mm: set"]);
      assert.equal(document.activeElement?.getAttribute("aria-label"), "CPU3 in the cpumask of init_mm: set");
      (document.activeElement as HTMLElement).click();
      assert.deepEqual(last(), { type: "lastWrite", cell: fourCpus.view.mms[1].cpumaskCell, bit: 3 });
    });
  });

  it("shows each mm's counts and what its pages are mapped to", async () => {
    await panel.show(staleEntry);
    const mm = text(panel.region("mm A"));
    for (const part of ["mm_count1was 2", "page0unmappedwas frame3", "page1→ frame4"])
      assert.ok(mm.includes(part), `${part} in: ${mm}`);
    await panel.click(/^page0 of A: unmapped/);
    assert.deepEqual(last(), { type: "lastWrite", cell: staleEntry.view.mms[0].pages[0].cell });
    assert.match(text(panel.region("Frames")), /frame3 ?freed.*frame6 ?reused/);
  });

  it("shows how far an IPI has come, and delivers it only where the machine allows it", async () => {
    await panel.show(fourCpus);
    const [queued, handled] = panel.region("IPIs in flight").querySelectorAll(".ipi");
    assert.equal(text(queued.querySelector("[aria-current=step]")), "queued, now");
    assert.deepEqual([...handled.querySelectorAll(".stages li")].map(text), [
      "queued, done",
      "delivered, done",
      "handled, now",
      "acknowledged",
    ]);
    assert.equal(handled.querySelector("button"), null);
    await panel.click("Deliver", queued);
    assert.deepEqual(last(), { type: "move", move: 17 });
  });

  it("says of each property whether it holds, why it does not, and leads to the step that broke it", async () => {
    await panel.show(bugFailed);
    const properties = panel.region("Properties");
    assert.match(text(properties), /no stale use ?holds/);
    assert.match(text(properties), /no BUG ?broken/);
    assert.match(text(properties), /A\/1 ran in user mode on swapper_pg_dir/);
    await panel.click("Go to step 37", properties);
    assert.deepEqual(last(), { type: "goto", step: 37 });
    assert.throws(() => panel.button("Go to step 42", properties), "no way to where the reader already is");
  });

  it("lists what changed, and folds away what is more than four", async () => {
    await panel.show(staleEntry);
    const narration = panel.region("The last step");
    assert.match(text(narration), /frame3: in use → freed.*and 2 more/);
    assert.match(text(narration.querySelector("details")), /mm_count of A: 2 → 1/);
    await panel.click("free_page, line 31", narration);
    assert.deepEqual(last(), { type: "openPlace", place: staleEntry.place });
  });

  it("shows recent events newest first, and leads to their places and steps", async () => {
    await panel.show(ipiHeld);
    const events = panel.region("Recent events");
    assert.match(text(events.querySelector("li")), /14 ?CPU0 ?writes cpu_tlbstate\.state/);
    await panel.click("sends the flush IPI to CPU0", events);
    assert.deepEqual(last(), { type: "openPlace", place: ipiHeld.events[2].place });
    await panel.click("Go to step 12", events);
    assert.deepEqual(last(), { type: "goto", step: 12 });
  });

  it("keeps other histories at hand", async () => {
    await panel.show(ipiHeld);
    await panel.click(/state set to LAZY by hand 1 step/);
    assert.deepEqual(last(), { type: "branch", id: 2 });
  });
});
