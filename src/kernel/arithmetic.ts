/** C's arithmetic on the 32-bit numbers that cells hold. */

/** Operators of C on two numbers, and a few of the machine's own. */
export type BinOp =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "&"
  | "|"
  | "^"
  | "<<"
  | ">>"
  | "=="
  | "!="
  | "<"
  | ">"
  | "<="
  | ">="
  /** Of unsigned numbers. */
  | "<u"
  | ">u"
  | "<=u"
  | ">=u"
  | "/u"
  | "%u"
  | ">>u"
  /** `a`, an unsigned int, in 64 bits. */
  | "zext"
  /** Bit `b` of `a`; the lowest CPU in the set `a`, or `b` when it is empty; how many CPUs are in the set `a`. */
  | "bit"
  | "first"
  | "weight";

/** The result of an operation on two signed 32-bit numbers, as C has it. Division by zero gives 0. */
export function fold(f: BinOp, a: number, b: number): number {
  switch (f) {
    case "+":
      return (a + b) | 0;
    case "-":
      return (a - b) | 0;
    case "*":
      return Math.imul(a, b);
    case "/":
      return b === 0 ? 0 : (a / b) | 0;
    case "%":
      return b === 0 ? 0 : (a % b) | 0;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return a << b;
    case ">>":
      return a >> b;
    case "==":
      return +(a === b);
    case "!=":
      return +(a !== b);
    case "<":
      return +(a < b);
    case ">":
      return +(a > b);
    case "<=":
      return +(a <= b);
    case ">=":
      return +(a >= b);
    case "<u":
      return +(a >>> 0 < b >>> 0);
    case ">u":
      return +(a >>> 0 > b >>> 0);
    case "<=u":
      return +(a >>> 0 <= b >>> 0);
    case ">=u":
      return +(a >>> 0 >= b >>> 0);
    case "/u":
      return b === 0 ? 0 : ((a >>> 0) / (b >>> 0)) | 0;
    case "%u":
      return b === 0 ? 0 : ((a >>> 0) % (b >>> 0)) | 0;
    case ">>u":
      return (a >>> b) | 0;
    case "zext":
      return a;
    case "bit":
      return (a >> b) & 1;
    case "first":
      return a === 0 ? b : 31 - Math.clz32(a & -a);
    case "weight": {
      let n = 0;
      for (let bits = a; bits !== 0; bits &= bits - 1) n++;
      return n;
    }
  }
}

/** The numbers that stand for those beyond a cell's range on either side. */
export const HIGHEST = 0x7fffffff,
  LOWEST = -0x80000000;

const unsigned = (n: number): bigint => BigInt.asUintN(64, BigInt(n));
const signed = (n: bigint): number => Number(BigInt.asIntN(64, n));

/**
 * The same on 64-bit numbers of which cells hold the lower 32 bits and the sign. The result may be out of a cell's
 * range: it is exact up to 2⁵³, and of the right sign beyond.
 */
export function foldLong(f: BinOp, a: number, b: number): number {
  switch (f) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? 0 : Math.trunc(a / b);
    case "/u":
      return b === 0 ? 0 : a >= 0 && b > 0 ? Math.trunc(a / b) : signed(unsigned(a) / unsigned(b));
    case "%u":
      return b === 0 ? 0 : a >= 0 && b > 0 ? a % b : signed(unsigned(a) % unsigned(b));
    case "<<":
      return signed(BigInt(a) << BigInt(b & 63));
    case ">>":
      return a >> Math.min(b & 63, 31);
    case ">>u":
      return a < 0 ? signed(unsigned(a) >> BigInt(b & 63)) : (b & 63) > 31 ? 0 : a >> b;
    case "zext":
      return a >>> 0;
    default:
      return fold(f, a, b);
  }
}

export const fitsCell = (n: number): boolean => n === (n | 0);
