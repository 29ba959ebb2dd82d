/** Where control can go from the statement that is being lowered: loops, switches, labels, and the blocks around. */
import type { Node, Stmt } from "../../syntax/tree/ast";
import type { Label } from "../../ir";

/** A block that is being lowered. */
export interface Scope {
  /** Its statements: they identify the block in `labelBlocks`. */
  of: readonly Stmt[];
  /** What is done at its end, in the order of the declarations; it is done in the opposite one. */
  cleanups: (() => void)[];
}

/** Where break or continue goes, and how many of the blocks around it stays in. */
export interface LoopExit {
  to: Label;
  depth: number;
}

export class ControlFlow {
  readonly labels = new Map<string, Label>();
  readonly gotos: { label: string; at: Node }[] = [];
  readonly breaks: LoopExit[] = [];
  readonly continues: LoopExit[] = [];
  /** The blocks around the statement that is being lowered, outermost first. */
  readonly scopes: Scope[] = [];
  /** The blocks that each label of the function stands in. */
  labelBlocks: ReadonlyMap<string, ReadonlySet<readonly Stmt[]>> = new Map();
  /** Where the cases of the switches around go. */
  readonly cases: Map<Stmt, Label>[] = [];
  /** How many guards there are so far. */
  guards = 0;

  /** May the statement that is being lowered run more than once in one call? */
  get mayRunAgain(): boolean {
    return this.continues.length > 0 || this.labels.size > 0 || this.labelBlocks.size > 0;
  }
}
