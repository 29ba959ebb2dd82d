/**
 * The files that come with the extension: the built-in edition, the environment and the scenarios, all under
 * walkthroughs/.
 */
import * as vscode from "vscode";
import { editionPaths } from "../../kernel/companions";
import { expandEdition } from "../../kernel/edition";
import type { SourceFile } from "../../kernel/syntax/source";
import { readText } from "../text-files";

/**
 * Read-only documents of this scheme show a shipped file as it takes part in a program: compact files on their own
 * lines.
 */
export const shippedScheme = "tlbscope";

const shippedUri = (file: string) => vscode.Uri.from({ scheme: shippedScheme, path: `/${file}` });

/**
 * Names of the files in one of the folders under walkthroughs/, from the list that the build makes: where the
 * extension comes over HTTP, folders can't be read.
 */
export async function shippedNames(
  extensionUri: vscode.Uri,
  folder: "scenarios" | "worlds" | "tours",
): Promise<string[]> {
  const lists = JSON.parse(await readText(vscode.Uri.joinPath(extensionUri, "dist", "shipped.json"))) as Record<
    typeof folder,
    string[]
  >;
  return lists[folder];
}

/** A scenario's file, as a read-only document. */
interface ShippedScenario {
  uri: vscode.Uri;
  text: string;
}

export class Shipped implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, Promise<string>>();
  private readonly folder: vscode.Uri;

  constructor(private readonly extensionUri: vscode.Uri) {
    this.folder = vscode.Uri.joinPath(extensionUri, "walkthroughs");
  }

  start(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(shippedScheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return this.text(uri.path.slice(1));
  }

  /** The files of the edition by their path in a tree, expanded. */
  async edition(): Promise<SourceFile[]> {
    return Promise.all(editionPaths.map((path) => this.source(`edition/${path}`, path, "edition")));
  }

  /** What a scenario's actions call. */
  environment(): Promise<SourceFile> {
    return this.source("environment.c", "environment.c", "environment");
  }

  /** The built-in scenarios, or the worlds of the checker's workloads, as read-only documents. */
  async scenarios(kind: "scenarios" | "worlds" = "scenarios"): Promise<ShippedScenario[]> {
    const names = await shippedNames(this.extensionUri, kind);
    return Promise.all(names.map((name) => this.scenario(`${kind}/${name}`)));
  }

  /** The scenario in which the reader chooses what the CPUs do. */
  freePlay(): Promise<ShippedScenario> {
    return this.scenario("free-play.yaml");
  }

  private async scenario(file: string): Promise<ShippedScenario> {
    return { uri: shippedUri(file), text: await this.text(file) };
  }

  private async source(file: string, path: string, origin: SourceFile["origin"]): Promise<SourceFile> {
    return { uri: shippedUri(file).toString(), path, text: await this.text(file), origin };
  }

  private text(file: string): Promise<string> {
    let text = this.texts.get(file);
    if (!text) this.texts.set(file, (text = readText(vscode.Uri.joinPath(this.folder, file)).then(expandEdition)));
    return text;
  }
}
