/** C's arithmetic on the 32-bit numbers that cells hold. */
import type { BinOp } from "./ir";

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
