/** *Get a kernel tree…*: says what it will fetch, asks where to, and clones with git, in a terminal that the reader can watch and stop. */
import * as vscode from "vscode";
import { exists } from "../shipped";
import { aboutMegabytes, cloneArguments, isTag, kernelFolders, kernelTags, kernelUrl, sparseFile, treeName } from "./kernel-plan";
import { command } from "./tour-commands";

export class KernelTree {
  start(): vscode.Disposable {
    return command("tlbscope.getKernelTree", () => this.get());
  }

  private async get(): Promise<void> {
    // VS Code's own git comes only where programs can be run.
    if (!vscode.extensions.getExtension("vscode.git")) throw new Error(vscode.l10n.t("A kernel tree is cloned with git, which can't be run here (VS Code in a browser, or its Git extension is disabled). Open the built-in edition, or a kernel tree of your own."));
    const tag = await pickTag();
    if (!tag) return;
    const parent = (await vscode.window.showOpenDialog({ title: vscode.l10n.t("Where is the tree to be put? (A new folder {0} is made there.)", treeName(tag)), openLabel: vscode.l10n.t("Put It Here"), canSelectFolders: true, canSelectFiles: false }))?.[0];
    if (!parent) return;
    const folder = vscode.Uri.joinPath(parent, treeName(tag));
    if (await exists(folder)) throw new Error(vscode.l10n.t("{0} is there already. Open it, or choose another place.", folder.path));
    const fetch = vscode.l10n.t("Fetch It"), open = vscode.l10n.t("Open It");
    const detail = [
      vscode.l10n.t("From: {0}", kernelUrl),
      vscode.l10n.t("Tag: {0}, without its history", tag),
      vscode.l10n.t("Files: {0}", kernelFolders.map((f) => f.replace(/^\//, "")).join(", ")),
      vscode.l10n.t("About {0} MB over the network", aboutMegabytes),
      vscode.l10n.t("To: {0}", folder.path),
    ].join("\n");
    if ((await vscode.window.showInformationMessage(vscode.l10n.t("Fetch a part of the Linux kernel's source?"), { modal: true, detail }, fetch)) !== fetch) return;
    const [clone, checkout] = cloneArguments(kernelUrl, tag, folder.fsPath);
    await git(clone);
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, ...sparseFile.path), new TextEncoder().encode(sparseFile.text));
    await git(checkout);
    if ((await vscode.window.showInformationMessage(vscode.l10n.t("Linux {0} is in {1}.", tag.replace(/^v/, ""), folder.path), open)) === open) await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: true });
  }
}

async function pickTag(): Promise<string | undefined> {
  const other = vscode.l10n.t("Another tag…");
  const items = [...kernelTags.map((tag, i) => ({ label: tag, description: i === 0 ? vscode.l10n.t("the lines that the tours speak of") : undefined })), { label: other }];
  const chosen = (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Get Which Kernel?"), placeHolder: kernelUrl }))?.label;
  if (chosen !== other) return chosen;
  return vscode.window.showInputBox({ title: vscode.l10n.t("Get Which Kernel?"), prompt: vscode.l10n.t("A tag of {0}", kernelUrl), placeHolder: kernelTags[0], validateInput: (text) => (isTag(text) ? undefined : vscode.l10n.t("Type a tag, for instance {0}.", kernelTags[0])) });
}

/** Runs git as a task, so that its progress is seen and Ctrl+C ends it. */
async function git(args: string[]): Promise<void> {
  const task = new vscode.Task({ type: "tlbscope-git" }, vscode.TaskScope.Workspace, vscode.l10n.t("Get a kernel tree"), "TLBscope", new vscode.ProcessExecution("git", args));
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false, close: false };
  const code = await new Promise<number | undefined>((resolve, reject) => {
    const ended = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task !== task && execution.task.name !== task.name) return;
      ended.dispose();
      resolve(exitCode);
    });
    vscode.tasks.executeTask(task).then(undefined, (error: unknown) => {
      ended.dispose();
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
  if (code !== 0) throw new Error(vscode.l10n.t("git ended with {0}: what it says is in the terminal “Get a kernel tree”. Correct it and try again; delete the folder first if it is there.", code ?? "?"));
}
