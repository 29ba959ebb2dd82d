/** Figures of the search on the abstract lazy-TLB protocol, whose counts are known. */
import { BreadthFirst } from "../src/check/breadth-first";
import { LazyTlb } from "../test/support/lazy-tlb";

export function benchSearch(): void {
  console.log(`\n${"abstract lazy-TLB protocol, with traces".padEnd(44)}     states      time  states/s  bytes a state`);
  for (const o of [{ cpus: 2, mms: 3 }, { cpus: 3, mms: 2 }, { cpus: 3, mms: 2, symmetry: true }, { cpus: 3, mms: 2, clearFirst: true }]) {
    const begin = performance.now();
    const system = new LazyTlb(o);
    const search = new BreadthFirst(system, system.start);
    while (system.violation < 0 && search.step());
    const ms = performance.now() - begin;
    const name = `${o.cpus} CPUs × ${o.mms} mms${"symmetry" in o ? ", by symmetry" : ""}${"clearFirst" in o ? ", the old order: to its race" : ""}`;
    console.log(`  ${name.padEnd(42)}${String(search.states).padStart(11)}${`${(ms / 1000).toFixed(2)} s`.padStart(10)}${`${(search.states / ms / 1000).toFixed(2)} M`.padStart(10)}${(search.bytes / search.states).toFixed(1).padStart(15)}`);
  }
}
