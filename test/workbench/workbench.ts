// The workbench of a real VS Code, as a person sees and uses it. Every test under test/workbench is written in these
// words:
//
//   describe("stepping", () => {
//     const vscode = useWorkbench({ file: "kernel/sched.c", line: 3015 });
//
//     it("starts at the lens", async () => {
//       await vscode().editor.lens("Simulate from here").click();
//       await vscode().debug.stopped();
//     });
//   });
//
// A describe is a story: its tests are the steps, and each goes on where the one before stopped. A window takes many
// seconds to open, so that stories share one (shared-window.ts). A step that fails leaves a picture in out/screenshots.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { extensionId } from "../support/extension-id";
import { DebugBar } from "./debug";
import { Editor } from "./editor";
import { eventually } from "./window";
import { browserPage, surroundings } from "./surroundings";

export interface Opening {
  /**
   * The folder to open: an absolute path. By default a fresh copy of the built-in edition, which the test may change.
   */
  folder?: string;
  /** The file in front, relative to the folder, and the line to show. */
  file?: string;
  line?: number;
  /** User settings for this window, over the usual quiet ones. */
  settings?: Record<string, unknown>;
}

export class Workbench {
  readonly editor: Editor;
  readonly debug: DebugBar;

  private constructor(
    readonly page: Page,
    /** The folder that is open, on disk. */
    readonly folder: string,
    private readonly dispose: () => Promise<void>,
  ) {
    this.editor = new Editor(this);
    this.debug = new DebugBar(this);
  }

  static async open(opening: Opening): Promise<Workbench> {
    const copy = opening.folder === undefined ? mkdtempSync(path.join(os.tmpdir(), "tlbscope-folder-")) : undefined;
    if (copy) cpSync(surroundings().edition, copy, { recursive: true });
    const folder = opening.folder ?? copy!;
    writeSettings(opening.settings);
    const { page, close } = await browserPage();
    const window = new Workbench(page, folder, async () => {
      await close();
      if (copy) rmSync(copy, { recursive: true, force: true });
    });
    await page.goto(address(folder, opening));
    await window.shown();
    if (opening.file) await window.editor.tab(path.basename(opening.file)).waitFor();
    return window;
  }

  async close(): Promise<void> {
    await this.dispose();
  }

  /**
   * Loads the window again, as "Developer: Reload Window" does: what the workbench stored comes back, what was only in
   * memory does not.
   */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.shown();
  }

  private async shown(): Promise<void> {
    await this.page.locator(".monaco-workbench").waitFor();
    await this.page.locator(".part.statusbar .statusbar-item").first().waitFor();
  }

  /** Presses keys, as `Control+S` or `F10`. */
  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  /** Runs a command by its whole title, as `Developer: Reload Window`, through the command palette. */
  async command(title: string): Promise<void> {
    const entries = await this.palette(`>${title}`);
    await entries
      .filter({ has: this.page.getByText(title, { exact: true }) })
      .first()
      .click();
  }

  /** What the palette offers for a text: `>title` finds commands, a path finds files. The palette stays open. */
  async palette(text: string): Promise<Locator> {
    const widget = this.page.locator(".quick-input-widget"),
      input = widget.locator("input").first();
    // A window that is still settling may lose the key, or move the focus away, which closes the palette.
    await eventually("the command palette", async () => {
      await this.press("F1");
      return input.fill(text, { timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    });
    const entries = widget.locator(".quick-input-list .monaco-list-row");
    await entries.first().waitFor();
    return entries;
  }

  /** The list that a command asks to choose from, and its entry with this text. */
  pick(text: string | RegExp): Locator {
    return this.page.locator(".quick-input-widget .quick-input-list .monaco-list-row", { hasText: text });
  }

  /** Types into the box at the top that asks for a value, and accepts it. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(text);
    await input.press("Enter");
  }

  /** What is inside the extension's webview, once it has drawn. */
  get panel(): FrameLocator {
    return this.page
      .frameLocator(`iframe.webview.ready[src*="extensionId=${extensionId}"]`)
      .frameLocator("iframe#active-frame");
  }

  /** Shows a view container by the name of its icon at the side, as `Run and Debug`. */
  async sideBar(name: string): Promise<void> {
    const icon = this.page.locator(`.activitybar .action-item:has(a[aria-label^="${name}"])`);
    if ((await icon.getAttribute("class"))?.includes("checked")) return;
    await icon.click();
  }

  /** A section of the side bar, as `Call Stack` or `Variables`. */
  section(name: string): Locator {
    return this.page.locator(".sidebar .pane", { has: this.page.locator(`.pane-header[aria-label^="${name}"]`) });
  }

  /** Opens a section of the side bar that may be folded. */
  async unfold(name: string): Promise<Locator> {
    const section = this.section(name);
    const header = section.locator(".pane-header").first();
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
    return section;
  }

  /** Opens a row of a tree that may be folded, as a CPU in the call stack or a scope in the variables. */
  async unfoldRow(row: Locator): Promise<void> {
    await row.first().waitFor();
    if ((await row.first().getAttribute("aria-expanded")) === "false")
      await row.first().locator(".monaco-tl-twistie").click();
  }

  /** Toasts with this text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text });
  }

  /** Modal dialogs with this text. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator(".monaco-dialog-box", { hasText: text });
  }

  /** Items of the status bar with this text. */
  statusBar(text: string | RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item", { hasText: text });
  }

  /**
   * Changes user settings while the window is open, by editing them as JSON. The next window starts with the usual
   * ones.
   */
  async changeSettings(settings: Record<string, unknown>): Promise<void> {
    const text = JSON.stringify({ ...surroundings().settings, ...settings });
    await this.command("Preferences: Open User Settings (JSON)");
    const tab = this.editor.tab("settings.json");
    await tab.waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    await this.press("Control+A");
    await this.page.keyboard.insertText(text);
    await this.press("Control+S");
    await eventually("the settings saved", async () =>
      readFileSync(surroundings().settingsFile, "utf8").includes(text),
    );
    await this.command("View: Close Editor");
    await tab.waitFor({ state: "detached" });
  }

  /** Chooses a colour theme by the name in VS Code's list, as `Dark High Contrast`. */
  async theme(label: string): Promise<void> {
    await this.command("Preferences: Color Theme");
    await this.page.locator(".quick-input-widget input").first().fill(label);
    await this.pick(label).first().click();
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Takes a picture of the window into out/screenshots, and says where. */
  async screenshot(name: string): Promise<string> {
    const file = path.resolve("out/screenshots", `${name.replaceAll(/[^\w.-]+/g, "-")}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }
}

/** Writes the user's settings: the usual quiet ones, and those of one story over them. */
export function writeSettings(settings: Record<string, unknown> = {}): void {
  const { settingsFile, settings: usual } = surroundings();
  writeFileSync(settingsFile, JSON.stringify({ ...usual, ...settings }));
  // Settings of the machine that the extension runs on are minded only here.
  const machine = path.join(path.dirname(settingsFile), "../Machine/settings.json");
  mkdirSync(path.dirname(machine), { recursive: true });
  writeFileSync(machine, JSON.stringify(settings));
}

/** The address that opens a folder with a file in front. */
function address(folder: string, { file, line }: Opening): string {
  const { server, token } = surroundings();
  const payload: [string, string][] = [];
  if (file !== undefined)
    payload.push([
      "openFile",
      `vscode-remote://${new URL(server).host}${path.join(folder, file)}${line === undefined ? "" : `:${line}`}`,
    ]);
  if (line !== undefined) payload.push(["gotoLineMode", "true"]);
  return `${server}/?${new URLSearchParams({ folder, payload: JSON.stringify(payload), tkn: token })}`;
}
