/**
 * What would have been, had a read found the other value: its CPU goes on alone, with that value in memory. Where it
 * does the same as before, nothing hangs on the read.
 */
import type { PropertyId } from "../machine/effects";
import { W } from "../machine/layout";
import { stepOf } from "../machine/machine";
import { stepAt, type Execution } from "./execution";
import type { Race } from "./races";

/** What a CPU does from some step on, alone. */
export interface Course {
  /** The program counters of its steps. */
  readonly path: readonly number[];
  /** CPUs that it asks to flush or to call something, as a set. */
  readonly asked: number;
  /** Entries that it drops from its TLB. */
  readonly dropped: ReadonlySet<number>;
  readonly broken: ReadonlySet<PropertyId>;
}

/** The most steps that a CPU is followed: more than a flush takes. */
const MOST = 400;

/** What the CPU does with what it read, and what it would do with the value that the race's store left or replaced. */
export function coursesOf(execution: Execution, { k, read, store }: Race): { real: Course; otherwise: Course } {
  const other = k === "saw" ? store.old : store.value;
  return { real: courseOf(execution, read.step), otherwise: courseOf(execution, read.step, [read.cell, other]) };
}

/** Would the CPU do anything else? */
export const differ = (a: Course, b: Course): boolean =>
  a.asked !== b.asked || a.path.length !== b.path.length || a.path.some((pc, i) => pc !== b.path[i]);

/** The CPU takes this step once more and goes on until its action ends or it waits, with one word of memory changed. */
function courseOf(execution: Execution, from: number, changed?: [cell: number, value: number]): Course {
  const { machine } = execution;
  const { before, cpu } = stepAt(execution, from);
  const at = machine.layout.cpu[cpu];
  const s = before.slice();
  if (changed) s[changed[0]] = changed[1];
  const path: number[] = [],
    broken = new Set<PropertyId>(),
    dropped = new Set<number>();
  let asked = 0;
  while (path.length < MOST && s[at + W.fp] !== 0 && machine.canStep(s, cpu)) {
    path.push(s[at + W.pc]);
    machine.applyTo(s, stepOf(cpu), {
      effect(e) {
        if (e.k === "sendCall" || e.k === "sendVector" || e.k === "hypervisorFlush") asked |= e.to;
        else if (e.k === "flush") for (const cell of e.dropped) dropped.add(cell);
      },
      violation: (v) => broken.add(v.property),
    });
  }
  return { path, asked, dropped, broken };
}
