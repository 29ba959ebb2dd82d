/** The change that a step has made in its copy of the source, as an editor's comparison. */
import * as vscode from "vscode";
import type { Guide } from "./guide";
import { command } from "./tour-commands";

/** Documents of this scheme are the changed copies of the step that is shown. */
const scheme = "tlbscope-changed";

export class Changes implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly guide: Guide) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(this.changed, vscode.workspace.registerTextDocumentContentProvider(scheme, this), command("tlbscope.tour.change", () => this.show()));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.files().find(({ file }) => uri.path === `/${file.path}`)?.file.text ?? "";
  }

  private files() {
    return this.guide.state?.patched?.changed ?? [];
  }

  private async show(): Promise<void> {
    const { state, current } = this.guide;
    for (const { file, original } of this.files()) {
      const uri = vscode.Uri.from({ scheme, path: `/${file.path}`, query: state!.step.id });
      this.changed.fire(uri);
      await vscode.commands.executeCommand("vscode.diff", vscode.Uri.parse(original.uri, true), uri, vscode.l10n.t("{0} as “{1}” runs it", file.path.split("/").at(-1)!, current!.tour.title), { preview: true });
    }
  }
}
