/** The scenarios there are to run: the built-in ones, and the files of the workspace. */
import * as vscode from "vscode";
import type { Scenario } from "../scenario/scenario";
import { FIRST_WORLD, simplestFirst } from "../scenario/order";
import { readScenario } from "../scenario/read-scenario";
import { inReadersLanguage } from "./display-language";
import type { Shipped } from "./source/shipped";
import { reportScheme } from "./source/tree";
import { readText } from "./text-files";

/** The rule for a scenario file: a name that ends so, anywhere; and the built-in ones where they are. */
export const scenarioSelector: vscode.DocumentSelector = [
  { pattern: "**/*.tlbscope.{yaml,yml}" },
  { pattern: "**/walkthroughs/scenarios/*.yaml" },
];

export interface FoundScenario {
  /** What a launch configuration names it by: the id of a built-in one, the URI of a file. */
  name: string;
  uri: vscode.Uri;
  builtIn: boolean;
  text: string;
  /** Absent when the file has mistakes. */
  scenario?: Scenario;
}

const glob = "**/*.tlbscope.{yaml,yml}";

export class Scenarios {
  /** Files of the workspace, found once and then kept up to date by a watcher. */
  private files: Thenable<vscode.Uri[]> | undefined;

  constructor(private readonly shipped: Shipped) {}

  start(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(glob, false, true, false);
    const forget = () => (this.files = undefined);
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeWorkspaceFolders(forget),
    );
  }

  /** All of them, the built-in ones first, the simplest of these before the others. */
  async all(): Promise<FoundScenario[]> {
    const own = (await this.shipped.scenarios()).map(builtIn);
    own.sort((a, b) => (a.scenario && b.scenario ? simplestFirst(a.scenario, b.scenario) : 0));
    this.files ??= vscode.workspace.findFiles(glob, "**/node_modules/**", 200);
    const found = await this.files;
    const open = vscode.workspace.textDocuments
      .filter((d) => /\.tlbscope\.ya?ml$/.test(d.uri.path) || (d.uri.scheme === "untitled" && d.languageId === "yaml"))
      .map((d) => d.uri);
    const uris = [...new Map([...found, ...open].map((uri) => [uri.toString(), uri])).values()];
    return [...own, ...(await Promise.all(uris.map((uri) => this.read(uri))))];
  }

  /** The worlds of the checker's workloads, the one that most promises are tried in first. */
  async worlds(): Promise<FoundScenario[]> {
    const worlds = (await this.shipped.scenarios("worlds")).map(builtIn);
    return worlds.sort((a, b) => Number(b.name === FIRST_WORLD) - Number(a.name === FIRST_WORLD));
  }

  /** The scenario in which the reader chooses what the CPUs do. */
  async freePlay(): Promise<FoundScenario> {
    return builtIn(await this.shipped.freePlay());
  }

  /** One of them, by the name that a launch configuration gives: an id, a URI, or a path in the workspace. */
  async find(name: string): Promise<FoundScenario> {
    const all = await this.all();
    const uri = this.resolve(name);
    const shipped = [...all, await this.freePlay()];
    const known =
      shipped.find((s) => s.name === name || s.uri.toString() === uri?.toString()) ??
      shipped.find((s) => s.scenario?.id === name);
    if (known) return known;
    const ids = all.flatMap((s) => s.scenario?.id ?? []).join(", ");
    if (!uri)
      throw new Error(
        vscode.l10n.t(
          'There is no scenario "{0}". Name one of these, or a file that ends in .tlbscope.yaml: {1}.',
          name,
          ids,
        ),
      );
    try {
      return await this.read(uri);
    } catch {
      throw new Error(
        vscode.l10n.t(
          'The scenario file {0} can\'t be read. Correct "scenario" in the launch configuration, or name one of ' +
            "these: {1}.",
          name,
          ids,
        ),
      );
    }
  }

  private resolve(name: string): vscode.Uri | undefined {
    if (/^[a-zA-Z][\w+.-]+:/.test(name)) return vscode.Uri.parse(name, true);
    if (!/\.ya?ml$/.test(name)) return undefined;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    return folder && !name.startsWith("/")
      ? vscode.Uri.joinPath(folder, name)
      : (folder ?? vscode.Uri.file("/")).with({ path: name });
  }

  private async read(uri: vscode.Uri): Promise<FoundScenario> {
    const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
    const text =
      document?.getText() ??
      (uri.scheme === reportScheme ? (await vscode.workspace.openTextDocument(uri)).getText() : await readText(uri));
    return { name: uri.toString(), uri, builtIn: false, text, scenario: scenarioOf(text) };
  }
}

const builtIn = ({ uri, text }: { uri: vscode.Uri; text: string }): FoundScenario => ({
  name: uri.path
    .split("/")
    .at(-1)!
    .replace(/\.yaml$/, ""),
  uri,
  builtIn: true,
  text,
  scenario: scenarioOf(text),
});

/** A scenario with what it says of itself in the reader's language. */
function scenarioOf(text: string): Scenario | undefined {
  const { scenario } = readScenario(text);
  return scenario && { ...scenario, about: inReadersLanguage(scenario.about) };
}
