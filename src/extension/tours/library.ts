/** The tours there are to take: the built-in ones, and the files of the workspace. */
import * as vscode from "vscode";
import type { Tour, TourProblem } from "../../tour/format/tour";
import { readTour } from "../../tour/format/read-tour";
import { copiesOf, inWordsOf, translateTour } from "../../tour/format/translate";
import { inReadersLanguage } from "../display-language";
import { shippedNames } from "../source/shipped";
import { exists, readText } from "../text-files";

/** The rule for a tour file: a name that ends so, anywhere. */
export const tourSelector: vscode.DocumentSelector = [{ pattern: "**/*.tour.{yaml,yml}" }];
/** Those, and their translated copies: what is checked while it is written. */
export const tourFileSelector: vscode.DocumentSelector = [{ pattern: "**/*.tour{,.*}.{yaml,yml}" }];

const glob = "**/*.tour.{yaml,yml}";

export interface FoundTour {
  /** What it is remembered by: the id of a built-in one, the URI of a file. */
  key: string;
  uri: vscode.Uri;
  builtIn: boolean;
  /** Absent when the file has mistakes. */
  tour?: Tour;
  problems: TourProblem[];
}

/** The built-in tours in the order in which one leads to the next; others come after them. */
const order = ["first-look", "the-mail", "borrow", "flush", "too-early", "the-bug"];

export class TourLibrary {
  private readonly folder: vscode.Uri;
  private builtIn: Promise<FoundTour[]> | undefined;
  /** Files of the workspace, found once and then kept up to date by a watcher. */
  private files: Thenable<vscode.Uri[]> | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly extensionUri: vscode.Uri) {
    this.folder = vscode.Uri.joinPath(extensionUri, "walkthroughs", "tours");
  }

  start(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.tour{,.*}.{yaml,yml}");
    const forget = () => {
      this.files = undefined;
      this.changed.fire();
    };
    return vscode.Disposable.from(
      watcher,
      this.changed,
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      watcher.onDidChange(() => this.changed.fire()),
      vscode.workspace.onDidChangeWorkspaceFolders(forget),
    );
  }

  /** All of them, the built-in ones first. */
  async all(): Promise<FoundTour[]> {
    this.builtIn ??= this.shipped();
    this.files ??= vscode.workspace.findFiles(glob, "**/node_modules/**", 200);
    const [builtIn, found] = await Promise.all([this.builtIn, this.files]);
    const open = vscode.workspace.textDocuments
      .filter((d) => vscode.languages.match(tourSelector, d) > 0 || isUntitledTour(d))
      .map((d) => d.uri);
    const uris = [...new Map([...found, ...open].map((uri) => [uri.toString(), uri])).values()];
    return [...builtIn, ...(await Promise.all(uris.map((uri) => this.read(uri, false))))];
  }

  /** One of them by its key, or by its tour's id. */
  async find(name: string): Promise<FoundTour> {
    const all = await this.all();
    const found = all.find((t) => t.key === name) ?? all.find((t) => t.tour?.id === name);
    if (found) return found;
    throw new Error(
      vscode.l10n.t(
        "There is no tour {0}. Take one of these: {1}.",
        name,
        all.flatMap((t) => t.tour?.id ?? []).join(", "),
      ),
    );
  }

  private async shipped(): Promise<FoundTour[]> {
    const names = await shippedNames(this.extensionUri, "tours");
    const found = await Promise.all(names.map((name) => this.read(vscode.Uri.joinPath(this.folder, name), true)));
    const place = ({ tour }: FoundTour) => (tour && order.includes(tour.id) ? order.indexOf(tour.id) : order.length);
    return found.sort((a, b) => place(a) - place(b));
  }

  private async read(uri: vscode.Uri, builtIn: boolean): Promise<FoundTour> {
    const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
    const { tour: written, problems } = readTour(document?.getText() ?? (await readText(uri)));
    const tour =
      written && (builtIn ? translateTour(written, inReadersLanguage) : await inLanguageBeside(written, uri));
    return { key: builtIn && tour ? tour.id : uri.toString(), uri, builtIn, tour, problems };
  }
}

/**
 * A reader's own tour in the words of the translated copy that stands beside it, if there is one for VS Code's
 * language.
 */
async function inLanguageBeside(tour: Tour, uri: vscode.Uri): Promise<Tour> {
  for (const path of copiesOf(uri.path, vscode.env.language)) {
    const copy = uri.with({ path });
    const open = vscode.workspace.textDocuments.find((d) => d.uri.toString() === copy.toString());
    const text = open?.getText() ?? ((await exists(copy)) ? await readText(copy) : undefined);
    const words = text === undefined ? undefined : readTour(text).tour;
    if (words) return inWordsOf(tour, words);
  }
  return tour;
}

/** A recorded tour that nobody has saved yet can be tried at once. */
const isUntitledTour = (d: vscode.TextDocument): boolean =>
  d.uri.scheme === "untitled" && d.languageId === "yaml" && /^steps:/m.test(d.getText());
