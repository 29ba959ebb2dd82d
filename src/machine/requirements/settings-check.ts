/** Refuses a scenario whose settings the program doesn't have: they would be without effect, and the answer wrong. */
import { settingNames, unknownSetting } from "../../kernel/known-settings";
import type { Program } from "../../kernel/ir";
import type { Scenario } from "../../scenario/scenario";
import { nearest } from "../../scenario/suggest";
import { LayoutError } from "../structs";

/** A setting that isn't one. */
export class UnknownSetting extends LayoutError {
  constructor(
    /** What to say where the place is said already. */
    readonly plain: string,
    /** Its line in the scenario's file, if it stands there. */
    readonly line: number | undefined,
    scenario: string,
  ) {
    super(`${scenario}${line === undefined ? "" : `:${line}`}: ${plain}`);
  }
}

/** Throws an UnknownSetting for the first of the scenario's settings that nothing asks for. */
export function mustKnowSettings(program: Program, scenario: Scenario): void {
  const name = unknownSetting(program, Object.keys(scenario.settings ?? {}));
  if (name === undefined) return;
  const near = nearest(name, settingNames(program));
  const asked = program.settings.map((s) => s.name).join(", ");
  throw new UnknownSetting(
    `There is no setting "${name}": the source doesn't ask for it. ` +
      (near === undefined ? `Settings that it asks for: ${asked}.` : `Did you mean "${near}"?`),
    scenario.settingLines?.get(name),
    scenario.id,
  );
}
