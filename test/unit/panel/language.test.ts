import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { packageRoot } from "../../../src/cli/node-host";
import { panelHtml } from "../../../src/panel/webview-page";
import type { ToPanel } from "../../../src/panel/messages";
import { ipiHeld } from "../../fixtures/panel-states";
import { pseudoBundle, untranslated } from "../../support/pseudo-locale";
import { text } from "./dom";

const page = {
  cspSource: "https://*.vscode-cdn.net",
  nonce: "n0nce",
  script: "panel.js",
  style: "panel.css",
  codicons: "codicon.css",
};

/** The page with the built script, as the webview loads it. */
async function open(language: string, words: Record<string, string>) {
  const { Window } = await import("happy-dom");
  const window = new Window({ url: "http://panel.example/" });
  window.document.write(panelHtml({ ...page, language, words }).replace(/<link[^>]*>|<script nonce.*?<\/script>/g, ""));
  const run = new vm.Script(readFileSync(path.join(packageRoot(), "dist/panel.js"), "utf8"));
  run.runInNewContext({
    window,
    document: window.document,
    acquireVsCodeApi: () => ({ postMessage: () => true, getState: () => undefined, setState: () => undefined }),
    setTimeout,
    clearTimeout,
    requestAnimationFrame: () => 0,
    queueMicrotask,
    ResizeObserver: class {
      observe() {
        return undefined;
      }
      disconnect() {
        return undefined;
      }
    },
  });
  return { window, root: window.document.documentElement as unknown as HTMLElement };
}

describe("the panel in another language", () => {
  it("speaks it, where no simulation runs and where one does", async () => {
    const { window, root } = await open("el", pseudoBundle());
    assert.equal(root.getAttribute("lang"), "el");
    assert.deepEqual(untranslated(text(root.querySelector("main"))), []);
    window.dispatchEvent(
      new window.MessageEvent("message", { data: { type: "state", state: ipiHeld } satisfies ToPanel }),
    );
    await new Promise((drawn) => setTimeout(drawn, 0));
    const words = [...root.querySelectorAll("h2, nav [aria-label], .sr-only, [title]")].map(
      (e) => e.getAttribute("aria-label") ?? text(e),
    );
    assert.ok(words.includes(pseudoBundle()["IPIs in flight"]), words.join(" | "));
    assert.ok(words.includes(pseudoBundle()["Step back"]), words.join(" | "));
    await window.happyDOM.close();
  });

  it("is given its words as data that can't end early or run", () => {
    const html = panelHtml({ ...page, language: "el", words: { a: "</script><script>alert(1)</script>" } });
    assert.equal(html.match(/<script/g)?.length, 2);
    assert.match(html, /<script type="application\/json" id="words">\{"a":"\\u003c\/script/);
  });
});
