/**
 * One member of a parallel breadth-first search. All expand the same layer, each taking batches of it until none is
 * left. They add what they find to one set, and each logs the states that it was the first to find. At a barrier these
 * become the next layer. Which member finds a state depends on timing, and so do the number of the state and which of
 * several shortest paths to it is kept. The states, the number of transitions, and the lengths of shortest paths do
 * not.
 */
import { Recent } from "../store/recent";
import { Successors, type System } from "../store/system";
import { Control, Phase, type Batch } from "./control";
import type { SharedMemory } from "./memory";
import { SharedLog } from "./shared-log";
import { SharedSet } from "./shared-set";
import type { Port } from "./team";

/** A system as a member explores it. */
export interface MemberSystem extends System {
  readonly bits: readonly number[];
  readonly start: Int32Array;
  /** What it has seen lets the search end: asked after each batch. */
  readonly done?: boolean;
  /** What it has to report at the end, as something that can be posted. */
  result?(): unknown;
}

export interface MemberTask {
  memory: SharedMemory;
  /** This member's number. */
  member: number;
}

class Member {
  private readonly control: Control;
  private readonly set: SharedSet;
  private readonly logs: SharedLog[];
  private readonly log: SharedLog;
  private readonly recent: Recent;
  private readonly out: Successors;
  private states = 0;
  private edges = 0;

  constructor(
    private readonly system: MemberSystem,
    private readonly task: MemberTask,
  ) {
    const { words, bits } = system,
      { memory, member } = task;
    this.control = new Control(memory);
    this.set = new SharedSet(bits, memory.set, memory.keepParents);
    this.logs = memory.logs.map((l) => new SharedLog(words, l));
    this.log = this.logs[member];
    this.recent = new Recent(words);
    this.out = new Successors(words);
  }

  /** Searches to the end; gives the phase that ended it. */
  run(): number {
    let phase: number = Phase.expand;
    if (this.task.member === 0) {
      this.out.add(this.system.start, -1);
      phase = this.keep();
    }
    if (phase === Phase.expand) phase = this.barrier();
    while (phase === Phase.expand || phase === Phase.grow) {
      if (phase === Phase.expand && !this.task.memory.keepParents) phase = this.dropStale();
      if (phase !== Phase.abandoned) phase = this.expandLayer();
      if (phase === Phase.expand) phase = this.barrier();
    }
    this.report();
    return phase;
  }

  /**
   * Expands batches of the layer until none is left or all are asked to come to the barrier. Gives `Phase.expand`, or
   * the phase that ended the search.
   */
  private expandLayer(): number {
    const {
      control,
      task: { member },
    } = this;
    for (let batch = control.take(member); batch; batch = control.take(member)) {
      const phase = this.expand(batch);
      if (phase !== Phase.expand) return phase;
    }
    return Phase.expand;
  }

  /**
   * At the beginning of a layer: drops the states before it, which are no longer needed. Gives the same as
   * `expandLayer`.
   */
  private dropStale(): number {
    const {
      control,
      log,
      task: { member },
    } = this;
    log.drop(control.stale(member));
    return control.barrier(true);
  }

  private expand({ found, first, end }: Batch): number {
    const { control, system, out } = this;
    const number = control.number(found, first);
    out.count = 0;
    this.edges += system.expand(this.logs[found].keys(first, end), number, number + end - first, out);
    out.count = this.recent.drop(out.keys, out.count, out.from);
    const phase = this.keep();
    this.report();
    if (system.done) control.stop();
    else control.checkBounds();
    return phase;
  }

  /** Keeps what is new of `out`, after all have grown the set if need be. Gives the same as `expandLayer`. */
  private keep(): number {
    const { control, set, out } = this,
      n = out.count;
    while (!control.reserve(n, set.most)) {
      const phase = this.barrier();
      if (phase !== Phase.grow) return phase;
    }
    const added = set.addAll(out.keys, n, out.from);
    control.giveBack(n - added);
    this.log.append(out.keys, added, out.from);
    this.states += added;
    return Phase.expand;
  }

  /** Waits at the barrier, and helps to grow the set where that is the next phase. */
  private barrier(): number {
    const {
      control,
      set,
      task: { member, memory },
    } = this;
    this.report();
    const phase = control.barrier();
    if (phase !== Phase.grow) return phase;
    return set.grow(member, memory.size, () => control.barrier(true) !== Phase.abandoned)
      ? Phase.grow
      : Phase.abandoned;
  }

  private report(): void {
    const {
      states,
      edges,
      out,
      recent,
      set,
      log,
      task: { member },
    } = this;
    const bytes = set.bytes + recent.bytes + out.bytes + log.bytes + (member === 0 ? set.sharedBytes : 0);
    this.control.report(member, log.count, { states, edges, bytes });
  }
}

export interface ToMember {
  start: MemberTask;
  description: unknown;
}
export interface FromMember {
  ended: number;
  result: unknown;
}

/** Runs in a thread: for each system that is posted, makes it and searches, and posts one result. */
export function serveMember(port: Port, make: (description: unknown) => MemberSystem | Promise<MemberSystem>): void {
  const take = async ({ start, description }: ToMember): Promise<void> => {
    const system = await make(description);
    const ended = new Member(system, start).run();
    port.post({ ended, result: system.result?.() } satisfies FromMember);
  };
  // What goes wrong in there must end the thread, so that its host hears of it.
  port.onMessage(
    (m) =>
      void take(m as ToMember).catch((e: unknown) =>
        queueMicrotask(() => {
          throw e;
        }),
      ),
  );
}
