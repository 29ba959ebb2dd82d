/** One CPU of the abstract lazy-TLB protocol: what its own part may be, and its steps. */

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

/** What a step asks of the rest of the machine, besides its CPU's own part. */
export const Kind = { own: 0, fill: 1, unmap: 2, map: 3, send: 4, wait: 5, free: 6, bug: 7 } as const;

/** A step of a CPU: what it asks of the rest, of which mm, and the number of the part that it leaves. */
export interface TableEntry {
  kind: number;
  mm: number;
  to: number;
  bug: boolean;
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

/** The parts that a CPU can have, numbered as they are found. */
export class CpuParts {
  readonly locals: Local[] = [];
  private readonly ids = new Map<number, number>();

  constructor(
    private readonly mms: number,
    private readonly clearFirst: boolean,
  ) {
    // Number 0: nothing has run yet.
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
  }

  /** The number of a part. */
  id(l: Local): number {
    // A number in mixed bases; for up to three mms it is a small one, which the engine needn't box.
    const mms = this.mms + 1,
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

  /** The part that is left of part `i` where a flush IPI for an mm is sent to its CPU. */
  receive(i: number, m: number): number {
    const l = this.locals[i],
      pending = l.pending | (1 << m);
    return (l.mask >> m) & 1 && pending !== l.pending ? this.id(changed(l, { pending })) : i;
  }

  /** What a CPU with this part can do. */
  steps(l: Local): TableEntry[] {
    const out: TableEntry[] = [];
    const go = (change: Partial<Local>, kind: number = Kind.own, mm = 0, bug = false) =>
      out.push({ kind, mm, to: this.id(changed(l, change)), bug });
    if (l.cr3 && !((l.tlb >> l.cr3) & 1)) go({ tlb: l.tlb | (1 << l.cr3) }, Kind.fill, l.cr3);
    const interruptible = l.h === "none" && (l.pc === "run" || (l.pc.startsWith("f") && l.pc !== "fin"));
    if (interruptible)
      for (let m = 1; m <= this.mms; m++)
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
    const { clearFirst } = this;
    switch (l.pc) {
      case "run":
        if (l.user) go({ pc: "k1" });
        for (let m = 1; m <= this.mms; m++) go({ next: m, pc: l.act === m ? "b1" : clearFirst ? "aclr" : "aok" });
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
}
