/** Which settings a failure hangs on: with one of them the other way, the scenario keeps what it breaks. */
import { whyNotApplicable } from "../../machine/requirements/applies";
import { LayoutError } from "../../machine/layout";
import { Machine } from "../../machine/machine";
import type { Program } from "../../kernel/ir";
import type { Setting, Settings } from "../../kernel/settings";
import { Search, type Progress, type SearchOptions } from "../search/search";

/** A setting under which a scenario fails, and with the other value doesn't. */
export type DecidingSetting = Pick<Setting, "name" | "value" | "source">;

/** The program of the same files with other settings. */
export type ProgramUnder = (settings: Settings) => Program;

/** A search of more states isn't made again for each setting. */
const MOST = 200_000;
/** A changed program may have more states than the one that fails; a larger space is given up. */
const TIMES = 4;
const SLICE = 500;

/** What a kernel's build, processor or boot decides; not what TLBscope itself is asked to look at. */
const isKernels = ({ name, kind, value }: Setting): boolean =>
  (value === 0 || value === 1) && (kind !== "option" || name.startsWith("CONFIG_"));

/** What is violated, in a search of about so many states. */
export interface FailingPart {
  machine: Machine;
  broken: readonly string[];
  states: number;
  /** Where CPUs choose what they do: only this workload. */
  choices?: readonly (readonly number[])[];
}

/**
 * Tries each setting that the program asks for the other way. Only a complete search that finds none of them, and rests
 * on nothing unknown, makes a setting one that the failure hangs on.
 */
export function* settingsBehind(
  { machine, broken, states, choices }: FailingPart,
  programUnder: ProgramUnder,
  options: SearchOptions & { cancelled?: (progress: Progress) => boolean },
): Generator<Progress, DecidingSetting[]> {
  if (states > MOST) return [];
  const { scenario, program } = machine;
  const found: DecidingSetting[] = [];
  for (const setting of program.settings.filter(isKernels)) {
    const { name, value, source } = setting;
    const other = machineUnder({ ...scenario.settings, [name]: 1 - value });
    if (!other) continue;
    const search = new Search(other, {
      reduce: true,
      symmetry: choices === undefined,
      choices,
      maxBytes: options.maxBytes,
      maxStates: TIMES * states + SLICE,
      stopAt: (property) => broken.includes(property),
    });
    while (search.run(SLICE)) {
      yield search.progress;
      if (options.cancelled?.(search.progress)) return found;
    }
    const certain = search.unknowns.size === 0 && other.program.unknowns.every((u) => !u.always);
    if (search.end === "complete" && certain && !search.properties.some((p) => broken.includes(p)))
      found.push({ name, value, source });
  }
  return found;

  function machineUnder(settings: Settings): Machine | undefined {
    const changed = programUnder(settings);
    const same = { ...scenario, settings };
    if (whyNotApplicable(changed, same) !== undefined) return undefined;
    try {
      return new Machine(changed, same);
    } catch (error) {
      if (error instanceof LayoutError) return undefined;
      throw error;
    }
  }
}
