import assert from "node:assert/strict";
import {
  harmlessCall,
  harmlessNames,
  primitiveNamed,
  primitives,
  type Primitive,
} from "../../../src/kernel/primitives/table";
import { compile } from "../../support/kernel";
import { leaves } from "../../support/machine";

describe("the table of primitives", () => {
  const all = primitives.flatMap((p) => p.names.map((name) => ({ name, p })));

  it("has each name in one entry only, or in one for each platform", () => {
    const seen = new Map<string, Primitive[]>();
    for (const { name, p } of all) seen.set(name, [...(seen.get(name) ?? []), p]);
    const twice = [...seen].filter(
      ([, entries]) => entries.length > 1 && new Set(entries.map((p) => p.platform)).size < entries.length,
    );
    assert.deepEqual(
      twice.map(([name]) => name),
      [],
    );
  });

  it("finds every name, on its platform", () => {
    for (const { name, p } of all)
      for (const platform of ["native", "xen"] as const)
        if (!p.platform || p.platform === platform) assert.equal(primitiveNamed(name, platform), p, name);
  });

  it("has no name that is declared harmless as well", () => {
    assert.deepEqual(
      all.map((x) => x.name).filter((name) => harmlessCall(name)),
      [],
    );
    assert.ok([...harmlessNames].every(harmlessCall));
  });

  it("says of each entry what it does, in a sentence, and where the kernel has it", () => {
    for (const { name, p } of all) {
      assert.match(p.does, /^[A-Z`].*[.?]( \(.*\))?$/, name);
      assert.ok(p.does.length < 160, name);
      assert.match(p.where, /^[a-z][\w./-]*\.[ch]\b/, name);
    }
  });

  it("has a way to lower each entry: as a value or as a place, not both", () => {
    for (const { name, p } of all) assert.equal((p.value ? 1 : 0) + (p.place ? 1 : 0), 1, name);
  });
});

describe("every spelling of an entry", () => {
  const c =
    "DEFINE_PER_CPU(int, n); DEFINE_PER_CPU(struct tlb_state, cpu_tlbstate); struct mm_struct *m; struct " +
    "task_struct *t, *u; struct thing { int ldt; } *ctx; cpumask_t a, b, d; int i, j; spinlock_t l; unsigned " +
    "long flags; void f(void *p) { i = 1; } bool g(int cpu, void *p) { return cpu; } struct rq *r; struct " +
    "flush_tlb_info { unsigned long start, end; } *fi; struct vm_area_struct *v; int w[3]; cpumask_var_t cv;";
  /** Arguments that make sense for the entry whose first spelling this is. */
  const args: Record<string, string> = {
    percpu_read: "n",
    percpu_write: "n, 1",
    percpu_add: "n, 2",
    percpu_sub: "n, 2",
    percpu_and: "n, 2",
    percpu_or: "n, 2",
    percpu_inc: "n",
    percpu_dec: "n",
    this_cpu_add_return: "n, 2",
    this_cpu_inc_return: "n",
    this_cpu_dec_return: "n",
    per_cpu: "n, 0",
    per_cpu_ptr: "&n, 0",
    __get_cpu_var: "n",
    this_cpu_ptr: "&n",
    cpumask_set_cpu: "i, &a",
    cpumask_clear_cpu: "i, &a",
    cpumask_test_and_set_cpu: "i, &a",
    cpumask_test_and_clear_cpu: "i, &a",
    cpu_set: "i, a",
    cpu_clear: "i, a",
    cpu_test_and_set: "i, a",
    cpumask_test_cpu: "i, &a",
    cpu_isset: "i, a",
    cpumask_and: "&d, &a, &b",
    cpumask_or: "&d, &a, &b",
    cpumask_xor: "&d, &a, &b",
    cpumask_andnot: "&d, &a, &b",
    cpus_and: "d, a, b",
    cpus_or: "d, a, b",
    cpus_andnot: "d, a, b",
    cpumask_clear: "&a",
    cpumask_setall: "&a",
    cpus_clear: "a",
    cpus_setall: "a",
    cpumask_empty: "&a",
    cpus_empty: "a",
    cpumask_first: "&a",
    cpumask_weight: "&a",
    cpumask_any_but: "&a, i",
    cpumask_equal: "&a, &b",
    cpumask_intersects: "&a, &b",
    cpumask_subset: "&a, &b",
    cpumask_copy: "&a, &b",
    cpumask_of: "i",
    cpumask_of_node: "0",
    mm_cpumask: "m",
    to_cpumask: "&a",
    alloc_cpumask_var: "&cv, 0",
    likely: "i",
    BUG_ON: "i",
    WARN_ON: "i",
    ARRAY_SIZE: "w",
    cpu_online: "i",
    ACCESS_ONCE: "i",
    smp_load_acquire: "&i",
    smp_store_release: "&i, 2",
    smp_store_mb: "i, 2",
    WRITE_ONCE: "i, 2",
    xchg: "&i, 2",
    cmpxchg: "&i, 2, 3",
    set_bit: "i, &j",
    clear_bit: "i, &j",
    test_and_set_bit: "i, &j",
    test_and_clear_bit: "i, &j",
    test_bit: "i, &j",
    mmap_write_lock: "m",
    mmap_write_unlock: "m",
    mmap_read_lock: "m",
    mmap_read_unlock: "m",
    raw_spin_rq_lock: "r",
    raw_spin_rq_unlock: "r",
    load_mm_ldt: "m",
    switch_ldt: "m, m",
    on_each_cpu_mask: "&a, f, m, 1",
    on_each_cpu_cond_mask: "g, f, m, 1, &a",
    on_each_cpu_cond: "g, f, m, 1",
    smp_call_function_many_cond: "&a, f, m, 1, g",
    __flush_tlb_local: "",
    __flush_tlb_one_user: "0x1000",
    task_thread_info: "t",
    task_lock: "t",
    task_unlock: "t",
    local_irq_save: "flags",
    local_irq_restore: "flags",
    spin_lock_irqsave: "&l, flags",
    spin_unlock_irqrestore: "&l, flags",
    load_cr3: "m->pgd",
    __flush_tlb_one: "0x1000",
    load_LDT_nolock: "ctx",
    __pa: "m->pgd",
    switch_to: "t, u, t",
    mm_free_pgd: "m",
    free_mm: "m",
    xen_pgd_unpin: "m",
    xen_page_pinned: "m",
    flush_tlb_others: "&a, m, 0",
    "apic->send_IPI_mask": "&a, 3",
    "apic->send_IPI_allbutself": "3",
    smp_call_function_many: "&a, f, m, 1",
    smp_call_function_mask: "a, f, m, 1",
    smp_call_function: "f, m, 1",
    smp_call_function_single: "i, f, m, 1",
    on_each_cpu: "f, m, 1",
    tlbscope_pte: "m, 0x1000",
    tlbscope_user_read: "0x1000",
    tlbscope_free_page: "i",
    tlbscope_free_pgtables: "m",
    tlbscope_table: "m",
    tlbscope_lock_ptes: "v",
    tlbscope_unlock_ptes: "v",
    container_of: "&ctx->ldt, struct thing, ldt",
  };
  const argumentsOf = (p: Primitive): string => {
    const known = args[p.names[0]];
    if (known !== undefined) return known;
    if (/^(atomic|spin|raw_spin|down|up|mutex|read|write)/.test(p.names[0]))
      return p.names[0].startsWith("atomic")
        ? /_(add|sub)/.test(p.names[0])
          ? "2, &i"
          : ["&i", "&i, 2", "&i, 2, 3"][(p.args ?? 1) - 1]
        : "&l";
    return Array.from({ length: p.args ?? 0 }, () => "i").join(", ");
  };
  const lowered = (name: string, list: string, platform: "native" | "xen") => {
    const program = compile(`${c}\nvoid scenario_touch(unsigned long addr)\n{\n\t${name}(${list});\n}\n`, platform);
    const { code } = program.fns.get("scenario_touch")!;
    return { code: code.map((i) => ({ ...i, src: 0 })), complaints: program.diagnostics.map((d) => d.message) };
  };

  for (const p of primitives) {
    it(
      `${p.names[0]}${p.names.length > 1 ? ` (${p.names.length} spellings)` : ""} lowers without a complaint, and ` +
        "the same",
      () => {
        const platform = p.platform ?? "native";
        const list = argumentsOf(p);
        const first = lowered(p.names[0], list, platform);
        assert.deepEqual(first.complaints, []);
        for (const name of p.names.slice(1)) assert.deepEqual(lowered(name, list, platform), first, name);
      },
    );
  }
});

describe("primitives, run", () => {
  const c = "cpumask_t a, b, d; int i, j, x, y, z; struct mm_struct *m;";
  const runs = (body: string, expected: Record<string, number>) =>
    assert.deepEqual(leaves([body, "", ""], Object.keys(expected), { c }), expected);

  it("sets of CPUs", () => {
    runs(
      "cpumask_set_cpu(0, &a); cpumask_set_cpu(2, &a); x = cpumask_weight(&a) * 100 + cpumask_first(&a) * 10 + " +
        "cpumask_any_but(&a, 0); y = cpumask_test_cpu(1, &a) * 10 + cpumask_test_cpu(2, &a);",
      { a: 0b101, x: 202, y: 1 },
    );
    runs(
      "cpumask_setall(&a); cpumask_set_cpu(1, &b); x = cpumask_andnot(&d, &a, &b); y = cpumask_and(&a, &b, &d); " +
        "z = cpumask_any_but(&b, 1);",
      { d: 0b101, x: 1, y: 0, a: 0, z: 3 },
    );
    runs(
      "x = cpumask_test_and_set_cpu(1, &a) * 10 + cpumask_test_and_set_cpu(1, &a); y = " +
        "cpumask_test_and_clear_cpu(1, &a) * 10 + cpumask_test_and_clear_cpu(1, &a);",
      { x: 1, y: 10, a: 0 },
    );
    runs(
      "cpumask_copy(&a, cpumask_of(2)); x = cpumask_equal(&a, cpumask_of(2)); y = cpumask_empty(&b); z = " +
        "cpumask_intersects(&a, &b) + 2 * cpumask_subset(&b, &a);",
      { a: 4, x: 1, y: 1, z: 2 },
    );
    runs("x = cpumask_weight(cpu_online_mask); y = nr_cpu_ids; z = num_online_cpus();", { x: 3, y: 3, z: 3 });
    runs("cpumask_andnot(&d, cpu_online_mask, cpumask_of(smp_processor_id()));", { d: 0b110 });
  });

  it("counters and bits", () => {
    runs(
      "atomic_set(&x, 5); atomic_inc(&x); atomic_add(3, &x); atomic_sub(2, &x); y = atomic_dec_return(&x); z = " +
        "atomic_read(&x);",
      { x: 6, y: 6, z: 6 },
    );
    runs(
      "atomic_set(&x, 2); y = atomic_dec_and_test(&x) * 10 + atomic_dec_and_test(&x); z = atomic_inc_and_test(&x);",
      { x: 1, y: 1, z: 0 },
    );
    runs("set_bit(3, &x); y = test_bit(3, &x) * 10 + test_and_clear_bit(3, &x); z = test_and_set_bit(0, &x);", {
      x: 1,
      y: 11,
      z: 0,
    });
    runs("x = 4; y = xchg(&x, 9);", { x: 9, y: 4 });
  });

  it("say what is unlikely without changing it", () =>
    runs("x = likely(5 > 3) + unlikely(0); if (unlikely(!y)) z = 1;", { x: 1, z: 1 }));
});
