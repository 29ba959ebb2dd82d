// The window of a story: the one that the story before left, put in order, or a new one.
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { closeBrowser, surroundings } from "./surroundings";
import { eventually } from "./window";
import { Workbench, writeSettings, type Opening } from "./workbench";

export { eventually } from "./window";
export type { Workbench } from "./workbench";

/** The file of the edition that holds switch_mm() and enter_lazy_tlb(), where most stories begin. */
export const mmuContext = "arch/x86/include/asm/mmu_context.h";

export interface Story extends Opening {
  /** The story begins in a VS Code in which nobody has done anything. */
  fresh?: boolean;
}

/** The window that stories share which ask for no folder and no settings of their own. */
let shared: Workbench | undefined;

/** Gives the steps of the surrounding describe their window. */
export function useWorkbench(story: Story = {}): () => Workbench {
  const sharing = story.folder === undefined && story.settings === undefined && story.fresh !== true;
  let window: Workbench | undefined;
  before(async () => {
    if (sharing && shared) {
      window = shared;
      await putInOrder(window, story);
    } else window = await Workbench.open(story);
    if (sharing) shared = window;
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    await window?.screenshot(`failed ${this.currentTest.fullTitle()}`);
    // Nobody knows what state it is in.
    if (shared === window) shared = undefined;
  });
  after(async () => {
    if (shared !== window) await window?.close();
  });
  return () => {
    if (!window)
      throw new Error(
        "The workbench is open only inside tests and hooks: call this in an it() or a hook of the same describe.",
      );
    return window;
  };
}

/**
 * Of the steps that were asked for by name, those before them run, too: a step goes on where the one before stopped.
 */
before(function () {
  const asked = process.env.TLBSCOPE_STEPS;
  if (asked === undefined) return;
  for (const { tests } of this.test!.parent!.suites)
    while (tests.length > 0 && !new RegExp(asked).test(tests.at(-1)!.fullTitle())) tests.pop();
});

after(async () => {
  await shared?.close();
  await closeBrowser();
});

/** Ends what the story before left running or open, gives the folder its files back, and opens the story's file. */
async function putInOrder(window: Workbench, { file, line }: Opening): Promise<void> {
  const { page } = window;
  writeSettings();
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.keyboard.press("Escape");
  const tour = page.locator(".zone-widget .review-widget .comment-body a", { hasText: "Stop" });
  if (await tour.count()) await tour.first().click();
  if (await window.debug.toolbar.isVisible()) await window.debug.stop();
  await window.command("View: Close All Editors");
  const unsaved = window.dialog(/save the changes/).getByRole("button", { name: "Don't Save" });
  await eventually("no open editor", async () => {
    if (await unsaved.count()) await unsaved.click();
    return (await page.locator(".tabs-container .tab").count()) === 0;
  });
  await window.command("Notifications: Clear All Notifications");
  for (const header of await page.locator(".sidebar .pane-header").all()) {
    const isOpen = (await header.getAttribute("aria-expanded")) === "true";
    const opensByItself = /^(Variables|Watch|Call Stack|Breakpoints)/.test(
      (await header.getAttribute("aria-label")) ?? "",
    );
    if (isOpen !== opensByItself) await header.click();
  }
  await window.sideBar("Explorer");
  if (await page.locator(".part.panel").isVisible()) await window.press("Control+J");
  const { edition } = surroundings();
  for (const name of readdirSync(window.folder)) rmSync(path.join(window.folder, name), { recursive: true });
  cpSync(edition, window.folder, { recursive: true });
  if (file !== undefined) await window.editor.open(file, line);
}
