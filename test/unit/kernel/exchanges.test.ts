/** LOCKed exchanges and counters, in all their spellings; and bits that a cell doesn't have. */
import assert from "node:assert/strict";
import { compile } from "../../support/kernel";
import { leaves } from "../../support/machine";

const c = "int x, y, z; atomic_t n; atomic64_t l; unsigned long w;";
const runs = (body: string, expected: Record<string, number>) =>
  assert.deepEqual(leaves(body, Object.keys(expected), { c }), expected, body);

describe("a compare-and-exchange", () => {
  it("writes where the expected value stands, and gives what stood there", () => {
    runs("x = 4; y = cmpxchg(&x, 4, 5);", { x: 5, y: 4 });
    runs("x = 4; y = cmpxchg_relaxed(&x, 3, 5);", { x: 4, y: 4 });
    runs("x = atomic_cmpxchg(&n, 0, 7); y = atomic_read(&n);", { x: 0, y: 7 });
    runs("x = atomic64_cmpxchg_acquire(&l, 1, 7); y = atomic64_read(&l);", { x: 0, y: 0 });
  });
  it("that is tried tells whether it was done, and else what it found", () => {
    runs("x = 4; y = 4; z = try_cmpxchg(&x, &y, 6);", { x: 6, y: 4, z: 1 });
    runs("x = 4; y = 3; z = try_cmpxchg(&x, &y, 6);", { x: 4, y: 4, z: 0 });
    runs("y = 0; z = atomic_try_cmpxchg(&n, &y, 6); x = atomic_read(&n);", { x: 6, y: 0, z: 1 });
  });
});

describe("a counter", () => {
  it("isn't counted up from what it may not have", () => {
    runs("x = atomic_inc_not_zero(&n); y = atomic_read(&n);", { x: 0, y: 0 });
    runs("atomic_set(&n, 2); x = atomic_inc_not_zero(&n); y = atomic_read(&n);", { x: 1, y: 3 });
    runs("atomic_set(&n, 2); x = atomic_add_unless(&n, 4, 2); y = atomic_fetch_add_unless(&n, 4, 5);", { x: 0, y: 2 });
  });
  it("gives its old value, its new one, or its sign", () =>
    runs("x = atomic_fetch_add(3, &n); y = atomic_inc_return_relaxed(&n); z = atomic_add_negative(-9, &n);", {
      x: 0,
      y: 4,
      z: 1,
    }));
});

describe("a bit that a cell doesn't have", () => {
  const unknowns = (body: string) =>
    compile(`${c}\nvoid scenario_t(void)\n{\n${body}\n}\n`)
      .fns.get("scenario_t")!
      .code.filter((i) => i.op === "unknown").length;
  for (const body of ["set_bit(33, &w);", "x = test_bit(40, &w);", "__set_bit(x, &w);", "w = BIT(40);"])
    it(`is something unknown: ${body}`, () => assert.ok(unknowns(body) > 0));
  for (const body of ["set_bit(31, &w);", "x = test_and_clear_bit(0, &w);", "w = BIT(7);"])
    it(`and one that it has isn't: ${body}`, () => assert.equal(unknowns(body), 0));
  it("rests on nothing unknown where the number turns out small", () =>
    runs("y = 5; set_bit(y, &w); x = test_bit(y, &w) + test_bit(6, &w);", { x: 1 }));
});
