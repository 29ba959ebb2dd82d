/** Checks of more than can be searched: how far they are, and where they end. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { checked, makeRoom, row } from "./every-interleaving";
import { eventually, mmuContext, useWorkbench } from "./shared-window";

/** Four CPUs that go lazy and unmap: more interleavings than anybody waits for. */
const large = `id: large
about: Four CPUs go lazy and come back while pages are unmapped.
order: tso
mms:
  A: { pages: [page0] }
tasks:
${[1, 2, 3, 4].map((n) => `  A/${n}: { mm: A }`).join("\n")}
cpus:
${[0, 1, 2, 3]
  .map(
    (c) =>
      `  - starts: A/${c + 1}\n    does:\n      - schedule: swapper/${c}\n      - schedule: A/${c + 1}\n      - ` +
      "munmap: page0",
  )
  .join("\n")}
`;

describe("a check that takes long", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33, settings: { "tlbscope.check.order": "scenario" } });
  const said = async (): Promise<string> => vscode().section("Every Interleaving").locator(".message").innerText();
  const states = async (): Promise<number> =>
    Number(/large, TSO: ([\d,.\u00a0\u202f ]+) states/.exec(await said())?.[1].replaceAll(/\D/g, "") ?? 0);
  const button = (name: string) => vscode().section("Every Interleaving").getByRole("button", { name });

  it("says how far it is: states, depth, speed, what is still to be looked at, and what is broken so far", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    writeFileSync(path.join(vscode().folder, "large.tlbscope.yaml"), large);
    await vscode().editor.lens("Check every interleaving").last().click();
    await eventually("how far it is", async () =>
      /Checking, \d+ of \d+ done\. Broken so far: .*stale-translation.*\s+large, TSO: .+ states, up to \d+ steps long; .+ states a second; .+ still to be looked at/.test(
        await said(),
      ),
    );
    await makeRoom(vscode());
    await row(vscode(), /large, TSO.*checking/).waitFor();
    await vscode().screenshot("long check");
  });

  it("stands still when it is paused, and goes on from there", async () => {
    await vscode().section("Every Interleaving").hover();
    await button("Pause the Check").click();
    await eventually("paused", async () => /^Paused, /.test(await said()));
    await row(vscode(), /large, TSO.*paused/).waitFor();
    // What was under way is told once more.
    const later = async (): Promise<number> => vscode().page.waitForTimeout(400).then(states);
    const before = await eventually("no more states", async () => (await states()) === (await later()) && states());
    assert.equal(await later(), before);
    await vscode().screenshot("long check paused");
    await button("Resume the Check").click();
    await eventually("more states", async () => (await states()) > before);
  });

  it("that is cancelled says what it has seen, and that it can't say the rest", async () => {
    await button("Cancel the Check").click();
    const line = row(vscode(), /large, TSO.*can't say|large, TSO.*fails/);
    await line.waitFor();
    // The list is drawn anew while the check ends.
    await eventually("what is open", async () => {
      await vscode().unfoldRow(line);
      return (await row(vscode(), /The search ended early/).count()) > 0;
    });
    await vscode()
      .editor.lens(/fails: stale-translation/)
      .first()
      .waitFor();
    await vscode().screenshot("long check cancelled");
  });
});

describe("a check that can't have all its way", () => {
  const vscode = useWorkbench({
    file: mmuContext,
    line: 33,
    settings: {
      "tlbscope.check.order": "scenario",
      "tlbscope.check.maxStates": 20_000,
      "tlbscope.check.properties": [{ kind: "always", text: "cpu_tlbstate.stat == 1" }],
    },
  });

  it("says which bound was met, and what to do", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    writeFileSync(path.join(vscode().folder, "large.tlbscope.yaml"), large);
    writeFileSync(
      path.join(vscode().folder, "idle.tlbscope.yaml"),
      "id: idle\nabout: Nobody is asked to do anything.\nmms:\n  A: { pages: [page0] }\ntasks:\n  A/1: { mm: A " +
        "}\ncpus:\n  - starts: A/1\n    does: []\n",
    );
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await makeRoom(vscode());
    const line = row(vscode(), /large, TSO.*(can't say: the bound on states was met|fails)/);
    await line.waitFor();
    await vscode().unfoldRow(line);
    await row(vscode(), /raise the setting “tlbscope\.check\.maxStates”/).waitFor();
    await vscode().screenshot("bound met");
  });

  it("says of a scenario in which nobody does anything that nothing happens", async () => {
    await row(vscode(), /idle, SC.*holds: nothing happens/).waitFor();
  });

  it("says what is wrong with a question in the settings, and answers all else", async () => {
    await eventually("the mistake", async () =>
      (await vscode().section("Every Interleaving").locator(".message").innerText()).includes(
        "The question “cpu_tlbstate.stat == 1” can't be asked",
      ),
    );
    await row(vscode(), /lazy-return, SC.*holds/).waitFor();
  });

  it("opens the verdicts as text at the row whose bounds are asked for", async () => {
    await row(vscode(), /The search ended early/)
      .first()
      .click();
    await eventually("large's verdict", async () =>
      (await vscode().editor.lines()).some((l) => l.text.startsWith("large, TSO: ")),
    );
  });
});
