/** Reads a scenario file: the scenario, or what is wrong with it and where. */
import { explainIssue } from "./explain";
import { checkMeaning } from "./meaning";
import type { Action, Scenario, ScenarioProblem } from "./model";
import { tooDeep } from "./nesting";
import { Located } from "./nodes";
import { scenarioSchema, type ActionFile, type ScenarioFile } from "./schema";

export interface ScenarioReading {
  /** Absent when any of the problems is an error. */
  scenario?: Scenario;
  /** In the order of the text. */
  problems: ScenarioProblem[];
}

/** Never throws, whatever the text. */
export function readScenario(text: string): ScenarioReading {
  try {
    const reading = read(text);
    reading.problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
    return reading;
  } catch (e) {
    // No text is known that gets here; a fault of the YAML parser would.
    return { problems: [{ message: `This file could not be read (${String(e)}). Undo the last change.`, severity: "error", range: { start: 0, end: text.length } }] };
  }
}

function read(text: string): ScenarioReading {
  const deep = tooDeep(text);
  if (deep) return { problems: [{ message: "Lists and maps are nested too deeply here to be read. Close the brackets before, or indent less.", severity: "error", range: deep }] };
  const located = new Located(text);
  const problems = [...located.problems];
  if (problems.some((p) => p.severity === "error")) return { problems };
  const parsed = scenarioSchema.safeParse(located.value ?? undefined);
  if (!parsed.success) {
    if (located.value === null || located.value === undefined) return { problems: [...problems, { message: "This file is empty. Write a scenario: id, about, mms, tasks and cpus.", severity: "error", range: located.at([]) }] };
    return { problems: [...problems, ...parsed.error.issues.flatMap((issue) => explainIssue(issue, located))] };
  }
  problems.push(...checkMeaning(parsed.data, located));
  if (problems.some((p) => p.severity === "error")) return { problems };
  return { scenario: toScenario(parsed.data, located), problems };
}

function toScenario(file: ScenarioFile, located: Located): Scenario {
  return {
    id: file.id,
    about: file.about.trim(),
    platform: file.platform,
    order: file.order,
    speculation: file.speculation,
    mms: Object.entries(file.mms ?? {}).map(([name, mm]) => ({ name, pages: mm?.pages ?? [], ldt: mm?.ldt ?? false })),
    tasks: Object.entries(file.tasks ?? {}).map(([name, task]) => (task?.mm === undefined ? { name } : { name, mm: task.mm })),
    cpus: file.cpus.map((cpu, i) => ({
      starts: cpu.starts,
      does: (cpu.does ?? []).map((action, j) => ({ action: toAction(action), range: located.valueRange(["cpus", i, "does", j]) })),
    })),
  };
}

function toAction(action: ActionFile): Action {
  if (action === "exit") return { do: "exit" };
  if ("schedule" in action) return { do: "schedule", task: action.schedule };
  if ("touch" in action) return { do: "touch", page: action.touch };
  if ("munmap" in action) return { do: "munmap", page: action.munmap };
  if ("mmap" in action) return { do: "mmap", page: action.mmap };
  if ("reclaim" in action) return { do: "reclaim", ...action.reclaim };
  return { do: "exec", mm: action.exec };
}
