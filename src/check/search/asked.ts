/**
 * The reader's own properties, or questions: a C expression over the machine's state that is to hold always, of which
 * it is asked whether it can be true, or that is expected to occur (against a verdict that holds vacuously).
 */
import { t } from "@vscode/l10n";
import type { ExpressionError, Instr, LoweredExpression } from "../../kernel/ir";
import { evaluateLowered, lowered, type FrameRef } from "../../machine/evaluate";
import type { Machine, State } from "../../machine/machine";

export interface AskedProperty {
  /** As the C would write it: `cpu_tlbstate.state == TLBSTATE_OK`. Per-CPU names mean the copy of each CPU in turn. */
  text: string;
  /** "always": true in every state. "can": may it be true? "occurs": it must be true in some state. */
  kind: "always" | "can" | "occurs";
  /** Only while this function runs, in its frame: its variables can be named. */
  in?: string;
}

/** The question can't be evaluated on this program; the message says why. */
export class AskedError extends Error {
  /** `at`: the stretch of the expression that is meant, where that is known. */
  constructor(
    message: string,
    readonly at?: ExpressionError["at"],
  ) {
    super(message);
  }
}

/** `always x == 0 in leave_mm()`, for messages and reports. */
export const askedName = (p: AskedProperty): string => `${p.kind} ${p.text}${p.in ? ` in ${p.in}()` : ""}`;

/** Reads `EXPRESSION` or `EXPRESSION in FUNCTION()` as a reader types it. */
export function readAsked(kind: AskedProperty["kind"], text: string): AskedProperty {
  const m = /^(.*\S)\s+in\s+(\w+)(?:\s*\(\s*\))?\s*$/s.exec(text);
  return m ? { kind, text: m[1].trim(), in: m[2] } : { kind, text: text.trim() };
}

/** Instructions that only statements have: they change the state. */
const changing: ReadonlySet<Instr["op"]> = new Set(["store", "rmw", "call", "icall", "hw", "wait", "ret"]);

/** A question compiled for one machine, to be evaluated in its states. */
export class Asked {
  /** How many states it could be evaluated in. */
  tried = 0;
  private readonly known = new Map<number, LoweredExpression | ExpressionError>();

  /** Throws an AskedError when the text isn't a C expression of this program, or the function isn't in it. */
  constructor(
    private readonly machine: Machine,
    readonly property: AskedProperty,
  ) {
    const { code } = machine;
    const fn = property.in === undefined ? undefined : code.fns.get(property.in);
    if (property.in !== undefined && !fn)
      throw new AskedError(t("There is no function {0}() in what this scenario runs.", property.in));
    // A name that is in scope in only a part of the function is found there.
    const places = fn ? Array.from({ length: fn.code.length }, (_, i) => fn.entry + i) : [0];
    const tries = places.map((pc) => this.at(pc));
    const wrong = tries.find((e) => "error" in e);
    if (wrong && "error" in wrong && tries.every((e) => "error" in e)) throw new AskedError(wrong.error, wrong.at);
  }

  private at(pc: number): LoweredExpression | ExpressionError {
    let e = this.known.get(pc);
    if (!e) {
      const { machine, property } = this;
      const fn = pc === 0 ? undefined : machine.code.fnOf[pc];
      const offset = pc === 0 ? 0 : machine.program.places[machine.code.instrs[pc].src].start;
      e = lowered(machine.program, fn, offset, property.text);
      if ("code" in e && e.code.some((i) => changing.has(i.op)))
        e = { error: t("This would change the machine, and a question only looks at it. To compare, write ==.") };
      this.known.set(pc, e);
    }
    return e;
  }

  /**
   * Is this a state that the question looks for: one that violates an "always", or in which another is true? `read` is
   * called with each cell that the answer was read from.
   */
  hits(s: State, read?: (cell: number) => void): boolean {
    const wanted = this.property.kind === "always" ? 0 : 1;
    let tried = false,
      hit = false;
    for (let c = 0; c < this.machine.scenario.cpus.length && !hit; c++) {
      for (const frame of this.property.in === undefined ? [undefined] : this.framesOf(s, c)) {
        const e = this.at(frame?.pc ?? 0);
        if ("error" in e) continue;
        const v = evaluateLowered(this.machine, e, s, c, frame, read);
        if ("error" in v) continue;
        tried = true;
        hit ||= +(v.value !== 0) === wanted;
      }
    }
    if (tried) this.tried++;
    return hit;
  }

  private framesOf(s: State, c: number): FrameRef[] {
    return this.machine.stack(s, c).filter((f) => f.fn.name === this.property.in);
  }
}
