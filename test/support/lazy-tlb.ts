/**
 * An abstract lazy-TLB protocol as a system for the search: N CPUs, M mms with a page each, steps of switch_mm and of
 * the
 * flush as single actions. Its state counts are known from other model checkers, which makes it a yardstick for
 * exactness and for speed. A CPU's own part takes few values, so each is numbered and its steps are tabulated.
 */
import type { Successors, System } from "../../src/check/store/system";

const pcs = [
  "run",
  "k1",
  "kfin",
  "aclr",
  "aok",
  "atact",
  "asetm",
  "acr3",
  "b1",
  "b2",
  "b3",
  "b4",
  "fin",
  "f1",
  "f2",
  "f3",
  "f4",
] as const;
const handlers = ["none", "flush", "clear", "cr3", "ack"] as const;
type Pc = (typeof pcs)[number];
type Handler = (typeof handlers)[number];

/** One CPU's own part. mms count from 1; 0 is init_mm. Sets of mms are bit masks. */
interface Local {
  user: boolean;
  act: number;
  cr3: number;
  tlb: number;
  ok: boolean;
  /** cpu_tlbstate.active_mm. */
  tact: number;
  pc: Pc;
  next: number;
  h: Handler;
  hmm: number;
  /** Flush IPIs that were sent and not yet acknowledged. */
  pending: number;
  /** This CPU's bit in each mm's cpumask. */
  mask: number;
}

const MAPPED = 0,
  UNMAPPED = 1,
  FREED = 2;

/** What a step asks of the rest of the machine, besides its CPU's own part. */
const Kind = { own: 0, fill: 1, unmap: 2, map: 3, send: 4, wait: 5, free: 6, bug: 7 } as const;

/**
 * What each kind of step leaves of its mm's page, by what that was before; -1 where it can't be taken. A page's state
 * may be any number of two bits.
 */
const pageAfter = Object.values(Kind).map((kind) =>
  [0, 1, 2, 3].map((page) => {
    if (kind === Kind.fill) return page === MAPPED ? page : -1;
    if (kind === Kind.unmap) return page === MAPPED ? UNMAPPED : -1;
    if (kind === Kind.map) return page === FREED ? MAPPED : -1;
    return kind === Kind.free ? FREED : page;
  }),
);

const PAGES_AT = 16,
  KIND_AT = 24;

interface TableEntry {
  kind: number;
  mm: number;
  to: number;
  bug: boolean;
}

export interface LazyTlbOptions {
  cpus: number;
  mms: number;
  /** The order before commit 831d52bc: the mask bit is cleared before CR3 is loaded. */
  clearFirst?: boolean;
  /** Count states that differ only in the names of CPUs and mms as one. */
  symmetry?: boolean;
}

/**
 * The part with something changed. All are made in this one place, so that the engine knows a single shape: spreads
 * cost it three times as much.
 */
function changed(
  l: Local,
  {
    user = l.user,
    act = l.act,
    cr3 = l.cr3,
    tlb = l.tlb,
    ok = l.ok,
    tact = l.tact,
    pc = l.pc,
    next = l.next,
    h = l.h,
    hmm = l.hmm,
    pending = l.pending,
    mask = l.mask,
  }: Partial<Local>,
): Local {
  return { user, act, cr3, tlb, ok, tact, pc, next, h, hmm, pending, mask };
}

export class LazyTlb implements System {
  readonly words = 2;
  readonly bits: [number, number];
  /** States from which a broken promise was seen first; -1 while none was. */
  violation = -1;
  private readonly locals: Local[] = [];
  private readonly ids = new Map<number, number>();
  private readonly localBits: number;
  /** Steps of local state `l` with pages `p`: from starts[l * pageStates + p] on. */
  private readonly starts: Int32Array;
  /**
   * What a step flips in its CPU's part, in the pages (from bit PAGES_AT), and its kind and mm where it needs a look
   * at the other CPUs (from KIND_AT).
   */
  private readonly flips: Int32Array;
  private readonly sent: Int32Array;
  private readonly pendingOf: Int32Array;
  private readonly tlbOf: Int32Array;
  private readonly renamedLocals: Int32Array[] = [];
  private readonly renamedPages: Int32Array[] = [];
  /**
   * Of the renamings that make the pages least, for each state of the pages: the least that becomes of a CPU's part,
   * and a bit for each that makes it that.
   */
  private readonly leastBy: { least: Int32Array; by: Int32Array }[] = [];
  private readonly leastPages: Int32Array;
  private readonly pageStates: number;
  private readonly word: number[] = [];
  private readonly shift: number[] = [];
  private readonly pageShift: number;
  /** CPUs whose parts stand in a key's first word. */
  private readonly inFirst: number;

  constructor(private readonly o: LazyTlbOptions) {
    const { cpus, mms } = o;
    this.id({
      user: false,
      act: 0,
      cr3: 0,
      tlb: 0,
      ok: false,
      tact: 0,
      pc: "run",
      next: 0,
      h: "none",
      hmm: 0,
      pending: 0,
      mask: 0,
    });
    const steps: TableEntry[][] = [];
    const sent: number[] = [];
    for (let i = 0; i < this.locals.length; i++) {
      steps[i] = this.steps(this.locals[i]);
      sent.push(i);
      for (let m = 1; m <= mms; m++) sent.push(this.receive(i, m));
    }
    const n = this.locals.length;
    this.localBits = Math.ceil(Math.log2(n));
    this.pageStates = 1 << (2 * mms);
    const perWord = Math.floor(31 / this.localBits);
    this.inFirst = Math.min(cpus, perWord);
    for (let c = 0; c < cpus; c++) {
      this.word.push(c < perWord ? 0 : 1);
      this.shift.push((c < perWord ? c : c - perWord) * this.localBits);
    }
    this.pageShift = Math.max(0, cpus - perWord) * this.localBits;
    if (this.pageShift + 2 * mms > 31) throw new Error("These sizes don't fit in two words.");
    this.bits = [this.inFirst * this.localBits, this.pageShift + 2 * mms];

    this.starts = new Int32Array(n * this.pageStates + 1);
    this.flips = new Int32Array(this.pageStates * steps.reduce((sum, s) => sum + s.length, 0));
    let count = 0;
    for (let l = 0; l < n; l++) {
      const ofLocal = steps[l].map(({ kind, mm, to, bug }) => {
        const special = bug ? Kind.bug : kind >= Kind.send ? kind : 0;
        return { kind, at: mm ? 2 * (mm - 1) : 0, flip: (l ^ to) | ((special && special | (mm << 3)) << KIND_AT) };
      });
      for (let p = 0; p < this.pageStates; p++) {
        this.starts[l * this.pageStates + p] = count;
        for (let e = 0; e < ofLocal.length; e++) {
          const { kind, at, flip } = ofLocal[e],
            page = (p >> at) & 3,
            then = pageAfter[kind][page];
          if (then >= 0) this.flips[count++] = flip | ((page ^ then) << (PAGES_AT + at));
        }
      }
    }
    this.starts[n * this.pageStates] = count;
    this.sent = Int32Array.from(sent);
    this.pendingOf = Int32Array.from(this.locals.slice(0, n), (l) => l.pending);
    this.tlbOf = Int32Array.from(this.locals.slice(0, n), (l) => l.tlb);
    this.leastPages = new Int32Array(this.pageStates);
    if (o.symmetry) this.tabulateRenamings(n);
  }

  /** A broken promise has been seen. */
  get done(): boolean {
    return this.violation >= 0;
  }

  result(): number {
    return this.violation;
  }

  get start(): Int32Array {
    return new Int32Array(2);
  }

  private id(l: Local): number {
    // A number in mixed bases; for up to three mms it is a small one, which the engine needn't box.
    const mms = this.o.mms + 1,
      set = 1 << mms;
    const named = (((l.act * mms + l.cr3) * mms + l.tact) * mms + l.next) * mms + l.hmm;
    const where =
      ((l.user ? 2 : 0) + (l.ok ? 1 : 0)) * pcs.length * handlers.length +
      pcs.indexOf(l.pc) * handlers.length +
      handlers.indexOf(l.h);
    const key = (((where * mms ** 5 + named) * set + l.tlb) * set + l.pending) * set + l.mask;
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.locals.push(l) - 1;
      this.ids.set(key, id);
    }
    return id;
  }

  private receive(i: number, m: number): number {
    const l = this.locals[i],
      pending = l.pending | (1 << m);
    return (l.mask >> m) & 1 && pending !== l.pending ? this.id(changed(l, { pending })) : i;
  }

  private steps(l: Local): TableEntry[] {
    const out: TableEntry[] = [];
    const go = (change: Partial<Local>, kind: number = Kind.own, mm = 0, bug = false) =>
      out.push({ kind, mm, to: this.id(changed(l, change)), bug });
    if (l.cr3 && !((l.tlb >> l.cr3) & 1)) go({ tlb: l.tlb | (1 << l.cr3) }, Kind.fill, l.cr3);
    const interruptible = l.h === "none" && (l.pc === "run" || (l.pc.startsWith("f") && l.pc !== "fin"));
    if (interruptible)
      for (let m = 1; m <= this.o.mms; m++)
        if ((l.pending >> m) & 1) go({ hmm: m, h: l.tact === m ? (l.ok ? "flush" : "clear") : "ack" });
    switch (l.h) {
      case "flush":
        go({ tlb: 0, h: "ack" });
        return out;
      case "clear":
        go({ mask: l.mask & ~(1 << l.tact), h: "cr3" });
        return out;
      case "cr3":
        go({ cr3: 0, tlb: 0, h: "ack" });
        return out;
      case "ack":
        go({ pending: l.pending & ~(1 << l.hmm), hmm: 0, h: "none" });
        return out;
    }
    const { clearFirst } = this.o;
    switch (l.pc) {
      case "run":
        if (l.user) go({ pc: "k1" });
        for (let m = 1; m <= this.o.mms; m++) go({ next: m, pc: l.act === m ? "b1" : clearFirst ? "aclr" : "aok" });
        if (l.user) go({ pc: "f1" }, Kind.unmap, l.act);
        if (l.user) go({}, Kind.map, l.act);
        break;
      case "k1":
        go({ ok: false, pc: "kfin" });
        break;
      case "kfin":
        go({ user: false, pc: "run" });
        break;
      case "aclr":
        go({ mask: l.act ? l.mask & ~(1 << l.act) : l.mask, pc: clearFirst ? "aok" : "fin" });
        break;
      case "aok":
        go({ ok: true, pc: "atact" });
        break;
      case "atact":
        go({ tact: l.next, pc: "asetm" });
        break;
      case "asetm":
        go({ mask: l.mask | (1 << l.next), pc: "acr3" });
        break;
      case "acr3":
        go({ cr3: l.next, tlb: 0, pc: clearFirst ? "fin" : "aclr" });
        break;
      case "b1":
        go({ ok: true, pc: "b2" });
        break;
      case "b2":
        go({ pc: "b3" }, Kind.own, 0, l.tact !== l.next);
        break;
      case "b3":
        go((l.mask >> l.next) & 1 ? { pc: "fin" } : { mask: l.mask | (1 << l.next), pc: "b4" });
        break;
      case "b4":
        go({ cr3: l.next, tlb: 0, pc: "fin" });
        break;
      case "fin":
        go({ user: true, act: l.next, next: 0, pc: "run" });
        break;
      case "f1":
        go({ tlb: 0, pc: "f2" });
        break;
      case "f2":
        go({ pc: "f3" }, Kind.send, l.act);
        break;
      case "f3":
        go({ pc: "f4" }, Kind.wait, l.act);
        break;
      case "f4":
        go({ pc: "run" }, Kind.free, l.act);
        break;
    }
    return out;
  }

  /** For each renaming of the mms: what becomes of a CPU's part, and of the pages. */
  private tabulateRenamings(n: number): void {
    const { mms } = this.o;
    const names = Array.from({ length: mms + 1 }, (_, m) => m);
    // Two neighbours' names exchanged: of these all renamings are made, one after the other.
    const exchanges = names.slice(1, mms).map((m) => {
      const name = names.map((x) => (x === m ? m + 1 : x === m + 1 ? m : x));
      const sets = Int32Array.from({ length: 2 << mms }, (_, s) =>
        name.reduce((out, to, x) => ((s >> x) & 1 ? out | (1 << to) : out), 0),
      );
      const locals = new Int32Array(n);
      for (let l = 0; l < n; l++) {
        const { user, act, cr3, tlb, ok, tact, pc, next, h, hmm, pending, mask } = this.locals[l];
        locals[l] = this.id({
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
        Int32Array.from({ length: this.pageStates }, (_, pages) =>
          name.reduce((out, to, m) => (m > 0 ? out | (((pages >> (2 * m - 2)) & 3) << (2 * to - 2)) : out), 0),
        ),
      );
    }
    const known = new Map<string, { least: Int32Array; by: Int32Array }>();
    for (let pages = 0; pages < this.pageStates; pages++) {
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

  expand(keys: Int32Array, first: number, end: number, out: Successors): number {
    const { o, localBits, starts, flips, word, shift, pageStates, pageShift, sent } = this;
    const n = o.cpus,
      localMask = (1 << localBits) - 1,
      stride = o.mms + 1,
      pageMask = (1 << (KIND_AT - PAGES_AT)) - 1;
    const local = new Int32Array(n);
    const before = out.count;
    for (let i = first; i < end; i++) {
      const w0 = keys[(i - first) * 2],
        w1 = keys[(i - first) * 2 + 1];
      const pages = (w1 >>> pageShift) & (pageStates - 1);
      for (let c = 0; c < n; c++) local[c] = ((word[c] === 0 ? w0 : w1) >>> shift[c]) & localMask;
      out.reserve(n * 64);
      const { keys: outKeys, from } = out;
      let k = out.count;
      for (let c = 0; c < n; c++) {
        const at = local[c] * pageStates + pages,
          s = shift[c],
          inFirst = word[c] === 0;
        for (let e = starts[at], last = starts[at + 1]; e < last; e++) {
          const flip = flips[e],
            own = (flip & ((1 << PAGES_AT) - 1)) << s;
          let a = w0,
            b = w1 ^ (((flip >>> PAGES_AT) & pageMask) << pageShift);
          if (inFirst) a ^= own;
          else b ^= own;
          if (flip >>> KIND_AT !== 0) {
            const kind = (flip >>> KIND_AT) & 7,
              m = flip >>> (KIND_AT + 3);
            if (kind === Kind.wait) {
              if (this.anyHas(this.pendingOf, local, m)) continue;
            } else if (kind === Kind.send) {
              for (let d = 0; d < n; d++) {
                if (d === c) continue;
                const received = (local[d] ^ sent[local[d] * stride + m]) << shift[d];
                if (word[d] === 0) a ^= received;
                else b ^= received;
              }
            } else if (this.violation < 0 && (kind === Kind.bug || this.anyHas(this.tlbOf, local, m)))
              this.violation = i;
          }
          outKeys[2 * k] = a;
          outKeys[2 * k + 1] = b;
          from[k++] = i;
        }
      }
      out.count = k;
    }
    if (o.symmetry) this.makeCanonical(out.keys, before, out.count);
    return out.count - before;
  }

  private anyHas(table: Int32Array, local: Int32Array, m: number): boolean {
    let all = 0;
    for (let d = 0; d < local.length; d++) all |= table[local[d]];
    return ((all >> m) & 1) !== 0;
  }

  /**
   * Each key from number `first` on becomes one that all share that differ from it only in the names of CPUs and mms:
   * of
   * the renamings that make the pages least, it takes those that give a CPU the least part that such a renaming can
   * give
   * it, for the CPU where that is greatest (it has most of the names, and so leaves the fewest renamings); of the keys
   * that they make, CPUs sorted, the least.
   */
  private makeCanonical(keys: Int32Array, first: number, end: number): void {
    const { o, localBits, inFirst, pageShift, pageStates, renamedLocals, leastBy, leastPages } = this;
    const n = o.cpus,
      localMask = (1 << localBits) - 1;
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
