/** A tour taken by the mouse, by the keyboard, and by ear. */
import { eventually, mmuContext, useWorkbench, type Workbench } from "./shared-window";

/** The comment that the tour speaks in. */
const comment = (window: Workbench) => window.page.locator(".zone-widget .review-widget");
const heading = (window: Workbench) => comment(window).locator(".review-title");
const link = (window: Workbench, text: string | RegExp) =>
  comment(window).locator(".comment-body a", { hasText: text });

describe("the tour The mail", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33 });

  it("begins beside the source", async () => {
    await vscode().statusBar("C++").waitFor();
    await vscode().theme("Dark+");
    await vscode().command("TLBscope: Take a Tour…");
    await vscode().pick("The mail").first().waitFor();
    await vscode().screenshot("tours to take");
    await vscode().pick("The mail").first().click();
    await heading(vscode())
      .getByText(/1 of \d+ · A question from a mailing list/)
      .waitFor();
    await vscode().panel.getByText("lazy-return").first().waitFor();
    await vscode().screenshot("tour 1 dark");
  });

  it("goes on and back by the mouse", async () => {
    await link(vscode(), "Next").click();
    await heading(vscode()).getByText(/^2 of/).waitFor();
    await link(vscode(), "Back").click();
    await heading(vscode()).getByText(/^1 of/).waitFor();
    await comment(vscode()).locator(".codicon-arrow-right").click();
    await heading(vscode()).getByText(/^2 of/).waitFor();
    await link(vscode(), "Next").click();
    await heading(vscode()).getByText(/^3 of/).waitFor();
    await vscode().screenshot("tour question");
  });

  it("asks, and shows what came of it", async () => {
    await link(vscode(), /It is cleared/).click();
    await comment(vscode()).getByText("Not so.").waitFor();
    await vscode().screenshot("tour answered");
  });

  it("goes on by the keyboard alone", async () => {
    await vscode().command("TLBscope: Tour: Next");
    await heading(vscode()).getByText(/^4 of/).waitFor();
    await vscode().command("TLBscope: Tour: Contents…");
    await vscode().screenshot("tour contents");
    await vscode().page.locator(".quick-input-widget input").first().fill("One line more");
    await vscode().press("Enter");
    await heading(vscode())
      .getByText(/One line more/)
      .waitFor();
    await vscode().screenshot("tour changed copy");
  });

  it("can be read with the focus in its words", async () => {
    await vscode().command("TLBscope: Tour: Read the Step");
    await eventually("the focus in the comment", () =>
      vscode().page.evaluate(() => document.activeElement?.closest(".review-widget") !== null),
    );
  });

  for (const [theme, name] of [
    ["Dark High Contrast", "high contrast"],
    ["Light+", "light"],
    ["Dark+", "dark"],
  ]) {
    it(`can be seen in ${theme}`, async () => {
      await vscode().theme(theme);
      await vscode().screenshot(`tour ${name}`);
    });
  }

  it("takes a click on a bit in the panel for an answer", async () => {
    await vscode().command("TLBscope: Tour: Contents…");
    await vscode().page.locator(".quick-input-widget input").first().fill("While CPU0 is still lazy");
    await vscode().press("Enter");
    await heading(vscode()).getByText("While CPU0 is still lazy").waitFor();
    await vscode()
      .panel.getByRole("button", { name: /CPU0.*\bA\b.*set|A.*CPU0.*set/ })
      .first()
      .click();
    await comment(vscode()).getByText("Right.").waitFor();
    await vscode().screenshot("tour bit answered");
  });

  it("comes back with its words to where another file was opened in between", async () => {
    await vscode().editor.open("kernel/sched.c", 3001);
    await comment(vscode()).waitFor({ state: "detached" });
    await vscode().command("TLBscope: Back to the Tour");
    await heading(vscode()).getByText("While CPU0 is still lazy").waitFor();
  });

  it("stops, and leaves no comment behind", async () => {
    await link(vscode(), "Stop").click();
    await comment(vscode()).waitFor({ state: "detached" });
  });
});

describe("a tour without a mouse or a screen", () => {
  // The tour goes on where somebody has left it: here nobody has begun it.
  const vscode = useWorkbench({ fresh: true, file: mmuContext, line: 33 });

  const inWords = () =>
    eventually("the focus in the words", () =>
      vscode().page.evaluate(() => document.activeElement?.closest(".review-widget .body") !== null),
    );
  /** What a screen reader says of the tour, which nobody sees. */
  const heard = (text: string | RegExp) => vscode().panel.locator("[aria-live=polite]", { hasText: text });
  const at = (number: number) =>
    heading(vscode())
      .getByText(new RegExp(`^${number} of`))
      .waitFor();

  /** Tab by Tab, to the link with this text. */
  async function tabTo(text: string): Promise<void> {
    for (let i = 0; i < 25; i++) {
      if (
        await vscode().page.evaluate(
          (text) =>
            document.activeElement?.matches(".review-widget .body a") === true &&
            document.activeElement.textContent?.includes(text) === true,
          text,
        )
      )
        return;
      await vscode().press("Tab");
    }
    throw new Error(`Tab doesn't come to "${text}" in the words.`);
  }

  it("begins from the palette, and is heard", async () => {
    await vscode().statusBar("C++").waitFor();
    await vscode().command("TLBscope: Take a Tour…");
    await vscode().answer("The mail");
    await at(1);
    await heard(/^1 of 16 · A question from a mailing list In the spring of 2011/).waitFor({ state: "attached" });
  });

  it("goes on and back by keys that work in the words, and stays in them", async () => {
    await vscode().command("TLBscope: Tour: Read the Step");
    await inWords();
    for (const [key, number] of [
      ["Right", 2],
      ["Right", 3],
      ["Left", 2],
      ["Right", 3],
    ] as const) {
      await vscode().press(`Control+Arrow${key}`);
      await at(number);
      await inWords();
      await heard(new RegExp(`^${number} of 16`)).waitFor({ state: "attached" });
    }
  });

  it("asks so that it can be heard, and is answered by Tab and Enter", async () => {
    await heard(/What becomes of its bit in A's cpumask\? Answers: It is cleared; It stays set\.$/).waitFor({
      state: "attached",
    });
    await tabTo("It stays set");
    await vscode().press("Enter");
    await heard(/^Right\. It stays\. CPU0.s TLB still holds A:page0/).waitFor({ state: "attached" });
    await inWords();
    await tabTo("Next");
    await vscode().press("Enter");
    await at(4);
    await inWords();
  });

  it("goes by its contents, and stops", async () => {
    await tabTo("Contents");
    await vscode().press("Enter");
    await vscode().answer("The answer");
    await heading(vscode())
      .getByText(/The answer/)
      .waitFor();
    await inWords();
    await tabTo("Stop");
    await vscode().press("Enter");
    await comment(vscode()).waitFor({ state: "detached" });
  });
});

describe("a tour for a screen reader, where the panel is out of sight", () => {
  const vscode = useWorkbench({ file: mmuContext, line: 33, settings: { "editor.accessibilitySupport": "on" } });

  it("is heard by notifications", async () => {
    await vscode().statusBar("C++").waitFor();
    await vscode().command("TLBscope: Take a Tour…");
    await vscode().answer("The mail");
    await heading(vscode()).getByText(/^1 of/).waitFor();
    await vscode().panel.getByText("lazy-return").first().waitFor();
    await vscode().press("Control+J");
    await vscode().page.locator(".part.panel").waitFor({ state: "hidden" });
    await vscode().command("TLBscope: Tour: Next");
    await vscode()
      .notification(/^2 of \d+ · What a CPU remembers Two words first\./)
      .waitFor();
  });
});
