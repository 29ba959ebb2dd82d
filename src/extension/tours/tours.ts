/** Tours in the source, the first steps, and what belongs to them: wired together. */
import type * as vscode from "vscode";
import type { Workers } from "../../jobs/workers";
import type { EditorHost } from "../session/debug-host";
import type { EditionFolder } from "../source/edition-files";
import type { Panel } from "../panel";
import type { ParserLoader } from "../source/parser";
import type { Programs } from "../source/programs";
import type { Scenarios } from "../scenarios";
import type { Sessions } from "../session/sessions";
import { Changes } from "./step-change";
import { CouldHappen } from "./could-happen";
import type { Driver } from "../session/driver";
import { Exchange } from "./exchange";
import { Guide } from "./guide";
import { KernelTree } from "../source/kernel-tree";
import { TourLibrary } from "./library";
import { TourDiagnostics } from "./tour-diagnostics";
import { TourProgress } from "./tour-progress";
import { Recorder } from "./recorder";
import { TourSources } from "./playing";
import { TourThread } from "./thread";
import { TourCommands } from "./tour-commands";
import { TourLenses } from "./tour-lenses";
import { TourVoice } from "./voice";
import { Welcome } from "./welcome";

/** What the rest of the extension gives to tours. */
export interface Surroundings {
  context: vscode.ExtensionContext;
  parser: ParserLoader;
  programs: Programs;
  scenarios: Scenarios;
  edition: EditionFolder;
  sessions: Sessions;
  panel: Panel;
  host: EditorHost;
  driver: Driver;
  workers: Workers;
}

export function tourParts({
  context,
  parser,
  programs,
  scenarios,
  edition,
  sessions,
  panel,
  host,
  driver,
  workers,
}: Surroundings): { start(): vscode.Disposable }[] {
  const library = new TourLibrary(context.extensionUri);
  const progress = new TourProgress(context.globalState);
  const sources = new TourSources(parser, programs, scenarios, edition);
  const thread = new TourThread(context.extensionUri);
  const guide = new Guide(sources, driver, sessions, thread, progress);
  return [
    library,
    guide,
    new TourCommands(guide, library, progress, thread, sessions, panel),
    new TourVoice(guide, thread, panel),
    new Changes(guide),
    new TourLenses(library),
    new TourDiagnostics(),
    new Recorder(sessions, sources, host),
    new Exchange(library, sources),
    new CouldHappen(sources, driver, workers),
    new Welcome(sessions, sources, driver, edition, context.extension.id),
    new KernelTree(),
  ];
}
