/**
 * An abstract lazy-TLB protocol as a system for the search: N CPUs, M mms with a page each, steps of switch_mm and of
 * the flush as single actions. Its state counts are known from other model checkers, which makes it a yardstick for
 * exactness and for speed. A CPU's own part takes few values, so each is numbered and its steps are tabulated.
 */
import type { Successors, System } from "../../src/check/store/system";
import { CpuParts, Kind, type TableEntry } from "./lazy-tlb-cpu";
import { Renamings } from "./lazy-tlb-symmetry";

const MAPPED = 0,
  UNMAPPED = 1,
  FREED = 2;

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

export interface LazyTlbOptions {
  cpus: number;
  mms: number;
  /** The order before commit 831d52bc: the mask bit is cleared before CR3 is loaded. */
  clearFirst?: boolean;
  /** Count states that differ only in the names of CPUs and mms as one. */
  symmetry?: boolean;
}

export class LazyTlb implements System {
  readonly words = 2;
  readonly bits: [number, number];
  /** States from which a broken promise was seen first; -1 while none was. */
  violation = -1;
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
  private readonly pageStates: number;
  private readonly word: number[] = [];
  private readonly shift: number[] = [];
  private readonly pageShift: number;
  private readonly renamings: Renamings | undefined;

  constructor(private readonly o: LazyTlbOptions) {
    const { cpus, mms } = o;
    const parts = new CpuParts(mms, o.clearFirst ?? false),
      { locals } = parts;
    const steps: TableEntry[][] = [];
    const sent: number[] = [];
    for (let i = 0; i < locals.length; i++) {
      steps[i] = parts.steps(locals[i]);
      sent.push(i);
      for (let m = 1; m <= mms; m++) sent.push(parts.receive(i, m));
    }
    const n = locals.length;
    this.localBits = Math.ceil(Math.log2(n));
    this.pageStates = 1 << (2 * mms);
    const perWord = Math.floor(31 / this.localBits);
    const inFirst = Math.min(cpus, perWord);
    for (let c = 0; c < cpus; c++) {
      this.word.push(c < perWord ? 0 : 1);
      this.shift.push((c < perWord ? c : c - perWord) * this.localBits);
    }
    this.pageShift = Math.max(0, cpus - perWord) * this.localBits;
    if (this.pageShift + 2 * mms > 31) throw new Error("These sizes don't fit in two words.");
    this.bits = [inFirst * this.localBits, this.pageShift + 2 * mms];

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
    this.pendingOf = Int32Array.from(locals, (l) => l.pending);
    this.tlbOf = Int32Array.from(locals, (l) => l.tlb);
    const { localBits, pageShift, pageStates } = this;
    if (o.symmetry) this.renamings = new Renamings({ cpus, localBits, inFirst, pageShift, pageStates }, mms, parts);
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
    this.renamings?.makeCanonical(out.keys, before, out.count);
    return out.count - before;
  }

  private anyHas(table: Int32Array, local: Int32Array, m: number): boolean {
    let all = 0;
    for (let d = 0; d < local.length; d++) all |= table[local[d]];
    return ((all >> m) & 1) !== 0;
  }
}
