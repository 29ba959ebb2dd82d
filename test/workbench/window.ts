/** What the parts of the workbench need of its window, and how all of them wait. */
import type { Locator, Page } from "playwright-core";

export interface Window {
  readonly page: Page;
  press(keys: string): Promise<void>;
  palette(text: string): Promise<Locator>;
  answer(text: string): Promise<void>;
  unfoldRow(row: Locator): Promise<void>;
}

/**
 * Runs something for its value again and again until it passes, as a reader looks again: for what no single element
 * shows.
 */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`Waited 20 s for this and did not see it: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
