/** Every interleaving, asked as a person would: by the lens, the view and its buttons. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { eventually, useWorkbench, type Workbench } from "./shared-window";

const mmuContext = "arch/x86/include/asm/mmu_context.h";

/** The rows of the verdict view. */
const row = (window: Workbench, text: string | RegExp): Locator =>
  window.section("Every Interleaving").locator(".monaco-list-row", { hasText: text });

async function checked(window: Workbench): Promise<void> {
  await eventually(
    "the check at its end",
    async () =>
      (await window.editor.lens(/checking|out of date/).count()) === 0 &&
      (await window.editor.lens(/fails|holds/).count()) > 0,
  );
}

const asItWas = "\t\tpercpu_write(cpu_tlbstate.state, TLBSTATE_OK);";
/** As the mail proposes. */
const cleared = `${asItWas} cpumask_clear_cpu(cpu, mm_cpumask(prev));`;

async function fresh(window: Workbench): Promise<void> {
  await eventually(
    "a verdict that is not out of date",
    async () =>
      (await window.editor.lens(/out of date/).count()) === 0 && (await window.editor.lens(/fails/).count()) > 0,
  );
}

/** The debugger's own sections fold, so that the list has the side bar to itself. */
async function makeRoom(window: Workbench): Promise<void> {
  for (const name of ["Run Section", "Variables", "Watch", "Call Stack", "Breakpoints", "TLBscope Section"]) {
    const header = window.section(name).locator(".pane-header").first();
    if ((await header.count()) > 0 && (await header.getAttribute("aria-expanded")) === "true") await header.click();
  }
}

describe("checking every interleaving by the lens", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });
  const edit = async (text: string) => {
    await vscode().editor.replaceLine(60, text);
    await vscode().editor.goto(33);
  };

  it("says beside the lens what breaks, and lists each scenario in both memory orders", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await makeRoom(vscode());
    await vscode()
      .editor.lens(/fails: stale-translation in switch-away, SC and \d+ more/)
      .first()
      .waitFor();
    await row(vscode(), /switch-away, SC.*fails/).waitFor();
    await row(vscode(), /lazy-return, SC.*holds/).waitFor();
    await vscode().screenshot("verdicts dark");
  });

  it("has a row to step through for each failure, which ends where the promise breaks", async () => {
    await row(vscode(), /34 steps, \d+ switch/)
      .first()
      .click();
    await vscode()
      .statusBar(/switch-away: step 34 of 34/)
      .waitFor();
    await vscode()
      .panel.getByText(/CPU1 frees frame1 while CPU0's TLB still holds A:page0/)
      .first()
      .waitFor();
    await vscode().screenshot("verdict stepped through");
  });

  it("goes back from there", async () => {
    await vscode().debug.press("Step Back");
    await vscode()
      .statusBar(/switch-away: step \d+ of 34/)
      .waitFor();
    await eventually(
      "an earlier step",
      async () =>
        !(
          await vscode()
            .statusBar(/switch-away/)
            .innerText()
        ).includes("step 34"),
    );
    await vscode().debug.stop();
  });

  for (const [theme, name] of [
    ["Light+", "light"],
    ["Dark High Contrast", "high contrast"],
    ["Dark+", "dark"],
  ]) {
    it(`can be read in ${theme}`, async () => {
      await vscode().theme(theme);
      await vscode().screenshot(`verdicts ${name}`);
    });
  }

  it("is out of date with an edit, and as good as before when the edit is undone", async () => {
    await vscode().editor.tab("mmu_context.h").first().click();
    await makeRoom(vscode());
    await edit(cleared);
    await vscode()
      .editor.lens(/out of date: fails/)
      .first()
      .waitFor();
    await row(vscode(), /lazy-return, SC.*out of date/).waitFor();
    await vscode().screenshot("verdicts out of date");
    await edit(asItWas);
    await fresh(vscode());
    await edit(cleared);
    await vscode()
      .editor.lens(/out of date/)
      .first()
      .waitFor();
  });

  it("shows in how many states each line is reached, and dims those that none reaches", async () => {
    await edit(asItWas);
    await fresh(vscode());
    await vscode().editor.goto(68);
    await vscode().command("TLBscope: Show Which Lines Are Reached");
    await vscode().editor.goto(56);
    await eventually("dimmed lines", () =>
      vscode().page.evaluate(() =>
        [...document.querySelectorAll(".view-lines span")].some((s) => getComputedStyle(s).opacity === "0.5"),
      ),
    );
    await vscode().screenshot("coverage dark");
    await vscode().theme("Dark High Contrast");
    await vscode().screenshot("coverage high contrast");
    await vscode().theme("Light+");
    await vscode().screenshot("coverage light");
    await vscode().command("TLBscope: Hide Which Lines Are Reached");
  });

  it("answers the mail: with the bit cleared in the else branch, a stale translation breaks lazy-return", async () => {
    await edit(cleared);
    await vscode()
      .editor.lens(/out of date/)
      .first()
      .waitFor();
    await vscode().editor.lens("Check every interleaving").last().click();
    await checked(vscode());
    await row(vscode(), /lazy-return, SC.*fails · holds before/).waitFor();
    // As it is read aloud: in sentences.
    await vscode()
      .section("Every Interleaving")
      .getByRole("treeitem", { name: /^no stale translation: fails\. CPU\d frees frame1 while .*[^.]\. When / })
      .first()
      .waitFor();
    await vscode().screenshot("the mail answered");
  });
});

describe("asking a question of one's own", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });
  const input = () => vscode().page.locator(".quick-input-widget input").first();
  const message = (text: string | RegExp) =>
    vscode().page.locator(".quick-input-widget .quick-input-message", { hasText: text });

  it(
    "begins at the lens, and goes by what is asked and while which function runs: the one under the lens, if " +
      "nothing else is chosen",
    async () => {
      await vscode().page.setViewportSize({ width: 1400, height: 1150 });
      await vscode().editor.lens("Ask…").last().click();
      await vscode().pick("Can it be that …?").waitFor();
      await vscode().screenshot("question kind");
      await vscode().press("Enter");
      await vscode()
        .pick(/^switch_mm\(\)/)
        .waitFor();
      await vscode()
        .pick(/^leave_mm\(\)/)
        .waitFor();
      await vscode().screenshot("question function");
      await vscode().press("Enter");
      await message(/as a CPU in switch_mm\(\) would work it out/).waitFor();
    },
  );

  it("says what is wrong with an expression while it is typed; accepting it selects the mistake", async () => {
    await input().fill("next == pref");
    await message(/At “pref”: pref isn't declared/).waitFor();
    await vscode().screenshot("question typo");
    await vscode().press("Enter");
    await eventually("the mistake selected", () =>
      vscode().page.evaluate(() => {
        const box = document.querySelector<HTMLInputElement>(".quick-input-widget input")!;
        return box.value.slice(box.selectionStart!, box.selectionEnd!) === "pref";
      }),
    );
    await vscode().page.keyboard.insertText("prev");
    await message(/as a CPU in switch_mm\(\)/).waitFor();
  });

  it("is answered over every interleaving, with the shortest execution to step through", async () => {
    await vscode().press("Enter");
    await vscode()
      .notification(/It happens: next == prev in switch_mm\(\)/)
      .waitFor();
    await makeRoom(vscode());
    await row(vscode(), /it happens: next == prev in switch_mm\(\)/)
      .first()
      .waitFor();
    await vscode().screenshot("question answered");
    await vscode()
      .notification(/It happens/)
      .getByRole("button", { name: "Step Through It" })
      .click();
    await vscode()
      .statusBar(/lazy-return: step (\d+) of \1/)
      .waitFor();
    await vscode().debug.stop();
  });

  it("can be asked no longer, by a button on its line", async () => {
    const line = row(vscode(), /it happens: next == prev in switch_mm\(\)/).first();
    await makeRoom(vscode());
    await line.hover();
    await line.getByRole("button", { name: "Don't Ask This Any More" }).click();
    await vscode().statusBar("The next check doesn't ask this any more").waitFor();
  });
});

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
    if ((await line.getAttribute("aria-expanded")) === "false") await vscode().unfoldRow(line);
    await row(vscode(), /The search ended early/)
      .first()
      .waitFor();
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

describe("asking why a line is there", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 63 });
  const answer = (text: string | RegExp) =>
    vscode().section("Why Is This Line Here?").locator(".monaco-list-row", { hasText: text });

  it("answers on line 63 what goes wrong without it", async () => {
    await vscode().page.setViewportSize({ width: 1400, height: 1150 });
    await vscode().statusBar("C++").waitFor();
    await vscode().command("TLBscope: Why Is This Line Here?");
    await answer(/^63 .*without it, lazy-return, SC fails in \d+ steps: own-page-tables/).waitFor();
    await vscode().screenshot("why line 63");
  });

  it("steps through it on a copy that says so, without the statement", async () => {
    await answer(/^Without it/).click();
    await vscode()
      .statusBar(/lazy-return: step (\d+) of \1/)
      .waitFor();
    await vscode()
      .statusBar(/A copy without line 63/)
      .waitFor();
    await vscode()
      .panel.getByText(/A\/1 is in user mode on CPU0, but CR3 points at swapper_pg_dir/)
      .first()
      .waitFor();
    await vscode().debug.press("Step Back");
    await vscode().screenshot("why stepped through");
    await vscode().debug.stop();
  });

  it("explains the whole function, statement by statement, and as a table", async () => {
    await vscode().editor.tab("mmu_context.h").first().click();
    await vscode().editor.goto(63);
    await vscode().command("TLBscope: Explain the Whole Function");
    await makeRoom(vscode());
    await answer(
      /^40 .*without it, switch-away, SC keeps stale-translation.*, which it breaks as the source stands/,
    ).waitFor();
    await vscode().screenshot("function explained");
    await vscode().command("TLBscope: Open the Answers as a Table");
    await eventually("the table", async () =>
      (await vscode().editor.lines()).some((l) => l.text.includes("Exchanged with the next")),
    );
    await vscode().screenshot("function explained table");
  });
});
