/** What a CPU may choose from, as a scenario's file writes it. */
import assert from "node:assert/strict";
import { readScenario } from "../../../src/scenario/read-scenario";
import { describeAction } from "../../../src/machine/view/names";
import { scenarioText } from "../../../src/scenario/write-scenario";
import { refused } from "./support";

const world = (does: string, second = "") =>
  "id: t\nabout: A test.\nmms:\n  A: { pages: [page0, page1] }\n  B: { pages: [heap] }\n  H: { pages: [page0] }\n" +
  "tasks: { A/1: { mm: A }, B/1: { mm: B }, k: {}, A/2: { mm: A } }\n" +
  `cpus:\n  - starts: A/1\n    does: ${does}\n  - starts: A/2\n${second}`;
const offered = (does: string, second?: string) => {
  const { scenario, problems } = readScenario(world(does, second));
  assert.deepEqual(
    problems.filter((p) => p.severity === "error"),
    [],
  );
  return scenario!.cpus[0].does.map((d) => describeAction(d.action));
};

describe("a choice", () => {
  it("of a word is all actions of its kind", () => {
    assert.deepEqual(offered("{ any: [schedule], actions: 1 }"), [
      "schedule A/1",
      "schedule B/1",
      "schedule k",
      "schedule swapper/0",
    ]);
    assert.deepEqual(offered("{ any: [munmap, touch], actions: 1 }").slice(2), [
      "munmap heap",
      "touch page0",
      "touch page1",
      "touch heap",
    ]);
    assert.deepEqual(offered("{ any: [reclaim, exec, exit], actions: 1 }").slice(3), [
      "reclaim H:page0",
      "exec H",
      "exit",
    ]);
  });
  it("of a word leaves out tasks that another CPU names, and what is written besides", () =>
    assert.deepEqual(offered("{ any: [{ schedule: k }, schedule], actions: 1 }", "    does: [{ schedule: B/1 }]\n"), [
      "schedule k",
      "schedule A/1",
      "schedule swapper/0",
    ]));
  it("is written and read as the same", () => {
    const { scenario } = readScenario(world("{ any: [schedule, munmap, reclaim, exec, exit], actions: 3 }"));
    const again = readScenario(scenarioText(scenario!)).scenario!;
    const plain = (s: typeof again) => ({
      ...s,
      cpus: s.cpus.map((c) => ({ ...c, does: c.does.map((d) => d.action) })),
    });
    assert.deepEqual(plain(again), plain(scenario!));
  });
  it("with mistakes is told of at their place", () => {
    refused(
      world("{ any: [schedul], actions: 1 }"),
      "schedul",
      /"schedul" is no action by itself\. Did you mean "schedule"/,
    );
    refused(world("{ any: [touch], actions: 0 }"), "0", /"actions" must be a whole number from 1 to 99, not 0\./, 2);
    refused(world("{ any: [touch], actions: 100 }"), "100", /"actions" must be a whole number from 1 to 99, not 100\./);
    refused(world("{ any: [], actions: 1 }"), "any", /"any" is empty\. Write at least one action/, 0);
    refused(
      world("{ any: [touch], action: 1, actions: 1 }"),
      "action",
      /has no field "action"\. Did you mean "actions"/,
    );
    refused(
      world("{ any: [{ touch: pgae1 }, exec], actions: 1 }"),
      "pgae1",
      /No mm has a page "pgae1"\. Did you mean "page1"/,
    );
    refused(world("{ any: [{ schedule: A/2 }, exec], actions: 1 }"), "A/2", /A\/2/, 2);
    refused(world("schedule"), "schedule", /must be a list of actions.*or what the CPU may choose from/);
  });
  it("by two CPUs of one task is told of: it would run twice", () => {
    const text = world("{ any: [schedule], actions: 1 }", "    does: { any: [schedule], actions: 1 }\n");
    const { problems } = readScenario(text);
    assert.ok(problems.some((p) => /runs on CPU0 already/.test(p.message)));
  });
});
