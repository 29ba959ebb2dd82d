/** What a CPU's choice comes to: words alone become all actions of their kind. */
import type { Path } from "./nodes";
import type { ActionFile, ChoiceFile, ScenarioFile } from "./scenario-schema";

/** An action of a CPU, and where the file writes it. */
export interface WrittenAction {
  action: ActionFile;
  path: Path;
}

export const idleTask = (cpu: number) => `swapper/${cpu}`;

/** Does this CPU choose what it does? */
export const choiceOn = (file: ScenarioFile, cpu: number): ChoiceFile | undefined => {
  const { does } = file.cpus[cpu];
  return does && !Array.isArray(does) ? does : undefined;
};

/** What a CPU is asked to do, or may choose from, in the order of the file. */
export function actionsOn(file: ScenarioFile, cpu: number): WrittenAction[] {
  const { does } = file.cpus[cpu];
  if (!does) return [];
  const at: Path = ["cpus", cpu, "does"];
  if (Array.isArray(does)) return does.map((action, j) => ({ action, path: [...at, j] }));
  const seen = new Set<string>();
  return does.any.flatMap((item, j) =>
    expand(file, cpu, item).flatMap((action): WrittenAction[] => {
      const key = JSON.stringify(action);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ action, path: [...at, "any", j] }];
    }),
  );
}

function expand(file: ScenarioFile, cpu: number, item: ChoiceFile["any"][number]): ActionFile[] {
  if (typeof item !== "string" || item === "exit") return [item];
  const mms = Object.entries(file.mms ?? {});
  const pages = [...new Set(mms.flatMap(([, mm]) => mm?.pages ?? []))];
  switch (item) {
    case "schedule":
      return [...ownTasks(file, cpu), idleTask(cpu)].map((schedule) => ({ schedule }));
    case "touch":
      return pages.map((touch) => ({ touch }));
    case "munmap":
      return pages.map((munmap) => ({ munmap }));
    case "munmap_table":
      return pages.map((munmap_table) => ({ munmap_table }));
    case "mmap":
      return pages.map((mmap) => ({ mmap }));
    case "reclaim":
      return mms.flatMap(([mm, of]) =>
        (of?.pages ?? []).map((page) => ({ reclaim: { mm, page, pte: "xchg" as const } })),
      );
    case "exec":
      return unowned(file).map((exec) => ({ exec }));
    case "global_asid":
      return mms.map(([global_asid]) => ({ global_asid }));
  }
}

/** Tasks that no other CPU starts with or names. */
function ownTasks(file: ScenarioFile, cpu: number): string[] {
  const others = new Set(file.cpus.flatMap((other, c) => (c === cpu ? [] : [other.starts, ...namedOn(file, c)])));
  return Object.keys(file.tasks ?? {}).filter((task) => !others.has(task));
}

/** Tasks that a CPU is told to schedule by their names. */
function namedOn(file: ScenarioFile, cpu: number): string[] {
  const { does } = file.cpus[cpu];
  const items = !does ? [] : Array.isArray(does) ? does : does.any;
  return items.flatMap((item) => (typeof item === "object" && "schedule" in item ? [item.schedule] : []));
}

/** Mms that no task has at the start. */
function unowned(file: ScenarioFile): string[] {
  const owned = new Set(Object.values(file.tasks ?? {}).flatMap((task) => task?.mm ?? []));
  return Object.keys(file.mms ?? {}).filter((mm) => !owned.has(mm));
}
