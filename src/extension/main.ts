/** The extension, on the desktop and in the browser: the constructor wires, activate starts. */
import * as vscode from "vscode";
import { Commands } from "./commands";
import { Completions } from "./completions";
import { Debug } from "./debug";
import { EditorHost } from "./debug-host";
import { Diagnostics } from "./diagnostics";
import { EditionFolder } from "./edition";
import { Gutter } from "./gutter";
import { InlineValues } from "./inline-values";
import { speakTheReadersLanguage } from "./language";
import { Launcher } from "./launcher";
import { Lenses } from "./lenses";
import { Panel } from "./panel";
import { ParserLoader } from "./parser";
import { Programs } from "./programs";
import { Scenarios } from "./scenarios";
import { Sessions } from "./sessions";
import { Shipped } from "./shipped";
import { Simulate } from "./simulate";
import { StatusBar } from "./status";
import { tourParts } from "./tours";
import { Copies } from "./tours/copies";

class Tlbscope {
  private readonly parts: { start(): vscode.Disposable }[];

  constructor(context: vscode.ExtensionContext) {
    const { extensionUri, globalStorageUri } = context;
    const shipped = new Shipped(extensionUri);
    const parser = new ParserLoader(extensionUri);
    const programs = new Programs(parser, shipped);
    const scenarios = new Scenarios(shipped);
    const edition = new EditionFolder(globalStorageUri, shipped);
    const sessions = new Sessions();
    const launcher = new Launcher(sessions);
    const copies = new Copies();
    const host = new EditorHost(parser, programs, scenarios, edition, sessions, copies);
    const panel = new Panel(extensionUri, sessions);
    this.parts = [
      shipped, scenarios, edition, sessions,
      new Debug(host, scenarios, edition),
      new Simulate(programs, scenarios, launcher),
      new Commands(sessions, scenarios, launcher),
      panel,
      new Lenses(sessions),
      new Gutter(sessions),
      new InlineValues(),
      new StatusBar(sessions),
      new Diagnostics(programs),
      new Completions(),
      ...tourParts({ context, parser, programs, scenarios, edition, sessions, launcher, panel, host, copies }),
    ];
  }

  start(): vscode.Disposable {
    return vscode.Disposable.from(...this.parts.map((part) => part.start()));
  }
}

export function activate(context: vscode.ExtensionContext): void {
  speakTheReadersLanguage();
  context.subscriptions.push(new Tlbscope(context).start());
}
