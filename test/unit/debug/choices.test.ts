/** A session in which CPUs choose what they do. */
import assert from "node:assert/strict";
import { launched, scenarioFile } from "./wire";

const world = `id: any
about: Whatever CPU0 does.
mms: { A: { pages: [page0] } }
tasks: { A/1: { mm: A }, k: {}, A/2: { mm: A } }
cpus:
  - { starts: A/1, does: { any: [schedule: A/1, schedule: k, munmap], actions: 2 } }
  - { starts: A/2, does: [touch: page0] }
`;

describe("a session in which CPUs choose", () => {
  it("says what there is to choose, and begins what is chosen", async () => {
    const w = await launched({ scenario: scenarioFile(world) });
    await w.next(0);
    assert.equal(
      w.panel.notice,
      "CPU0 may choose what it does next: schedule k, munmap page0. Type it in the debug console: choose schedule k.",
    );
    assert.deepEqual(
      w.panel.view.cpus.map((cpu) => cpu.choices?.map((choice) => choice.label)),
      [["schedule k", "munmap page0"], undefined],
    );
    assert.equal(await w.go(() => w.type("choose munmap page0 CPU0")), "CPU0 chooses to munmap page0.");
    assert.equal(w.panel.view.cpus[0].action, "munmap page0");
    assert.match(await w.message(() => w.type("choose schedule k CPU0")), /^CPU0 has nothing to choose now/);
    assert.match(await w.message(() => w.type("choose touch page0 CPU1")), /^CPU1 follows a script/);
  });
});
