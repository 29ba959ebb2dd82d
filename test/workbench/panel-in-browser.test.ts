/** The built panel in a real browser, in each theme: what a DOM without layout cannot tell. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";
import { fourCpus, ipiHeld, lazyCpu, panelStates, staleEntry } from "../fixtures/panel-states";
import { findChromium } from "../panel-gallery/chromium";
import { openPanel, showState, type Shown } from "../panel-gallery/gallery";
import { themes } from "../panel-gallery/themes";

describe("the panel in a browser", function () {
  this.timeout(60_000);
  let browser: Browser;
  let shown: Shown | undefined;
  before(async () => {
    const options = await findChromium();
    assert.ok(options, "no Chromium: run these through npm test, which installs one");
    browser = await chromium.launch(options);
  });
  after(() => browser?.close());
  afterEach(async () => {
    const complaints = shown?.complaints ?? [];
    await shown?.close();
    shown = undefined;
    assert.deepEqual(complaints, [], "no script error, and nothing refused by the page's own policy");
  });
  const open = async (theme = "dark-modern", width = 300) => (shown = await openPanel(browser, theme, width)).page;

  for (const theme of Object.keys(themes))
    it(`has nothing that axe objects to in ${theme}`, async () => {
      const page = await open(theme);
      // Evaluated, not added as a script: the page's policy would refuse it.
      await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
      const check = () =>
        page.evaluate(async () => {
          const { axe } = window as unknown as {
            axe: {
              run(
                options: unknown,
              ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
            };
          };
          const { violations } = await axe.run({ resultTypes: ["violations"] });
          return violations.flatMap(({ id, nodes }) =>
            nodes.map((n) => `${id}: ${n.html.slice(0, 160)} ${n.failureSummary}`),
          );
        });
      assert.deepEqual(await check(), [], "with no session");
      for (const [name, state] of Object.entries(panelStates)) {
        await showState(page, state);
        await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
        assert.deepEqual(await check(), [], name);
      }
    });

  it("is never wider than its place, with two CPUs or eight", async () => {
    for (const width of [240, 300, 420, 900]) {
      const page = await open("light-modern", width);
      const eight = {
        ...fourCpus,
        view: {
          ...fourCpus.view,
          cpus: [0, 1].flatMap((n) => fourCpus.view.cpus.map((c) => ({ ...c, id: c.id + 4 * n }))),
        },
      };
      for (const [name, state] of Object.entries({ ...panelStates, eight })) {
        await showState(page, state);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${name} at ${width} px`);
      }
      await shown?.close();
    }
  });

  it("stays in its place from step to step", async () => {
    const page = await open();
    const top = (selector: string) =>
      page.evaluate((s) => document.querySelector(s)?.getBoundingClientRect().top, selector);
    const places = async () => Promise.all([".cpus", ".ipis", ".cpumask", ".properties", ".events"].map(top));
    await showState(page, lazyCpu);
    await showState(page, ipiHeld);
    const before = await places();
    await showState(page, lazyCpu);
    assert.deepEqual(await places(), before, "with less to say, as much room as before");
  });

  it("draws of a new state what differs, and leaves the rest in its place", async () => {
    const page = await open();
    const next = { ...ipiHeld, scenario: staleEntry.scenario };
    for (const state of [staleEntry, next, staleEntry]) await showState(page, state);
    await page.evaluate(() => {
      (window as unknown as { before: WeakSet<Element> }).before = new WeakSet(document.querySelectorAll("*"));
    });
    await showState(page, next);
    const [kept, all] = await page.evaluate(() => {
      const { before } = window as unknown as { before: WeakSet<Element> };
      const now = [...document.querySelectorAll("*")];
      return [now.filter((e) => before.has(e)).length, now.length];
    });
    assert.ok(kept > 0.6 * all, `${kept} of ${all} elements are those of before`);
  });

  it("is dragged by the hand and by the keys", async () => {
    const page = await open();
    await showState(page, ipiHeld);
    const sent = () =>
      page.evaluate(() =>
        (window as unknown as { sent: { type: string; step?: number }[] }).sent.filter((m) => m.type !== "ready"),
      );
    await page.focus("input[type=range]");
    for (const key of ["ArrowRight", "End", "Home"]) await page.keyboard.press(key);
    assert.deepEqual(
      await sent(),
      [15, 200, 0].map((step) => ({ type: "goto", step })),
    );
  });

  it("keeps the keyboard's place when the state changes under it", async () => {
    const page = await open();
    await showState(page, lazyCpu);
    await page.getByRole("button", { name: /^cpu_tlbstate.state of CPU0/ }).focus();
    await showState(page, ipiHeld);
    assert.match(
      (await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))) ?? "",
      /cpu_tlbstate.state of CPU0: TLBSTATE_OK/,
    );
  });
});
