import assert from "node:assert/strict";
import fc from "fast-check";
import { evaluateCondition } from "../../../src/kernel/syntax/condition";

const names: Record<string, number> = { CONFIG_SMP: 1, CONFIG_OFF: 0, NR: 4 };
const evaluate = (text: string) => evaluateCondition(text, (n) => (Object.hasOwn(names, n) ? names[n] : undefined));
const value = (text: string) => {
  const r = evaluate(text);
  assert.ok("value" in r, "error" in r ? r.error : "");
  return r.value;
};
const error = (text: string) => {
  const r = evaluate(text);
  assert.ok("error" in r, text);
  return r.error;
};

describe("a condition of #if", () => {
  it("is worked out as C does", () => {
    for (const [text, expected] of [
      ["1 + 2 * 3", 7],
      ["(1 + 2) * 3", 9],
      ["10 - 4 - 3", 3],
      ["16 / 4 / 2", 2],
      ["7 % 4", 3],
      ["1 << 3 | 1", 9],
      ["6 & 3 ^ 1", 3],
      ["1 == 1 && 2 != 2 || 3 < 4", 1],
      ["1 < 2 == 1", 1],
      ["!0 + !5", 1],
      ["-1 < 0", 1],
      ["~0 & 0xf", 15],
      ["010", 8],
      ["0x1FUL", 31],
      ["100000L", 100000],
      ["0 ? 1 : 2 ? 3 : 4", 3],
      ["1 ? 2 : 0", 2],
      ["5 / 0", 0],
      ["2 >= 2", 1],
      ["3 > 2 >= 1", 1],
    ] as const)
      assert.equal(value(text), expected, text);
  });

  it("asks for configuration", () => {
    for (const [text, expected] of [
      ["defined(CONFIG_SMP)", 1],
      ["defined CONFIG_SMP", 1],
      ["!defined(CONFIG_XEN)", 1],
      ["defined(CONFIG_OFF)", 1],
      ["CONFIG_XEN", 0],
      ["NR > 2", 1],
      ["IS_ENABLED(CONFIG_SMP)", 1],
      ["IS_ENABLED(CONFIG_OFF)", 0],
      ["IS_BUILTIN(CONFIG_XEN)", 0],
      ["defined(CONFIG_SMP) && NR == 4", 1],
    ] as const)
      assert.equal(value(text), expected, text);
  });

  it("that can't be worked out says why", () => {
    assert.match(error("LINUX_VERSION(2, 6)"), /^The macro LINUX_VERSION\(\) can't be worked out/);
    assert.match(error("1 +"), /breaks off/);
    assert.match(error("(1"), /Expected \)/);
    assert.match(error("1 2"), /"2" is too much/);
    assert.match(error("@"), /"@" can't be read/);
    assert.match(error(""), /breaks off/);
  });

  it("of any text gives a number or a reason", () => {
    const token = fc.constantFrom(
      "1",
      "0x2",
      "A",
      "defined",
      "(",
      ")",
      "!",
      "&&",
      "||",
      "?",
      ":",
      "+",
      "-",
      "<<",
      "==",
      "IS_ENABLED",
      "'a'",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token).map((t) => t.join(" ")),
        ),
        (text) => {
          const r = evaluate(text);
          if ("value" in r) assert.ok(Number.isInteger(r.value));
          else assert.match(r.error, /\.$/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("nested however deep doesn't exhaust the stack", () => {
    for (const open of ["(", "!", "-", "1 ? "]) assert.ok("error" in evaluate(open.repeat(100_000)));
  });
});
