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

/** Each of these names that is no setting of the program, with what to say of it. */
export function unknownSettings(program: Program, names: readonly string[]): { name: string; message: string }[] {
  return names.flatMap((name) => {
    if (unknownSetting(program, [name]) === undefined) return [];
    const near = nearest(name, settingNames(program));
    const asked = program.settings.map((s) => s.name).join(", ");
    const message =
      `There is no setting "${name}": the source doesn't ask for it. ` +
      (near !== undefined
        ? `Did you mean "${near}"?`
        : asked === ""
          ? "It asks for no settings at all."
          : `Settings that it asks for: ${asked}.`);
    return [{ name, message }];
  });
}

/** Throws an UnknownSetting for the first of the scenario's settings that nothing asks for. */
export function mustKnowSettings(program: Program, scenario: Scenario): void {
  const [unknown] = unknownSettings(program, Object.keys(scenario.settings ?? {}));
  if (unknown) throw new UnknownSetting(unknown.message, scenario.settingLines?.get(unknown.name), scenario.id);
}
