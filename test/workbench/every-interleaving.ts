/** The verdict view, and what its stories wait for. */
import type { Locator } from "playwright-core";
import { eventually, type Workbench } from "./shared-window";

/** The rows of the verdict view. */
export const row = (window: Workbench, text: string | RegExp): Locator =>
  window.section("Every Interleaving").locator(".monaco-list-row", { hasText: text });

/** Waits until a check is over. */
export async function checked(window: Workbench): Promise<void> {
  await eventually(
    "the check at its end",
    async () =>
      (await window.editor.lens(/checking|out of date/).count()) === 0 &&
      (await window.editor.lens(/fails|holds/).count()) > 0,
  );
}

/** Waits until the verdicts are of the text as it stands. */
export async function fresh(window: Workbench): Promise<void> {
  await eventually(
    "a verdict that is not out of date",
    async () =>
      (await window.editor.lens(/out of date/).count()) === 0 && (await window.editor.lens(/fails/).count()) > 0,
  );
}

/** The debugger's own sections fold, so that the list has the side bar to itself. */
export async function makeRoom(window: Workbench): Promise<void> {
  for (const name of ["Run Section", "Variables", "Watch", "Call Stack", "Breakpoints", "TLBscope Section"]) {
    const header = window.section(name).locator(".pane-header").first();
    if ((await header.count()) > 0 && (await header.getAttribute("aria-expanded")) === "true") await header.click();
  }
}
