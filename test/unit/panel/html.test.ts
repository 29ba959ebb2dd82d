import assert from "node:assert/strict";
import { panelHtml } from "../../../src/panel/webview-page";

describe("the panel's page", () => {
  const html = panelHtml({
    cspSource: "https://*.vscode-cdn.net",
    nonce: "n0nce",
    script: "https://x/panel.js",
    style: "https://x/panel.css",
    codicons: "https://x/codicon.css",
  });

  it("allows its own styles, fonts and one script, and nothing else", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1].replaceAll("&#39;", "'");
    assert.equal(
      policy,
      "default-src 'none'; style-src https://*.vscode-cdn.net; font-src https://*.vscode-cdn.net; script-src " +
        "'nonce-n0nce'",
    );
    assert.doesNotMatch(html, /<style|style="|unsafe-inline/);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(html, /<script nonce="n0nce" src="https:\/\/x\/panel\.js">/);
  });

  it("does not let an address break out of its attribute", () => {
    assert.doesNotMatch(panelHtml({ cspSource: "x", nonce: "n", script: '"><b>', style: "", codicons: "" }), /<b>/);
  });
});
