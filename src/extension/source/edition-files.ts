/** The built-in edition as files of the reader's own: to open, step, edit, and bring back to what it was. */
import * as vscode from "vscode";
import { readFile } from "../../kernel/syntax/read-file";
import { configOf } from "../../kernel/configuration";
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import type { Shipped } from "./shipped";
import { exists, readText } from "../text-files";

const encoder = new TextEncoder();

/** What is shown side by side: the file and the function that it opens at. */
const shown = [
  { path: "kernel/sched.c", fn: "context_switch", column: vscode.ViewColumn.One },
  { path: "arch/x86/include/asm/mmu_context.h", fn: "switch_mm", column: vscode.ViewColumn.Two },
];

export class EditionFolder {
  constructor(
    private readonly storage: vscode.Uri,
    private readonly shipped: Shipped,
  ) {}

  get uri(): vscode.Uri {
    return vscode.Uri.joinPath(this.storage, "edition");
  }

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.commands.registerCommand("tlbscope.openEdition", () => this.open()),
      vscode.commands.registerCommand("tlbscope.restoreEdition", () => this.restore()),
    );
  }

  /** Writes the files that are not there yet: what the reader edited stays. */
  async write(): Promise<void> {
    for (const file of await this.shipped.edition()) {
      const uri = vscode.Uri.joinPath(this.uri, file.path);
      if (!(await exists(uri))) await this.writeFile(uri, file);
    }
  }

  /** A copy of the edition that is open as a folder, or else the reader's own one in the extension's storage. */
  private async nearest(): Promise<vscode.Uri> {
    const sample = (await this.shipped.edition()).find((file) => file.path === "include/linux/sched.h")!;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const uri = vscode.Uri.joinPath(folder.uri, sample.path);
      if ((await exists(uri)) && (await readText(uri)) === sample.text) return folder.uri;
    }
    await this.write();
    return this.uri;
  }

  /** Opens context_switch and switch_mm side by side. */
  async open(): Promise<void> {
    const folder = await this.nearest();
    const files = new Map((await this.shipped.edition()).map((file) => [file.path, file]));
    // The first one keeps the focus, so it comes last.
    for (const { path, fn, column } of [...shown].reverse()) {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, path));
      const file = { ...files.get(path)!, text: document.getText() };
      const item = readFile(file, configOf("native")).items.find((i) => i.kind === "function" && i.name === fn);
      const line = item?.kind === "function" ? positionAt(file, item.start).line - 1 : 0;
      const editor = await vscode.window.showTextDocument(document, { viewColumn: column, preview: false });
      editor.selection = new vscode.Selection(line, 0, line, 0);
      editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.InCenter);
    }
  }

  /** Puts the shipped text back where `open` takes it from, in open documents by an edit that can be undone. */
  async restore(): Promise<void> {
    const folder = await this.nearest();
    const changed: { uri: vscode.Uri; file: SourceFile; document?: vscode.TextDocument }[] = [];
    for (const file of await this.shipped.edition()) {
      const uri = vscode.Uri.joinPath(folder, file.path);
      const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
      if (document ? document.getText() !== file.text : true) changed.push({ uri, file, document });
    }
    const edit = new vscode.WorkspaceEdit();
    for (const { uri, file, document } of changed) {
      if (document) edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), file.text);
      else await this.writeFile(uri, file);
    }
    await vscode.workspace.applyEdit(edit);
    for (const { document } of changed) await document?.save();
    vscode.window.setStatusBarMessage(
      vscode.l10n.t("The built-in edition is as it was. Undo brings an open file's edits back."),
      6000,
    );
  }

  private async writeFile(uri: vscode.Uri, file: SourceFile): Promise<void> {
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri, ".."));
    await vscode.workspace.fs.writeFile(uri, encoder.encode(file.text));
  }
}
