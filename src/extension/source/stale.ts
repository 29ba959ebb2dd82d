/**
 * Whether the texts that a result was computed from are still what the editor has, or the disk for files that are not
 * open.
 */
import * as vscode from "vscode";
import { shippedScheme } from "./shipped";
import { readText } from "../text-files";

/** Schemes of texts that can't change, or whose documents say so themselves. */
const unwatched = new Set([shippedScheme, "untitled"]);

export class StaleTexts {
  private texts = new Map<string, string>();
  private differing = new Set<string>();
  private watchers: vscode.Disposable[] = [];
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      vscode.workspace.onDidChangeTextDocument(({ document }) =>
        this.note(document.uri.toString(), document.getText()),
      ),
      // What was never saved goes with its document.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.read(uri)),
      { dispose: () => this.unwatch() },
    );
  }

  /** URIs of those that differ now. */
  get uris(): ReadonlySet<string> {
    return this.differing;
  }

  /** Forgets the texts of before, and keeps an eye on these. */
  watch(texts: readonly { uri: string; text: string }[]): void {
    this.unwatch();
    this.texts = new Map(texts.map(({ uri, text }) => [uri, text]));
    this.differing = new Set();
    // One pattern for each folder: a whole kernel tree is too much to watch.
    const folders = new Map<string, { folder: vscode.Uri; names: string[] }>();
    for (const { uri } of texts) {
      const file = vscode.Uri.parse(uri, true),
        folder = vscode.Uri.joinPath(file, "..");
      if (unwatched.has(file.scheme)) continue;
      const known = folders.get(folder.toString()) ?? { folder, names: [] };
      known.names.push(file.path.split("/").at(-1)!);
      folders.set(folder.toString(), known);
    }
    for (const { folder, names } of folders.values()) {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, names.length > 1 ? `{${names.join(",")}}` : names[0]),
      );
      const look = (uri: vscode.Uri): void => void this.read(uri);
      this.watchers.push(watcher, watcher.onDidChange(look), watcher.onDidCreate(look), watcher.onDidDelete(look));
    }
    this.changed.fire();
  }

  private unwatch(): void {
    for (const watcher of this.watchers.splice(0)) watcher.dispose();
  }

  /** Takes up what is on the disk, unless a document stands for it. A file that is gone differs. */
  private async read(uri: vscode.Uri): Promise<void> {
    const name = uri.toString();
    if (!this.texts.has(name) || uri.scheme === shippedScheme) return;
    const text = await readText(uri).catch(() => undefined);
    const open = vscode.workspace.textDocuments.find((d) => d.uri.toString() === name);
    this.note(name, open ? open.getText() : text);
  }

  private note(uri: string, now: string | undefined): void {
    const text = this.texts.get(uri);
    if (text === undefined) return;
    const differs = now !== text;
    if (differs === this.differing.has(uri)) return;
    if (differs) this.differing.add(uri);
    else this.differing.delete(uri);
    this.changed.fire();
  }
}
