/** Reads a scenario file: the scenario, or what is wrong with it and where. */
import { settingsAsNumbers } from "./scenario-changes";
import { explainIssue } from "./schema-issue";
import { actionsOn, choiceOn } from "./expand-choice";
import { checkMeaning } from "./scenario-meaning";
import type { Action, Scenario, ScenarioProblem } from "./scenario";
import type { Located } from "./nodes";
import { readYaml } from "./read-yaml";
import { scenarioSchema, type ActionFile, type ScenarioFile } from "./scenario-schema";

interface ScenarioReading {
  /** Absent when any of the problems is an error. */
  scenario?: Scenario;
  /** In the order of the text. */
  problems: ScenarioProblem[];
}

/** Never throws, whatever the text. */
export function readScenario(text: string): ScenarioReading {
  const { value: scenario, problems } = readYaml(text, {
    noun: "scenario",
    holds: "id, about, mms, tasks and cpus",
    schema: scenarioSchema,
    explain: explainIssue,
    meaning: checkMeaning,
    make: toScenario,
  });
  return { scenario, problems };
}

function toScenario(file: ScenarioFile, located: Located): Scenario {
  return {
    id: file.id,
    about: file.about.trim(),
    platform: file.platform,
    order: file.order,
    speculation: file.speculation,
    ...(file.settings
      ? {
          settings: settingsAsNumbers(file.settings),
          settingLines: new Map(
            Object.keys(file.settings).map((name) => [name, located.lineOf(["settings", name])] as const),
          ),
        }
      : {}),
    mms: Object.entries(file.mms ?? {}).map(([name, mm]) => ({ name, pages: mm?.pages ?? [], ldt: mm?.ldt ?? false })),
    tasks: Object.entries(file.tasks ?? {}).map(([name, task]) =>
      task?.mm === undefined ? { name } : { name, mm: task.mm },
    ),
    cpus: file.cpus.map((cpu, i) => ({
      starts: cpu.starts,
      does: actionsOn(file, i).map(({ action, path }) => ({
        action: toAction(action),
        range: located.valueRange(path),
      })),
      ...(choiceOn(file, i) && { actions: choiceOn(file, i)!.actions }),
    })),
  };
}

function toAction(action: ActionFile): Action {
  if (action === "exit") return { do: "exit" };
  if ("schedule" in action) return { do: "schedule", task: action.schedule };
  if ("touch" in action) return { do: "touch", page: action.touch };
  if ("munmap" in action) return { do: "munmap", page: action.munmap };
  if ("munmap_table" in action) return { do: "munmap_table", page: action.munmap_table };
  if ("mmap" in action) return { do: "mmap", page: action.mmap };
  if ("reclaim" in action) return { do: "reclaim", ...action.reclaim };
  if ("global_asid" in action) return { do: "global_asid", mm: action.global_asid };
  return { do: "exec", mm: action.exec };
}
