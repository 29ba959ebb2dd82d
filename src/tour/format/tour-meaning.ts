/**
 * What a tour that has the right form may still get wrong within itself: ids that nothing has, and steps that nobody
 * reaches.
 */
import type { Located, Path } from "../../scenario/nodes";
import { didYouMean } from "../../scenario/suggest";
import type { TourProblem } from "./tour";
import type { ActionFile } from "./action-schema";
import type { TourFile } from "./tour-schema";

/** The problems of the whole file; what depends on the source or on the scenario is found by playing it. */
export function checkMeaning(file: TourFile, located: Located): TourProblem[] {
  const problems: TourProblem[] = [];
  const report = (severity: TourProblem["severity"], path: Path, message: string): void =>
    void problems.push({ message, severity, range: located.at(path) });
  const ids = file.steps.map((s) => s.id);
  const known = (id: string, path: Path, also: string[] = []): void => {
    if (!ids.includes(id) && !also.includes(id))
      report("error", path, `There is no step "${id}". ${didYouMean(id, [...ids, ...also], "")}`);
  };
  file.steps.forEach((step, i) => {
    const at = (...path: PropertyKey[]): Path => ["steps", i, ...path];
    if (ids.indexOf(step.id) < i) report("error", at("id"), `Two steps have the id "${step.id}". Rename one of them.`);
    if (step.id === "start" || step.id === "previous" || step.id === "end")
      report("error", at("id"), `"${step.id}" has a meaning of its own and can't be a step's id. Rename it.`);
    if (step.from !== "start" && step.from !== "previous") {
      known(step.from, at("from"), ["start", "previous"]);
      if (ids.indexOf(step.from) >= i)
        report(
          "error",
          at("from"),
          `Step "${step.from}" doesn't stand above this one. A step goes on from one that stands above it in the file.`,
        );
    }
    if (step.scenario !== undefined && step.from !== "start")
      report("error", at("scenario"), `Another scenario begins at its start. Write from: start beside it.`);
    if (step.next !== undefined) known(step.next, at("next"), ["end"]);
    step.branches?.forEach((b, j) => known(b.to, at("branches", j, "to")));
    for (const [name, list] of [
      ["machine", step.machine],
      ["ask", step.ask?.then],
    ] as const) {
      list?.forEach((action, j) => {
        const why = incomplete(action);
        if (why) report("error", name === "ask" ? at("ask", "then", j) : at("machine", j), why);
      });
    }
    step.patch?.forEach((p, j) => {
      if (("insert" in p || "move" in p) && (p.before === undefined) === (p.after === undefined))
        report("error", at("patch", j), `Say where: either before: or after: a place, and not both.`);
    });
  });
  if (problems.length === 0) {
    const reached = reachable(file);
    file.steps.forEach((step, i) => {
      if (!reached.has(step.id) && !step.when?.length)
        report(
          "warning",
          ["steps", i, "id"],
          `Nothing leads to step "${step.id}": neither Next nor a branch. Give a step next: or a branch to it.`,
        );
    });
  }
  return problems;
}

function incomplete(action: ActionFile): string | undefined {
  if (!("run" in action)) return undefined;
  const { to, until, times } = action.run;
  if ((to === undefined) === (until === undefined))
    return `Say where the CPU runs to: either to: a place, or until: something is so, and not both.`;
  return until !== undefined && (times ?? 1) !== 1 ? `times: goes with to:, not with until:.` : undefined;
}

function reachable(file: TourFile): Set<string> {
  const found = new Set<string>();
  const todo = [file.steps[0].id];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (found.has(id) || id === "end") continue;
    found.add(id);
    const i = file.steps.findIndex((s) => s.id === id);
    const step = file.steps[i];
    const next = step.next ?? file.steps[i + 1]?.id;
    todo.push(...(next === undefined ? [] : [next]), ...(step.branches ?? []).map((b) => b.to));
    // A step that is left out leads on to what comes after it.
    if (file.steps[i + 1]?.when?.length) todo.push(...file.steps.slice(i + 2, i + 3).map((s) => s.id));
  }
  return found;
}
