/** Installs the command line, which comes with the extension, for the user's shell. */
import * as vscode from "vscode";
import { command } from "./command";

/** What can be done where there are files and programs; there are none in a browser. */
export interface Launcher {
  readonly usualFolder: string;
  fileIn(folder: string): string;
  found(file: string): "nothing" | "ours" | "another's";
  write(file: string): void;
  refresh(file: string): void;
  isOnPath(folder: string): boolean;
  /** The version of the user's Node, where it can run the command line. */
  node(): string | undefined;
}

/** Where the launcher's file was written: it is written again when the extension has moved. */
const INSTALLED = "tlbscope.launcher";

export class InstallCommandLine {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly launcher: Launcher | undefined,
  ) {}

  start(): vscode.Disposable {
    const before = this.memory.get<string>(INSTALLED);
    if (before !== undefined) {
      try {
        this.launcher?.refresh(before);
      } catch {
        // It says itself that it leads nowhere.
      }
    }
    return command("tlbscope.installCommandLine", () => this.install());
  }

  private async install(): Promise<void> {
    const { launcher } = this;
    if (!launcher)
      throw new Error(
        vscode.l10n.t("The command line runs in a terminal, with Node; in a browser there is neither. Use VS Code."),
      );
    const folder = await chooseFolder(launcher);
    if (folder === undefined) return;
    const file = launcher.fileIn(folder);
    if (launcher.found(file) === "another's" && !(await mayReplace(file))) return;
    try {
      launcher.write(file);
    } catch (error) {
      throw new Error(vscode.l10n.t("{0} could not be written: {1}. Choose another folder.", file, messageOf(error)));
    }
    await this.memory.update(INSTALLED, file);
    await tell(launcher, folder, file);
  }
}

async function chooseFolder(launcher: Launcher): Promise<string | undefined> {
  const { usualFolder } = launcher;
  const usual = {
    label: usualFolder,
    description: launcher.isOnPath(usualFolder) ? vscode.l10n.t("is on PATH") : vscode.l10n.t("isn't on PATH"),
  };
  const chosen = await vscode.window.showQuickPick([usual, { label: vscode.l10n.t("Another Folder…") }], {
    title: vscode.l10n.t("Into which folder is the command “tlbscope” to be put?"),
  });
  if (!chosen || chosen === usual) return chosen && usualFolder;
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Folder for the Command “tlbscope”"),
      openLabel: vscode.l10n.t("Install"),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder?.fsPath;
}

async function mayReplace(file: string): Promise<boolean> {
  const replace = vscode.l10n.t("Replace");
  const question = vscode.l10n.t("There is a file {0} already, and it isn't from TLBscope. Replace it?", file);
  return (await vscode.window.showWarningMessage(question, { modal: true }, replace)) === replace;
}

/** What was done, where, what runs it, and what is left to do. */
async function tell(launcher: Launcher, folder: string, file: string): Promise<void> {
  const node = launcher.node();
  const runs =
    node === undefined
      ? vscode.l10n.t("As there is no Node 20 or newer on PATH, VS Code's own runs it.")
      : vscode.l10n.t("Your Node {0} runs it.", node);
  if (launcher.isOnPath(folder)) {
    const text = vscode.l10n.t("{0} is there. {1} Try it in a terminal: tlbscope --help", file, runs);
    void vscode.window.showInformationMessage(text);
    return;
  }
  const copy = vscode.l10n.t("Copy the Folder's Path");
  const text = vscode.l10n.t(
    '{0} is there. {1} The folder isn\'t on PATH: add it (export PATH="{2}:$PATH" in ~/.profile, or the environment ' +
      "variables of Windows), and open a new terminal.",
    file,
    runs,
    folder,
  );
  if ((await vscode.window.showInformationMessage(text, copy)) === copy) await vscode.env.clipboard.writeText(folder);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
