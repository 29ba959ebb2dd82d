/** Marks behind the lines of a file where what runs is a changed copy of it. */
import * as vscode from "vscode";

/** How such lines are drawn; whoever makes the type disposes of it. */
export const changedLineMark = (): vscode.TextEditorDecorationType =>
  vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("diffEditor.insertedLineBackground"),
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.addedForeground"),
    after: { margin: "0 0 0 2em", fontStyle: "italic", color: new vscode.ThemeColor("editorCodeLens.foreground") },
  });

/** What runs in place of each line that differs. Lines keep their numbers in a changed copy. */
export function changedLines(was: string, now: string): vscode.DecorationOptions[] {
  const old = was.split("\n");
  return now.split("\n").flatMap((line, i) => {
    if (line === old[i]) return [];
    const contentText = shortly(old[i] ?? "", line);
    return [
      {
        range: new vscode.Range(i, 0, i, (old[i] ?? "").length),
        hoverMessage: new vscode.MarkdownString().appendCodeblock(line.trim(), "c"),
        renderOptions: { after: { contentText } },
      },
    ];
  });
}

/** What is new in a line, where the rest of it stayed; there is little room behind it. */
function shortly(was: string, now: string): string {
  const kept = was.trimEnd();
  if (/^;?$/.test(now.trim())) return vscode.l10n.t("✗ left out here");
  return now.startsWith(kept) ? `+ ${now.slice(kept.length).trim()}` : `→ ${now.trim()}`;
}
