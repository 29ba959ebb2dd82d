/** What was found on kernel trees, as a table to read: tree × scenario, each in both memory orders. */
import type { Verdict } from "../../src/check/verdict/verdict";
import type { MemoryOrder } from "../../src/scenario/scenario";

/** One search: what came of it, and how long it took. */
export interface Result {
  verdict: Verdict;
  ms: number;
}

/** Results of one scenario on one tree, perhaps with settings of its own. */
export interface Row {
  tree: string;
  scenario: string;
  /** Names of the settings that are on. */
  settings: readonly string[];
  results: Partial<Record<MemoryOrder, Result>>;
  /** Why failures are right. */
  known: readonly string[];
}

export const brokenIn = (v: Verdict): string[] =>
  v.properties.filter((p) => p.counterexamples.length > 0).map((p) => p.id);

/** `stale-translation in 204 steps`: the shortest execution of each. */
export const stepsOf = (v: Verdict, of: readonly string[] = brokenIn(v)): string =>
  v.properties
    .filter((p) => of.includes(p.id))
    .flatMap((p) => p.counterexamples.slice(0, 1).map((c) => `${p.id} in ${c.moves.length} steps`))
    .join(", ");

const number = (n: number): string => n.toLocaleString("en");

/** Verdict, states, transitions, seconds. */
function cells(result: Result | undefined, note: string): string[] {
  if (!result) return ["", "", "", ""];
  const { verdict: v, ms } = result;
  if (v.outcome === "doesn't apply") return [v.outcome, "", "", ""];
  const shortest = Math.min(...v.properties.flatMap((p) => p.counterexamples.map((c) => c.moves.length)));
  const word =
    v.outcome === "fails" ? `fails in ${shortest}${note}` : v.outcome === "unknown" ? "undecided" : v.outcome;
  return [word, number(v.progress.states), number(v.progress.edges), `${(ms / 1000).toFixed(1)} s`];
}

/** The table, and below it why each failure is right. */
export function tableOf(rows: readonly Row[]): string {
  const notes = [...new Set(rows.flatMap((r) => r.known))];
  const head = ["", "", "SC", "states", "steps", "", "TSO", "states", "steps", ""];
  const lines = rows.map((r, i) => {
    const note = r.known.map((why) => ` [${notes.indexOf(why) + 1}]`).join("");
    const name =
      r.scenario + (r.settings.length ? ` +${r.settings.map((s) => s.replace("X86_FEATURE_", "")).join(" +")}` : "");
    return [
      rows[i - 1]?.tree === r.tree ? "" : r.tree,
      name,
      ...cells(r.results.sc, note),
      ...cells(r.results.tso, note),
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column].length)));
  const right = new Set([3, 4, 5, 7, 8, 9]);
  const text = [head, ...lines].map((line) =>
    line
      .map((cell, column) => (right.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
  return [...text, ...(notes.length ? ["", ...notes.map((why, i) => `[${i + 1}] ${why}`)] : [])].join("\n");
}
