/**
 * *Get a kernel tree…*: says what it will fetch, asks where to, and clones with git, in a terminal that the reader can
 * watch and stop.
 */
import * as vscode from "vscode";
import { exists } from "../text-files";
import {
  cloneArguments,
  isRepository,
  isTag,
  kernelFolders,
  kernelTags,
  size,
  sparseFile,
  treeName,
  wasStopped,
  writtenBy,
} from "./kernel-plan";
import { command } from "../command";

/** The part of VS Code's own Git extension that is used: where git is. Its `getAPI` throws where there is none. */
interface GitExtension {
  getAPI(version: 1): { git: { path: string } };
}

export class KernelTree {
  start(): vscode.Disposable {
    return command("tlbscope.getKernelTree", () => this.get());
  }

  private async get(): Promise<void> {
    const git = await gitPath();
    const from = repository();
    const tag = await pickTag(from);
    if (!tag) return;
    const parent = (
      await vscode.window.showOpenDialog({
        title: vscode.l10n.t("Where is the tree to be put? (A new folder {0} is made there.)", treeName(tag)),
        openLabel: vscode.l10n.t("Put It Here"),
        canSelectFolders: true,
        canSelectFiles: false,
      })
    )?.[0];
    if (!parent) return;
    if (parent.scheme !== "file")
      throw new Error(vscode.l10n.t("git can't write to {0}. Choose a folder on a disk.", parent.toString()));
    const folder = vscode.Uri.joinPath(parent, treeName(tag));
    const open = vscode.l10n.t("Open It");
    if (await exists(folder)) {
      if (
        (await vscode.window.showWarningMessage(
          vscode.l10n.t("{0} is there already, and stays as it is. Open it, or choose another place.", folder.path),
          open,
        )) === open
      )
        await openTree(folder);
      return;
    }
    if (!(await agreed(from, tag, folder))) return;
    await fetch(git, from, tag, folder);
    if (
      (await vscode.window.showInformationMessage(
        vscode.l10n.t("Linux {0} is in {1}.", tag.replace(/^v/, ""), folder.path),
        open,
      )) === open
    )
      await openTree(folder);
  }
}

const openTree = (folder: vscode.Uri): Thenable<unknown> =>
  vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: true });

/** Where git is, by VS Code's own word; it looks in all the usual places and minds the setting `git.path`. */
async function gitPath(): Promise<string> {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  // It comes only where programs can be run.
  if (!extension)
    throw new Error(
      vscode.l10n.t(
        "A kernel tree is cloned with git, which can't be run here (VS Code in a browser, or its Git extension " +
          "is disabled). Open the built-in edition, or a kernel tree of your own.",
      ),
    );
  try {
    return (await extension.activate()).getAPI(1).git.path;
  } catch {
    throw new Error(
      vscode.l10n.t(
        "A kernel tree is cloned with git, and VS Code finds no git here (or the setting git.enabled is off). " +
          "Install it, then run this again; or open the built-in edition.",
      ),
    );
  }
}

function repository(): string {
  const given = vscode.workspace.getConfiguration("tlbscope").get("kernelTree.repository", "");
  if (isRepository(given)) return given;
  throw new Error(
    vscode.l10n.t(
      "The setting tlbscope.kernelTree.repository has to be an address that git can clone from, as https://…; it " +
        'is "{0}".',
      given,
    ),
  );
}

const tagNotes = {
  races: vscode.l10n.t("with the races that two of the tours are about"),
  fixes: vscode.l10n.t("with the two fixes of 2011"),
  generations: vscode.l10n.t("today's protocol, which counts flushes"),
};

async function pickTag(from: string): Promise<string | undefined> {
  const other = vscode.l10n.t("Another tag…");
  const items = [...kernelTags.map(({ tag, has }) => ({ label: tag, description: tagNotes[has] })), { label: other }];
  const chosen = (
    await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Get Which Kernel?"), placeHolder: from })
  )?.label;
  if (chosen !== other) return chosen;
  return vscode.window.showInputBox({
    title: vscode.l10n.t("Get Which Kernel?"),
    prompt: vscode.l10n.t("A tag of {0}", from),
    placeHolder: kernelTags[0].tag,
    validateInput: (text) =>
      isTag(text) ? undefined : vscode.l10n.t("Type a tag, for instance {0}.", kernelTags[0].tag),
  });
}

/** Says what will be fetched, and asks. */
async function agreed(from: string, tag: string, folder: vscode.Uri): Promise<boolean> {
  const measured = kernelTags.some((known) => known.tag === tag && known.has !== "generations");
  const detail = [
    vscode.l10n.t("From: {0}", from),
    vscode.l10n.t("Tag: {0}, without its history", tag),
    vscode.l10n.t("Files: {0}", kernelFolders.map((f) => f.replace(/^\//, "")).join(", ")),
    measured
      ? vscode.l10n.t("Size: about {0} MB over the network, {1} MB on disk", size.network, size.disk)
      : vscode.l10n.t(
          "Size: {0} MB over the network and {1} MB on disk for a kernel of 2010; up to three times that for today's",
          size.network,
          size.disk,
        ),
    vscode.l10n.t("To: {0}", folder.path),
  ].join("\n");
  const yes = vscode.l10n.t("Fetch It");
  return (
    (await vscode.window.showInformationMessage(
      vscode.l10n.t("Fetch a part of the Linux kernel's source?"),
      { modal: true, detail },
      yes,
    )) === yes
  );
}

/** All of it, or nothing: what a clone that failed has left is deleted. */
async function fetch(git: string, from: string, tag: string, folder: vscode.Uri): Promise<void> {
  const [clone, checkout] = cloneArguments(from, tag, folder.fsPath);
  const [cloned, checkedOut] = writtenBy.map((path) => vscode.Uri.joinPath(folder, ...path));
  try {
    await run(git, clone, cloned);
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(folder, ...sparseFile.path.slice(0, -1)));
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(folder, ...sparseFile.path),
      new TextEncoder().encode(sparseFile.text),
    );
    await run(git, checkout, checkedOut);
  } catch (error) {
    if (await exists(folder)) await vscode.workspace.fs.delete(folder, { recursive: true });
    throw error;
  }
}

/**
 * Runs git as a task, so that its progress is seen and Ctrl+C ends it. It is done when it has written `last`.
 */
async function run(git: string, args: string[], last: vscode.Uri): Promise<void> {
  const task = new vscode.Task(
    { type: "tlbscope-git" },
    vscode.TaskScope.Workspace,
    vscode.l10n.t("Get a kernel tree"),
    "TLBscope",
    new vscode.ProcessExecution(git, args),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false, close: false };
  const running = vscode.tasks.executeTask(task);
  const code = await new Promise<number | undefined>((resolve, reject) => {
    const listening = vscode.Disposable.from(
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => ours(execution) && end(() => resolve(exitCode))),
      // A terminal that is closed, or a program that can't be started, ends the task without an exit code.
      vscode.tasks.onDidEndTask(
        ({ execution }) => ours(execution) && setTimeout(() => end(() => resolve(undefined)), 500),
      ),
    );
    const end = (settle: () => void): void => {
      listening.dispose();
      settle();
    };
    running.then(undefined, (error: unknown) =>
      end(() => reject(error instanceof Error ? error : new Error(String(error)))),
    );
    const ours = (execution: vscode.TaskExecution): boolean =>
      execution.task === task || execution.task.name === task.name;
  });
  if (code === 0 && (await exists(last))) return;
  if (code === 0 || wasStopped(code))
    throw new Error(vscode.l10n.t("The fetch was stopped. Nothing of it is left; run this again whenever you like."));
  throw new Error(
    vscode.l10n.t(
      "git ended with {0}, and nothing was fetched. The terminal “Get a kernel tree” says why: no network, " +
        "perhaps, or no such tag. Correct it, and run this again.",
      code ?? "?",
    ),
  );
}
