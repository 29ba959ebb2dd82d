/**
 * What each CPU's last chain of local steps used, kept in its own part of the state: whoever moves next is compared
 * with it (see locality.ts). Two words: what the steps at the end of which the CPU stands now used; and while it
 * handles an interrupt, what those before the interrupt used.
 */
import { W } from "../../machine/layout";
import { moveCpu, MoveKind, moveKind, type Machine, type Move, type State } from "../../machine/machine";
import type { AccessSets } from "./access-sets";
import type { Parts } from "./parts";

/** The words, as offsets from W.history. */
const NOW = 0,
  INTERRUPTED = 1;

export class History {
  /** For each CPU and number of its own part, the number of the set that both words make; -1: not known yet. */
  private readonly usedBy: Int32Array[];
  private readonly probe: State;

  constructor(
    private readonly machine: Machine,
    private readonly parts: Parts,
    private readonly sets: AccessSets,
  ) {
    this.usedBy = machine.layout.cpu.map(() => new Int32Array(1024).fill(-1));
    this.probe = new Int32Array(machine.layout.size);
  }

  /**
   * A move has led to `s`: what its CPU had used before it is over, unless it still stands where it stood.
   */
  moved(s: State, m: Move): void {
    const { machine, sets } = this;
    const c = moveCpu(m),
      at = machine.layout.cpu[c] + W.history;
    switch (moveKind(m)) {
      case MoveKind.step:
      case MoveKind.choose:
        if (machine.handlerFrame(s, c) !== 0) s[at + NOW] = 0;
        else {
          // Back from an interrupt, it stands where it was interrupted.
          s[at + NOW] = s[at + INTERRUPTED];
          s[at + INTERRUPTED] = 0;
        }
        break;
      case MoveKind.vector:
      case MoveKind.call:
        s[at + INTERRUPTED] = sets.union(s[at + NOW], s[at + INTERRUPTED]);
        s[at + NOW] = 0;
    }
  }

  /** CPU `c` has taken local steps that used this set, and stands in `s` now. */
  took(s: State, c: number, used: number): void {
    const { machine, sets } = this;
    const at = machine.layout.cpu[c] + W.history;
    s[at + NOW] = sets.union(s[at + NOW], used);
    if (s[at + INTERRUPTED] === 0 || machine.handlerFrame(s, c) !== 0) return;
    s[at + NOW] = sets.union(s[at + NOW], s[at + INTERRUPTED]);
    s[at + INTERRUPTED] = 0;
  }

  /** What CPU `c` with this own part has used. */
  used(c: number, part: number): number {
    let known = this.usedBy[c];
    if (part >= known.length) {
      known = new Int32Array(2 * part + 1).fill(-1);
      known.set(this.usedBy[c]);
      this.usedBy[c] = known;
    }
    if (known[part] < 0) {
      const { probe } = this,
        at = this.machine.layout.cpu[c] + W.history;
      this.parts.readCpu(part, c, probe);
      known[part] = this.sets.union(probe[at + NOW], probe[at + INTERRUPTED]);
    }
    return known[part];
  }

  get bytes(): number {
    return this.usedBy.reduce((n, list) => n + list.byteLength, 0);
  }
}
