/**
 * What the reader should know about the source, at its place: squiggles in C and in scenarios, and faded text where
 * nothing is modelled.
 */
import * as vscode from "vscode";
import { readScenario } from "../scenario/read-scenario";
import type { Scenario } from "../scenario/scenario";
import type { Workers } from "../jobs/workers";
import type { Programs } from "./source/programs";
import { protocolFunctions } from "./source/protocol-functions";
import { scenarioSelector } from "./scenarios";
import { currentTree, isCDocument, treeOf } from "./source/tree";

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};
/** A pause in typing. */
const pause = 400;

export class Diagnostics {
  private readonly collection = vscode.languages.createDiagnosticCollection("tlbscope");
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly programs: Programs,
    private readonly workers: Workers,
  ) {}

  start(): vscode.Disposable {
    for (const document of vscode.workspace.textDocuments) this.soon(document, 0);
    return vscode.Disposable.from(
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.soon(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.soon(document, pause)),
      vscode.workspace.onDidCloseTextDocument((document) => this.collection.delete(document.uri)),
      { dispose: () => this.timers.forEach((timer) => clearTimeout(timer)) },
    );
  }

  private soon(document: vscode.TextDocument, delay: number): void {
    const scenario = vscode.languages.match(scenarioSelector, document) > 0;
    if (!scenario && !isCDocument(document)) return;
    // One program's files are checked together, so one timer does for all of them.
    const key = scenario ? document.uri.toString() : (treeOf(document.uri)?.toString() ?? "");
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        if (scenario) void this.checkScenario(document).catch(() => undefined);
        // whoever starts a session sees why it can't
        else void this.checkTree(treeOf(document.uri)).catch(() => undefined);
      }, delay),
    );
  }

  private async checkScenario(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed) return;
    const text = document.getText();
    const { problems, scenario } = readScenario(text);
    const found = problems.map(({ message, severity, range }) => {
      const at = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
      return mark(at, message, severities[severity]);
    });
    this.collection.set(document.uri, found);
    const settings = scenario ? await this.settingsWithoutEffect(document, scenario) : [];
    if (settings.length > 0 && !document.isClosed && document.getText() === text)
      this.collection.set(document.uri, [...found, ...settings]);
  }

  /** Settings that the source in view doesn't ask for. It is one of many that the scenario may run on: a warning. */
  private async settingsWithoutEffect(document: vscode.TextDocument, scenario: Scenario): Promise<vscode.Diagnostic[]> {
    if (Object.keys(scenario.settings ?? {}).length === 0) return [];
    const tree = treeOf(document.uri) ?? (await currentTree());
    const files = await this.programs.files(tree === "none" ? undefined : tree);
    const unknown = await this.workers.run({ kind: "settings", files, scenario }).answer;
    return unknown.map(({ name, message }) => {
      const line = document.lineAt((scenario.settingLines?.get(name) ?? 1) - 1);
      const at = line.text.indexOf(name);
      const range = at < 0 ? line.range : new vscode.Range(line.lineNumber, at, line.lineNumber, at + name.length);
      return mark(range, message, vscode.DiagnosticSeverity.Warning);
    });
  }

  /** All open files of a tree: an edit in one may cure or break another. */
  private async checkTree(root: vscode.Uri | undefined): Promise<void> {
    const documents = vscode.workspace.textDocuments.filter(
      (d) => isCDocument(d) && treeOf(d.uri)?.toString() === root?.toString(),
    );
    if (!documents.some((d) => protocolFunctions(d).length > 0)) {
      for (const document of documents) this.collection.delete(document.uri);
      return;
    }
    const files = await this.programs.files(root);
    const texts = new Map(files.map((f) => [f.uri, f.text]));
    const found = new Map<string, Map<string, vscode.Diagnostic>>();
    // A worker reads the whole program: here it would keep every other extension waiting.
    const job = { kind: "diagnose", files } as const;
    const diagnosed = await this.workers.run(job).answer;
    // Whoever checks next doesn't have to wait until the other workers have read the source too.
    this.workers.prepare(job);
    for (const { severity, message, uri, start, end, code } of diagnosed) {
      const document = documents.find((d) => d.uri.toString() === uri);
      // A text that has changed since is checked again soon; its offsets mean nothing now.
      if (!document || document.getText() !== texts.get(uri)) continue;
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const diagnostic = mark(
        range,
        message,
        code === "not-modelled" ? vscode.DiagnosticSeverity.Hint : severities[severity],
      );
      diagnostic.code = code;
      if (code === "not-modelled") diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
      const own = found.get(uri) ?? new Map<string, vscode.Diagnostic>();
      own.set(`${start} ${end} ${message}`, diagnostic);
      found.set(uri, own);
    }
    for (const document of documents)
      if (!document.isClosed)
        this.collection.set(document.uri, [...(found.get(document.uri.toString())?.values() ?? [])]);
  }
}

function mark(range: vscode.Range, message: string, severity: vscode.DiagnosticSeverity): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, message, severity);
  diagnostic.source = "TLBscope";
  return diagnostic;
}
