// The debug toolbar and the views of the Run and Debug side bar.
import type { Locator } from "playwright-core";
import type { Editor } from "./editor";
import { eventually, type Window } from "./window";

export type DebugButton =
  "Continue" | "Pause" | "Step Over" | "Step Into" | "Step Out" | "Step Back" | "Reverse" | "Restart" | "Stop";

export class DebugBar {
  constructor(private readonly window: Window & { readonly editor: Editor }) {}

  get toolbar(): Locator {
    return this.window.page.locator(".debug-toolbar");
  }

  button(name: DebugButton): Locator {
    return this.toolbar.locator(`.action-label[aria-label^="${name}"]`);
  }

  async press(name: DebugButton): Promise<void> {
    await this.button(name).click();
  }

  /** Waits until a session is stopped at a line, and says which: the line that is marked in the editor. */
  async stopped(): Promise<number> {
    await this.button("Continue").waitFor();
    return eventually("a line that is marked as where the session stopped", () => this.markedLine());
  }

  /** Waits until the session is stopped at this very line. */
  async stoppedAt(line: number): Promise<void> {
    let last: number | undefined;
    await eventually(`the session stopped at line ${line}`, async () => {
      last = await this.markedLine();
      return last === line;
    }).catch((error: Error) => {
      throw new Error(`${error.message} (the marked line is ${last ?? "none"})`);
    });
  }

  /** Ends the session and waits until its toolbar is gone. */
  async stop(): Promise<void> {
    await this.press("Stop");
    await this.toolbar.waitFor({ state: "hidden" });
  }

  /** The rows of the call stack: sessions, threads (one for each CPU) and frames. */
  callStack(text: string | RegExp): Locator {
    return this.window.page.locator(".debug-call-stack .monaco-list-row", { hasText: text });
  }

  /** Chooses a CPU by clicking its topmost frame in the call stack. */
  async selectCpu(name: string): Promise<void> {
    const cpu = this.callStack(name);
    await this.window.unfoldRow(cpu);
    await cpu.first().click();
    await cpu.first().press("ArrowDown");
    await cpu.first().press("Enter");
  }

  /** The rows of the variables view. */
  variables(text: string | RegExp): Locator {
    return this.window.page.locator(".debug-variables .monaco-list-row", { hasText: text });
  }

  /** The number of the line that carries the arrow, of the top frame or of the one that was selected further down. */
  private async markedLine(): Promise<number | undefined> {
    return (await this.window.editor.lines()).find((line) => line.arrow)?.number;
  }
}
