/** Verdicts in the words of the view, the lens and the status: one place for all three. */
import * as vscode from "vscode";
import { askedName, type AskedProperty } from "../../check/search/asked";
import type { Counterexample, Verdict } from "../../check/verdict/verdict";
import type { JobProgress } from "../../jobs/protocol";
import { isInterrupt, type Move } from "../../machine/machine";
import type { JobError } from "../../jobs/workers";
import { questionWords } from "./asked-questions";
import { isOpen, rowName, type Checked, type Row } from "./check-rows";
import { failing, promisedIn, type Promised, type Standing } from "./promised";
import { workloadOutcome, workloadRest, workloadsHold } from "./workload-words";

export const number = (n: number): string => n.toLocaleString();

/** `holds`, `fails`. */
export function standingWord(standing: Standing): string {
  switch (standing) {
    case "holds":
      return vscode.l10n.t("holds");
    case "fails":
      return vscode.l10n.t("fails");
    case "never reached":
      return vscode.l10n.t("never reached");
    case "unknown":
      return vscode.l10n.t("can't say");
    case "happens":
      return vscode.l10n.t("it happens");
    case "never happens":
      return vscode.l10n.t("it never happens");
  }
}

const outcomeWord = (outcome: Verdict["outcome"]): string =>
  outcome === "doesn't apply" ? vscode.l10n.t("doesn't apply") : standingWord(outcome);

const colours = {
  holds: "testing.iconPassed",
  fails: "testing.iconFailed",
  "never reached": "testing.iconSkipped",
  unknown: "testing.iconQueued",
  happens: "testing.iconPassed",
  "never happens": "testing.iconSkipped",
  "doesn't apply": "testing.iconSkipped",
} as const;
const icons = {
  holds: "pass",
  fails: "error",
  "never reached": "circle-slash",
  unknown: "question",
  happens: "check",
  "never happens": "circle-slash",
  "doesn't apply": "circle-slash",
} as const;

/** An icon that differs in its shape, not in its colour alone. */
export const standingIcon = (standing: Standing | Verdict["outcome"]): vscode.ThemeIcon =>
  new vscode.ThemeIcon(icons[standing], new vscode.ThemeColor(colours[standing]));
export const standingCodicon = (standing: Standing): string => `$(${icons[standing]})`;

/** `1,234,567 states, up to 40 steps long; 300,000 states a second; 1,234 are still to be looked at`. */
export function progressWords({ states, depth, rate, queue }: JobProgress): string {
  return vscode.l10n.t(
    "{0} states, up to {1} steps long; {2} states a second; {3} still to be looked at",
    number(states),
    depth,
    number(rate),
    number(queue),
  );
}

/** `0.2 s`. */
const duration = (ms: number): string =>
  vscode.l10n.t("{0} s", ms < 9950 ? (ms / 1000).toFixed(1) : number(Math.round(ms / 1000)));

/** Premises that are named in a row; the rest are counted. */
const NAMED = 2;

/** `PAGE_MASK, which isn't known`: what a verdict rests on, by names. */
export function restsOnWords(premises: Verdict["restsOn"]): string {
  const names = [...new Set(premises.map((p) => p.name))];
  const list = names.slice(0, NAMED).join(", ");
  return names.length > NAMED
    ? vscode.l10n.t("{0} and {1} more, which aren't known", list, names.length - NAMED)
    : names.length > 1
      ? vscode.l10n.t("{0}, which aren't known", list)
      : vscode.l10n.t("{0}, which isn't known", list);
}

/** Why it can't be said, or that there is nothing to say. */
function earlyWords({ outcome, end, idle, restsOn }: Verdict): string {
  if (idle) return `: ${vscode.l10n.t("nothing happens")}`;
  if (outcome !== "unknown") return "";
  if (restsOn.length) return `: ${vscode.l10n.t("it rests on {0}", restsOnWords(restsOn))}`;
  switch (end) {
    case "stopped":
      return `: ${vscode.l10n.t("cancelled")}`;
    case "too much memory":
      return `: ${vscode.l10n.t("the bound on memory was met")}`;
    case "too many states":
      return `: ${vscode.l10n.t("the bound on states was met")}`;
    default:
      return "";
  }
}

/** What to do where a search met a bound. */
export function boundWords({ end }: Verdict): string | undefined {
  switch (end) {
    case "too much memory":
      return vscode.l10n.t(
        "To look at more, raise the setting “tlbscope.check.maxMemory”, or make the scenario smaller.",
      );
    case "too many states":
      return vscode.l10n.t(
        "To look at more, raise the setting “tlbscope.check.maxStates”, or make the scenario smaller.",
      );
    default:
      return undefined;
  }
}

/** How a row stands: `holds · 5,432 states · 0.2 s`. */
export function rowWords(row: Row, outOfDate: boolean): string {
  const { state, verdict, progress, before, workloads } = row;
  const rest = workloads && workloadRest(row, workloads);
  if (rest !== undefined && !verdict)
    return [rest, ...(isOpen(row) && progress ? [vscode.l10n.t("{0} states", number(progress.states))] : [])].join(
      " · ",
    );
  if (state === "waiting" && !verdict) return vscode.l10n.t("waits for its turn");
  if (state === "failed") return vscode.l10n.t("could not be checked");
  if (!verdict)
    return [
      state === "paused" ? vscode.l10n.t("paused") : vscode.l10n.t("checking"),
      ...(progress ? [vscode.l10n.t("{0} states", number(progress.states))] : []),
    ].join(" · ");
  if (verdict.properties.length === 0 && verdict.restsOn.length === 0) return verdict.bounds;
  const changed =
    before && before.outcome !== verdict.outcome ? [vscode.l10n.t("{0} before", outcomeWord(before.outcome))] : [];
  return [
    ...(outOfDate ? [vscode.l10n.t("out of date")] : []),
    workloads
      ? workloadOutcome(row, outcomeWord(verdict.outcome) + earlyWords(verdict))
      : outcomeWord(verdict.outcome) + earlyWords(verdict),
    ...(rest === undefined ? [] : [rest]),
    ...changed,
    vscode.l10n.t("{0} states", number(verdict.progress.states)),
    duration(row.ms ?? 0),
  ].join(" · ");
}

/** `34 steps, 3 switches between CPUs`. */
export function exampleWords({ moves, switches }: Counterexample): string {
  if (moves.length === 0) return vscode.l10n.t("before the first step");
  return switches === 1
    ? vscode.l10n.t("{0} steps, 1 switch between CPUs", moves.length)
    : vscode.l10n.t("{0} steps, {1} switches between CPUs", moves.length, switches);
}

/** `110 steps, 1 interrupt taken`: what distinguishes one execution that keeps every property from another. */
export function sampleWords(moves: readonly Move[]): string {
  const taken = moves.filter(isInterrupt).length;
  return taken === 1
    ? vscode.l10n.t("{0} steps, 1 interrupt taken", moves.length)
    : vscode.l10n.t("{0} steps, {1} interrupts taken", moves.length, taken);
}

/** Why a row has no verdict, and what to do. */
export function failureWords(error: JobError): string {
  switch (error.kind) {
    case "refused":
      return error.message;
    case "memory":
      return vscode.l10n.t(
        "The search ran out of memory. What it had found until then stands here. Lower the setting " +
          "“tlbscope.check.maxMemory”, so that it ends in time with a verdict on what it saw, or make the scenario " +
          "smaller.",
      );
    case "died":
      return vscode.l10n.t(
        "The program that searches ended by itself ({0}). What it had found until then stands here. Check again; " +
          "if it happens again, please report it.",
        error.message,
      );
    case "failed":
      return vscode.l10n.t("TLBscope made a mistake here: {0} Please report it.", error.message);
  }
}

/** What is known of a row without a verdict: what is broken, and how much was looked at before it ended. */
export function soFar({ broken, happens, error, progress }: Row): { label: string; icon: string }[] {
  return [
    ...(broken.length ? [{ icon: "error", label: vscode.l10n.t("Broken so far: {0}.", broken.join(", ")) }] : []),
    ...happens.map((words) => ({ icon: "check", label: vscode.l10n.t("It happens: {0}.", words) })),
    ...(error && progress
      ? [
          {
            icon: "info",
            label: vscode.l10n.t(
              "Looked at before it ended: {0} states, up to {1} steps long.",
              number(progress.states),
              progress.depth,
            ),
          },
        ]
      : []),
  ];
}

/** What the rows in which a function runs say together, for the lens above it. */
export function summary(rows: readonly Row[]): { standing: Standing; words: string } | undefined {
  const [scenarios, worlds] = [rows.filter((r) => !r.workloads), rows.filter((r) => r.workloads && r.verdict)];
  const done = [...scenarios.filter((r) => r.verdict), ...worlds];
  if (done.length === 0) return undefined;
  const broken = done.flatMap((row) => failing(row.verdict).map((property) => ({ row, property })));
  if (broken.length > 0) {
    // A scenario, which tells a story, is better to begin with than any workload; of several the shortest execution.
    const length = (p: Promised): number => p.executions[0]?.moves.length ?? Infinity;
    const [{ row, property }] = broken.sort(
      (a, b) =>
        Number(a.row.workloads !== undefined) - Number(b.row.workloads !== undefined) ||
        length(a.property) - length(b.property),
    );
    const more = broken.length === 1 ? "" : ` ${vscode.l10n.t("and {0} more", broken.length - 1)}`;
    const words = vscode.l10n.t("fails: {0} in {1}", property.id, rowName(row)) + more;
    return { standing: "fails", words };
  }
  const premises = done.flatMap((r) => r.verdict!.restsOn);
  if (premises.length > 0)
    return { standing: "unknown", words: vscode.l10n.t("can't say: it rests on {0}", restsOnWords(premises)) };
  if (done.length < scenarios.length + worlds.length || done.some((r) => r.verdict!.outcome === "unknown"))
    return { standing: "unknown", words: vscode.l10n.t("can't say: not every interleaving was looked at") };
  const orders = [...new Set(done.map((r) => r.scenario.order.toUpperCase()))].join(" + ");
  const words = vscode.l10n.t("holds in {0} scenarios, {1}", new Set(scenarios.map((r) => r.name)).size, orders);
  const more = workloadsHold(worlds.filter((r) => r.verdict!.outcome === "holds"));
  return { standing: "holds", words: more === undefined ? words : `${words}, ${more}` };
}

/** Why a question can be asked of no row's program: a mistake in it, most likely. */
function mistakeIn(rows: readonly Row[], question: AskedProperty): string[] {
  const answers = rows.flatMap((r) => promisedIn(r.verdict).filter((p) => p.id === askedName(question)));
  return answers.length > 0 && answers.every((p) => p.refused !== undefined)
    ? [vscode.l10n.t("The question “{0}” can't be asked: {1}", questionWords(question), answers[0].refused!)]
    : [];
}

/** How far the whole check is, for the line above the list of rows. */
export function headline({ rows, asked }: Checked, paused: boolean, outOfDate: boolean): string | undefined {
  const open = rows.filter((r) => r.state === "running" || r.state === "paused");
  const now = open.map((r) => `${rowName(r)}${r.progress ? `: ${progressWords(r.progress)}` : ""}.`).join(" ");
  const all = (of: (r: Row) => string[]): string => [...new Set(rows.flatMap(of))].join(", ");
  const broken = all((r) => (r.verdict ? failing(r.verdict).map((p) => (p.question ? p.label : p.id)) : r.broken));
  const happens = all((r) =>
    r.verdict
      ? promisedIn(r.verdict)
          .filter((p) => p.standing === "happens")
          .map((p) => p.label)
      : r.happens,
  );
  const soFar = [
    broken ? vscode.l10n.t("Broken so far: {0}.", broken) : vscode.l10n.t("Nothing is broken so far."),
    ...(happens ? [vscode.l10n.t("It happens: {0}.", happens)] : []),
  ].join(" ");
  const stale = outOfDate ? vscode.l10n.t("The source has changed since: check again.") : undefined;
  const ended = rows.filter((r) => !isOpen(r)).length;
  if (open.length === 0 && ended === rows.length)
    return [...asked.flatMap((p) => mistakeIn(rows, p)), stale].filter(Boolean).join(" ") || undefined;
  const head = paused
    ? vscode.l10n.t("Paused, {0} of {1} done. {2}", ended, rows.length, soFar)
    : vscode.l10n.t("Checking, {0} of {1} done. {2}", ended, rows.length, soFar);
  return [head, now, stale].filter(Boolean).join(" ");
}
