/** The comment that a tour speaks in: one thread, at the step's place. */
import * as vscode from "vscode";
import type { SourcePlace } from "../../machine/view/view";
import { showPlace } from "../reveal";

const controllerId = "tlbscope.tour";

/** Lines to be seen above the one that is spoken of; fewer in a low editor, where the words need the room. */
const linesAbove = (editor: vscode.TextEditor): number =>
  (editor.visibleRanges[0]?.end.line ?? 0) - (editor.visibleRanges[0]?.start.line ?? 0) < 32 ? 3 : 8;

export interface Spoken {
  /** `2 of 14 · Off to a kernel thread`. */
  label: string;
  /** Who speaks: the tour. */
  tour: string;
  body: vscode.MarkdownString;
  place: SourcePlace;
}

export class TourThread {
  private controller: vscode.CommentController | undefined;
  private thread: vscode.CommentThread | undefined;
  private shown: Spoken | undefined;

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** What it says now. */
  get said(): Spoken | undefined {
    return this.shown;
  }

  /** Says it, and shows the place in the editor unless `quietly`. */
  async say(spoken: Spoken, quietly = false): Promise<void> {
    this.write(spoken);
    // Only now: an editor that opens draws the comments that are there, and may lose one that comes while it looks for
    // them.
    if (!quietly) await this.reveal(spoken.place);
  }

  private write(spoken: Spoken): void {
    const { thread, shown } = this;
    const same = thread && shown?.place.file === spoken.place.file && shown.place.line === spoken.place.line;
    if (same && shown.label === spoken.label && shown.body.value === spoken.body.value) return;
    this.shown = spoken;
    const comment: vscode.Comment = {
      author: { name: spoken.tour, iconPath: vscode.Uri.joinPath(this.extensionUri, "media", "icon.png") },
      body: spoken.body,
      mode: vscode.CommentMode.Preview,
      contextValue: "tlbscope.tour",
    };
    if (same) {
      thread.label = spoken.label;
      thread.comments = [comment];
      return;
    }
    const line = new vscode.Range(spoken.place.line - 1, 0, spoken.place.line - 1, 0);
    this.controller ??= vscode.comments.createCommentController(controllerId, vscode.l10n.t("TLBscope tour"));
    const made = this.controller.createCommentThread(vscode.Uri.parse(spoken.place.file, true), line, [comment]);
    made.label = spoken.label;
    made.canReply = false;
    made.contextValue = "tlbscope.tour";
    made.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    this.thread = made;
    thread?.dispose();
  }

  /** Puts the focus on the words, for reading them by keyboard or screen reader. */
  async focus(): Promise<void> {
    if (!this.shown || !this.thread) return;
    await showPlace(this.shown.place);
    this.thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    await vscode.commands.executeCommand("workbench.action.focusCommentOnCurrentLine");
  }

  /** The line goes to the upper third of the editor: the words stand below it. */
  private async reveal(place: SourcePlace): Promise<void> {
    await showPlace(place);
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.toString() !== vscode.Uri.parse(place.file, true).toString()) return;
    const top = Math.max(0, place.line - 1 - linesAbove(editor));
    editor.revealRange(new vscode.Range(top, 0, top, 0), vscode.TextEditorRevealType.AtTop);
  }

  clear(): void {
    this.controller?.dispose();
    this.controller = this.thread = this.shown = undefined;
  }
}
