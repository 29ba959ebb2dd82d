/**
 * Every interleaving, breadth first: what breaks, by which shortest execution, within which bounds. The search can be
 * stopped at any time and says what is known so far; a later call goes on.
 */
import { t } from "@vscode/l10n";
import type { PropertyId, Violation } from "../../machine/effects";
import { W } from "../../machine/layout";
import { moveKind, type Machine, type Move, type State } from "../../machine/machine";
import { Asked, askedName } from "./asked";
import { BreadthFirst } from "./breadth-first";
import { coverageOf, type Coverage } from "./coverage";
import { Explorer, type ExpansionVisitor } from "../explore/explorer";
import type { Finding } from "../explore/finding";
import { Findings, type Met } from "./findings";
import { warmUp } from "../explore/warm-up";
import { permutationsOf, type Permutation } from "../explore/permutations";
import { Assumptions } from "../explore/assumptions";
import { PartStates } from "../store/part-states";
import type { Progress, SearchEnd, SearchOptions } from "./search-options";
import { StateStore } from "../store/state-store";
import { Successors } from "../store/system";
import { replay } from "./switches";
import { joined } from "../lists";

export type { Progress, SearchEnd, SearchOptions } from "./search-options";

/**
 * A search that has to begin anew goes on until it has found so many times the states, to learn what else it has
 * assumed wrongly.
 */
const LEARN = 2;

/** States that are looked at once more at a time. */
const BATCH = 1024;

export class Search {
  /** Are local steps taken together? */
  readonly reduce: boolean;
  /** Why CPUs that are interchangeable in the scenario are not in the code, if that came out. */
  unlike: string | undefined;
  private exchanges: readonly Permutation[];
  /** What was learned of the machine's memory so far. */
  readonly learned: Assumptions;
  private readonly scratch: State;
  private found!: Findings;
  private readonly told = new Map<Met, Finding>();
  private explorer!: Explorer;
  private search!: BreadthFirst;
  private asked!: Asked[];
  private ended: SearchEnd | undefined;
  /** How many states are to be found before the search begins anew, once it has to. */
  private learnsUntil: number | undefined;
  private readonly heard: ExpansionVisitor = {
    violations: (violations, key, index, move) => this.noteAll(violations, key, index, move),
    terminal: (key, index) => this.checkDeadlock(key, index),
  };

  /** Throws an AskedError when what is asked for can't be read. */
  constructor(
    readonly machine: Machine,
    private readonly options: SearchOptions = {},
  ) {
    this.learned = new Assumptions(machine, options.learned);
    this.scratch = new Int32Array(machine.layout.size);
    for (const { in: fn } of options.asked ?? []) if (fn !== undefined) this.learned.observedFunctions.add(fn);
    this.reduce = options.reduce ?? false;
    this.exchanges = options.symmetry && !options.asked?.length ? permutationsOf(machine.scenario) : [];
    if (this.reduce) warmUp(machine, this.learned);
    this.begin();
  }

  /** Sets of CPUs that count as interchangeable. */
  get alike(): number[][] {
    const sets = new Map<string, number[]>();
    for (let c = 0; c < this.machine.layout.cpuCount; c++) {
      const set = [...new Set(this.exchanges.map((e) => e.cpu[c]))].sort((a, b) => a - b);
      if (set.length > 1) sets.set(set.join(), set);
    }
    return [...sets.values()];
  }

  /** Begins, or begins anew when something came out that contradicts what a reduced search had assumed. */
  private begin(): void {
    const { machine, options } = this;
    this.learned.refuted = false;
    this.learnsUntil = undefined;
    this.explorer = new Explorer(machine, {
      reduce: this.reduce,
      assumptions: this.learned,
      permutations: this.exchanges,
    });
    this.found = new Findings(machine);
    this.told.clear();
    this.asked = (options.asked ?? []).map((p) => new Asked(machine, p));
    const start = machine.initial();
    this.search = new BreadthFirst(
      { words: this.explorer.words, expand: (keys, first, end, out) => this.expand(keys, first, end, out) },
      this.explorer.startKey(start.state),
      new PartStates(this.explorer.words),
    );
    for (const v of start.violations)
      this.note({ property: v.property, why: v.why, from: 0, move: undefined }, start.state);
  }

  /** Why the search is over, or undefined while it isn't. */
  get end(): SearchEnd | undefined {
    return this.ended;
  }

  get progress(): Progress {
    const { search } = this;
    return {
      states: search.states,
      edges: search.edges,
      depth: search.depth,
      queue: search.states - search.at,
      bytes: search.bytes + this.explorer.bytes,
    };
  }

  /** What was found broken so far. */
  get properties(): string[] {
    return this.found.properties();
  }

  has(property: string): boolean {
    return this.found.has(property);
  }

  /** The first failure of each broken property. */
  get findings(): Map<string, Finding> {
    return new Map(this.found.properties().map((p) => [p, this.tell(this.found.of(p)[0])]));
  }

  /**
   * Distinct failures of a property, in the order in which they were found: shortest first, when nothing was reduced.
   */
  failuresOf(property: string): Finding[] {
    return this.found.of(property).map((m) => this.tell(m));
  }

  /** Properties of which nothing that they speak of has happened so far. */
  get neverReached(): PropertyId[] {
    return this.explorer.vacuity.vacuous();
  }

  /** In how many states what was asked for could be worked out, in the order in which it was asked. */
  get tried(): number[] {
    return this.asked.map((a) => a.tried);
  }

  /** Looks at up to `states` more states. Gives true while there is more to do. */
  run(states = Infinity): boolean {
    const { maxStates = Infinity, maxBytes = Infinity, maxDepth = Infinity } = this.options;
    for (let left = states; left > 0 && !this.ended;) {
      const { search } = this;
      const before = search.at;
      const more = search.step(left);
      left -= search.at - before;
      const unlike = this.explorer.symmetry?.refuted,
        learns = this.reduce && this.learned.refuted;
      // CPUs may differ only in what was assumed of them: that is put right first.
      if (unlike !== undefined && !learns) {
        this.unlike = unlike;
        this.exchanges = [];
      }
      if (unlike !== undefined || learns) {
        this.ended = undefined;
        this.learnsUntil ??= LEARN * search.states;
        // What refutes once seldom does so alone: a little more is looked at, not to begin anew for each by itself.
        if (
          unlike === undefined &&
          more &&
          search.states < Math.min(this.learnsUntil, maxStates) &&
          search.bytes + this.explorer.bytes < maxBytes
        )
          continue;
        this.begin();
      } else if (!more) this.ended = "complete";
      else if (search.states >= maxStates) this.ended ??= "too many states";
      else if (search.depth >= maxDepth) this.ended ??= "too deep";
      else if (search.bytes + this.explorer.bytes >= maxBytes) this.ended ??= "too much memory";
    }
    return this.ended === undefined;
  }

  private expand(keys: Int32Array, first: number, end: number, out: Successors): number {
    if (this.asked.length) this.askAll(keys, first, end);
    return this.explorer.expandAll(keys, first, end, out, this.heard);
  }

  private askAll(keys: Int32Array, first: number, end: number): void {
    const { words } = this.explorer;
    for (let index = first; index < end; index++)
      this.ask(keys.subarray((index - first) * words, (index - first + 1) * words), index);
  }

  private ask(key: Int32Array, index: number): void {
    const s = this.scratch;
    this.explorer.stateOf(key, s);
    for (const a of this.asked) {
      const { property } = a;
      if (a.hits(s, this.reduce ? this.lookedAt : undefined))
        this.note(
          {
            property: askedName(property),
            why: property.kind === "always" ? t("{0} is false.", property.text) : t("{0} is true.", property.text),
            from: index,
            move: undefined,
          },
          s,
        );
    }
  }

  private readonly lookedAt = (cell: number): void => this.learned.markObserved(cell);

  /** In how many of the states that were looked at each line is reached. */
  coverage(): Coverage {
    return coverageOf(
      this.machine,
      this.machine.scenario.cpus.map((_, c) => this.explorer.visitsOf(c)),
    );
  }

  /**
   * Shows every state that was found, in the order of their distance from the start. The record is used again for the
   * next one.
   */
  forEachState(show: (s: State, index: number) => void): void {
    const key = new Int32Array(this.explorer.words);
    const s = new Int32Array(this.machine.layout.size);
    for (let i = 0; i < this.search.states; i++) {
      this.search.read(i, key);
      this.explorer.stateOf(key, s);
      show(s, i);
    }
  }

  /**
   * Shows all transitions once more, by the numbers of the states that they lead from and to, and the states in which
   * nothing
   * but fills can happen. Gives control back between batches. To be used when all states were found.
   */
  *transitions(show: (from: number, to: number) => void, stuck: (at: number) => void): Generator<void> {
    const { explorer, search } = this,
      { words } = explorer;
    const known = new StateStore(words, 4096);
    const batches: Int32Array[] = [];
    for (let first = 0, end = 0; first < search.states; first = end) {
      end = search.limit(first, Math.min(first + BATCH, search.states));
      const keys = search.keys(first, end).slice();
      for (let at = 0; at < keys.length; at += words) known.internAt(keys, at);
      batches.push(keys);
    }
    const out = new Successors(words);
    let first = 0;
    for (const keys of batches) {
      yield;
      const end = first + keys.length / words;
      out.count = 0;
      explorer.expandAll(keys, first, end, out, { terminal: (_key, at) => stuck(at) });
      for (let i = 0; i < out.count; i++) show(out.from[i], known.findAt(out.keys, i * words));
      first = end;
    }
  }

  /** Moves from the start to state number `index`: found by asking each state on the way how it leads to the next. */
  movesTo(index: number): Move[] {
    const way: number[] = [];
    for (let i = index; i > 0; i = this.search.parent(i)) way.push(i);
    const { state } = this.machine.initial();
    const target = new Int32Array(this.explorer.words);
    return way.reverse().flatMap((i) => {
      this.search.read(i, target);
      const moves = this.explorer.path(state, target);
      if (!moves) throw new Error("a state was lost on the way to a violation");
      return moves;
    });
  }

  private tell(m: Met): Finding {
    let finding = this.told.get(m);
    if (!finding)
      this.told.set(
        m,
        (finding =
          this.exchanges.length > 1
            ? this.tellOfOneLike(m)
            : {
                property: m.property,
                why: m.why,
                moves: [...this.movesTo(m.from), ...(m.move === undefined ? [] : [m.move])],
              }),
      );
    return finding;
  }

  /**
   * A state stands for all that exchanges make of it, and the way leads to one of these: there the promise is broken
   * by a move like the one that was met.
   */
  private tellOfOneLike({ property, why, from, move }: Met): Finding {
    const { machine } = this;
    const moves = this.movesTo(from);
    const { state } = replay(machine, moves);
    if (move === undefined)
      return { property, why: property === "deadlock" ? (this.deadlock(state) ?? why) : why, moves };
    for (const m of machine.moves(state)) {
      const broken =
        moveKind(m) === moveKind(move)
          ? machine.apply(state, m).violations.find((v) => v.property === property)
          : undefined;
      if (broken) return { property, why: broken.why, moves: [...moves, m] };
    }
    throw new Error("a state breaks a promise that one like it keeps");
  }

  private noteAll(violations: readonly Violation[], key: Int32Array, index: number, move: Move): void {
    const wanted = violations.filter((v) => this.found.wants(v.property));
    if (wanted.length === 0) return;
    const s = this.scratch;
    this.explorer.stateOf(key, s);
    for (const v of wanted) this.note({ property: v.property, why: v.why, from: index, move }, s);
  }

  private note(m: Met, s: State): void {
    this.found.add(m, s);
    this.options.broken?.(m.property);
    if (this.options.stopAt?.(m.property)) this.ended = "stopped";
  }

  /** Nothing but fills can happen in this state: all is done, or nobody can go on. */
  private checkDeadlock(key: Int32Array, index: number): void {
    if (!this.found.wants("deadlock")) return;
    const s = this.scratch;
    this.explorer.stateOf(key, s);
    const why = this.deadlock(s);
    if (why !== undefined) this.note({ property: "deadlock", why, from: index, move: undefined }, s);
  }

  /** Who can't go on in a state in which nothing more can happen; undefined when all is done. */
  private deadlock(s: State): string | undefined {
    // A CPU that BUG() or a bad pointer has stopped holds others up: that failure has been told already.
    if (this.machine.layout.cpu.some((at) => s[at + W.halted] !== 0)) return undefined;
    const stuck = this.machine.scenario.cpus.flatMap((_, c) => (this.machine.hasStep(s, c) ? [c] : []));
    return stuck.length
      ? t("{0} can't go on: each waits for something that only another could do.", joined(stuck.map((c) => `CPU${c}`)))
      : undefined;
  }
}
