/** A mark in the gutter for each CPU, at the statement that it executes next. */
import * as vscode from "vscode";
import type { PanelState } from "../../panel/messages";
import { rangeOf } from "../reveal";
import type { Sessions } from "./sessions";

/** Room for the numbers of the CPUs that stand on one line; more are shown as `0+`. */
const most = 3;

export class Gutter {
  /** One kind of mark per set of CPUs: an editor draws only one icon on a line. */
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();

  constructor(private readonly sessions: Sessions) {}

  start(): vscode.Disposable {
    const show = () => this.show(this.sessions.state);
    return vscode.Disposable.from(
      this.sessions.onDidChangeState(show),
      vscode.window.onDidChangeVisibleTextEditors(show),
      { dispose: () => this.types.forEach((type) => type.dispose()) },
    );
  }

  private show(state: PanelState | undefined): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      const lines = new Map<number, number[]>();
      for (const cpu of state?.view.cpus ?? []) {
        if (cpu.at && vscode.Uri.parse(cpu.at.file).toString() === uri)
          lines.set(cpu.at.line, [...(lines.get(cpu.at.line) ?? []), cpu.id]);
      }
      const marks = new Map<string, vscode.DecorationOptions[]>();
      for (const [line, ids] of lines) {
        const at = state!.view.cpus.find((cpu) => cpu.id === ids[0])!.at!;
        const range = rangeOf(at);
        const hoverMessage = ids.map((id) => hover(state!, id));
        const key = ids.join(",");
        marks.set(key, [
          ...(marks.get(key) ?? []),
          { range: new vscode.Range(line - 1, range.start.character, line - 1, range.start.character), hoverMessage },
        ]);
      }
      for (const key of marks.keys())
        if (!this.types.has(key)) this.types.set(key, markFor(key.split(",").map(Number)));
      for (const [key, type] of this.types) editor.setDecorations(type, marks.get(key) ?? []);
    }
  }
}

function hover(state: PanelState, id: number): vscode.MarkdownString {
  const cpu = state.view.cpus.find((c) => c.id === id)!;
  const text = cpu.waits
    ? vscode.l10n.t("CPU{0} ({1}) stands here: {2}", id, cpu.task, cpu.waits)
    : vscode.l10n.t("CPU{0} ({1}) executes this next", id, cpu.task);
  return new vscode.MarkdownString().appendText(text);
}

function markFor(cpus: number[]): vscode.TextEditorDecorationType {
  const icon = (fill: string, ink: string) => ({
    gutterIconPath: vscode.Uri.parse(`data:image/svg+xml;utf8,${encodeURIComponent(svg(cpus, fill, ink))}`),
  });
  return vscode.window.createTextEditorDecorationType({
    gutterIconSize: "contain",
    light: icon("#1a5fb4", "#ffffff"),
    dark: icon("#99c1f1", "#10233f"),
    overviewRulerColor: new vscode.ThemeColor("debugIcon.breakpointCurrentStackframeForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

/** A chip with the CPUs' numbers, its pins above and below, so that it is no breakpoint and no arrow. */
function svg(cpus: number[], fill: string, ink: string): string {
  const text = cpus.length > most ? `${cpus[0]}+` : cpus.join("");
  const size = text.length === 1 ? 11.5 : text.length === 2 ? 9 : 7;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path d="M4.5 0v16M8 ` +
    `0v16M11.5 0v16" stroke="${fill}" stroke-width="1.4"/><rect x="1" y="1.8" width="14" height="12.4" rx="2" ` +
    `fill="${fill}"/><text x="8" y="${8 + size * 0.36}" font-family="sans-serif" font-weight="bold" ` +
    `font-size="${size}" text-anchor="middle" fill="${ink}">${text}</text></svg>`
  );
}
