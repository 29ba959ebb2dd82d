/** The gallery's loop over states, themes and widths. */
import path from "node:path";
import { chromium } from "playwright-core";
import { panelStates } from "../fixtures/panel-states";
import { findChromium } from "./chromium";
import { openPanel, showState } from "./gallery";
import { themes } from "./themes";

const widths = [240, 300, 420, 900];

/** `only` may name a theme, a width and a state, in this order. */
export async function shoot(out: string, only: string[]): Promise<void> {
  const [theme, width, state] = only;
  const options = await findChromium();
  if (!options) throw new Error("No Chromium was found. Set CHROME to the program of one.");
  const browser = await chromium.launch(options);
  try {
    for (const t of Object.keys(themes).filter((t) => !theme || t === theme))
      for (const w of widths.filter((w) => !width || w === Number(width))) {
        const { page, complaints, close } = await openPanel(browser, t, w);
        const save = (name: string) =>
          page.screenshot({ path: path.join(out, `${name}-${t}-${w}.png`), fullPage: true });
        if (!state || state === "idle") await save("idle");
        for (const [name, s] of Object.entries(panelStates)) {
          if (state && state !== name) continue;
          const ms = await showState(page, s);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          console.log(`${name} ${t} ${w}px: ${ms.toFixed(1)} ms${wide > 0 ? `, ${wide}px too wide` : ""}`);
          await save(name);
          if (state) {
            await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
            await save(`${name}-open`);
          }
        }
        for (const c of complaints) console.error(c);
        await close();
      }
  } finally {
    await browser.close();
  }
}
