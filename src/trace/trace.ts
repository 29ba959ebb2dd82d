/**
 * A recorded execution. Going back is an index; doing something else from an earlier point forks it, and the history
 * that was left is kept as a branch.
 */
import { t } from "@vscode/l10n";
import { cellName, showIn } from "../machine/view/locals";
import type { Effect, Violation } from "../machine/effects";
import type { Machine, Move, State } from "../machine/machine";
import { premiseOf, type Premise } from "../machine/rests-on";
import { narrate } from "../machine/view/narrate";

/** How a state came about. */
export type Cause =
  | { k: "start" }
  | { k: "move"; move: Move }
  /** The reader wrote a value into a cell. */
  | { k: "edit"; cell: number; value: number };

export interface Entry {
  state: State;
  cause: Cause;
  effects: Effect[];
  violations: Violation[];
  /** What the run came to rest on here and nobody knows: indices into `Program.unknowns`. */
  unknowns: readonly number[];
}

/** A history that was left. */
export interface Branch {
  id: number;
  /** Index of the last entry that it shares with the history that took its place. */
  from: number;
  /** All of it, from the start. */
  entries: readonly Entry[];
}

export class Trace {
  /** Entry 0 is the start. */
  private entries: Entry[];
  private at = 0;
  private readonly kept: Branch[] = [];
  private nextBranch = 1;

  constructor(readonly machine: Machine) {
    const { state, violations, unknowns } = machine.initial();
    this.entries = [{ state, cause: { k: "start" }, effects: [], violations, unknowns }];
  }

  /** Index of the state that is shown. */
  get cursor(): number {
    return this.at;
  }

  /** Index of the last state there is. */
  get last(): number {
    return this.entries.length - 1;
  }

  get state(): State {
    return this.entries[this.at].state;
  }

  entry(index: number): Entry {
    return this.entries[index];
  }

  /** Shows an earlier or later state. Indices outside are taken to the nearest end. */
  goto(index: number): void {
    this.at = Math.max(0, Math.min(this.last, Math.trunc(index)));
  }

  /** Goes one entry on in the recorded history; undefined at its end. */
  redo(): Entry | undefined {
    if (this.at === this.last) return undefined;
    this.at++;
    return this.entries[this.at];
  }

  /** Makes a move from the shown state. The same move as the recorded next one just goes there; another one forks. */
  step(move: Move): Entry {
    const next = this.entries[this.at + 1];
    if (next?.cause.k === "move" && next.cause.move === move) {
      this.at++;
      return next;
    }
    return this.append({ cause: { k: "move", move }, ...this.machine.apply(this.state, move) });
  }

  /** Writes a value into a cell of the shown state, as a new entry. */
  edit(cell: number, value: number): Entry {
    const state = this.state.slice();
    const effects: Effect[] = [{ k: "write", cell, old: state[cell], value, locked: false }];
    state[cell] = value;
    return this.append({ state, cause: { k: "edit", cell, value }, effects, violations: [], unknowns: [] });
  }

  /** What the history up to the shown state rests on and nobody knows, and the index at which it came to rest on it. */
  get restsOn(): (Premise & { at: number })[] {
    const { program } = this.machine;
    const found = new Map<number, number>(program.unknowns.flatMap((u, n) => (u.always ? [[n, 0] as const] : [])));
    for (let at = 0; at <= this.at; at++)
      for (const n of this.entries[at].unknowns) if (!found.has(n)) found.set(n, at);
    return [...found].map(([n, at]) => ({ ...premiseOf(program.unknowns[n]), at }));
  }

  /** Histories that were left by doing something else, oldest first. */
  get branches(): readonly Branch[] {
    return this.kept;
  }

  /** Goes over to a kept history, to where it ends; the present one is kept in its place. */
  switchTo(id: number): boolean {
    const i = this.kept.findIndex((b) => b.id === id);
    if (i < 0) return false;
    const [{ entries }] = this.kept.splice(i, 1);
    this.keep(entries.findIndex((e, k) => e !== this.entries[k]) - 1);
    this.entries = [...entries];
    this.goto(this.last);
    return true;
  }

  /** What the entry did, in a sentence. */
  sentence(index: number): string {
    const e = this.entries[index];
    switch (e.cause.k) {
      case "start":
        return t("The scenario begins here.");
      case "edit":
        return t(
          "You set {0} to {1}.",
          cellName(this.machine, e.state, e.cause.cell),
          showIn(this.machine, e.state, e.cause.cell, e.cause.value),
        );
      case "move":
        return narrate(this.machine, this.entries[index - 1].state, e.cause.move, e.effects);
    }
  }

  /** Index of the last entry up to `index` that wrote the cell, or undefined when it still has its first value. */
  lastWrite(cell: number, index = this.at): number | undefined {
    for (let i = index; i > 0; i--)
      if (
        this.entries[i].state[cell] !== this.entries[i - 1].state[cell] ||
        this.entries[i].effects.some((e) => e.k === "write" && e.cell === cell)
      )
        return i;
    return undefined;
  }

  private append(entry: Entry): Entry {
    if (this.at < this.last) {
      this.keep(this.at);
      this.entries = this.entries.slice(0, this.at + 1);
    }
    this.entries.push(entry);
    this.at++;
    return entry;
  }

  private keep(from: number): void {
    this.kept.push({ id: this.nextBranch++, from, entries: this.entries.slice() });
  }
}
