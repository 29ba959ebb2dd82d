/** What options of a Kconfig are when nobody has answered a question: selects and defaults, on x86-64. */
import { kconfigTokens, type Kconfig, type KconfigClause } from "./kconfig";

export interface KconfigValue {
  /** `y`, `n`, `m`, a number or a string, as Kconfig has them. */
  value: string;
  /** The clause that decides it; undefined where none makes it anything but `n`. */
  by?: KconfigClause & { kind: "select" | "default" };
}

/** Options and brackets within each other that are followed. */
const DEPTH_LIMIT = 60;

/** Options that are worked out before the rest counts as `n`: a kernel's Kconfig needs some thousands. */
const WORK_LIMIT = 20_000;

/** Environment that Kconfig is run with (arch/x86/Makefile, scripts/kconfig). */
const environment: Readonly<Record<string, string>> = { ARCH: "x86_64", SRCARCH: "x86", UML: "n" };

const isOn = (value: string): boolean => value === "y" || value === "m";

export class KconfigValues {
  private readonly known = new Map<string, KconfigValue>();
  private readonly pending = new Set<string>();
  private work = 0;
  /** Answers that were cut short, as an option asked for itself. */
  private circles = 0;

  /** `given` has options whose value is decided elsewhere, without CONFIG_. */
  constructor(
    private readonly kconfig: Kconfig,
    private readonly given: ReadonlyMap<string, string>,
  ) {}

  /** Does any of the files know the option? */
  declares(name: string): boolean {
    return this.kconfig.defaults.has(name);
  }

  /** The option's value, whatever is given for it. An option that asks for itself counts as `n` there. */
  of(name: string): KconfigValue {
    const known = this.known.get(name);
    if (known) return known;
    if (this.pending.has(name) || this.pending.size >= DEPTH_LIMIT || ++this.work > WORK_LIMIT) {
      this.circles++;
      return { value: "n" };
    }
    this.pending.add(name);
    const { circles } = this;
    const value = this.workOut(name);
    this.pending.delete(name);
    // Within a circle the answer may rest on an option that counted as n only there.
    if (this.pending.size === 0 || circles === this.circles) this.known.set(name, value);
    return value;
  }

  private workOut(name: string): KconfigValue {
    for (const select of this.kconfig.selects.get(name) ?? [])
      if (isOn(this.value(select.at)) && this.holds(select.condition))
        return { value: "y", by: { ...select, kind: "select" } };
    for (const fallback of this.kconfig.defaults.get(name) ?? []) {
      if (!this.holds(fallback.condition)) continue;
      return { value: this.expression(fallback.value), by: { ...fallback, kind: "default" } };
    }
    return { value: "n" };
  }

  private value(name: string): string {
    if (Object.hasOwn(environment, name)) return environment[name];
    return this.given.get(name) ?? this.of(name).value;
  }

  private holds(condition: string): boolean {
    return condition === "" || isOn(this.expression(condition));
  }

  /** Evaluates an expression; what can't be read counts as `n`. */
  private expression(text: string): string {
    const tokens = kconfigTokens(text);
    let at = 0,
      depth = 0;
    const operand = (): string => {
      const token = tokens[at++] ?? "n";
      if (/^["']/.test(token))
        return token.slice(1, -1).replace(/\$\(?(\w+)\)?/g, (_, name: string) => environment[name] ?? "");
      // Questions to the compiler and its tools: one of today can do all of it.
      if (token.startsWith("$(")) return environment[token.slice(2, -1)] ?? "y";
      return /^[ynm]$|^-?(?:\d+|0[xX][\da-fA-F]+)$|^[./-]/.test(token) ? token : this.value(token);
    };
    const not = (): string => {
      if (++depth > DEPTH_LIMIT) return "n";
      let value: string;
      if (tokens[at] === "!") {
        at++;
        value = isOn(not()) ? "n" : "y";
      } else if (tokens[at] === "(") {
        at++;
        value = or();
        at++;
      } else {
        value = operand();
        const compare = comparisons[tokens[at]];
        if (compare) {
          at++;
          value = compare(value, operand()) ? "y" : "n";
        }
      }
      depth--;
      return value;
    };
    const and = (): string => {
      let value = not();
      while (tokens[at] === "&&") {
        at++;
        const right = not();
        if (isOn(value)) value = right;
      }
      return value;
    };
    const or = (): string => {
      let value = and();
      while (tokens[at] === "||") {
        at++;
        const right = and();
        if (!isOn(value)) value = right;
      }
      return value;
    };
    return or();
  }
}

const comparisons: Record<string, ((a: string, b: string) => boolean) | undefined> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => Number(a) < Number(b),
  "<=": (a, b) => Number(a) <= Number(b),
  ">": (a, b) => Number(a) > Number(b),
  ">=": (a, b) => Number(a) >= Number(b),
};
