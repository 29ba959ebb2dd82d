/**
 * What tours say of themselves: every sentence of the player that a reader sees, in one place.
 * Each is handed to `t` as a whole, so that it comes in the reader's language where there is a translation.
 */
import { t } from "@vscode/l10n";
import { positionAt } from "../kernel/syntax/source";
import type { CpuMode, IpiStage } from "../machine/view/view";
import type { Statement } from "./anchor/source-statements";

const line = (s: Statement): number => positionAt(s.file, s.start).line;
const short = (text: string): string => (text.length > 70 ? `${text.slice(0, 69)}…` : text);
const code = (text: string): string => `\`${short(text).replace(/`/g, "'")}\``;
const joined = (text: string): string => code(text.replace(/\s+/g, " ").trim());
const list = (names: readonly string[]): string =>
  names.map((n) => `${n}()`).reduce((all, n) => t("{0} or {1}", all, n));

export const say = {
  // --- drift ---
  noFunction: (fns: readonly string[]) =>
    t("The code has drifted too far: your source has no function {0}.", list(fns)),
  nearest: (fn: string, wanted: string, s: Statement) =>
    t(
      "The code has drifted: {0}() in your source has no {1}. The nearest statement there is {2}, on line {3}.",
      fn,
      code(wanted),
      code(s.text),
      line(s),
    ),
  missingBefore: (fn: string, wanted: string, s: Statement) =>
    t(
      "The code has drifted: in your source the statement {0} of {1}() is missing. It would stand before {2}, on " +
        "line {3}.",
      code(wanted),
      fn,
      code(s.text),
      line(s),
    ),
  missingAtEnd: (fn: string, wanted: string) =>
    t(
      "The code has drifted: in your source the statement {0} of {1}() is missing. It would stand at the end.",
      code(wanted),
      fn,
    ),
  tooFar: (fn: string, wanted: string) =>
    t("The code has drifted too far: {0}() in your source has nothing like {1}.", fn, code(wanted)),
  movedBelow: (s: Statement, other: Statement) =>
    t(
      "The code has drifted: in your source {0} was moved. It stands on line {1}, below {2}; in the tour's own " +
        "edition it stands above it.",
      code(s.text),
      line(s),
      code(other.text),
    ),
  movedAbove: (s: Statement, other: Statement) =>
    t(
      "The code has drifted: in your source {0} was moved. It stands on line {1}, above {2}; in the tour's own " +
        "edition it stands below it.",
      code(s.text),
      line(s),
      code(other.text),
    ),
  otherBranch: (s: Statement, branch: "then" | "else") =>
    branch === "else"
      ? t(
          "The code has drifted: in your source {0} doesn't stand in an else branch. It stands on line {1}.",
          code(s.text),
          line(s),
        )
      : t(
          "The code has drifted: in your source {0} doesn't stand in the first branch of an if. It stands on line {1}.",
          code(s.text),
          line(s),
        ),
  fewer: (s: Statement, n: number, wanted: number) =>
    n === 1
      ? t(
          "The code has drifted: in your source {0} stands once, and the tour means number {1}. This is the last " +
            "one, on line {2}.",
          code(s.text),
          wanted,
          line(s),
        )
      : t(
          "The code has drifted: in your source {0} stands {1} times, and the tour means number {2}. This is the " +
            "last one, on line {3}.",
          code(s.text),
          n,
          wanted,
          line(s),
        ),

  // --- the machine ---
  notThere: (cpu: number, place: string, why: string) => t("CPU{0} doesn't get to {1}: {2}.", cpu, place, why),
  notCalled: (fn: string) => t("nothing that the scenario does calls {0}()", fn),
  waits: (why: string | undefined) => (why === undefined ? t("it waits for another CPU") : t("it {0}", why)),
  waitsAt: (why: string, where: string) => t("{0}, at {1}", why, where),
  is: (what: string | undefined) => t("it is {0}", what ?? "?"),
  done: () => t("it has done all that the scenario asks of it"),
  runsOn: (steps: number) => t("after {0} steps it still runs", steps),
  notReached: (cpu: number, what: string, why: string) => t("CPU{0} doesn't run until {1}: {2}.", cpu, what, why),
  untilWaits: () => t("it waits"),
  untilAction: () => t("its action is done"),
  untilDone: () => t("all is done"),
  untilHolds: (expr: string) => t("{0} holds", code(expr)),
  untilBroken: (label: string) => t('the property "{0}" is broken', label),
  cantStep: (cpu: number, why: string) => t("CPU{0} can't take a step: {1}.", cpu, why),
  noInterrupt: (cpu: number, sender: number | undefined) =>
    sender === undefined
      ? t("No interrupt is pending for CPU{0}.", cpu)
      : t("No interrupt of CPU{0} is pending for CPU{1}.", sender, cpu),
  held: (cpu: number) => t("CPU{0} can't take its interrupt now: its interrupts are off.", cpu),
  severalInterrupts: (cpu: number) =>
    t("Several interrupts are pending for CPU{0}. Say whose: {1}.", cpu, `{ cpu: ${cpu}, sender: 1 }`),
  noHandler: (cpu: number) => t("CPU{0} is in no interrupt handler.", cpu),
  handlerStuck: (cpu: number, why: string) => t("CPU{0}'s interrupt handler doesn't come to its end: {1}.", cpu, why),
  noFill: (cpu: number, page: string) =>
    t(
      "CPU{0} can't fill its TLB with {1} now: that needs CR3 to point at page tables that map it, and the TLB " +
        "not to hold it.",
      cpu,
      page,
    ),
  noDrain: (cpu: number) => t("CPU{0} has no store in its buffer to make visible.", cpu),
  noPage: (page: string) => t("The scenario has no page {0}.", page),
  noCpu: (cpu: number) => t("The scenario has no CPU{0}.", cpu),
  noTask: (task: string) => t("The scenario has no task {0}.", task),
  noMm: (mm: string) => t("The scenario has no mm {0}.", mm),
  stuck: () => t("The CPUs don't come to an end: each waits for another."),
  endless: (steps: number) => t("The CPUs don't come to an end within {0} steps.", steps),
  noStep: (id: string) => t("The tour has no step {0}.", id),
  noScenario: (id: string) => t("There is no scenario {0}.", id),
  noMachine: (why: string) => t("The source can't be run: {0}", why),
  noParent: (id: string, why: string) =>
    t("The step that this one goes on from, {0}, could not be played: {1}", id, why),
  where: (line: number, fn: string) => t("line {0} of {1}()", line, fn),
  nowhere: () => t("between two actions"),

  // --- live values that are no C ---
  mode: (mode: CpuMode): string =>
    ({
      user: t("user"),
      idle: t("idle"),
      kernel: t("kernel"),
      interrupt: t("interrupt"),
      halted: t("halted"),
      done: t("done"),
    })[mode],
  interrupts: (on: boolean) =>
    on ? t({ message: "on", comment: "interrupts are on" }) : t({ message: "off", comment: "interrupts are off" }),
  tlbEmpty: () => t({ message: "empty", comment: "the TLB is empty" }),
  stale: (entry: string) => t("{0} (stale)", entry),
  freed: (entry: string) => t("{0} (freed)", entry),
  waitsForNothing: () => t("doesn't wait"),
  nothingMore: () => t("nothing more"),
  none: () => t("none"),

  // --- tables of an exported tour ---
  runs: () => t({ message: "runs", comment: "head of a row: what each CPU runs" }),
  at: () => t({ message: "at", comment: "head of a row: where each CPU is" }),
  interruptsAre: () => t("interrupts"),
  requests: () => t("flushes and calls"),
  waitsRow: () => t({ message: "waits", comment: "head of a row: for what each CPU waits" }),
  pages: () => t("pages"),
  stores: () => t("waiting stores"),
  request: (what: string, from: number, stage: IpiStage, held: boolean) =>
    held
      ? t("{0} from CPU{1}: {2}, held", what, from, say.stage(stage))
      : t("{0} from CPU{1}: {2}", what, from, say.stage(stage)),
  stage: (stage: IpiStage): string =>
    ({ queued: t("queued"), delivered: t("delivered"), handled: t("handled"), acknowledged: t("acknowledged") })[stage],
  tablesFreed: () => t("page tables given back"),

  // --- patches ---
  patched: (what: readonly string[]) =>
    t("This step runs a changed copy of your source: {0}. Your file stays as it is.", what.join("; ")),
  removed: (s: Statement) => t("line {0}, {1}, is taken out", line(s), code(s.text)),
  replaced: (s: Statement, by: string) => t("line {0}, {1}, becomes {2}", line(s), code(s.text), joined(by)),
  inserted: (s: Statement, text: string, side: "before" | "after") =>
    side === "before"
      ? t("{0} is put before line {1}, {2}", joined(text), line(s), code(s.text))
      : t("{0} is put after line {1}, {2}", joined(text), line(s), code(s.text)),
  moved: (s: Statement, to: Statement, side: "before" | "after") =>
    side === "before"
      ? t("line {0}, {1}, goes before {2}", line(s), code(s.text), code(to.text))
      : t("line {0}, {1}, goes after {2}", line(s), code(s.text), code(to.text)),
  cantPatch: (why: string) => t("The step's change of the source can't be made. {0}", why),

  // --- tours on another source ---
  onEdition: () =>
    t(
      "This tour is about code that your source doesn't have, or has mended. It runs on TLBscope's own edition " +
        "instead.",
    ),

  // --- questions ---
  cpu: (n: number) => `CPU${n}`,
  bit: (cpu: number, mm: string) => t("CPU{0} in mm_cpumask({1})", cpu, mm),
  noRightAnswer: () => t("No answer to this question is right here."),
  allRight: () => t("Every answer to this question is right here."),

  // --- recorded and imported tours ---
  noStops: () => t("There is nothing to make a tour of: keep a stop first."),
  editedHistory: (index: number) =>
    t(
      "A tour can't have a value set by hand in it, and step {0} of the history is one. Record from a history " +
        "without it.",
      index,
    ),
  stepTitle: (n: number) => t("Step {0}", n),
  noWords: "…",

  // --- claims ---
  noValue: (text: string, why: string) => t("{0} has no value here: {1}", code(text), why),
  badAnchor: (text: string) => t("{0} is no place in the source.", code(text)),
};
