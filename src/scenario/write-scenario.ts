/** A scenario as the text of a file that read-scenario.ts reads as the same. */
import { Document, isMap, isPair, isScalar, isSeq, visit } from "yaml";
import type { Action, CpuScript, Scenario } from "./scenario";

/** The text of a scenario file. What has its default value is left out. */
export function scenarioText(s: Scenario): string {
  const file = new Document({
    id: s.id,
    about: s.about,
    ...(s.platform === "xen" ? { platform: s.platform } : {}),
    ...(s.order === "tso" ? { order: s.order } : {}),
    ...(s.speculation ? {} : { speculation: false }),
    ...(s.settings && Object.keys(s.settings).length ? { settings: s.settings } : {}),
    mms: Object.fromEntries(s.mms.map((m) => [m.name, { pages: m.pages, ...(m.ldt ? { ldt: true } : {}) }])),
    tasks: Object.fromEntries(s.tasks.map(({ name, mm }) => [name, mm === undefined ? {} : { mm }])),
    cpus: s.cpus.map(cpuFile),
  });
  visit(file, {
    // What a person writes on one line stands on one line: the settings, an mm, a task, an action.
    Collection: (_key, node, path) => {
      const depth = path.filter((n) => isMap(n) || isSeq(n)).length;
      const [pair] = path.slice(-1);
      const isSettings = depth === 1 && isPair(pair) && isScalar(pair.key) && pair.key.value === "settings";
      if (depth > 3 || (depth === 2 && isPair(pair)) || isSettings) node.flow = true;
    },
  });
  return file.toString({ lineWidth: 100 });
}

function cpuFile({ starts, does, actions }: CpuScript) {
  const list = does.map(({ action }) => actionFile(action));
  if (actions !== undefined) return { starts, does: { any: list, actions } };
  return list.length ? { starts, does: list } : { starts };
}

function actionFile(a: Action): unknown {
  switch (a.do) {
    case "exit":
      return "exit";
    case "schedule":
      return { schedule: a.task };
    case "exec":
    case "global_asid":
      return { [a.do]: a.mm };
    case "reclaim":
      return { reclaim: { mm: a.mm, page: a.page, pte: a.pte } };
    default:
      return { [a.do]: a.page };
  }
}
