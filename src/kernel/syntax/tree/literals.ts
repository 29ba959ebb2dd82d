/** The values of numbers and characters as C writes them. */

/** The value of a C integer in 32 bits, or undefined for anything else. */
export function wholeNumber(text: string): number | undefined {
  // The grammar takes a sign in front for a part of the number.
  if (text[0] === "-" || text[0] === "+") {
    const value = wholeNumber(text.slice(1).trim());
    return value === undefined ? undefined : text[0] === "-" ? -value | 0 : value;
  }
  const digits = text.replace(/(?:[uU]?(?:ll?|LL?)?|(?:ll?|LL?)[uU])$/, "");
  if (!/^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)$/.test(digits)) return undefined;
  if (/^0\d/.test(digits))
    return /[89]/.test(digits) ? undefined : Number(BigInt.asIntN(32, BigInt(`0o${digits.slice(1)}`)));
  return Number(BigInt.asIntN(32, BigInt(digits)));
}

/** The type that a literal has beside its value (C standard, 6.4.4.1): none for an int. */
export function literalType(text: string): { type?: string; wide?: bigint } {
  const [, digits, suffix] = /^[-+\s]*(.*?)([uUlL]*)$/s.exec(text)!;
  if (!/^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)$/.test(digits)) return {};
  const value = BigInt(/^0\d+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const anySign = /^0./.test(digits) || /u/i.test(suffix);
  const long = /l/i.test(suffix) || value > (anySign ? 0xffffffffn : 0x7fffffffn),
    unsigned = /u/i.test(suffix) || (anySign && value > (long ? 0x7fffffffffffffffn : 0x7fffffffn));
  const type = `${unsigned ? "unsigned " : ""}${long ? "long" : "int"}`;
  return {
    ...(type === "int" ? {} : { type }),
    ...(long && BigInt.asIntN(32, value) !== BigInt.asIntN(64, value) ? { wide: value } : {}),
  };
}

const escapes: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, e: 27 };

/** The value of `'a'`, `'\\n'`, `'\\0'` or `'\\x1f'`. */
export function characterCode(literal: string): number {
  const m = /'\\(?:x([\da-fA-F]+)|([0-7]{1,3})|(.))/.exec(literal);
  if (!m) return literal.charCodeAt(literal.indexOf("'") + 1);
  return m[1] ? parseInt(m[1], 16) : m[2] ? parseInt(m[2], 8) : (escapes[m[3]] ?? m[3].charCodeAt(0));
}
