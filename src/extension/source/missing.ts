/**
 * Asks for what no file of a program defines, once for each tree and name: for the header that defines it, where the
 * tree has one that the source includes, else for any that the reader knows of. The session goes on in either case.
 */
import * as vscode from "vscode";
import { headersOf } from "../../kernel/headers";
import type { Missing } from "../../kernel/program-problems";
import type { SourceFile } from "../../kernel/syntax/source";
import type { Programs } from "./programs";
import { readText } from "../text-files";

/** Names that are listed before the rest is only counted. */
const NAMED = 4;

interface Header {
  uri: vscode.Uri;
  path: string;
}

export class MissingNames {
  private readonly asked = new Set<string>();

  constructor(private readonly programs: Programs) {}

  /** Those of the names that weren't asked for before. */
  fresh(root: vscode.Uri, names: readonly string[]): string[] {
    return names.filter((name) => !this.asked.has(`${root.toString()} ${name}`));
  }

  /** Asks, and restarts the session with what the reader gives. */
  async ask(root: vscode.Uri, { names, users }: Missing, files: readonly SourceFile[]): Promise<void> {
    for (const name of names) this.asked.add(`${root.toString()} ${name}`);
    const found = await headersOf({ names, users }, new Set(files.map((f) => f.path)), (path) =>
      readText(vscode.Uri.joinPath(root, path)).catch(() => undefined),
    );
    const { absent } = found;
    const headers = found.headers.map(({ path }): Header => ({ path, uri: vscode.Uri.joinPath(root, path) }));
    const use = headers.length > 1 ? vscode.l10n.t("Use These Headers") : vscode.l10n.t("Use This Header"),
      choose = vscode.l10n.t("Choose a Header…");
    const buttons = [...(headers.length ? [use] : []), choose];
    const chosen = await vscode.window.showWarningMessage(
      [missingWords(names), whereWords(headers, absent)].join(" "),
      ...buttons,
    );
    const given = chosen === use ? headers.map((h) => h.uri) : chosen === choose ? await pick(root) : [];
    if (given.length === 0) return;
    this.programs.add(root, given);
    for (const uri of given) await vscode.window.showTextDocument(uri, { preview: false, preserveFocus: true });
    await vscode.commands.executeCommand("tlbscope.restart");
  }
}

function missingWords(names: readonly string[]): string {
  if (names.length === 1)
    return vscode.l10n.t("No file that runs defines {0}: it counts as 0 or does nothing, and the rest runs.", names[0]);
  const list =
    names.length > NAMED
      ? vscode.l10n.t("{0} and {1} more", names.slice(0, NAMED).join(", "), names.length - NAMED)
      : names.join(", ");
  return vscode.l10n.t("No file that runs defines {0}: each counts as 0 or does nothing, and the rest runs.", list);
}

function whereWords(headers: readonly Header[], absent: readonly string[]): string {
  if (headers.length === 1) return vscode.l10n.t("{0} seems to.", headers[0].path);
  if (headers.length > 1) return vscode.l10n.t("{0} seem to.", headers.map((h) => h.path).join(", "));
  if (absent.length === 1) return vscode.l10n.t("The source includes {0}, which this tree doesn't have.", absent[0]);
  return absent.length > 1
    ? vscode.l10n.t(
        "The source includes {0}, which this tree doesn't have.",
        absent.length > NAMED
          ? vscode.l10n.t("{0} and {1} more", absent.slice(0, NAMED).join(", "), absent.length - NAMED)
          : absent.join(", "),
      )
    : "";
}

async function pick(root: vscode.Uri): Promise<vscode.Uri[]> {
  return (
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("A Header That Defines What Is Missing"),
      defaultUri: root,
      canSelectMany: true,
      filters: { C: ["h", "c"] },
      openLabel: vscode.l10n.t("Use It"),
    })) ?? []
  );
}
