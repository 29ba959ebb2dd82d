/** Hosts the debug adapter in the extension host, and fills in what a launch configuration leaves out. */
import * as vscode from "vscode";
import { TlbscopeDebugSession } from "../../debug/adapter";
import { DEFAULT_SCENARIO } from "../../scenario/order";
import type { EditorHost } from "./debug-host";
import type { EditionFolder } from "../source/edition-files";
import type { Scenarios } from "../scenarios";
import { debugType } from "./sessions";
import { currentTree } from "../source/tree";

export class Debug implements vscode.DebugAdapterDescriptorFactory, vscode.DebugConfigurationProvider {
  constructor(
    private readonly host: EditorHost,
    private readonly scenarios: Scenarios,
    private readonly edition: EditionFolder,
  ) {}

  start(): vscode.Disposable {
    const dynamic: vscode.DebugConfigurationProvider = { provideDebugConfigurations: () => this.offered() };
    return vscode.Disposable.from(
      vscode.debug.registerDebugAdapterDescriptorFactory(debugType, this),
      vscode.debug.registerDebugConfigurationProvider(
        debugType,
        this,
        vscode.DebugConfigurationProviderTriggerKind.Initial,
      ),
      vscode.debug.registerDebugConfigurationProvider(
        debugType,
        dynamic,
        vscode.DebugConfigurationProviderTriggerKind.Dynamic,
      ),
    );
  }

  createDebugAdapterDescriptor(): vscode.DebugAdapterDescriptor {
    return new vscode.DebugAdapterInlineImplementation(new TlbscopeDebugSession(this.host));
  }

  /** What a fresh launch.json holds. */
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [configuration(DEFAULT_SCENARIO)];
  }

  /** F5 without a launch.json comes here with nothing. */
  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    const {
      type = debugType,
      request = "launch",
      name = DEFAULT_SCENARIO,
      scenario = DEFAULT_SCENARIO,
    } = config as Partial<vscode.DebugConfiguration>;
    // The console has nothing to say that the panel doesn't; where a reader wants it, their configuration says so.
    return {
      internalConsoleOptions: "neverOpen",
      ...config,
      type,
      request,
      name,
      scenario,
      tree: config.tree ?? (await this.tree()),
    };
  }

  /** The tree in front; where there is none, the edition, unless some file stands on its own. */
  private async tree(): Promise<string | undefined> {
    const found = await currentTree();
    if (found === "none") return this.edition.uri.toString();
    return found?.toString();
  }

  /** One for each scenario, in the list of “Select and Start Debugging”. */
  private async offered(): Promise<vscode.DebugConfiguration[]> {
    return (await this.scenarios.all()).flatMap(({ name, scenario }) =>
      scenario ? [{ ...configuration(name), name: scenario.id }] : [],
    );
  }
}

function configuration(scenario: string): vscode.DebugConfiguration {
  return { type: debugType, request: "launch", name: `TLBscope: ${scenario}`, scenario };
}
