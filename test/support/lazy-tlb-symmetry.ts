/** The abstract lazy-TLB protocol's symmetry: states that differ only in the names of CPUs and mms, as one. */
import type { CpuParts } from "./lazy-tlb-cpu";

/** How a key is made of the parts' numbers and the pages. */
export interface Packing {
  cpus: number;
  /** Bits that the number of a CPU's part takes. */
  localBits: number;
  /** CPUs whose parts stand in a key's first word. */
  inFirst: number;
  /** Where the pages' states stand in the second word; there are `pageStates` of them, together. */
  pageShift: number;
  pageStates: number;
}

/** The renamings of the mms, tabulated. */
export class Renamings {
  private readonly renamedLocals: Int32Array[] = [];
  private readonly renamedPages: Int32Array[] = [];
  /**
   * Of the renamings that make the pages least, for each state of the pages: the least that becomes of a CPU's part,
   * and a bit for each that makes it that.
   */
  private readonly leastBy: { least: Int32Array; by: Int32Array }[] = [];
  private readonly leastPages: Int32Array;

  /** All of these parts have to be known: their renamings are among them. */
  constructor(
    private readonly packing: Packing,
    mms: number,
    parts: CpuParts,
  ) {
    this.leastPages = new Int32Array(packing.pageStates);
    this.tabulate(mms, parts);
  }

  /** For each renaming of the mms: what becomes of a CPU's part, and of the pages. */
  private tabulate(mms: number, parts: CpuParts): void {
    const n = parts.locals.length,
      { pageStates } = this.packing;
    const names = Array.from({ length: mms + 1 }, (_, m) => m);
    // Two neighbours' names exchanged: of these all renamings are made, one after the other.
    const exchanges = names.slice(1, mms).map((m) => {
      const name = names.map((x) => (x === m ? m + 1 : x === m + 1 ? m : x));
      const sets = Int32Array.from({ length: 2 << mms }, (_, s) =>
        name.reduce((out, to, x) => ((s >> x) & 1 ? out | (1 << to) : out), 0),
      );
      const locals = new Int32Array(n);
      for (let l = 0; l < n; l++) {
        const { user, act, cr3, tlb, ok, tact, pc, next, h, hmm, pending, mask } = parts.locals[l];
        locals[l] = parts.id({
          user,
          act: name[act],
          cr3: name[cr3],
          tlb: sets[tlb],
          ok,
          tact: name[tact],
          pc,
          next: name[next],
          h,
          hmm: name[hmm],
          pending: sets[pending],
          mask: sets[mask],
        });
      }
      return { name, locals };
    });
    const made = new Map([[names.join(), { name: names, locals: Int32Array.from({ length: n }, (_, l) => l) }]]);
    for (const { name, locals } of made.values())
      for (const e of exchanges) {
        const then = name.map((m) => e.name[m]);
        if (!made.has(then.join())) made.set(then.join(), { name: then, locals: locals.map((l) => e.locals[l]) });
      }
    for (const { name, locals } of made.values()) {
      this.renamedLocals.push(locals);
      this.renamedPages.push(
        Int32Array.from({ length: pageStates }, (_, pages) =>
          name.reduce((out, to, m) => (m > 0 ? out | (((pages >> (2 * m - 2)) & 3) << (2 * to - 2)) : out), 0),
        ),
      );
    }
    const known = new Map<string, { least: Int32Array; by: Int32Array }>();
    for (let pages = 0; pages < pageStates; pages++) {
      const least = (this.leastPages[pages] = Math.min(...this.renamedPages.map((r) => r[pages])));
      const renamings = [...this.renamedPages.keys()].filter((p) => this.renamedPages[p][pages] === least);
      const leastBy = known.get(renamings.join()) ?? this.leastLocals(renamings, n);
      known.set(renamings.join(), leastBy);
      this.leastBy.push(leastBy);
    }
  }

  private leastLocals(renamings: number[], n: number): { least: Int32Array; by: Int32Array } {
    const least = new Int32Array(n).fill(n),
      by = new Int32Array(n);
    for (const p of renamings) {
      const renamed = this.renamedLocals[p];
      for (let l = 0; l < n; l++) {
        const v = renamed[l];
        if (v < least[l]) by[l] = 0;
        if (v <= least[l]) {
          least[l] = v;
          by[l] |= 1 << p;
        }
      }
    }
    return { least, by };
  }

  /**
   * Each key from number `first` on becomes one that all share that differ from it only in the names of CPUs and mms:
   * of the renamings that make the pages least, it takes those that give a CPU the least part that such a renaming can
   * give it, for the CPU where that is greatest (it has most of the names, and so leaves the fewest renamings); of the
   * keys that they make, CPUs sorted, the least.
   */
  makeCanonical(keys: Int32Array, first: number, end: number): void {
    const { renamedLocals, leastBy, leastPages } = this;
    const { cpus: n, localBits, inFirst, pageShift, pageStates } = this.packing;
    const localMask = (1 << localBits) - 1;
    const local = new Int32Array(n),
      renamed = new Int32Array(n);
    for (let i = first; i < end; i++) {
      const w0 = keys[2 * i],
        w1 = keys[2 * i + 1];
      const pages = (w1 >>> pageShift) & (pageStates - 1);
      for (let c = 0, w = w0; c < inFirst; c++, w >>>= localBits) local[c] = w & localMask;
      for (let c = inFirst, w = w1; c < n; c++, w >>>= localBits) local[c] = w & localMask;
      const { least, by } = leastBy[pages],
        pageBits = leastPages[pages] << pageShift;
      let greatest = -1,
        renamings = 0;
      for (let c = 0; c < n; c++) {
        const l = local[c],
          v = least[l];
        if (v > greatest) {
          greatest = v;
          renamings = by[l];
        } else if (v === greatest) renamings |= by[l];
      }
      let best0 = 0,
        best1 = -1;
      for (; renamings !== 0; renamings &= renamings - 1) {
        const names = renamedLocals[31 - Math.clz32(renamings & -renamings)];
        // Sorted as they come, without a jump that would depend on them: there are few CPUs.
        for (let c = 0; c < n; c++) {
          let v = names[local[c]];
          for (let j = c; j > 0; j--) {
            const u = renamed[j - 1],
              less = (v - u) & ((v - u) >> 31);
            renamed[j] = v - less;
            v = u + less;
          }
          renamed[0] = v;
        }
        let a = 0,
          b = 0;
        for (let c = inFirst - 1; c >= 0; c--) a = (a << localBits) | renamed[c];
        for (let c = n - 1; c >= inFirst; c--) b = (b << localBits) | renamed[c];
        b |= pageBits;
        if (best1 < 0 || b < best1 || (b === best1 && a < best0)) {
          best0 = a;
          best1 = b;
        }
      }
      keys[2 * i] = best0;
      keys[2 * i + 1] = best1;
    }
  }
}
