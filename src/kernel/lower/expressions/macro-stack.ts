/** The macros that are being expanded, innermost last, with the expressions that their parameters stand for. */
import type { Expr } from "../../syntax/tree/ast";
import type { Macro } from "../../syntax/conditionals";

/** Expressions that the macros of one function may expand to. */
const EVALUATION_LIMIT = 20_000;
/** Expressions that are looked at for one constant value. */
const LOOK_LIMIT = 1_000;

export class MacroStack {
  /** Macros expanded so far in this function. */
  expansions = 0;
  private readonly frames: { macro: Macro; args: ReadonlyMap<string, Expr> }[] = [];

  isExpanding(macro: Macro): boolean {
    return this.frames.some((f) => f.macro === macro);
  }

  /** Expressions that macros have expanded to. */
  private evaluated = 0;
  private looked = 0;

  /** Counts an expression in a macro: have macros expanded to more than any function needs? */
  tooMuch(): boolean {
    return this.frames.length > 0 && ++this.evaluated > EVALUATION_LIMIT;
  }

  isFirstTooMuch(): boolean {
    return this.evaluated === EVALUATION_LIMIT + 1;
  }

  /** Counts a look at an expression for its constant value, of which `first` is the outermost: has it been enough? */
  lookedEnough(first: boolean): boolean {
    this.looked = first ? 0 : this.looked + 1;
    return this.looked > LOOK_LIMIT;
  }

  /** Runs `body` with the macro's parameters standing for the arguments. */
  within<T>(macro: Macro, args: ReadonlyMap<string, Expr>, body: () => T): T {
    this.frames.push({ macro, args });
    try {
      return body();
    } finally {
      this.frames.pop();
    }
  }

  /** The expression that a parameter of the innermost macro stands for, if the name is one. */
  argument(name: string): Expr | undefined {
    return this.frames.at(-1)?.args.get(name);
  }

  /** Runs `body` with names meaning what they mean where the innermost macro is used: an argument is read so. */
  atUse<T>(body: () => T): T {
    const inner = this.frames.pop()!;
    try {
      return body();
    } finally {
      this.frames.push(inner);
    }
  }
}
