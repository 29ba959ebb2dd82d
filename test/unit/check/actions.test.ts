/**
 * Actions that hold what the kernel holds: what the machine then finds is the kernel's fault, not the scenario's. Each
 * is searched through and through, and still tells the fault that it could hide.
 */
import assert from "node:assert/strict";
import { checkNow, type Verdict } from "../../../src/check/verdict/verdict";
import { Machine } from "../../../src/machine/machine";
import type { MemoryOrder } from "../../../src/scenario/scenario";
import { build, edition, insertAt, source, withoutLines, type Edit } from "../../support/kernel";
import { editionMachine, files, scenario } from "../../support/machine";

type Edits = Record<string, Edit>;

const brokenOf = (v: Verdict): string[] => v.properties.filter((p) => p.standing === "fails").map((p) => p.id);
const orders: readonly MemoryOrder[] = ["sc", "tso"];
/** What is broken in each memory order. */
const broken = (id: string, edits: Edits = {}) =>
  orders.map((order) => {
    const v = checkNow(editionMachine({ ...scenario(id), order }, edits));
    assert.notEqual(v.outcome, "doesn't apply");
    return brokenOf(v);
  });
const nothing = orders.map(() => []);

/** 831d52bc: prev's bit is cleared after the load of CR3. */
const clearedLater: Edit = (t) => insertAt(51, "cpumask_clear_cpu(cpu, mm_cpumask(prev));")(withoutLines(40)(t));

describe("mmap after munmap", () => {
  it("gives a page that may be touched, though its frame was another's before", () =>
    assert.deepEqual(broken("map-again"), nothing));
  it("doesn't hide what is left of the frame's earlier life", () =>
    assert.ok(
      broken("map-again", {
        [files.tlb]: (t) =>
          t.replace("__flush_tlb_one(f->flush_va);", ";").replace("local_flush_tlb();\n\t\t} else", ";\n\t\t} else"),
      }).every((ids) => ids.includes("stale-use")),
    ));
  it("leaves a page alone that is still there", () => {
    const taken = { ...scenario("map-again"), order: "sc" as const };
    taken.cpus = [taken.cpus[0], { ...taken.cpus[1], does: taken.cpus[1].does.slice(1) }];
    const m = editionMachine(taken);
    let { state } = m.initial();
    const before = m.layout.pgds.map((at) => state[at]);
    while (m.canStep(state, 1)) ({ state } = m.apply(state, m.moves(state, 1)[0]));
    assert.deepEqual(
      m.layout.pgds.map((at) => state[at]),
      before,
    );
  });
});

describe("exit of a kernel thread", () => {
  it("gives up no mm, for it has none", () => assert.deepEqual(broken("kthread-exit"), nothing));
  it("leaves the idle task on the mm that it borrowed, whose flushes are awaited there", () =>
    assert.ok(
      broken("kthread-exit", { [files.tlb]: (t) => t.replace("\t\tleave_mm(cpu);", "") }).every((ids) =>
        ids.includes("stale-translation"),
      ),
    ));
});

describe("reclaim of an mm that ends", () => {
  /** The exec's switch with interrupts off, as it is from 4.7 on: with them on, a flush finds it half-way. */
  const irqsOff: Edit = (t) =>
    t.replace("activate_mm(active_mm, mm);", "local_irq_disable(); activate_mm(active_mm, mm); local_irq_enable();");

  it("by exit: finds its page tables, or none of its pages", () => assert.deepEqual(broken("reclaim-exit"), nothing));
  it("by exec: the same", () =>
    assert.deepEqual(broken("reclaim-exec", { [files.mmuContext]: clearedLater, [files.exec]: irqsOff }), nothing));
  it("by exec, in a switch with interrupts on: a flush can find neither mm's, but never freed page tables", () =>
    assert.deepEqual(
      broken("reclaim-exec", { [files.mmuContext]: clearedLater }),
      orders.map(() => ["stale-translation"]),
    ));
  it("uses what was given back where nothing holds it", () => {
    const unheld = (t: string) => t.replace("tlbscope_leave_rmap(mm), flush", "flush");
    assert.ok(broken("reclaim-exit", { [files.environment]: unheld }).every((ids) => ids.includes("counts")));
  });
});

describe("reclaim by a plain store, of a page that others unmap and map again", () => {
  it("is done under the page-table lock: the entry that it clears is the one that it read", () =>
    assert.deepEqual(broken("reclaim-again"), nothing));
  it("would give back what is mapped by then", () => {
    const unheld = (t: string) => t.replace("tlbscope_lock_ptes(vma), page = tlbscope_pte", "page = tlbscope_pte");
    assert.ok(
      broken("reclaim-again", { [files.environment]: (t) => unheld(t).replaceAll(", tlbscope_unlock_ptes(vma)", "") })
        .flat()
        .includes("stale-translation"),
    );
  });
});

describe("reclaim with gathered flushes, where mm/rmap.c sends them itself (4.3 to 4.13)", () => {
  const rmap = (send: string) => `
struct tlbflush_unmap_batch { struct cpumask cpumask; int flush_required; };
struct task_struct { struct tlbflush_unmap_batch tlb_ubc; };
static void flush_gathered(void *unused)
{
	local_flush_tlb();
}
static void set_tlb_ubc_flush_pending(struct mm_struct *mm, struct page *page, bool writable)
{
	struct tlbflush_unmap_batch *b = &current->tlb_ubc;
	cpumask_or(&b->cpumask, &b->cpumask, mm_cpumask(mm));
	b->flush_required = 1;
}
void try_to_unmap_flush(void)
{
	struct tlbflush_unmap_batch *b = &current->tlb_ubc;
	if (!b->flush_required)
		return;
	preempt_disable();
	if (cpumask_test_cpu(smp_processor_id(), &b->cpumask))
		local_flush_tlb();
	${send}
	cpumask_clear(&b->cpumask);
	b->flush_required = 0;
	preempt_enable();
}
`;
  const gathers = (id: string, send: string) => {
    const tree = edition(id === "reclaim-exit" ? { [files.mmuContext]: clearedLater } : {});
    const program = build([...tree, source(rmap(send), "mm/rmap.c", "edition")]);
    return orders.map((order) => {
      const s = { ...scenario(id), order };
      for (const { does } of s.cpus) for (const { action } of does) if (action.do === "reclaim") action.pte = "batched";
      const v = checkNow(new Machine(program, s));
      assert.notEqual(v.outcome, "doesn't apply");
      return brokenOf(v);
    });
  };
  const call = "smp_call_function_many(&b->cpumask, flush_gathered, NULL, 1);";

  it("runs that code", () => {
    assert.deepEqual(gathers("reclaim-batched", call), nothing);
    assert.ok(gathers("reclaim-batched", "").every((ids) => ids.includes("stale-translation")));
  });
  it("also while the mm ends", () => assert.deepEqual(gathers("reclaim-exit", call), nothing));
  it("doesn't apply to a tree that lacks the file", () => {
    const tree = edition({
      "include/linux/sched.h": (t) => `struct tlbflush_unmap_batch { struct cpumask cpumask; };\n${t}`,
    });
    const v = checkNow(new Machine(build(tree), scenario("reclaim-batched")));
    assert.equal(v.outcome, "doesn't apply");
    assert.match(v.bounds, /mm\/rmap\.c/);
  });
});
