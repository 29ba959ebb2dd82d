/** Where a program may decide for or against a flush: branches of which a way that wasn't taken leads to one. */
import type { HwOp } from "../kernel/ir";
import type { Machine } from "../machine/machine";
import { Control } from "./control";
import type { Step } from "./execution";

const local: readonly HwOp[] = ["load_cr3", "flush_all", "flush_one", "flush_pcid", "flush_pcids"];
const remote: readonly HwOp[] = ["send_ipi", "send_call", "invlpgb", "xen_flush"];

/** Finds the decisions of an execution on which it hangs whether translations go: on this CPU, or on others. */
export class Flushes {
  private readonly control: Control;
  /** Functions from which such an operation can be reached by calls. */
  private readonly reaching = new Map<readonly HwOp[], ReadonlySet<string>>();

  constructor(private readonly machine: Machine) {
    this.control = new Control(machine.code);
  }

  /** Did this step decide against a flush of others' TLBs, or of its CPU's own? */
  decidesAgainst(step: Step, of: "own" | "others"): boolean {
    const { code } = this.machine;
    return step.ran.some(({ pc, effects }) =>
      effects.some(
        (e) =>
          e.k === "branch" &&
          this.leads(pc, e.to === code.instrs[pc].to ? code.instrs[pc].else : code.instrs[pc].to, of),
      ),
    );
  }

  /** Does the way from a branch to `to` lead to a flush that the other way goes without? */
  private leads(branch: number, to: number, of: "own" | "others"): boolean {
    const { code } = this.machine,
      fn = code.fnOf[branch];
    const ops = of === "own" ? local : remote;
    const reaching = this.reachingFunctions(ops);
    for (let pc = fn.entry, end = fn.entry + fn.code.length; pc < end; pc++) {
      const i = code.instrs[pc];
      const flushes =
        (i.op === "hw" && ops.includes(i.f as HwOp)) || (i.op === "call" && reaching.has(code.fnOf[i.to].name));
      if (flushes && this.control.between(branch, to).has(pc)) return true;
    }
    return false;
  }

  private reachingFunctions(ops: readonly HwOp[]): ReadonlySet<string> {
    const known = this.reaching.get(ops);
    if (known) return known;
    const fns = [...this.machine.program.fns.values()];
    const found = new Set(fns.filter((f) => f.code.some((i) => i.op === "hw" && ops.includes(i.f))).map((f) => f.name));
    for (let size = -1; size !== found.size;) {
      size = found.size;
      for (const f of fns) if (f.code.some((i) => i.op === "call" && found.has(i.fn))) found.add(f.name);
    }
    this.reaching.set(ops, found);
    return found;
  }
}

/** CPUs that a step asks to flush, as a set; undefined where it sends nothing. */
export function askedBy(step: Step): number | undefined {
  const sent = step.effects.filter((e) => e.k === "sendVector" || e.k === "sendCall" || e.k === "hypervisorFlush");
  return sent.length ? sent.reduce((to, e) => to | ("to" in e ? (e.to as number) : 0), 0) : undefined;
}
