/** The extension, on the desktop and in the browser: the constructor wires, activate starts. */
import * as vscode from "vscode";
import { Workers, type Listener, type Worker } from "../jobs/workers";
import { checkerParts } from "./checker/checker";
import { megabytes } from "./checker/check-settings";
import { SessionCommands } from "./session/session-commands";
import { Completions } from "./scenario-completions";
import { Debug } from "./session/debug";
import { EditorHost } from "./session/debug-host";
import { Diagnostics } from "./diagnostics";
import { EditionFolder } from "./source/edition-files";
import { InstallCommandLine, type Launcher as CommandLineLauncher } from "./install-command-line";
import { Gutter } from "./session/gutter";
import { InlineValues } from "./session/inline-values";
import { speakTheReadersLanguage } from "./display-language";
import { Launcher } from "./session/launcher";
import { SessionLenses } from "./session/session-lenses";
import { MissingNames } from "./source/missing";
import { Panel } from "./panel";
import { ParserLoader } from "./source/parser";
import { Programs } from "./source/programs";
import { Scenarios } from "./scenarios";
import { Sessions } from "./session/sessions";
import { Shipped } from "./source/shipped";
import { Simulate } from "./session/simulate";
import { StatusBar } from "./session/status-bar";
import { tourParts } from "./tours/tours";
import { Copies } from "./source/source-copies";
import { Driver } from "./session/driver";

/** What differs between the desktop and the browser. */
interface Platform {
  /** Searches that may run at once. */
  most: number;
  /** Starts a worker whose objects may take this many megabytes, beside the states. */
  start(listener: Listener, megabytes: number): Promise<Worker>;
  /** Puts the command line where a shell finds it; undefined where there is no shell. */
  launcher?: CommandLineLauncher;
}

class Tlbscope {
  private readonly parts: { start(): vscode.Disposable }[];

  constructor(context: vscode.ExtensionContext, platform: Platform) {
    const { extensionUri, globalStorageUri } = context;
    const shipped = new Shipped(extensionUri);
    const parser = new ParserLoader(extensionUri);
    const programs = new Programs(parser, shipped);
    const scenarios = new Scenarios(shipped);
    const edition = new EditionFolder(globalStorageUri, shipped);
    const sessions = new Sessions();
    const launcher = new Launcher(sessions);
    const copies = new Copies();
    const driver = new Driver(sessions, launcher, copies);
    const workers = new Workers({
      most: platform.most,
      start: (listener) => platform.start(listener, megabytes()),
      load: async () => ({ ...(await parser.bytes()), words: vscode.l10n.bundle }),
    });
    const host = new EditorHost(parser, programs, scenarios, edition, sessions, copies, new MissingNames(programs));
    const panel = new Panel(extensionUri, sessions);
    this.parts = [
      shipped,
      scenarios,
      edition,
      sessions,
      new Debug(host, scenarios, edition),
      new Simulate(programs, scenarios, workers, launcher, driver),
      new SessionCommands(sessions, scenarios, launcher),
      panel,
      new SessionLenses(sessions),
      new Gutter(sessions),
      new InlineValues(),
      new StatusBar(sessions),
      new Diagnostics(programs, workers),
      new Completions(),
      new InstallCommandLine(context.globalState, platform.launcher),
      ...checkerParts({ workers, most: platform.most, programs, scenarios, edition, driver }),
      ...tourParts({ context, parser, programs, scenarios, edition, sessions, panel, host, driver, workers }),
    ];
  }

  start(): vscode.Disposable {
    return vscode.Disposable.from(...this.parts.map((part) => part.start()));
  }
}

/** Called by the entry of each platform (src/entry). */
export function activateWith(context: vscode.ExtensionContext, platform: Platform): void {
  speakTheReadersLanguage();
  context.subscriptions.push(new Tlbscope(context, platform).start());
}
