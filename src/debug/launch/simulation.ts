/** Makes a machine that is ready to step from a launch configuration, or says why there is none. */
import type { Program } from "../../kernel/ir";
import { buildProgram } from "../../kernel/program";
import { describeDiagnostic } from "../../kernel/program-problems";
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import { whyNotApplicable } from "../../machine/requirements/applies";
import { LayoutError } from "../../machine/layout";
import { Machine } from "../../machine/machine";
import { UnknownSetting } from "../../machine/requirements/settings-check";
import { settingsAsNumbers, withChanges } from "../../scenario/scenario-changes";
import type { Scenario } from "../../scenario/scenario";
import { readScenario } from "../../scenario/read-scenario";
import { Trace } from "../../trace/trace";
import { baseName } from "../client-sources";
import { DebugError, messageOf } from "../debug-error";
import type { DebugHost, LaunchConfig } from "../host";
import { kernelName } from "./kernel-version";

/** What one launch runs; a restart makes another one from the documents as they are then. */
export interface Simulation {
  program: Program;
  scenario: Scenario;
  /** The scenario's text, as a file among the others. */
  script: SourceFile;
  kernel: string;
  machine: Machine;
  trace: Trace;
}

/**
 * Reads the documents and the scenario and puts them together. Throws a DebugError that says what the reader has to
 * put right.
 */
export async function buildSimulation(host: DebugHost, config: LaunchConfig): Promise<Simulation> {
  const script = await scriptOf(host, config);
  const scenario = scenarioIn(script, config);
  const files = await host.files(config);
  const program = buildProgram({
    parser: await host.parser(),
    files,
    platform: scenario.platform,
    settings: scenario.settings,
  });
  const no = whyNotApplicable(program, scenario);
  if (no !== undefined) throw new DebugError(`The scenario ${scenario.id} doesn't apply to this kernel. ${no}`);
  try {
    const machine = new Machine(program, scenario);
    return { program, scenario, script, kernel: kernelName(files), machine, trace: new Trace(machine) };
  } catch (e) {
    if (e instanceof UnknownSetting)
      throw new DebugError(`${e.line === undefined ? "" : `${script.path}:${e.line}: `}${e.plain}`);
    if (!(e instanceof LayoutError)) throw e;
    const first = program.diagnostics.find((d) => d.severity === "error");
    throw new DebugError(
      `The scenario ${scenario.id} can't be run on this source. ` +
        `${e.message}${first ? ` The source has a mistake: ${describeDiagnostic(first)}` : ""}`,
    );
  }
}

async function scriptOf(host: DebugHost, config: LaunchConfig): Promise<SourceFile> {
  let found;
  try {
    found = await host.scenario(config.scenario);
  } catch (e) {
    throw new DebugError(messageOf(e));
  }
  return { uri: found.uri, path: baseName(found.uri), text: found.text, origin: "open" };
}

function scenarioIn(script: SourceFile, config: LaunchConfig): Scenario {
  const { scenario, problems } = readScenario(script.text);
  if (!scenario) {
    const [first, ...rest] = problems.filter((p) => p.severity === "error");
    const more =
      rest.length === 0
        ? ""
        : ` (${rest.length} more ${rest.length === 1 ? "mistake is" : "mistakes are"} marked in the file.)`;
    throw new DebugError(`${script.path}:${positionAt(script, first.range.start).line}: ${first.message}${more}`);
  }
  return withChanges(scenario, { order: config.order, settings: settingsAsNumbers(config.settings ?? {}) });
}
