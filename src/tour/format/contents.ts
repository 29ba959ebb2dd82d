/** The order in which a tour's steps come, and its table of contents. */
import type { Step } from "./tour";

export interface ContentsItem {
  id: string;
  title: string;
  /** Its number on the tour's main line, from 1; none for a step that only a branch leads to. */
  number?: number;
  /** The step whose branch leads here, for those. */
  under?: string;
}

export class Contents {
  readonly items: ContentsItem[];
  private readonly main: string[] = [];

  /** `steps` are those that take part, in the order of the file. */
  constructor(
    private readonly steps: readonly Step[],
    private readonly all: readonly Step[],
  ) {
    for (let id: string | undefined = steps[0]?.id; id !== undefined && !this.main.includes(id); id = this.next(id))
      this.main.push(id);
    const under = new Map<string, string>();
    for (const s of steps)
      for (const b of s.branches) if (!this.main.includes(b.to) && !under.has(b.to)) under.set(b.to, s.id);
    // What follows a side step is a side step of the same branch.
    for (const s of steps) {
      const next = this.next(s.id);
      if (under.has(s.id) && next !== undefined && !this.main.includes(next) && !under.has(next))
        under.set(next, under.get(s.id)!);
    }
    const item = (s: Step): ContentsItem =>
      this.main.includes(s.id)
        ? { id: s.id, title: s.title, number: this.main.indexOf(s.id) + 1 }
        : { id: s.id, title: s.title, under: under.get(s.id) };
    const main = this.main.map((id) => steps.find((s) => s.id === id)!);
    const side = (of: string): ContentsItem[] =>
      steps.filter((s) => !this.main.includes(s.id) && under.get(s.id) === of).flatMap((s) => [item(s), ...side(s.id)]);
    const placed = main.flatMap((s) => [item(s), ...side(s.id)]);
    this.items = [...placed, ...steps.filter((s) => !placed.some((p) => p.id === s.id)).map(item)];
  }

  /** Steps on the main line. */
  get length(): number {
    return this.main.length;
  }

  /** The step that Next goes to; undefined at the end. Steps that are left out are passed over. */
  next(id: string): string | undefined {
    const seen = new Set<string>();
    for (let at: Step | undefined = this.all.find((s) => s.id === id); at && !seen.has(at.id);) {
      seen.add(at.id);
      if (at.next === "end") return undefined;
      const i = this.all.indexOf(at);
      const to: Step | undefined = at.next === undefined ? this.all[i + 1] : this.all.find((s) => s.id === at!.next);
      if (!to || this.steps.includes(to)) return to?.id;
      at = to;
    }
    return undefined;
  }

  /**
   * The step that Back goes to where it isn't known how the reader got here: the one before on the main line, or the
   * one whose branch leads here.
   */
  previous(id: string): string | undefined {
    const i = this.main.indexOf(id);
    return i > 0
      ? this.main[i - 1]
      : i === 0
        ? undefined
        : (this.steps.find((s) => s.branches.some((b) => b.to === id))?.id ??
          this.steps.find((s) => this.next(s.id) === id)?.id);
  }
}
