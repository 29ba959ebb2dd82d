/** Makes the state that the panel shows, from a trace and what the session knows beside it. */
import { t } from "@vscode/l10n";
import type { SourceFile } from "../kernel/syntax/source";
import { describe } from "../machine/view/describe";
import { cellName } from "../machine/view/locals";
import { moveCpu } from "../machine/machine";
import { ipisAt } from "../trace/ipis";
import { propertiesAt } from "../trace/property-status";
import type { Entry, Trace } from "../trace/trace";
import { changesBetween } from "./state-changes";
import { marksOf } from "./marks";
import type { PanelState } from "./messages";
import { statementPlace, statementSentence, statementStart } from "../trace/statement";

/** What the trace doesn't know. */
interface SessionFacts {
  trace: Trace;
  /** The scenario's file. */
  script: SourceFile;
  kernel: string;
  standIns: readonly SourceFile[];
  selectedCpu: number;
  /** Index at which the last command began, when it went over more than one statement; changes are listed from it. */
  since?: number;
  notice?: string;
}

/** Events that the panel lists. */
const EVENTS = 12;

export function panelState(facts: SessionFacts): PanelState {
  const { trace, script } = facts;
  const { machine, cursor } = trace;
  const { scenario } = machine;
  const from = facts.since !== undefined && facts.since < cursor ? facts.since : statementStart(trace, cursor);
  const before = trace.entry(from).state;
  return {
    scenario: scenario.id,
    about: scenario.about,
    kernel: facts.kernel,
    standIns: facts.standIns.map((f) => f.path),
    restsOn: trace.restsOn.map(({ name, message, path, line, at }) => ({ name, message, path, line, at })),
    settings: machine.program.settings.map(({ name, value, source }) => ({ name, value, source })),
    order: scenario.order.toUpperCase(),
    step: cursor,
    last: trace.last,
    sentence: sentenceOf(facts, from),
    place: statementPlace(trace, cursor, script),
    changes: changesBetween(machine, before, trace.state),
    view: describe(machine, trace.state, before),
    ipis: ipisAt(trace),
    properties: propertiesAt(trace),
    selectedCpu: facts.selectedCpu,
    marks: marksOf(trace),
    branches: trace.branches.map((b) => ({
      id: b.id,
      label: branchLabel(trace, b.entries, b.from),
      length: b.entries.length - 1,
    })),
    events: eventsOf(trace, script),
    notice: facts.notice,
  };
}

function sentenceOf({ trace, selectedCpu }: SessionFacts, from: number): string {
  const { machine, cursor } = trace;
  if (cursor === 0) {
    const script = machine.scenario.cpus[selectedCpu];
    const cpu = `CPU${selectedCpu}`;
    return machine.scenario.cpus.length > 1
      ? t(
          "Nothing has happened yet: {0} runs {1}. Step to let {0} go on, or select another CPU and let it go first.",
          cpu,
          script.starts,
        )
      : t("Nothing has happened yet: {0} runs {1}. Step to let {0} go on.", cpu, script.starts);
  }
  const sentence = statementSentence(trace, cursor);
  return from < statementStart(trace, cursor) ? t("{0} steps on: {1}", cursor - from, sentence) : sentence;
}

/** The last few statements, newest last. */
function eventsOf(trace: Trace, script: SourceFile): PanelState["events"] {
  const out: PanelState["events"] = [];
  for (let at = trace.cursor; at > 0 && out.length < EVENTS; at = statementStart(trace, at)) {
    const { cause } = trace.entry(at);
    const cpu =
      cause.k === "move"
        ? moveCpu(cause.move)
        : cause.k === "edit"
          ? (trace.machine.layout.cells[cause.cell]?.cpu ?? 0)
          : 0;
    out.push({ at, cpu, text: statementSentence(trace, at), place: statementPlace(trace, at, script) });
  }
  return out.reverse();
}

/** `left at step 14: CPU1 takes the flush interrupt …`. */
function branchLabel(trace: Trace, entries: readonly Entry[], from: number): string {
  const { cause, state } = entries[from + 1];
  const what =
    cause.k === "move"
      ? t("{0} went on", `CPU${moveCpu(cause.move)}`)
      : cause.k === "edit"
        ? t("{0} set by hand", cellName(trace.machine, state, cause.cell))
        : "";
  return t("from step {0}: {1}", from, what);
}
