/**
 * Kernel trees: which one a document belongs to, and the files of it that take part. The text is the editor's where a
 * file is open.
 */
import * as vscode from "vscode";
import { companionPaths, treeRootOf } from "../../kernel/companions";
import type { SourceFile } from "../../kernel/syntax/source";
import { buildPaths } from "../../kernel/tree/tree-options";
import { shippedScheme } from "./shipped";
import { exists, readText } from "../text-files";

/** Read-only documents of this scheme show a source as it runs, where that isn't the text of the reader's file. */
export const runCopyScheme = "tlbscope-run";

/** Read-only documents of this scheme are texts of the checker's. */
export const reportScheme = "tlbscope-report";

/**
 * Schemes under which the same file appears a second time (an old version, a diff's left side) or that are the shipped
 * edition.
 */
const notAFile = new Set([
  shippedScheme,
  "git",
  "gitfs",
  "vscode-local-history",
  "output",
  "debug",
  "comment",
  "vscode-scm",
  runCopyScheme,
  reportScheme,
]);

/** Documents that may be C, for what VS Code asks of one language: isCDocument decides. */
export const cSelector: vscode.DocumentSelector = [{ language: "c" }, { language: "cpp" }, { pattern: "**/*.[ch]" }];

/** Code that is C and can be part of a program, by name, for some editors call every .h C++. */
export function isCDocument(document: vscode.TextDocument): boolean {
  return (
    !notAFile.has(document.uri.scheme) &&
    (document.languageId === "c" || document.languageId === "cpp" || /\.[ch]$/.test(document.uri.path))
  );
}

/** The root of the tree that a file is in, or undefined for a file on its own. */
export function treeOf(uri: vscode.Uri): vscode.Uri | undefined {
  const root = treeRootOf(uri.path);
  return root === undefined ? undefined : uri.with({ path: root === "" ? "/" : root, query: "", fragment: "" });
}

/** A file's path from the root of its tree, or undefined when it is not under it. */
export function pathIn(root: vscode.Uri, uri: vscode.Uri): string | undefined {
  const prefix = root.path.endsWith("/") ? root.path : `${root.path}/`;
  return uri.scheme === root.scheme && uri.authority === root.authority && uri.path.startsWith(prefix)
    ? uri.path.slice(prefix.length)
    : undefined;
}

/** Code of other machines, and programs that are not the kernel. */
const elsewhere = /^(?:arch\/(?!x86\/)|tools\/|samples\/|scripts\/|Documentation\/)/;

/** Open documents of a tree, or, with no tree, those that belong to none. */
function openFiles(root: vscode.Uri | undefined): SourceFile[] {
  return vscode.workspace.textDocuments.filter(isCDocument).flatMap((document): SourceFile[] => {
    const path = root
      ? pathIn(root, document.uri)
      : treeOf(document.uri)
        ? undefined
        : document.uri.path.split("/").at(-1);
    return path === undefined || elsewhere.test(path)
      ? []
      : [{ uri: document.uri.toString(), path, text: document.getText(), origin: "open" }];
  });
}

/**
 * Every file of a tree that takes part: the open ones first, then the companions that nobody opened, and those that
 * the reader has added.
 */
export async function treeFiles(
  root: vscode.Uri | undefined,
  added: readonly vscode.Uri[] = [],
): Promise<SourceFile[]> {
  const open = openFiles(root);
  if (!root) return open;
  const known = new Set(open.map((file) => file.path));
  const companions = companionPaths.map((path) => ({ path, uri: vscode.Uri.joinPath(root, path) }));
  const build = new Set(buildPaths);
  const further = added.map((uri) => ({ path: pathIn(root, uri) ?? uri.path.split("/").at(-1)!, uri }));
  const others = await Promise.all(
    [...companions, ...buildPaths.map((path) => ({ path, uri: vscode.Uri.joinPath(root, path) })), ...further]
      .filter(({ path }) => !known.has(path))
      .map(async ({ path, uri }): Promise<SourceFile[]> => {
        try {
          const open = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
          return [
            {
              uri: uri.toString(),
              path,
              text: open?.getText() ?? (await readText(uri)),
              origin: build.has(path) ? "build" : "tree",
            },
          ];
        } catch {
          return []; // the edition stands in, and the panel says so
        }
      }),
  );
  return [...open, ...others.flat()];
}

/**
 * The tree to use when nothing names one: that of the C document in front, of another one in view, or an open folder
 * that is a tree. `undefined` means a file that is in no tree, `none` that there is no C to run at all.
 */
export async function currentTree(): Promise<vscode.Uri | undefined | "none"> {
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  for (const editor of editors) if (editor && isCDocument(editor.document)) return treeOf(editor.document.uri);
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    for (const path of companionPaths) if (await exists(vscode.Uri.joinPath(folder.uri, path))) return folder.uri;
  }
  return "none";
}
