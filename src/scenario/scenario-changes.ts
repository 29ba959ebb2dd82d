/**
 * A scenario in another memory order or with other settings: what a tour, a launch configuration or the command line
 * asks for.
 */
import type { Configuration, MemoryOrder, Scenario } from "./scenario";

interface Changes {
  /** Instead of the scenario's own. */
  order?: MemoryOrder;
  /** Over the scenario's own, name by name. */
  settings?: Readonly<Record<string, number>>;
}

/** The same text for configurations that decide the same. */
export const configurationKey = ({ platform, settings = {} }: Configuration): string =>
  JSON.stringify([platform, Object.entries(settings).sort()]);

/** Settings as they are written, on and off as 1 and 0. */
export const settingsAsNumbers = (settings: Readonly<Record<string, boolean | number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, Number(value)]));

/** The same object where nothing is changed. */
export function withChanges(scenario: Scenario, { order = scenario.order, settings = {} }: Changes): Scenario {
  const other = Object.keys(settings).length > 0;
  if (order === scenario.order && !other) return scenario;
  return { ...scenario, order, ...(other ? { settings: { ...scenario.settings, ...settings } } : {}) };
}
