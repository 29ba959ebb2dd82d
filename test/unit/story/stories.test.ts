/** Stories of failures: the few steps that they hang on, told so that a kernel developer knows the race. */
import assert from "node:assert/strict";
import { checkNow } from "../../../src/check/verdict/verdict";
import type { Machine } from "../../../src/machine/machine";
import { storyOf, type Story } from "../../../src/story/story";
import { mailText, storyLines } from "../../../src/story/story-text";
import { golden } from "../../support/golden";
import { insertAt, withoutLines } from "../../support/kernel";
import { editionMachine, files, scenario, toy } from "../../support/machine";
import { checkClaims } from "./claims";

/** A story for each property that fails, of its shortest execution. */
const storiesOf = (m: Machine): Story[] =>
  checkNow(m).properties.flatMap(({ id, counterexamples }) =>
    counterexamples.slice(0, 1).map(({ moves }) => {
      const story = storyOf(m, moves, id);
      assert.ok(story, `no story of ${id}`);
      return story;
    }),
  );

/** What the story says, without the numbers of its steps. */
const told = (story: Story): string[] =>
  storyLines(story)
    .slice(1)
    .map((l) =>
      l
        .trim()
        .replace(/^\d+ +/, "")
        .replace(/ {2,}/g, " "),
    );

/** The races that the edition has, and the one that the mail's proposal would make. */
const races: [name: string, machine: () => Machine][] = [
  ["switch-away", () => editionMachine("switch-away")],
  ["helper-exec-xen", () => editionMachine("helper-exec-xen")],
  ["reclaim-tso", () => editionMachine({ ...scenario("reclaim"), order: "tso" })],
  [
    "the-mails-clear",
    () =>
      editionMachine("lazy-return", {
        [files.mmuContext]: insertAt(60, "cpumask_clear_cpu(cpu, mm_cpumask(prev));"),
      }),
  ],
];

describe("the story of a race of the edition", () => {
  for (const [name, machine] of races) {
    const stories: Story[] = [];
    before(() => void stories.push(...storiesOf(machine())));

    it(`${name}: has ten lines at most, and ends with what broke`, () => {
      assert.ok(stories.length > 0);
      for (const story of stories) {
        assert.ok(story.points.length >= 4 && storyLines(story).length <= 10, storyLines(story).join("\n"));
        assert.equal(story.points.at(-1)!.step, story.execution.steps.length);
      }
    });

    it(`${name}: says nothing that the execution doesn't show`, () => stories.forEach(checkClaims));

    it(`${name}: says of each point what hangs on it`, () => {
      for (const { points } of stories) {
        const steps = new Set(points.map((p) => p.step));
        for (const p of points.slice(0, -1)) {
          assert.ok(p.leadsTo.size > 0, `nothing hangs on step ${p.step}`);
          for (const to of p.leadsTo) assert.ok(steps.has(to), `step ${to} isn't told`);
        }
      }
    });

    it(`${name}: reads as the golden text does, in lines and as a mail`, () =>
      golden(`story-${name}`, stories.map((s) => `${storyLines(s).join("\n")}\n\n${mailText(s)}\n`).join("\n\n")));

    it(`${name}: fits a mail's 72 columns, in ASCII`, () => {
      for (const line of stories.flatMap((s) => mailText(s).split("\n"))) {
        assert.ok(line.length <= 72, line);
        assert.match(line, /^[\x20-\x7e]*$/);
      }
    });
  }

  it("is decided in the kernel's code, by the read that leaves the CPU out", () => {
    const [{ decisive, execution }] = storiesOf(editionMachine("switch-away"));
    const place = storyLines({ execution, points: [decisive] } as unknown as Story).at(-1)!;
    assert.match(place, /flush_tlb_page:142 +reads mm_cpumask\(A\) = CPU1, as CPU0 has cleared its bit/);
  });
});

describe("the story of a BUG", () => {
  it("tells of the store that was read, and leaves out what has no part in it", () => {
    const [story] = storiesOf(toy(["y = 5;\nx = 1;\ny = 6;", "z = 1;\nif (x)\nBUG();"], { c: "static int x, y, z;" }));
    assert.deepEqual(told(story), [
      "CPU0 scenario_touch:6 writes x = 1",
      "CPU1 scenario_munmap:12 reads x = 1, as CPU0 has left it",
      "CPU1 scenario_munmap:13 reaches BUG() in scenario_munmap()",
    ]);
    checkClaims(story);
  });

  it("says which stores still wait in which CPU's store buffer", () => {
    const [story] = storiesOf(
      toy(["x = 1;\na = y;\nif (!a && done)\nBUG();", "y = 1;\nb = x;\nif (!b)\ndone = 1;"], {
        c: "static int x, y, a, b, done;",
        order: "tso",
      }),
    );
    const lines = told(story);
    assert.ok(
      lines.some((l) => /CPU0 .* puts x = 1 into its store buffer, where it waits/.test(l)),
      lines.join("\n"),
    );
    assert.ok(
      lines.some((l) => /CPU1 .* reads x = 0, as 1 still waits in CPU0's store buffer/.test(l)),
      lines.join("\n"),
    );
    checkClaims(story);
  });

  it("follows a value through arguments, results and locals", () => {
    const [story] = storiesOf(
      toy(["x = 2;", "int seen = twice(x) + y;\nz = 3;\nif (seen == 4)\nBUG();"], {
        c: "static int x, y, z;\nstatic int twice(int n) { z = 1; return n + n; }",
      }),
    );
    assert.deepEqual(
      told(story).map((l) => l.replace(/:\d+/, "")),
      [
        "CPU0 scenario_touch writes x = 2",
        "CPU1 scenario_munmap reads x = 2, as CPU0 has left it",
        "CPU1 scenario_munmap reaches BUG() in scenario_munmap()",
      ],
    );
  });

  it("leaves out a race on which nothing hangs", () => {
    const [story] = storiesOf(
      toy(["y = 1;\nx = 1;", "int n = y;\nif (n >= 0) {\nif (x)\nBUG();\n}"], { c: "static int x, y;" }),
    );
    assert.deepEqual(
      told(story).filter((l) => / y = /.test(l)),
      [],
    );
    assert.ok(told(story).some((l) => /reads x = 1, as CPU0 has left it/.test(l)));
  });

  it("without a race tells the nearest reads, and the stores that they found", () => {
    const [story] = storiesOf(toy(["y = 1;\nx = 1;\nz = x;\nif (z)\nBUG();"], { c: "static int x, y, z;" }));
    assert.deepEqual(
      told(story).map((l) => l.replace(/:\d+/, "")),
      [
        "CPU0 scenario_touch writes x = 1",
        "CPU0 scenario_touch reads x = 1",
        "CPU0 scenario_touch writes z = 1",
        "CPU0 scenario_touch reads z = 1",
        "CPU0 scenario_touch reaches BUG() in scenario_touch()",
      ],
    );
    checkClaims(story);
  });

  it("of three CPUs is a list in a mail", () => {
    const [story] = storiesOf(toy(["x = 1;", "if (x)\ny = 1;", "if (y)\nBUG();"], { c: "static int x, y;" }));
    assert.deepEqual(
      mailText(story)
        .split("\n")
        .filter((l) => /^CPU\d:$/.test(l)),
      ["CPU0:", "CPU1:", "CPU1:", "CPU2:", "CPU2:"],
    );
    checkClaims(story);
  });
});

describe("the story of an interrupt that was asked for", () => {
  it("tells that its handler left the translation where it was", () => {
    const [story] = storiesOf(editionMachine("lazy-return", { [files.tlb]: withoutLines(41) }));
    const lines = told(story).join("\n");
    assert.match(lines, /CPU1 flush_tlb_others_ipi:86 sends the flush interrupt to CPU0/);
    assert.match(lines, /CPU0 \S+ is interrupted before “.*”: smp_invalidate_interrupt\(\) runs/);
    assert.match(lines, /CPU0 \S+ returns from the interrupt, and its TLB still holds the translation/);
    checkClaims(story);
  });
});
