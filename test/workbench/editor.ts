// The text editor in front: its lines, its code lenses, its tabs.
import type { Locator } from "playwright-core";
import { eventually, type Window } from "./window";

/** The editor that has the focus, also where several stand side by side. */
const editor = ".editor-group-container.active .editor-instance";

export interface DrawnLine {
  number: number;
  text: string;
  arrow: boolean;
}

export class Editor {
  constructor(private readonly window: Window) {}

  /** Opens a file of the folder, at a line if one is given, as a person would with Ctrl+P. */
  async open(file: string, line?: number): Promise<void> {
    const rows = await this.window.palette(line === undefined ? file : `${file}:${line}`);
    await rows.first().click();
    await this.tab(file.split("/").at(-1)!).waitFor();
  }

  /** Puts the cursor on a line of the editor in front. */
  async goto(line: number): Promise<void> {
    await this.window.press("Control+G");
    await this.window.answer(`:${line}`);
    await this.line(line).waitFor();
  }

  tab(name: string): Locator {
    return this.window.page.locator(".tabs-container .tab", { hasText: name });
  }

  /** The number in the margin of a line; it is there while the line is in view. */
  line(number: number): Locator {
    return this.window.page.locator(`${editor} .margin .line-numbers`).getByText(String(number), { exact: true });
  }

  /** The code lenses in view with this text. */
  lens(text: string | RegExp): Locator {
    return this.window.page.locator(".codelens-decoration a", { hasText: text });
  }

  /**
   * The lines in view as they are drawn: with the inline values that stand after them, and the arrow that marks where
   * a session stopped.
   */
  async lines(): Promise<DrawnLine[]> {
    return this.window.page.evaluate((editor) => {
      const top = (element: Element) => Math.round(element.getBoundingClientRect().top);
      const all = (what: string) => [...document.querySelectorAll(`${editor} ${what}`)];
      const texts = new Map(
        all(".view-lines .view-line").map((line) => [top(line), (line.textContent ?? "").replaceAll("\u00a0", " ")]),
      );
      const arrows = new Set(all(".glyph-margin-widgets [class*='codicon-debug-stackframe']").map(top));
      return all(".margin .line-numbers")
        .map((label) => ({
          number: Number(label.textContent),
          text: texts.get(top(label)) ?? "",
          arrow: arrows.has(top(label)),
        }))
        .sort((a, b) => a.number - b.number);
    }, editor);
  }

  /** The text of a line in view. */
  async text(number: number): Promise<string> {
    return eventually(
      `line ${number} in view`,
      async () => (await this.lines()).find((line) => line.number === number)?.text,
    );
  }

  /** Replaces a whole line of the editor in front by another text, unsaved. */
  async replaceLine(number: number, text: string): Promise<void> {
    const bare = (s: string) => s.replaceAll(/\s/g, "");
    // A window that has just opened may move the focus while keys are pressed: a person would look, and type again.
    for (let tries = 0; tries < 3; tries++) {
      await this.goto(number);
      await this.window.press("Home");
      await this.window.press("Home");
      await this.window.press("Shift+End");
      if (text === "") await this.window.press("Delete");
      else await this.window.page.keyboard.insertText(text);
      for (let looks = 0; looks < 20; looks++) {
        if (bare(await this.text(number)).includes(bare(text))) return;
        await this.window.page.waitForTimeout(50);
      }
    }
    throw new Error(`Line ${number} doesn't take the text that is typed: ${text}`);
  }

  /** Deletes a whole line of the editor in front, unsaved. */
  async deleteLine(number: number): Promise<void> {
    await this.goto(number);
    await this.window.press("Control+Shift+K");
  }

  /** Clicks beside the line's number, which sets or removes a breakpoint. */
  async toggleBreakpoint(number: number): Promise<void> {
    const box = await this.line(number).first().boundingBox();
    if (!box) throw new Error(`Line ${number} is not in view; call goto(${number}) first.`);
    await this.window.page.mouse.click(box.x - 12, box.y + box.height / 2);
  }

  /** The squiggles in view, by severity. */
  squiggles(severity: "error" | "warning" | "info"): Locator {
    return this.window.page.locator(`${editor} .cdr.squiggly-${severity}`);
  }
}
