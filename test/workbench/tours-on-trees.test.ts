import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { eventually, useWorkbench, type Workbench } from "./shared-window";

const trees = (process.env.TLBSCOPE_TREES ?? "").split(path.delimiter).filter(Boolean);

/** Those that play on the tree itself: today's kernels have one of their own. */
const isToday = (tree: string | undefined): tree is string =>
  tree !== undefined && !existsSync(path.join(tree, "kernel/sched.c"));

/** On the edition the unit tests play them all; in the editor one is played, which also changes the code. */
function toursOf(tree: string | undefined): string[] {
  if (tree === undefined) return ["One line too early"];
  if (isToday(tree)) return ["The mail, today"];
  return [
    "The mail",
    "Why borrow an mm?",
    "A flush, from PTE to acknowledgement",
    "One line too early",
    "The BUG at tlb.c",
  ];
}

const comment = (window: Workbench) => window.page.locator(".zone-widget .review-widget");

/** What the comment's head says: `2 of 16 · Off to a kernel thread`. */
const heading = async (window: Workbench) =>
  (await comment(window).count()) === 1 ? await comment(window).locator(".review-title").innerText() : "";

/** The version that a tree's Makefile gives. */
function versionOf(tree: string): string {
  const makefile = readFileSync(path.join(tree, "Makefile"), "utf8");
  const of = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S*)$`, "m").exec(makefile)?.[1] ?? "";
  return `${of("VERSION")}.${of("PATCHLEVEL")}.${of("SUBLEVEL")}${of("EXTRAVERSION")}`;
}

/** A function that a tour stands at. */
function placeIn(tree: string | undefined): { file: string; line: number } {
  if (!isToday(tree)) return { file: "arch/x86/include/asm/mmu_context.h", line: 33 };
  const file = "arch/x86/mm/tlb.c";
  const text = readFileSync(path.join(tree, file), "utf8");
  return { file, line: text.slice(0, text.search(/^void switch_mm_irqs_off\(/m)).split("\n").length };
}

for (const tree of [undefined, ...trees]) {
  const name = tree === undefined ? "the built-in edition" : `the kernel tree ${path.basename(tree)}`;
  describe(`tours on ${name}`, () => {
    const vscode = useWorkbench({ folder: tree, ...placeIn(tree) });

    it("finds the tours", async () => {
      await vscode()
        .statusBar(/^C(\+\+)?$/)
        .waitFor();
      await vscode()
        .editor.lens(/Tour|tours/)
        .first()
        .waitFor();
    });

    for (const title of toursOf(tree)) {
      it(`plays "${title}" from its first step to its last, without a word of regret`, async () => {
        await vscode().command("TLBscope: Take a Tour…");
        await vscode().pick(title).first().click();
        const seen = new Set<string>();
        for (let on = true; on;) {
          // A step's comment goes before the next one's comes.
          const head = await eventually(`a step after ${[...seen].at(-1)}`, async () => {
            const now = await heading(vscode());
            return now !== "" && !seen.has(now) && now;
          });
          seen.add(head);
          const body = comment(vscode()).locator(".comment-body");
          assert.equal(await body.locator(".codicon-warning").count(), 0, `${head}: ${await body.innerText()}`);
          assert.doesNotMatch(await body.innerText(), /\$\{/, head);
          if (seen.size === 1)
            await vscode()
              .panel.getByText(tree === undefined ? "built-in edition" : versionOf(tree))
              .first()
              .waitFor();
          await vscode().screenshot(`${name} ${title} ${seen.size}`);
          const next = body.locator("a", { hasText: /^(Next|Finish)/ });
          on = (await next.innerText()) !== "Finish";
          await next.click();
        }
        await comment(vscode()).waitFor({ state: "detached" });
        assert.ok(seen.size >= 8, `${seen.size} steps`);
      }).timeout(180_000);
    }
  });
}
