import assert from "node:assert/strict";
import { atLine60, launched } from "./wire";

describe("the scopes", () => {
  it("show locals, and what they point at", async () => {
    const w = await atLine60();
    assert.deepEqual((await w.variables(0, "Locals")).shown, { prev: "A", next: "A", tsk: "A/1", cpu: "0" });
    const mm = (await w.variables(0, "Locals", "next")).shown;
    assert.equal(mm.cpumask, "CPU0, CPU1");
    assert.equal(mm.mm_count, "2");
    assert.equal(mm.pgd, "A's page tables");
  });

  it("show this CPU: its task, interrupts, CR3, TLB and per-CPU variables", async () => {
    const w = await atLine60();
    const { shown } = await w.variables(0, "This CPU");
    assert.deepEqual(
      { ...shown, runqueues: undefined },
      {
        current: "kworker",
        mode: "kernel",
        "is asked to": "schedule A/1",
        interrupts: "interrupts off",
        pending: "none",
        CR3: "A's page tables",
        TLB: "empty",
        cpu_tlbstate: "{…}",
        runqueues: undefined,
      },
    );
    assert.deepEqual((await w.variables(0, "This CPU", "cpu_tlbstate")).shown, {
      active_mm: "A",
      state: "TLBSTATE_LAZY",
    });
    await w.alone(1);
    assert.equal((await w.variables(0, "This CPU")).shown.pending, "flush interrupt (vector 1), held: interrupts off");
  });

  it("show under TSO which of this CPU's stores wait", async () => {
    const w = await launched({ scenario: "lazy-return", order: "tso" });
    const waiting = async () => (await w.variables(0, "This CPU")).shown["waiting stores"];
    assert.equal(await waiting(), "none");
    assert.equal(await w.message(() => w.type("drain")), "No store of CPU0 waits.");
    while ((await waiting()) === "none") await w.stepIn(0);
    assert.equal(await waiting(), "runqueues.curr = kworker");
    assert.match(
      await w.go(() => w.type("drain")),
      /^CPU0's oldest waiting store reaches memory: runqueues\.curr = kworker is visible to all/,
    );
    assert.equal(await waiting(), "none");
  });

  it("show the machine: mms, frames, tasks, interrupts, globals", async () => {
    const w = await atLine60();
    await w.alone(1);
    const { shown } = await w.variables(0, "Machine");
    assert.equal(shown.A, "mm_cpumask CPU0, CPU1");
    assert.equal(shown.frames, "frame1 in use");
    assert.equal(shown.interrupts, "CPU1 → CPU0: flush A, held");
    assert.equal((await w.variables(0, "Machine", "A")).shown.page0, "none");
    assert.equal((await w.variables(0, "Machine", "flush_state", "[1]")).shown.flush_mm, "A");
  });

  it("are there for a CPU in user mode, without locals", async () => {
    const w = await launched({ scenario: "lazy-return" });
    const [frame] = await w.frames(0);
    const { scopes } = (await w.client.scopesRequest({ frameId: frame.id })).body;
    assert.deepEqual(
      scopes.map((s) => s.name),
      ["This CPU", "Machine"],
    );
  });
});

describe("setting a value", () => {
  it("by an enumerator's name forks the history", async () => {
    const w = await atLine60();
    await w.next(0);
    const { step } = w.panel;
    await w.back(0);
    const { reference } = await w.variables(0, "This CPU", "cpu_tlbstate");
    const { value } = (
      await w.go(() =>
        w.client.setVariableRequest({ variablesReference: reference, name: "state", value: "TLBSTATE_OK" }),
      )
    ).body;
    assert.equal(value, "TLBSTATE_OK");
    assert.equal(w.panel.sentence, "You set CPU0's cpu_tlbstate.state to TLBSTATE_OK.");
    assert.deepEqual(w.panel.changes, ["cpu_tlbstate.state of CPU0: TLBSTATE_LAZY → TLBSTATE_OK"]);
    assert.deepEqual(
      w.panel.branches.map((b) => b.length),
      [step],
      "what was done before is kept",
    );
    assert.equal(w.panel.last, step, "the edit is a step of the new history");
  });

  it("takes sets of CPUs, names of mms, tasks and frames, and numbers", async () => {
    const w = await atLine60();
    const set = async (scope: string, path: string[], name: string, value: string): Promise<string> => {
      const { reference } = await w.variables(0, scope, ...path);
      return (await w.go(() => w.client.setVariableRequest({ variablesReference: reference, name, value }))).body.value;
    };
    assert.equal(await set("Machine", ["A"], "mm_cpumask", "CPU1"), "CPU1");
    assert.equal(await set("Machine", ["A"], "mm_cpumask", "none"), "none");
    assert.equal(await set("Machine", ["A"], "mm_cpumask", "{0, 1}"), "CPU0, CPU1");
    assert.equal(await set("Machine", ["A"], "mm_count", "0x10"), "16");
    assert.equal(await set("Machine", ["A"], "page0", "none"), "none");
    assert.equal(await set("Machine", ["frames"], "frame1", "freed"), "freed");
    assert.equal(await set("This CPU", ["TLB"], "A:page0", "frame1"), "frame1");
    assert.equal(await set("This CPU", [], "CR3", "swapper_pg_dir"), "swapper_pg_dir");
    assert.equal(await set("This CPU", [], "interrupts", "on"), "interrupts on");
    assert.equal(await set("This CPU", ["cpu_tlbstate"], "active_mm", "NULL"), "NULL");
    assert.equal(await set("Locals", [], "next", "init_mm"), "init_mm");
    assert.equal(await set("Locals", [], "cpu", "cpu + 1"), "1");
    assert.match(w.panel.sentence, /^You set cpu to 1\.$/);
  });

  it("refuses what means nothing there, and says what would", async () => {
    const w = await atLine60();
    const refused = async (scope: string, path: string[], name: string, value: string): Promise<string> => {
      const { reference } = await w.variables(0, scope, ...path);
      return w.message(() => w.client.setVariableRequest({ variablesReference: reference, name, value }));
    };
    assert.equal(
      await refused("Machine", ["A"], "mm_cpumask", "CPU7"),
      'mm_cpumask can\'t be set. "CPU7" is no CPU of this scenario. Write a set of CPUs like "CPU0, CPU1", or none.',
    );
    assert.equal(
      await refused("This CPU", ["cpu_tlbstate"], "state", "TLBSTATE_LAZZY"),
      'state can\'t be set. "TLBSTATE_LAZZY" is no value for this: write a number or a name. Did you mean ' +
        '"TLBSTATE_LAZY"?',
    );
    assert.equal(
      await refused("This CPU", [], "mode", "user"),
      "mode can't be set: it is worked out from other values. Set one of those instead.",
    );
    assert.equal(w.panel.last, w.panel.step);
  });
});

describe("evaluating", () => {
  it("works out C expressions in a frame", async () => {
    const w = await atLine60();
    assert.equal(await w.value("next->context.ldt"), "0");
    assert.equal(await w.value("mm_cpumask(prev)"), "CPU0, CPU1");
    assert.equal(await w.value("cpu_tlbstate.state"), "TLBSTATE_LAZY");
    assert.equal(await w.value("cpu_tlbstate.state == TLBSTATE_OK"), "false");
    assert.equal(await w.value("prev == next && next->mm_count > 1"), "true");
    assert.equal(await w.value("prev", 0, 1), "kworker", "in context_switch(), prev is a task");
    assert.equal(await w.value("current"), "kworker");
    assert.equal(await w.value("current", 1), "A/2");
  });

  it("knows the panel's own names", async () => {
    const w = await atLine60();
    assert.equal(await w.value("mm_cpumask(A)"), "CPU0, CPU1");
    assert.equal(await w.value("A->mm_count"), "2");
    assert.equal(await w.value("CPU1's CR3"), "A's page tables");
    assert.equal(await w.value("frame1"), "in use");
  });

  it("opens what a pointer points at", async () => {
    const w = await atLine60();
    const [frame] = await w.frames(0);
    const { variablesReference } = (
      await w.client.evaluateRequest({ expression: "tsk", frameId: frame.id, context: "hover" })
    ).body;
    const { variables } = (await w.client.variablesRequest({ variablesReference })).body;
    assert.deepEqual(
      variables.filter((v) => v.name !== "alloc_lock").map((v) => [v.evaluateName, v.value]),
      [
        ["tsk->mm", "A"],
        ["tsk->active_mm", "A"],
      ],
    );
  });

  it("says what is wrong with a text, and changes nothing", async () => {
    const w = await atLine60();
    assert.match(await w.value("nonsense"), /nonsense/);
    assert.match(await w.value("next->"), /^\(.+\)$/);
    assert.match(await w.value("cpu_tlbstate.state = 1"), /change|Set Value|declared/);
    assert.match(await w.value("((struct mm_struct *)0)->mm_count"), /null pointer/);
    assert.equal((await w.custom("tlbscope.panelState")).last, w.panel.last);
  });
});

describe("the debug console", () => {
  it("sets values, fills TLBs, shows steps, and lists what can happen", async () => {
    const w = await atLine60();
    const { step } = w.panel;
    assert.equal(
      await w.type("moves"),
      "Step CPU0\nStep CPU1\nFill CPU0's TLB with A:page0\nFill CPU1's TLB with A:page0",
    );
    assert.match(await w.go(() => w.type("fill A page0")), /^CPU0 fills its TLB with A:page0 → frame1, speculatively/);
    assert.deepEqual(
      w.panel.view.cpus[0].tlb.map((e) => `${e.mm}:${e.page} ${e.frame}`),
      ["A:page0 frame1"],
    );
    assert.equal(await w.go(() => w.type("cpu_tlbstate.state = TLBSTATE_OK")), "TLBSTATE_OK");
    await w.go(() => w.type(`goto ${step}`));
    assert.equal(w.panel.step, step);
    assert.equal(await w.type("next->mm_count"), "2");
    assert.match(await w.type("help"), /deliver \[CPU1\]: /);
  });

  it("says why a command can't be done", async () => {
    const w = await atLine60();
    assert.equal(await w.message(() => w.type("fill A page7")), 'A has no page page7. Did you mean "page0"?');
    assert.equal(
      await w.message(() => w.type("deliver CPU1")),
      "No interrupt is pending on CPU1. One is sent when a CPU flushes an mm that others use.",
    );
    assert.equal(
      await w.message(() => w.type("goto 4711")),
      `The history has steps 0 to ${w.panel.last}: there is no step 4711.`,
    );
    await w.go(() => w.type("fill A page0"));
    assert.equal(
      await w.message(() => w.type("fill A page0")),
      "CPU0 can't fill A:page0 now: its TLB holds that translation already.",
    );
  });

  it("completes names, fields and commands", async () => {
    const w = await atLine60();
    const [frame] = await w.frames(0);
    const offered = async (text: string) =>
      (await w.client.completionsRequest({ text, column: text.length + 1, frameId: frame.id })).body.targets.map(
        (t) => t.label,
      );
    assert.ok((await offered("next->")).includes("mm_count"));
    assert.ok((await offered("cpu_tlbstate.s")).includes("state"));
    const names = await offered("");
    for (const name of ["next", "cpu_tlbstate", "mm_cpumask(A)", "TLBSTATE_LAZY", "deliver", "fill A page0 CPU0"])
      assert.ok(names.includes(name), name);
  });
});
