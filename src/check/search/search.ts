/**
 * Searches every interleaving, breadth first: which properties are violated, by which shortest execution, within which
 * bounds. The search can be stopped at any time and says what is known so far; a later call goes on.
 */
import { t } from "@vscode/l10n";
import type { PropertyId, Violation } from "../../machine/effects";
import type { Machine, Move, State } from "../../machine/machine";
import { Asked, askedName } from "./asked";
import { BreadthFirst } from "./breadth-first";
import { coverageOf, type Coverage } from "./coverage";
import { deadlockIn } from "./deadlock";
import { findingAfter, movesTo } from "./paths";
import { Explorer, type ExpansionVisitor } from "../explore/explorer";
import type { Finding } from "../explore/finding";
import { Discoveries, type Discovery } from "./discoveries";
import { warmUp } from "../explore/warm-up";
import { permutationsOf, type Permutation } from "../explore/permutations";
import { Assumptions } from "../explore/assumptions";
import { PartStates } from "../store/part-states";
import type { Progress, SearchEnd, SearchOptions } from "./search-options";
import type { Successors } from "../store/system";
import { transitionsOf } from "./state-graph";

export type { Progress, SearchEnd, SearchOptions } from "./search-options";

/**
 * A reduced search with a refuted assumption goes on until it has found this many times the states, to learn which
 * others are wrong, and then begins again.
 */
const LEARNING = 2;

export class Search {
  /** Are local steps taken together? */
  readonly reduce: boolean;
  /** Why CPUs that are interchangeable in the scenario are not so in the code, once symmetry was refuted. */
  asymmetry: string | undefined;
  private permutations: readonly Permutation[];
  /** What was learned of the machine's memory so far. */
  readonly assumptions: Assumptions;
  private readonly scratch: State;
  private discoveries!: Discoveries;
  private readonly reconstructed = new Map<Discovery, Finding>();
  private explorer!: Explorer;
  private search!: BreadthFirst;
  private questions!: Asked[];
  private ended: SearchEnd | undefined;
  /** The number of states at which the search begins again; undefined while it doesn't have to. */
  private restartAt: number | undefined;
  private readonly visitor: ExpansionVisitor = {
    violations: (violations, key, index, move) => this.recordAll(violations, key, index, move),
    terminal: (key, index) => this.checkDeadlock(key, index),
  };

  /** Throws an AskedError when one of the reader's questions can't be read. */
  constructor(
    readonly machine: Machine,
    private readonly options: SearchOptions = {},
  ) {
    this.assumptions = new Assumptions(machine, options.assumptions);
    this.scratch = new Int32Array(machine.layout.size);
    for (const { in: fn } of options.asked ?? []) if (fn !== undefined) this.assumptions.observedFunctions.add(fn);
    this.reduce = options.reduce ?? false;
    this.permutations = options.symmetry && !options.asked?.length ? permutationsOf(machine.scenario) : [];
    if (this.reduce) warmUp(machine, this.assumptions);
    this.begin();
  }

  /** Sets of CPUs that count as interchangeable. */
  get interchangeable(): number[][] {
    const sets = new Map<string, number[]>();
    for (let c = 0; c < this.machine.layout.cpuCount; c++) {
      const set = [...new Set(this.permutations.map((e) => e.cpu[c]))].sort((a, b) => a - b);
      if (set.length > 1) sets.set(set.join(), set);
    }
    return [...sets.values()];
  }

  /** Begins the search, or begins it again after an assumption, or symmetry, was refuted. */
  private begin(): void {
    const { machine, options } = this;
    this.assumptions.refuted = this.assumptions.grown = false;
    this.restartAt = undefined;
    this.explorer = new Explorer(machine, {
      reduce: this.reduce,
      assumptions: this.assumptions,
      permutations: this.permutations,
      choices: options.choices,
    });
    this.discoveries = new Discoveries(machine);
    this.reconstructed.clear();
    this.questions = (options.asked ?? []).map((p) => new Asked(machine, p));
    const start = machine.initial();
    this.search = new BreadthFirst(
      { words: this.explorer.words, expand: (keys, first, end, out) => this.expand(keys, first, end, out) },
      this.explorer.startKey(start.state),
      new PartStates(this.explorer.words),
    );
    for (const v of start.violations)
      this.record({ property: v.property, why: v.why, from: 0, move: undefined }, start.state);
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

  /** The properties violated so far. */
  get properties(): string[] {
    return this.discoveries.properties();
  }

  has(property: string): boolean {
    return this.discoveries.has(property);
  }

  /** The first violation of each property. */
  get findings(): Map<string, Finding> {
    return new Map(this.discoveries.properties().map((p) => [p, this.reconstruct(this.discoveries.of(p)[0])]));
  }

  /**
   * Distinct violations of a property, in the order in which they were found: shortest first, when nothing was reduced.
   */
  failuresOf(property: string): Finding[] {
    return this.discoveries.of(property).map((m) => this.reconstruct(m));
  }

  /** Properties that nothing has exercised so far: they hold vacuously. */
  get neverReached(): PropertyId[] {
    return this.explorer.vacuity.vacuous();
  }

  /** In how many states each question could be evaluated, in the order of the questions. */
  get tried(): number[] {
    return this.questions.map((a) => a.tried);
  }

  /** Expands up to `states` more states. Gives true while there is more to do. */
  run(states = Infinity): boolean {
    const { maxStates = Infinity, maxBytes = Infinity, maxDepth = Infinity } = this.options;
    for (let left = states; left > 0 && !this.ended;) {
      const { search } = this;
      const before = search.at;
      const more = search.step(Math.min(left, this.room(maxBytes)));
      left -= search.at - before;
      const asymmetry = this.explorer.symmetry?.refuted,
        learns = this.reduce && this.assumptions.refuted;
      // What isn't known yet can make CPUs look different: symmetry is given up only where nothing was learned.
      if (asymmetry !== undefined && !learns && !this.assumptions.grown) {
        this.asymmetry = asymmetry;
        this.permutations = [];
      }
      // What was found is an execution of the machine, whatever was assumed.
      if (asymmetry === undefined && this.ended === "broken") break;
      if (asymmetry !== undefined || learns) {
        this.ended = undefined;
        this.restartAt ??= LEARNING * search.states;
        const fits = search.states < maxStates && search.bytes + this.explorer.bytes < maxBytes;
        // Refuted assumptions seldom come alone: the search goes on for a while, not to begin again for each of them.
        if (asymmetry === undefined && more && fits && search.states < this.restartAt) continue;
        this.begin();
      } else if (!more) this.ended = "complete";
      else if (search.states >= maxStates) this.ended ??= "too many states";
      else if (search.depth >= maxDepth) this.ended ??= "too deep";
      else if (search.bytes + this.explorer.bytes >= maxBytes) this.ended ??= "too much memory";
    }
    return this.ended === undefined;
  }

  /**
   * States that may be expanded before the memory is looked at again: half of what fits in by what each took so far.
   * With hundreds of pages a single state takes megabytes, since each page may be filled.
   */
  private room(maxBytes: number): number {
    const { search, explorer } = this;
    const taken = search.bytes + explorer.bytes;
    return Math.max(1, Math.floor((maxBytes - taken) / (2 * (taken / Math.max(1, search.at)))));
  }

  private expand(keys: Int32Array, first: number, end: number, out: Successors): number {
    if (this.questions.length) this.evaluateQuestions(keys, first, end);
    return this.explorer.expandAll(keys, first, end, out, this.visitor);
  }

  private evaluateQuestions(keys: Int32Array, first: number, end: number): void {
    const { words } = this.explorer;
    for (let index = first; index < end; index++)
      this.evaluateIn(keys.subarray((index - first) * words, (index - first + 1) * words), index);
  }

  private evaluateIn(key: Int32Array, index: number): void {
    const s = this.scratch;
    this.explorer.stateOf(key, s);
    for (const a of this.questions) {
      const { property } = a;
      if (a.hits(s, this.reduce ? this.observed : undefined))
        this.record(
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

  private readonly observed = (cell: number): void => this.assumptions.markObserved(cell);

  /** What the expanded moves, and the boot code, rest on: indices into `Program.unknowns`. */
  get unknowns(): Set<number> {
    return new Set([...this.machine.initial().unknowns, ...this.explorer.unknowns]);
  }

  /** In how many of the expanded states each line is reached. */
  coverage(): Coverage {
    return coverageOf(
      this.machine,
      this.machine.scenario.cpus.map((_, c) => this.explorer.visitsOf(c)),
    );
  }

  /**
   * Calls `show` for every state that was found, in the order of their distance from the start. `s` is overwritten for
   * the next one.
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

  /** The moves of a shortest path from the start to state number `index`. */
  movesTo(index: number): Move[] {
    return movesTo(this.machine, this.explorer, this.search, index);
  }

  /**
   * Calls `show` for every transition, with the numbers of the states that it leads from and to, and `terminal` for
   * every state in which nothing but fills can happen. Yields between batches. To be used when all states were found.
   */
  transitions(show: (from: number, to: number) => void, terminal: (at: number) => void): Generator<void> {
    return transitionsOf(this.explorer, this.search, show, terminal);
  }

  private reconstruct(m: Discovery): Finding {
    let finding = this.reconstructed.get(m);
    if (!finding) {
      const moves = this.movesTo(m.from);
      finding =
        this.permutations.length > 1
          ? findingAfter(this.machine, m, moves)
          : { property: m.property, why: m.why, moves: [...moves, ...(m.move === undefined ? [] : [m.move])] };
      this.reconstructed.set(m, finding);
    }
    return finding;
  }

  private recordAll(violations: readonly Violation[], key: Int32Array, index: number, move: Move): void {
    const wanted = violations.filter((v) => this.discoveries.wants(v.property));
    if (wanted.length === 0) return;
    const s = this.scratch;
    this.explorer.stateOf(key, s);
    for (const v of wanted) this.record({ property: v.property, why: v.why, from: index, move }, s);
  }

  private record(m: Discovery, s: State): void {
    this.discoveries.add(m, s);
    this.options.broken?.(m.property);
    if (this.options.stopAt?.(m.property)) this.ended = "broken";
  }

  /** A terminal state: all is done, or it is a deadlock. */
  private checkDeadlock(key: Int32Array, index: number): void {
    if (!this.discoveries.wants("deadlock")) return;
    const s = this.scratch;
    this.explorer.stateOf(key, s);
    const why = deadlockIn(this.machine, s);
    if (why !== undefined) this.record({ property: "deadlock", why, from: index, move: undefined }, s);
  }
}
