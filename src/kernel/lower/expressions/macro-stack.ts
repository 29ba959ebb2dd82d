/** The macros that are being expanded, innermost last, with the expressions that their parameters stand for. */
import type { Expr } from "../../syntax/tree/ast";
import type { Macro } from "../../syntax/conditionals";

export class MacroStack {
  /** Macros expanded so far in this function. */
  expansions = 0;
  private readonly frames: { macro: Macro; args: ReadonlyMap<string, Expr> }[] = [];

  isExpanding(macro: Macro): boolean {
    return this.frames.some((f) => f.macro === macro);
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
