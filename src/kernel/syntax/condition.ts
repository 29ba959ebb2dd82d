/** The expression language of `#if`: integers, names, defined(), IS_ENABLED() and C's operators. */

type ConditionResult = { value: number } | { error: string };

/** Operators from loosest to tightest binding. */
const levels: string[][] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const apply: Record<string, (a: number, b: number) => number> = {
  "||": (a, b) => +(a !== 0 || b !== 0),
  "&&": (a, b) => +(a !== 0 && b !== 0),
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "==": (a, b) => +(a === b),
  "!=": (a, b) => +(a !== b),
  "<": (a, b) => +(a < b),
  ">": (a, b) => +(a > b),
  "<=": (a, b) => +(a <= b),
  ">=": (a, b) => +(a >= b),
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
  "%": (a, b) => (b === 0 ? 0 : a % b),
};

class Unreadable extends Error {}

/** Brackets and signs within each other that a condition may have. */
const DEPTH_LIMIT = 100;

/**
 * Evaluates a condition. Names that `valueOf` doesn't know are 0, as the C standard has it (6.10.1).
 * Gives an error in words when the text is not a condition.
 */
export function evaluateCondition(text: string, valueOf: (name: string) => number | undefined): ConditionResult {
  const tokens =
    text.match(/0[xX][\da-fA-F]+[uUlL]*|\d+[uUlL]*|[A-Za-z_]\w*|\|\||&&|==|!=|<=|>=|<<|>>|'(?:\\.|[^'])'|\S/g) ?? [];
  let at = 0;
  let depth = 0;
  const expect = (token: string) => {
    if (tokens[at++] !== token) throw new Unreadable(`Expected ${token} in the condition "${text.trim()}".`);
  };

  const nested = (read: () => number): number => {
    if (++depth > DEPTH_LIMIT)
      throw new Unreadable(`The condition "${text.trim().slice(0, 20)}…" is nested too deeply.`);
    const value = read();
    depth--;
    return value;
  };

  const primary = (): number => nested(operand);
  const operand = (): number => {
    const token = tokens[at++];
    if (token === undefined) throw new Unreadable(`The condition "${text.trim()}" breaks off.`);
    if (token === "(") {
      const value = ternary();
      expect(")");
      return value;
    }
    if (token === "!") return +(primary() === 0);
    if (token === "-") return -primary();
    if (token === "+") return primary();
    if (token === "~") return ~primary();
    if (/^\d/.test(token))
      return parseInt(token.replace(/[uUlL]+$/, ""), /^0[xX]/.test(token) ? 16 : /^0\d/.test(token) ? 8 : 10);
    if (token === "defined") {
      const parens = tokens[at] === "(";
      if (parens) at++;
      const name = tokens[at++] ?? "";
      if (parens) expect(")");
      return +(valueOf(name) !== undefined);
    }
    if (/^IS_(ENABLED|BUILTIN|REACHABLE)$/.test(token) && tokens[at] === "(") {
      at++;
      const name = tokens[at++] ?? "";
      expect(")");
      return +(valueOf(name) !== undefined && valueOf(name) !== 0);
    }
    if (/^[A-Za-z_]/.test(token)) {
      if (tokens[at] === "(") throw new Unreadable(`The macro ${token}() can't be worked out in a condition.`);
      return valueOf(token) ?? 0;
    }
    throw new Unreadable(`"${token}" can't be read in the condition "${text.trim()}".`);
  };
  const binary = (level: number): number => {
    if (level === levels.length) return primary();
    let left = binary(level + 1);
    while (levels[level].includes(tokens[at])) {
      const op = tokens[at++];
      left = apply[op](left, binary(level + 1));
    }
    return left;
  };
  const ternary = (): number => {
    const c = binary(0);
    if (tokens[at] !== "?") return c;
    at++;
    const a = nested(ternary);
    expect(":");
    const b = nested(ternary);
    return c !== 0 ? a : b;
  };

  try {
    const value = ternary();
    if (at < tokens.length) throw new Unreadable(`"${tokens[at]}" is too much in the condition "${text.trim()}".`);
    return { value };
  } catch (e) {
    if (e instanceof Unreadable) return { error: e.message };
    throw e;
  }
}
