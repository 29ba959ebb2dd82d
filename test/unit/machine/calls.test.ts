/** Function calls between CPUs that ask first, and that this CPU makes as well. */
import assert from "node:assert/strict";
import { Player, read, toy } from "../../support/machine";

const c =
  "int made[3], asked[3], wanted; cpumask_t m; void f(void *p) { made[smp_processor_id()]++; } bool ask(int cpu, " +
  "void *p) { asked[cpu]++; return (wanted >> cpu) & 1; }";
const names = (what: string) => [0, 1, 2].map((i) => `${what}[${i}]`);

function calls(body: string, more = ""): { made: number[]; asked: () => number[] } {
  const player = new Player(toy([body, "", ""], { c: `${more}${c}` })).finish();
  const values = (what: string) => names(what).map((n) => read(player.machine, player.state, n));
  assert.deepEqual(player.violations, []);
  return { made: values("made"), asked: () => values("asked") };
}

describe("a call that many CPUs make", () => {
  it("is made by those of the set, this one among them", () => {
    assert.deepEqual(
      calls("cpumask_set_cpu(0, &m); cpumask_set_cpu(2, &m); on_each_cpu_mask(&m, f, NULL, 1);").made,
      [1, 0, 1],
    );
  });
  it("is made by those for which the question is answered with yes, each asked once", () => {
    const { made, asked } = calls("cpumask_setall(&m); wanted = 5; on_each_cpu_cond_mask(ask, f, NULL, 1, &m);");
    assert.deepEqual(
      [made, asked()],
      [
        [1, 0, 1],
        [1, 1, 1],
      ],
    );
  });
  it("may ask nothing, and take the allocation flags of older kernels", () => {
    assert.deepEqual(
      calls("cpumask_setall(&m); on_each_cpu_cond_mask(NULL, f, NULL, 1, GFP_ATOMIC, &m);").made,
      [1, 1, 1],
    );
  });
  it("is made here and waited for as the flags say, where there are flags", () => {
    const flags = "#define SCF_WAIT (1U << 0)\n#define SCF_RUN_LOCAL (1U << 1)\n";
    assert.deepEqual(
      calls(
        "cpumask_setall(&m); wanted = 7; smp_call_function_many_cond(&m, f, NULL, SCF_WAIT | SCF_RUN_LOCAL, ask);",
        flags,
      ).made,
      [1, 1, 1],
    );
    assert.deepEqual(
      calls("cpumask_setall(&m); wanted = 7; smp_call_function_many_cond(&m, f, NULL, SCF_WAIT, ask);", flags).made,
      [0, 1, 1],
    );
    assert.deepEqual(
      calls("cpumask_setall(&m); smp_call_function_many_cond(&m, f, NULL, true, NULL);").made,
      [0, 1, 1],
    );
  });
  it("is waited for: the caller goes on when all have made it", () => {
    const p = new Player(
      toy(["cpumask_setall(&m); on_each_cpu_mask(&m, f, NULL, 1); wanted = 9;", "", ""], { c }),
    ).untilWaits(0);
    assert.deepEqual(
      [read(p.machine, p.state, "made[0]"), read(p.machine, p.state, "wanted"), p.canTake(1), p.canTake(2)],
      [1, 0, true, true],
    );
    p.take(1);
    p.untilWaits(1);
    assert.equal(p.machine.canStep(p.state, 0), false);
  });
});
