/** Each promise, broken by a small program or an edit of the edition, and kept otherwise. */
import assert from "node:assert/strict";
import { editionMachine, files, Player, toy, type ToyOptions } from "../../support/machine";
import { withoutLines } from "../../support/kernel";
import type { PropertyId } from "../../../src/machine/effects";

const A = { name: "A", pages: ["page0"], ldt: false };
const onA: ToyOptions = {
  mms: [A],
  tasks: [
    { name: "A/1", mm: "A" },
    { name: "A/2", mm: "A" },
  ],
  starts: ["A/1", "A/2"],
  speculation: true,
};

/** Runs the programs, CPU1 first to its end; gives what was broken, and why. */
function broken(
  bodies: string[],
  options: ToyOptions = onA,
  play: (p: Player) => void = (p) => void p.untilWaits(1).untilWaits(0),
): string[] {
  const p = new Player(toy(bodies, options));
  play(p);
  return p.violations.map((v) => `${v.property}: ${v.why}`);
}

const fillFirst = (p: Player) => {
  p.fill(0);
  p.untilWaits(1).untilWaits(0);
};
const unmap = "frame = xchg(&tlbscope_pte(current->mm, 0x1000), 0);";
const c = "pte_t frame;";

describe("stale-translation", () => {
  it("is broken when a page is freed that a TLB still maps", () => {
    assert.deepEqual(broken(["", `${unmap} tlbscope_free_page(frame);`], { ...onA, c }, fillFirst), [
      "stale-translation: CPU1 frees frame1 while CPU0's TLB still holds A:page0 → frame1.",
    ]);
  });
  it("is broken when a CPU could still fetch it", () => {
    assert.deepEqual(
      broken(["", "frame = tlbscope_pte(current->mm, 0x1000); tlbscope_free_page(frame);"], { ...onA, c }),
      [
        "stale-translation: CPU1 frees frame1 while CPU0 can still fill A:page0 from its page tables.",
        "stale-translation: CPU1 frees frame1 while CPU1 can still fill A:page0 from its page tables.",
      ],
    );
  });
  it("is kept when the TLB was flushed first", () => {
    assert.deepEqual(
      broken(
        [
          `while (!ready) cpu_relax(); ${""}local_flush_tlb(); done = 1;`,
          `${unmap} ready = 1; while (!done) cpu_relax(); tlbscope_free_page(frame);`,
        ],
        { ...onA, c: `${c} int ready, done;` },
        (p) => {
          p.fill(0);
          p.untilWaits(1).untilWaits(0).untilWaits(1);
        },
      ),
      [],
    );
  });
  it("is broken by an edition that forgets to flush, and kept by one that doesn't", () => {
    const run = (edits: Record<string, (t: string) => string>) => {
      const p = new Player(editionMachine("lazy-return", edits));
      p.fill(0);
      p.finish();
      return p.broken;
    };
    assert.deepEqual(run({}), []);
    assert.deepEqual(
      run({
        [files.tlb]: (t) =>
          t.replace("__flush_tlb_one(f->flush_va);", ";").replace("local_flush_tlb();\n\t\t} else", ";\n\t\t} else"),
      }).includes("stale-translation"),
      true,
    );
  });
});

describe("stale-use", () => {
  it("is broken when a page is read through a translation to what was freed", () => {
    assert.deepEqual(
      broken(["tlbscope_user_read(0x1000);", `${unmap} tlbscope_free_page(frame);`], { ...onA, c }, fillFirst).at(-1),
      "stale-use: CPU0 reads A:page0 through a TLB entry to frame1, which was freed.",
    );
  });
  it("tells when somebody else has got the frame", () => {
    assert.match(
      broken(
        ["tlbscope_user_read(0x1000);", `${unmap} tlbscope_free_page(frame); frame = tlbscope_alloc_page();`],
        { ...onA, c },
        fillFirst,
      ).at(-1)!,
      /^stale-use: .* to frame1, which was given to somebody else\.$/,
    );
  });
  it("is kept by a translation that is made when the frame is in use again", () => {
    const again = "frame = tlbscope_alloc_page(); tlbscope_pte(current->mm, 0x1000) = frame;";
    const play = (bodies: string[]) =>
      broken(bodies, { ...onA, c: `${c} int ready, done;` }, (p) => {
        p.fill(0);
        p.untilWaits(1).untilWaits(0).untilWaits(1).untilWaits(0);
      });
    const unmapAndMap = `${unmap} ready = 1; while (!done) cpu_relax(); tlbscope_free_page(frame); ${again} ready = 2;`;
    const flush = "while (!ready) cpu_relax(); local_flush_tlb(); done = 1;";
    const use = "while (ready < 2) cpu_relax(); tlbscope_user_read(0x1000);";
    assert.deepEqual(play([flush + use, unmapAndMap]), []);
    // The old translation leads to the same frame, but to its life before.
    assert.match(play([flush.replace("local_flush_tlb();", "") + use, unmapAndMap]).at(-1)!, /^stale-use: /);
  });
  it("is kept when the page is only unmapped", () =>
    assert.deepEqual(broken(["tlbscope_user_read(0x1000);", unmap], { ...onA, c }, fillFirst), []));
});

describe("own-page-tables", () => {
  it("is broken when a task is in user mode on others", () => {
    const p = new Player(editionMachine("switch-away", { [files.mmuContext]: withoutLines(50) })).actions(0, 1);
    assert.deepEqual(
      p.violations.map((v) => v.why),
      ["B/1 is in user mode on CPU0, but CR3 points at swapper_pg_dir, not at B's page tables."],
    );
  });
  it("is broken when it has no mm, though it was born with one or has got one by exec", () => {
    const born = new Player(
      editionMachine("switch-away", {
        [files.sched]: (t) =>
          t.replace("switch_to(prev, next, prev);", "if (prev->mm) next->mm = NULL; switch_to(prev, next, prev);"),
      }),
    );
    assert.deepEqual(
      born.machine.initial().violations.map((v) => v.why),
      [],
    );
    assert.deepEqual(
      born.actions(0, 1).violations.map((v) => v.why),
      ["B/1 is in user mode on CPU0, but its mm is NULL."],
    );
    const execs = (edits: Record<string, (t: string) => string>) =>
      new Player(editionMachine("helper-exec-xen", edits)).actions(0, 3).violations.map((v) => v.why);
    assert.deepEqual(execs({}), []);
    assert.deepEqual(
      execs({ [files.exec]: (t) => t.replace("task_unlock(tsk);", "tsk->mm = NULL;\n\ttask_unlock(tsk);") }),
      ["helper is in user mode on CPU0, but its mm is NULL."],
    );
  });
  it("isn't about kernel threads and kernel mode", () => {
    const p = new Player(editionMachine("switch-away")).actions(0, 1);
    assert.deepEqual(p.violations, []);
    assert.deepEqual(new Player(editionMachine("lazy-return")).actions(0, 1).violations, []);
  });
});

describe("page-tables-in-use", () => {
  it("is broken when page tables are given back that a CR3 points at", () => {
    assert.deepEqual(broken(["", "mm_free_pgd(current->mm);"]), [
      "page-tables-in-use: CPU1 gives A's page tables back while CPU0's CR3 points at them.",
      "page-tables-in-use: CPU1 gives A's page tables back while CPU1's CR3 points at them.",
    ]);
  });
  it("is broken when a CPU loads them afterwards", () => {
    assert.deepEqual(
      broken(["load_cr3(current->mm->pgd);", "load_cr3(swapper_pg_dir); mm_free_pgd(current->mm);"], onA, (p) => {
        p.untilWaits(1).untilWaits(0);
      }).at(-1),
      "page-tables-in-use: CPU0 loads A's page tables into CR3 after they were given back.",
    );
  });
  it("is kept when nobody has them loaded", () =>
    assert.deepEqual(
      broken(
        ["load_cr3(swapper_pg_dir);", "load_cr3(swapper_pg_dir); mm_free_pgd(current->mm);"],
        onA,
        (p) => void p.untilWaits(0).untilWaits(1),
      ).filter((b) => b.startsWith("page-tables-in-use")),
      [],
    ));
  it("is broken by an edition whose last borrower of an mm isn't counted", () => {
    const run = (edits: Record<string, (t: string) => string>) =>
      new Player(editionMachine("helper-exec-xen", edits)).actions(0, 1).untilWaits(1).finish().broken;
    const uncounted = run({ [files.sched]: (t) => t.replace("atomic_inc(&oldmm->mm_count);", ";") });
    assert.ok(uncounted.includes("page-tables-in-use") || uncounted.includes("counts"), uncounted.join());
  });
});

describe("counts", () => {
  it("are broken by a count below 0", () =>
    assert.deepEqual(broken(["", "atomic_dec(&current->mm->mm_count); atomic_dec(&current->mm->mm_count);"]), [
      "counts: A.mm_count falls to -1.",
    ]));
  it("are broken by an mm given back that a task still has", () =>
    assert.match(
      broken(["", "free_mm(current->mm);"]).join("\n"),
      /^counts: CPU1 gives A back while A\/1 on CPU0 still has it as its active_mm\.$/m,
    ));
  it("are broken by its use afterwards", () =>
    assert.match(
      broken(["x = current->mm->mm_users;", "free_mm(current->mm);"], { ...onA, c: "int x;" }).at(-1)!,
      /^counts: CPU0 uses A\.mm_users after A was given back\.$/,
    ));
  it("are kept by counting up and down", () =>
    assert.deepEqual(broken(["", "atomic_inc(&current->mm->mm_count); atomic_dec(&current->mm->mm_count);"]), []));
});

describe("BUG and WARN", () => {
  const run = (body: string) => broken([body, ""], { c: "int x;" }, (p) => void p.untilWaits(0));

  it("are broken where they are reached, and say in which function", () => {
    assert.deepEqual(run("BUG();"), ["bug: CPU0 reaches BUG() in scenario_touch()."]);
    assert.deepEqual(run("x = 1; BUG_ON(x == 1);"), ["bug: CPU0 reaches BUG() in scenario_touch()."]);
    assert.deepEqual(run("WARN_ON(!x);"), ["warn: CPU0's WARN condition holds in scenario_touch()."]);
  });
  it("are kept where their condition doesn't hold", () =>
    assert.deepEqual(run("BUG_ON(x); WARN_ON(x); if (x) BUG();"), []));
  it("BUG stops the CPU, WARN doesn't", () => {
    const p = new Player(toy(["WARN_ON(1); x = 1; BUG(); x = 2;"], { c: "int x;" })).untilWaits(0);
    assert.equal(p.state[p.machine.layout.globals.get("x")!], 1);
    assert.equal(p.machine.hasStep(p.state, 0), false);
    assert.equal(p.canTake(0), false);
  });
});

describe("oops", () => {
  const run = (body: string, more = "") =>
    broken(
      [body],
      { c: `int x; struct s { int a, b; } s, *p; void (*fn)(void); struct t { int a; spinlock_t l; } *t; ${more}` },
      (p) => void p.untilWaits(0),
    );

  for (const [what, body, why] of [
    ["a null pointer read", "x = p->b;", "CPU0 follows a null pointer in scenario_touch()."],
    ["a null pointer written", "p->b = 1;", "CPU0 follows a null pointer in scenario_touch()."],
    [
      "a null pointer's member, by way of its address",
      "int *q = &p->b; x = *q;",
      "CPU0 follows a null pointer in scenario_touch().",
    ],
    [
      "a lock in a structure at null",
      "spin_lock(&t->l);",
      "CPU0 follows a null pointer to a lock in scenario_touch().",
    ],
    [
      "a switch to no task",
      "struct task_struct *prev = current; switch_to(prev, (struct task_struct *)0, prev);",
      "CPU0 switches to NULL, which is no task, in scenario_touch().",
    ],
    ["a wild pointer", "p = (struct s *)-5; x = p->a;", "CPU0 follows a wild pointer (-5) in scenario_touch()."],
    ["a call through null", "fn();", "CPU0 calls through a pointer that is null in scenario_touch()."],
    [
      "a call through what is no function",
      "fn = (void *)3; fn();",
      "CPU0 calls through a pointer that is no function in scenario_touch().",
    ],
  ] as const) {
    it(`is broken by ${what}`, () => assert.deepEqual(run(body), [`oops: ${why}`]));
  }

  it("is broken by a step that never ends", () =>
    assert.deepEqual(run("int i = 0; x = ({ for (;;) i = 1; i; });"), [
      "oops: CPU0 runs scenario_touch() round and round without end: give the loop a way out.",
    ]));

  it("is kept by pointers that point somewhere", () =>
    assert.deepEqual(run("p = &s; p->b = 1; x = p->b; fn = f; fn();", "void f(void) { }"), []));
});

describe("deadlock", () => {
  it("at the beginning of a scenario is told, not waited for", () => {
    const m = editionMachine("lazy-return", {
      [files.environment]: (t) =>
        t.replace("raw_spin_lock(&rq->lock);", "raw_spin_lock(&rq->lock);\n\traw_spin_lock(&rq->lock);"),
    });
    const { violations } = m.initial();
    assert.deepEqual(
      violations.map((v) => v.property),
      ["deadlock", "deadlock"] satisfies PropertyId[],
    );
    assert.match(
      violations[0].why,
      /^Before the scenario begins, bringing CPU0 to A\/1, CPU0 waits for ever in scenario_schedule\(\)\.$/,
    );
  });
});
