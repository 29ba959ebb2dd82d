// Runs inside the extension host of a real VS Code, which calls run() with the extension under development loaded.
import Mocha from "mocha";
import { readdirSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

export async function run(): Promise<void> {
  const root = path.resolve(__dirname, "../../..");
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 60_000,
    forbidOnly: true,
    reporter: path.join(root, "scripts/mocha-reporter.cjs"),
    grep: process.env.TLBSCOPE_GREP,
  });
  for (const file of readdirSync(__dirname, { recursive: true, encoding: "utf8" }).sort()) {
    if (file.endsWith(".test.js")) mocha.addFile(path.join(__dirname, file));
  }
  // Workloads, which take their whole time wherever they hold, are asked for where a test is about them.
  await vscode.workspace
    .getConfiguration("tlbscope")
    .update("check.workloads.seconds", 0, vscode.ConfigurationTarget.Global);
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) =>
      failures === 0 ? resolve() : reject(new Error(`${failures} of the tests inside the editor failed`)),
    );
  });
}
