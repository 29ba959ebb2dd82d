/**
 * One member of a parallel breadth-first search. All go through the same layer, each taking parts of it until none is
 * left; they add what they find to one set, and each logs what it was the first to find. Then they meet, and what they
 * found is the next layer. Who finds a state depends on who is faster, and so do its number and which of the shortest
 * ways to it is kept; which states there are, how many steps, and how long the shortest ways are, does not.
 */
import { Recent } from "../store/recent";
import { Successors, type System } from "../store/system";
import { Control, Turn, type Part } from "./control";
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
  /** What it has to tell at the end, as something that can be posted. */
  result?(): unknown;
}

export interface MemberTask {
  memory: SharedMemory;
  /** This member's number. */
  member: number;
}

export class Member {
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
    this.set = new SharedSet(bits, memory.set, memory.ways);
    this.logs = memory.logs.map((l) => new SharedLog(words, l));
    this.log = this.logs[member];
    this.recent = new Recent(words);
    this.out = new Successors(words);
  }

  /** Searches to the end; gives the turn that ended it. */
  run(): number {
    let turn: number = Turn.expand;
    if (this.task.member === 0) {
      this.out.add(this.system.start, -1);
      turn = this.keep();
    }
    if (turn === Turn.expand) turn = this.meet();
    while (turn === Turn.expand || turn === Turn.grow) {
      if (turn === Turn.expand && !this.task.memory.ways) turn = this.dropOld();
      if (turn !== Turn.abandoned) turn = this.expandParts();
      if (turn === Turn.expand) turn = this.meet();
    }
    this.report();
    return turn;
  }

  /**
   * Expands parts of the layer until none is left or all are to meet. Gives `Turn.expand`, or the turn that ended the
   * search.
   */
  private expandParts(): number {
    const {
      control,
      task: { member },
    } = this;
    for (let part = control.take(member); part; part = control.take(member)) {
      const turn = this.expand(part);
      if (turn !== Turn.expand) return turn;
    }
    return Turn.expand;
  }

  /** At the beginning of a layer: drops the states before it, which nobody needs now. Gives as `expandParts`. */
  private dropOld(): number {
    const {
      control,
      log,
      task: { member },
    } = this;
    log.drop(control.old(member));
    return control.meet(true);
  }

  private expand({ found, first, end }: Part): number {
    const { control, system, out } = this;
    const number = control.number(found, first);
    out.count = 0;
    this.edges += system.expand(this.logs[found].keys(first, end), number, number + end - first, out);
    out.count = this.recent.drop(out.keys, out.count, out.from);
    const turn = this.keep();
    this.report();
    if (system.done) control.stop();
    else control.heedBounds();
    return turn;
  }

  /** Keeps what is new of `out`, after all have made room for it if need be. Gives as `expandParts`. */
  private keep(): number {
    const { control, set, out } = this,
      n = out.count;
    while (!control.reserve(n, set.most)) {
      const turn = this.meet();
      if (turn !== Turn.grow) return turn;
    }
    const added = set.addAll(out.keys, n, out.from);
    control.giveBack(n - added);
    this.log.append(out.keys, added, out.from);
    this.states += added;
    return Turn.expand;
  }

  /** Meets the others, and helps to make room where that is what they do next. */
  private meet(): number {
    const {
      control,
      set,
      task: { member, memory },
    } = this;
    this.report();
    const turn = control.meet();
    if (turn !== Turn.grow) return turn;
    return set.grow(member, memory.size, () => control.meet(true) !== Turn.abandoned) ? Turn.grow : Turn.abandoned;
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

/** Runs in a thread: each time it is told of a system, makes it, and searches. Tells one thing each time. */
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
