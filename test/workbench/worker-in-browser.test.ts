/** The searching worker as it ships for VS Code in a browser, in a real browser's Web Worker. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser } from "playwright-core";
import { packageRoot, shippedFiles } from "../../src/cli/node-host";
import { BUNDLE, workerScript } from "../../src/entry/worker-script";
import { readScenario } from "../../src/scenario/read-scenario";
import { findChromium } from "../panel-gallery/chromium";

const read = (file: string) => readFileSync(path.join(packageRoot(), file));

describe("the worker in a browser", function () {
  this.timeout(60_000);
  let browser: Browser;
  before(async () => {
    const options = await findChromium();
    assert.ok(options, "no Chromium: run these through npm test, which installs one");
    browser = await chromium.launch(options);
  });
  after(() => browser?.close());

  for (const [id, outcome] of [
    ["switch-in", "holds"],
    ["switch-away", "fails"],
  ]) {
    it(`says of ${id} what the desktop's says: ${outcome}`, async () => {
      const page = await browser.newPage();
      const bytes = (name: string) => read(`dist/${name}`).toString("base64");
      const { scenario } = readScenario(read(`walkthroughs/scenarios/${id}.yaml`).toString());
      const given = {
        script: workerScript(read(BUNDLE).toString()),
        runtime: bytes("web-tree-sitter.wasm"),
        grammar: bytes("tree-sitter-c.wasm"),
        job: { kind: "check", files: shippedFiles(), scenario, asked: [], limits: { states: 1_000_000, bytes: 1e9 } },
      };
      const said = await page.evaluate(
        ({ script, runtime, grammar, job }) =>
          new Promise<string>((resolve) => {
            const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
            const unpack = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            worker.onerror = (e) => resolve(e.message);
            worker.onmessage = ({
              data,
            }: MessageEvent<{ type: string; answer?: { outcome: string }; failure?: { message: string } }>) => {
              if (data.type === "answer") resolve(data.answer!.outcome);
              if (data.type === "failure") resolve(data.failure!.message);
            };
            worker.postMessage({ type: "load", runtime: unpack(runtime), grammar: unpack(grammar) });
            worker.postMessage({ type: "run", id: 1, job });
          }),
        given,
      );
      assert.equal(said, outcome);
      await page.close();
    });
  }
});
