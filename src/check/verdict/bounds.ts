/** Within which bounds a verdict stands, and what of it is exact: in a sentence or two. */
import { t } from "@vscode/l10n";
import type { Machine } from "../../machine/machine";
import type { Scenario } from "../../scenario/scenario";
import type { SearchEnd, SearchOptions } from "../search/search";
import { joined } from "../lists";

const count = {
  cpus: (n: number) => (n === 1 ? t("1 CPU") : t("{0} CPUs", n)),
  mms: (n: number) => (n === 1 ? t("1 mm") : t("{0} mms", n)),
  pages: (n: number) => (n === 1 ? t("1 page") : t("{0} pages", n)),
};

/** Where a search gave up, and what was done besides. */
interface BoundsOptions extends SearchOptions {
  walks?: number;
  shortest?: boolean;
  /** That there is no loop without end: true when that is proved, undefined when there is nothing to say of it. */
  livelockFree?: boolean;
}

/** The bounds of a search of this machine that ended in this way. */
export function describeBounds(
  { scenario, layout, program }: Machine,
  end: SearchEnd,
  reductions: Reductions,
  { maxStates, maxDepth, walks = 0, shortest = true, livelockFree }: BoundsOptions,
): string {
  const platform =
    scenario.platform === "xen"
      ? t("under Xen")
      : t({ message: "native", comment: "on the bare processor, not under Xen" });
  const size = [
    count.cpus(layout.cpuCount),
    count.mms(scenario.mms.length),
    count.pages(scenario.mms.reduce((n, m) => n + m.pages.length, 0)),
    platform,
    t("memory order {0}", scenario.order.toUpperCase()),
  ].join(", ");
  const fills = scenario.speculation ? t("speculative TLB fills at any moment") : t("no speculative TLB fills");
  const whole =
    end === "complete"
      ? `${covered(scenario)}: ${size}, ${fills}.`
      : `${early(endWords(end, maxStates, maxDepth), walks)}: ${size}, ${fills}.`;
  const counted = describeReductions(reductions);
  const exact = counted
    ? t("States are stored whole and compared exactly; {0}.", counted)
    : t("States are stored whole and compared exactly.");
  const { kind, why } = program.promise;
  const promise = !why
    ? undefined
    : kind === "at once"
      ? t("A flush is held to what it promises when it has returned, {0}.", why)
      : t("A flush is held to what it promises before a CPU uses the mm, {0}.", why);
  const loops =
    livelockFree === undefined
      ? undefined
      : livelockFree
        ? t("From every state some execution comes to the end: no loop goes on forever.")
        : t("Loops that go on forever were looked for by random walks alone.");
  return [
    whole,
    exact,
    loops,
    promise,
    shortest
      ? undefined
      : t("The executions shown may not be the shortest: the bounds were met before these were found."),
  ]
    .filter((said) => said !== undefined)
    .join(" ");
}

/** What a search that was not ended early has looked at. */
function covered({ cpus }: Scenario): string {
  const most = Math.max(0, ...cpus.map((c) => c.actions ?? 0));
  if (most === 0) return t("Every interleaving of the scenario's actions was looked at");
  return most === 1
    ? t("Every workload of at most 1 action a CPU was looked at, in every interleaving")
    : t("Every workload of at most {0} actions a CPU was looked at, in every interleaving", most);
}

/** What the answers to questions are worth, when the search for them ended early and the other didn't. */
export const describeAnswers = (end: SearchEnd, { maxStates, maxDepth }: SearchOptions): string =>
  t("The search for answers to what was asked ended early ({0}).", endWords(end, maxStates, maxDepth));

/** What a search that ended early is worth. */
function early(reason: string, walks: number): string {
  if (walks === 0)
    return t("The search ended early ({0}): what it found is certain, what it didn't find is not", reason);
  if (walks === 1)
    return t(
      "The search ended early ({0}): what it found is certain, what it didn't find is not, though 1 random walk " +
        "went on beyond it",
      reason,
    );
  return t(
    "The search ended early ({0}): what it found is certain, what it didn't find is not, though {1} random walks " +
      "went on beyond it",
    reason,
    walks,
  );
}

function endWords(end: SearchEnd, maxStates: number | undefined, maxDepth: number | undefined): string {
  switch (end) {
    case "complete":
      return "";
    case "stopped":
      return t({ message: "stopped", comment: "a search, by the reader" });
    case "broken":
      return t("at the first broken promise");
    case "too many states":
      return maxStates === undefined ? t("too many states") : t("too many states, the bound is {0}", maxStates);
    case "too deep":
      return maxDepth === undefined
        ? t("too deep")
        : maxDepth === 1
          ? t("too deep, the bound is 1 step")
          : t("too deep, the bound is {0} steps", maxDepth);
    case "too much memory":
      return t("too much memory");
  }
}

/** What a search counted as one. */
export interface Reductions {
  reduce: boolean;
  interchangeable: number[][];
  /** Why CPUs that the scenario could exchange are not interchangeable. */
  asymmetry: string | undefined;
}

function describeReductions({ reduce, interchangeable, asymmetry }: Reductions): string {
  const parts = [
    ...(reduce ? [t("a CPU's steps that no other could tell apart from none are taken together")] : []),
    ...interchangeable.map((set) =>
      t("{0} count as interchangeable, which was checked on the way", joined(set.map((c) => `CPU${c}`))),
    ),
    ...(asymmetry === undefined ? [] : [t("no CPUs count as interchangeable, for {0}", asymmetry)]),
  ];
  return joined(parts);
}
