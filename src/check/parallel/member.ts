/**
 * One member of a parallel breadth-first search. Each state belongs to one member, by a hash of its key: that one keeps
 * it, and expands it when its turn comes. All work in rounds, on the same layer: each expands some of its states and
 * sends what belongs to others; they meet; each keeps what it was sent, in the members' order. So nothing depends on who
 * was faster: the same number of members finds the same states in the same order, by the same shortest ways.
 */
import { Successors, type System } from "../breadth-first";
import { Recent } from "../recent";
import { statesOf, type States } from "../states";
import { BOX, Decision, Shared, type SharedMemory } from "./shared";
import type { Port } from "./team";

/** A system as a member explores it. */
export interface MemberSystem extends System {
  readonly start: Int32Array;
  /** What it has seen lets the search end: asked after each batch. */
  readonly done?: boolean;
  /** What it has to tell at the end, as something that can be posted. States in it are the member's own numbers. */
  result?(): unknown;
}

/** States in a batch, and in a round. */
const BATCH = 1024, ROUND = 8 * BATCH;

export interface MemberTask {
  memory: SharedMemory;
  /** This member's number. */
  member: number;
  ways: boolean;
}

export class Member {
  private readonly seen: States;
  private readonly shared: Shared;
  private readonly recent: Recent;
  private readonly out: Successors;
  /** What belongs to each member and has not been sent yet. */
  private readonly forMember: Successors[];
  private readonly size: number;
  private at = 0;
  private edges = 0;
  private depth = 0;

  constructor(private readonly system: MemberSystem, private readonly task: MemberTask) {
    this.size = task.memory.size;
    this.shared = new Shared(task.memory);
    this.seen = statesOf(system, task.ways);
    this.recent = new Recent(system.words);
    this.out = new Successors(system.words);
    this.forMember = Array.from({ length: this.size }, () => new Successors(system.words));
  }

  /** Searches to the end; gives the reason why it ended. */
  run(): number {
    const { shared, seen, system, size, task: { member } } = this;
    if (ownerOf(system.start, 0, system.words, size) === member) {
      this.out.add(system.start, -1);
      seen.insert(this.out);
    }
    const incoming = this.out;
    let layerEnd = seen.count, layer = layerEnd;
    for (let round = 0; ; round++) {
      this.expandSome(layerEnd);
      let left = layerEnd - this.at;
      for (let to = 0; to < size; to++) {
        if (to === member) continue;
        shared.send(round, member, to, this.forMember[to]);
        left += this.forMember[to].count;
      }
      this.report();
      const decision = shared.meet(round, member, left, layer);
      if (decision === Decision.abandoned) return decision;
      const all = shared.given(round);
      if (all.layer === 0) {
        this.depth--;
        this.report();
        return Decision.goOn;
      }
      for (let from = 0; from < size; from++) {
        if (from === member) continue;
        incoming.count = 0;
        shared.receive(round, from, member, incoming);
        seen.insert(incoming);
      }
      if (decision !== Decision.goOn) {
        this.report();
        return decision;
      }
      if (all.left > 0) continue;
      layer = seen.count - layerEnd;
      layerEnd = seen.count;
      this.depth++;
    }
  }

  private report(): void {
    const { seen, edges, depth, recent, system, out, forMember } = this;
    const buffers = forMember.reduce((n, s) => n + s.from.length, out.from.length) * 4 * (system.words + 1);
    this.shared.report(this.task.member, { states: seen.count, edges, depth, bytes: seen.bytes + recent.bytes + buffers });
  }

  private expandSome(layerEnd: number): void {
    const { seen, system, out, forMember, size, recent, shared, task: { member } } = this;
    const roundEnd = Math.min(layerEnd, this.at + ROUND);
    while (this.at < roundEnd && forMember.every((s) => s.count < BOX)) {
      const first = this.at;
      this.at = seen.limit(first, Math.min(first + BATCH, roundEnd));
      out.count = 0;
      this.edges += system.expand(seen.keys(first, this.at), first, this.at, out);
      seen.forget?.(this.at);
      out.count = recent.drop(out.keys, out.count, out.from);
      share(out, forMember, system.words, size, member);
      seen.insert(forMember[member]);
      forMember[member].count = 0;
      if (system.done) {
        shared.stop();
        return;
      }
    }
  }

  /** The key of the member's own state `i`, and the number, among all, of the one that it was reached from. */
  read(i: number): { key: Int32Array; parent: number } {
    const key = new Int32Array(this.system.words);
    this.seen.read(i, key);
    return { key, parent: this.seen.parent(i) };
  }
}

/** The member that a key belongs to. */
function ownerOf(keys: Int32Array, at: number, words: number, size: number): number {
  let h = 0x2545f491;
  for (let k = 0; k < words; k++) {
    h = Math.imul(h ^ keys[at + k], 0x2c1b3c6d);
    h ^= h >>> 15;
  }
  return Math.imul(Math.imul(h, 0x297a2d39) >>> 16, size) >>> 16;
}

/** Deals out successors to their owners; numbers of states become those among all. */
function share(out: Successors, forMember: Successors[], words: number, size: number, member: number): void {
  const { keys, from, count } = out;
  for (const to of forMember) to.reserve(count);
  for (let i = 0; i < count; i++) {
    const to = forMember[ownerOf(keys, i * words, words, size)], n = to.count++;
    for (let k = 0; k < words; k++) to.keys[n * words + k] = keys[i * words + k];
    to.from[n] = from[i] * size + member;
  }
}

export type ToMember = { start: { task: MemberTask; description: unknown } } | { read: number };
export type FromMember = { ended: number; result: unknown } | { read: number; key: Int32Array; parent: number };

/** Runs in a thread: makes the system that it is told of, searches, and answers questions about its states. */
export function serveMember(port: Port, make: (description: unknown) => MemberSystem | Promise<MemberSystem>): void {
  let member: Member | undefined;
  const tell = (m: FromMember) => port.post(m);
  const take = async (m: ToMember): Promise<void> => {
    if ("start" in m) {
      const system = await make(m.start.description);
      member = new Member(system, m.start.task);
      const ended = member.run();
      tell({ ended, result: system.result?.() });
    } else if (member) tell({ read: m.read, ...member.read(m.read) });
  };
  // What goes wrong in there must end the thread, so that its host hears of it.
  port.onMessage((m) => void take(m as ToMember).catch((e: unknown) => queueMicrotask(() => { throw e; })));
}
