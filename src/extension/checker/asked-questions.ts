/** What the reader promises or asks for besides: what the settings say, and what was asked in this window. */
import * as vscode from "vscode";
import { askedName, type AskedProperty } from "../../check/search/asked";
import { asked, changeAsked } from "./check-settings";

export class Questions {
  private own: AskedProperty[] = [];

  /** Those of the settings first. */
  get all(): AskedProperty[] {
    const kept = asked();
    return [...kept, ...this.own.filter((p) => !has(kept, p))];
  }

  isKept(p: AskedProperty): boolean {
    return has(asked(), p);
  }

  /** Asks from now on, with every check of this window. */
  add(p: AskedProperty): void {
    if (!has(this.all, p)) this.own = [...this.own, p];
  }

  /** Writes a question to the settings: the workspace's where one is open. */
  async keep(p: AskedProperty): Promise<void> {
    const target = vscode.workspace.workspaceFolders?.length
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
    await changeAsked(target, (list) => (has(list, p) ? list : [...list, p]));
    this.own = without(this.own, p);
  }

  /** Asks no longer, wherever it was written. */
  async drop(p: AskedProperty): Promise<void> {
    this.own = without(this.own, p);
    for (const target of [vscode.ConfigurationTarget.Workspace, vscode.ConfigurationTarget.Global] as const)
      await changeAsked(target, (list) => (has(list, p) ? without(list, p) : list));
  }
}

const has = (list: readonly AskedProperty[], p: AskedProperty): boolean =>
  list.some((q) => askedName(q) === askedName(p));
const without = (list: readonly AskedProperty[], p: AskedProperty): AskedProperty[] =>
  list.filter((q) => askedName(q) !== askedName(p));

/** `next == prev in switch_mm()`. */
export const questionWords = ({ text, in: fn }: AskedProperty): string =>
  fn === undefined ? text : vscode.l10n.t("{0} in {1}()", text, fn);
