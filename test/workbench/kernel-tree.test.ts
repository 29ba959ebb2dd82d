import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { companionPaths } from "../../src/kernel/companions";
import { eventually, useWorkbench, type Workbench } from "./shared-window";

/** A repository that stands for the kernel's: the edition's file names, and a driver that nobody asks for. */
const place = mkdtempSync(path.join(os.tmpdir(), "tlbscope-get-tree-"));
const origin = path.join(place, "origin");
/** A git that never comes to the end of a clone, as over a network that has gone. */
const slowGit = path.join(place, "slow-git");

function makeOrigin(): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", origin, "-c", "user.name=T", "-c", "user.email=t@example.org", ...args], {
      stdio: "pipe",
    });
  for (const file of [...companionPaths, "Makefile", "drivers/net/other.c"]) {
    mkdirSync(path.join(origin, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(origin, file), `/* ${file} */\n`);
  }
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "a kernel");
  git("tag", "v2.6.37");
  git("config", "uploadpack.allowFilter", "true");
  writeFileSync(slowGit, '#!/bin/sh\nif [ "$1" = clone ]; then exec sleep 300; fi\nexec git "$@"\n', { mode: 0o755 });
}

makeOrigin();
after(() => rmSync(place, { recursive: true, force: true }));

/**
 * Answers VS Code's own dialog for a folder. It first lists the folder that it proposes, which is the one that is open,
 * and looks into another as it is typed: an answer before that would mean the proposed one.
 */
async function choose({ page }: Workbench, folder: string): Promise<void> {
  const dialog = page.locator(".quick-input-widget", { hasText: "Where is the tree to be put?" });
  const proposed = dialog.locator(".monaco-list-row", { hasText: "arch" });
  await proposed.first().waitFor();
  await dialog.locator("input").first().fill(`${folder}/`);
  await proposed.first().waitFor({ state: "hidden" });
  await eventually("the folder taken", async () => {
    if (!(await dialog.isVisible())) return true;
    await dialog
      .locator(".monaco-button", { hasText: "Put It Here" })
      .click({ timeout: 1000 })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return false;
  });
}

const settings = {
  "tlbscope.kernelTree.repository": `file://${origin}`,
  "git.enabled": true,
  "git.autoRepositoryDetection": false,
};

describe("getting a kernel tree", () => {
  const vscode = useWorkbench({ file: "README.md", settings });

  const question = () => vscode().dialog("Fetch a part of the Linux kernel's source?");

  /** To the question: a tag, and a new folder to put the tree into. */
  async function ask(tag: string, into: string, another = false): Promise<string> {
    const parent = path.join(place, into);
    mkdirSync(parent, { recursive: true });
    await vscode().command("TLBscope: Get a Kernel Tree…");
    if (another) {
      await vscode().pick("Another tag…").first().click();
      await vscode().page.locator(".quick-input-widget", { hasText: "A tag of file://" }).waitFor();
      await vscode().answer(tag);
    } else await vscode().pick(tag).first().click();
    await choose(vscode(), parent);
    return parent;
  }

  it("says what will be fetched, how much, from where and to where, before it fetches", async () => {
    await vscode().statusBar("Markdown").waitFor();
    const parent = await ask("v2.6.37", "asked");
    await question().waitFor();
    const said = (await question().innerText()).replaceAll(/\s+/g, " ");
    for (const part of [
      `From: file://${origin}`,
      "Tag: v2.6.37, without its history",
      "Files: Makefile, kernel/, mm/, arch/x86/, arch/Kconfig, init/Kconfig, security/Kconfig, include/linux/, " +
        "fs/exec.c",
      "Size: about 8 MB over the network, 30 MB on disk",
      `To: ${parent}/linux-2.6.37`,
    ])
      assert.ok(said.includes(part), `${part} is not in: ${said}`);
    await vscode().screenshot("kernel tree question");
    await question().getByRole("button", { name: "Cancel" }).click();
    assert.equal(existsSync(path.join(parent, "linux-2.6.37")), false);
  });

  it("fetches just that", async () => {
    const tree = path.join(await ask("v2.6.37", "fetched"), "linux-2.6.37");
    await question().getByRole("button", { name: "Fetch It" }).click();
    await vscode().notification("Linux 2.6.37 is in").waitFor();
    await vscode().screenshot("kernel tree fetched");
    assert.deepEqual(
      companionPaths.filter((file) => !existsSync(path.join(tree, file))),
      [],
    );
    assert.equal(existsSync(path.join(tree, "drivers")), false);
  });

  it("leaves a folder that is there already as it is, and offers to open it", async () => {
    await ask("v2.6.37", "fetched");
    const told = vscode().notification(/linux-2\.6\.37 is there already, and stays as it is/);
    await told.getByRole("button", { name: "Open It" }).waitFor();
    await told.hover();
    await told.locator(".codicon-notifications-clear").click();
  });

  it("says that there is no such tag, and leaves nothing behind", async () => {
    const parent = await ask("v2.6.99", "no-tag", true);
    await question().waitFor();
    assert.match(await question().innerText(), /up to three times that for today's/);
    await question().getByRole("button", { name: "Fetch It" }).click();
    await vscode()
      .notification(/git ended with 128, and nothing was fetched.*no such tag/)
      .waitFor();
    await vscode().screenshot("kernel tree no tag");
    assert.equal(existsSync(path.join(parent, "linux-2.6.99")), false);
  });
});

describe("getting a kernel tree that doesn't come", () => {
  const vscode = useWorkbench({ file: "README.md", settings: { ...settings, "git.path": slowGit } });

  it("can be stopped in its terminal, which is said and leaves nothing behind", async () => {
    await vscode().statusBar("Markdown").waitFor();
    mkdirSync(path.join(place, "slow"));
    await vscode().command("TLBscope: Get a Kernel Tree…");
    await vscode().pick("v3.0").first().click();
    await choose(vscode(), path.join(place, "slow"));
    await vscode().dialog("Fetch a part").getByRole("button", { name: "Fetch It" }).click();
    const terminal = vscode().page.locator(".terminal-wrapper.active .xterm");
    await terminal.waitFor();
    await eventually("the clone", () =>
      Promise.resolve(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes("sleep 300")),
    );
    await terminal.click();
    await vscode().press("Control+C");
    await vscode()
      .notification(/The fetch was stopped. Nothing of it is left/)
      .waitFor();
    await vscode().screenshot("kernel tree stopped");
    assert.equal(existsSync(path.join(place, "slow", "linux-3.0")), false);
  });
});

describe("getting a kernel tree without git", () => {
  const vscode = useWorkbench({ file: "README.md", settings: { ...settings, "git.enabled": false } });

  it("says what is missing, before it asks for anything", async () => {
    await vscode().statusBar("Markdown").waitFor();
    await vscode().command("TLBscope: Get a Kernel Tree…");
    await vscode()
      .notification(/VS Code finds no git here/)
      .waitFor();
  });
});
