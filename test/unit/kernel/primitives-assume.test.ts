/** A table's entry that acts on a field gives way to the tree's own function where the structure lacks it. */
import assert from "node:assert/strict";
import { actions, compile } from "../../support/kernel";

const lock = "static inline void raw_spin_rq_lock(struct rq *rq) { raw_spin_lock(&rq->lock); }";
const entry = "void scenario_touch(unsigned long addr) { raw_spin_rq_lock(this_rq()); }";

describe("an entry of the table that acts on a field", () => {
  it("gives way to the tree's own function where the structure has no such field", () => {
    const program = compile(`struct rq { raw_spinlock_t lock; };\n${lock}\n${entry}`);
    assert.deepEqual(actions(program, "scenario_touch"), ["call raw_spin_rq_lock"]);
    assert.deepEqual(actions(program, "raw_spin_rq_lock"), ["hw lock"]);
  });
  it("is used where it has, and where nothing else defines the name", () => {
    const program = compile(`struct rq { raw_spinlock_t __lock; };\n${lock}\n${entry}`);
    assert.deepEqual(actions(program, "scenario_touch"), ["hw lock"]);
    assert.deepEqual(actions(compile(`struct rq { int x; };\n${entry}`), "scenario_touch"), ["hw lock"]);
  });
});
