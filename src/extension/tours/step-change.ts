/** The change that a step has made in its copy of the source: beside the line that it is in, and as a comparison. */
import * as vscode from "vscode";
import { changedLineMark, changedLines } from "../changed-lines";
import type { Guide } from "./guide";
import { command } from "../command";

/** Documents of this scheme are the changed copies of the step that is shown. */
const scheme = "tlbscope-changed";

export class Changes implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly mark = changedLineMark();

  constructor(private readonly guide: Guide) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      this.mark,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      command("tlbscope.tour.change", () => this.compare()),
      this.guide.onDidChange(() => this.show()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.show()),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.files().find(({ file }) => uri.path === `/${file.path}`)?.file.text ?? "";
  }

  private files() {
    return this.guide.state?.patched?.changed ?? [];
  }

  /** What runs in place of a line stands behind it. */
  private show(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const change = this.files().find(
        ({ original }) => vscode.Uri.parse(original.uri, true).toString() === editor.document.uri.toString(),
      );
      editor.setDecorations(this.mark, change ? changedLines(change.original.text, change.file.text) : []);
    }
  }

  private async compare(): Promise<void> {
    const { state, current } = this.guide;
    for (const { file, original } of this.files()) {
      const uri = vscode.Uri.from({ scheme, path: `/${file.path}`, query: state!.step.id });
      this.changed.fire(uri);
      await vscode.commands.executeCommand(
        "vscode.diff",
        vscode.Uri.parse(original.uri, true),
        uri,
        vscode.l10n.t("{0} as “{1}” runs it", file.path.split("/").at(-1)!, current!.tour.title),
        { preview: true },
      );
    }
  }
}
