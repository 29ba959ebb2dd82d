/**
 * A tour: steps that stand at statements of the source, put the machine into a state, and say something about it.
 * It names functions and statements, never lines, so that it lands right in any version of the source.
 */
import type { PropertyId } from "../../machine/effects";
import type { CpuMode, IpiStage } from "../../machine/view/view";
import type { MemoryOrder, ScenarioProblem, TextRange } from "../../scenario/scenario";

/** A place in the source: a statement of a function, or the function's head when there is no statement. */
export interface Anchor {
  /** The function's name; further names are those that it has had in other versions. */
  fn: string[];
  /** The statement or condition as C; further ones are other versions' wording. Empty: the function's head. */
  stmt: string[];
  /** Which of the statements that read like this, from 1, in the order of the text. */
  nth: number;
  /** Only statements that stand in this branch of an `if`. */
  in?: "then" | "else";
}

/** When a run of one CPU ends. */
export type Until =
  /** It can't go on alone: it waits for another CPU. */
  | "waits"
  /** It has done the action of the scenario that it is at. */
  | "action"
  /** It has done all that the scenario asks of it. */
  | "done"
  /** A C expression holds, in the context of that CPU. */
  | { holds: string }
  /** A property is broken. */
  | { broken: PropertyId };

/** One thing to do with the machine; every move comes from `Machine.moves`. */
export type TourAction =
  /**
   * This CPU alone, until it is about to execute the statement for the `times`-th time; standing there already counts.
   */
  | { do: "run"; cpu: number; to: Anchor; times: number }
  | { do: "run"; cpu: number; until: Until }
  /** One statement with its calls, one statement into its call, until the function has returned, or one atomic step. */
  | { do: "over" | "into" | "out" | "atom"; cpu: number; times: number }
  /** The CPU takes the interrupt that is pending (the one that CPU `sender` sent, if there are several). */
  | { do: "deliver"; cpu: number; sender?: number }
  /** The CPU runs the interrupt handler that it is in to its end. */
  | { do: "handle"; cpu: number }
  /** The CPU fills its TLB with this page, speculatively. */
  | { do: "fill"; cpu: number; mm: string; page: string }
  /** The oldest store in the CPU's buffer becomes visible to all (only under TSO). */
  /** The oldest store in its buffer, or `all` that are there, if any. */
  | { do: "drain"; cpu: number; all?: true }
  /** All CPUs in turn, interrupts as soon as they can be taken, until all are done. */
  | { do: "finish" };

/**
 * A change of the source for a step. It is made in the program's copy of the text; the reader's file stays as it is.
 */
export type Patch =
  | { do: "remove"; at: Anchor }
  | { do: "replace"; at: Anchor; text: string }
  | { do: "insert"; text: string; side: "before" | "after"; at: Anchor }
  | { do: "move"; from: Anchor; side: "before" | "after"; at: Anchor };

/** Something about the source alone. A step or claim with conditions that don't hold is left out. */
export type Condition =
  | { k: "has"; at: Anchor }
  | { k: "lacks"; at: Anchor }
  /** Both are there, the first above the second, in the same function. */
  | { k: "order"; first: Anchor; second: Anchor };

/** Something that must be true of the machine's state. `cpu` left out means the step's CPU. */
export type Test =
  /** A C expression that isn't 0, with the scenario's names of mms and tasks in it. */
  | { k: "holds"; cpu?: number; expr: string }
  /**
   * The expression's value isn't what it was before: before the reveal in a question, at the step before in a claim.
   */
  | { k: "changed"; cpu?: number; expr: string }
  | { k: "property"; id: PropertyId; is: "ok" | "broken" }
  | { k: "waits"; cpu?: number; is: boolean }
  | { k: "mode"; cpu?: number; is: CpuMode }
  | { k: "runs"; cpu?: number; task: string }
  | { k: "at"; cpu?: number; at: Anchor }
  /** The CPU's TLB holds the page; `stale`: the page table no longer says so; `freed`: its frame was given back. */
  | { k: "tlb"; cpu?: number; mm: string; page: string; is: "held" | "absent" | "stale" | "freed" }
  | { k: "page"; mm: string; page: string; is: "mapped" | "unmapped" }
  /** An interrupt between these CPUs is at this stage; `none`: there is none. */
  | { k: "ipi"; from?: number; to?: number; stage: IpiStage | "held" | "none" }
  /** The bit of CPU `cpu` in mm_cpumask(mm). */
  | { k: "bit"; cpu?: number; mm: string; is: "set" | "clear" | "changed" };

export interface Claim {
  test: Test;
  when: Condition[];
  range: TextRange;
}

/** One of the answers that the reader may give. */
export interface Choice {
  say: string;
  /** It is right when all of these hold after the reveal. */
  answer: Test[];
  /** Said when the reader chose it. */
  why?: string;
}

/**
 * A question to be answered before the reveal. The machine finds the right answers after the reveal's moves: each CPU
 * (`cpu`), each cell of the cpumask matrix (`bit`; `$mm` in an expression names its mm) or each choice is tried.
 */
export type Ask = {
  words: string;
  /** What the reveal does. */
  then: TourAction[];
  right: string;
  wrong: string;
} & ({ kind: "cpu"; answer: Test[] } | { kind: "bit"; answer: Test[] } | { kind: "choice"; choices: Choice[] });

/** Something to read, by name and number. */
export type Ref =
  | { k: "commit"; commit: string; project: string; say: string }
  | { k: "manual"; manual: string; section: string; say: string };

export interface Step {
  /** Stable id, unique in the tour. */
  id: string;
  title: string;
  /** Where its words stand. Left out: at the statement that the step's CPU is about to execute. */
  at?: Anchor;
  /** The CPU that the step is about. Left out: the one that the last action moved. */
  cpu?: number;
  /**
   * The state that it goes on from: the scenario's start, the end of the step before in the file, or the end of
   * another step.
   */
  from: { k: "start" } | { k: "previous" } | { k: "step"; id: string };
  /** Another scenario than the tour's; it begins at its start. */
  scenario?: string;
  /** Changes of the source, added to those of the step that it goes on from. */
  patch: Patch[];
  machine: TourAction[];
  /** Markdown with live values in `${…}`; see live-words.ts. */
  words: string;
  claims: Claim[];
  ask?: Ask;
  branches: { say: string; to: string }[];
  /** The step that Next goes to. Left out: the next one in the file; `end`: none. */
  next?: string;
  refs: Ref[];
  /** Left out of the tour where these don't hold. */
  when: Condition[];
  range: TextRange;
  /** Where its anchor stands in the tour's text. */
  atRange: TextRange;
  /** Where each of `machine`, and of the reveal's actions, stands in the tour's text. */
  actionRanges: TextRange[];
}

export interface Tour {
  id: string;
  title: string;
  about: string;
  /** Id of the scenario that it plays on. */
  scenario: string;
  /** Memory order, instead of the scenarios' own. */
  order?: MemoryOrder;
  /** Settings over the scenarios' own. */
  settings?: Readonly<Record<string, number>>;
  level: "first" | "next" | "deep";
  /** About how long it takes. */
  minutes?: number;
  /**
   * What the source must be like. Where it isn't, the tour plays on the built-in edition and says so, unless it has
   * `elsewhere`.
   */
  needs: Condition[];
  /** Of a tour that the built-in edition isn't for: what is said instead where the source isn't like `needs`. */
  elsewhere?: string;
  steps: Step[];
}

/** A mistake in a tour file, at its place. */
export type TourProblem = ScenarioProblem;
