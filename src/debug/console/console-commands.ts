/** Commands of the debug console, beside C expressions. */
import { W } from "../../machine/layout";
import { drainOf, fillMove, fillOf, moveCpu, MoveKind, moveKind, type Move } from "../../machine/machine";
import { choicesOn } from "../../machine/view/choose";
import { didYouMean } from "../../scenario/suggest";
import { DebugError } from "../debug-error";
import type { Session } from "../session";
import { pendingFor } from "../run/stops";

/** What a command does. */
export type ReplAction =
  | { do: "say"; text: string }
  | { do: "move"; move: Move }
  | { do: "goto"; step: number }
  | { do: "set"; target: string; value: string };

const commands: Record<string, string> = {
  deliver: "deliver [CPU1]: the CPU takes an interrupt that is pending on it",
  fill: "fill A page0 [CPU1]: the CPU fills its TLB speculatively from the page tables in CR3",
  drain: "drain [CPU1]: the oldest store that waits in the CPU's buffer reaches memory (under TSO)",
  choose: "choose munmap page0 [CPU1]: a CPU that is left to choose begins this action",
  goto: "goto 14: shows step 14 of the history",
  moves: "moves: everything that can happen next",
  help: "help: this list",
};

/** Reads a command; undefined when the text is an expression. `cpu` is the one whose frame is selected. */
export function readCommand(session: Session, cpu: number, text: string): ReplAction | undefined {
  const words = text.trim().split(/\s+/);
  switch (words[0]) {
    case "help":
      return words.length === 1 ? { do: "say", text: help() } : undefined;
    case "moves":
      return words.length === 1
        ? {
            do: "say",
            text:
              session.machine
                .moves(session.trace.state)
                .map((m) => session.nameMove(m))
                .join("\n") || "Nothing can happen: no CPU can go on.",
          }
        : undefined;
    case "goto":
      return words.length === 2 && /^\d+$/.test(words[1])
        ? { do: "goto", step: stepIn(session, Number(words[1])) }
        : undefined;
    case "deliver":
      return words.length <= 2 ? { do: "move", move: delivery(session, cpu, words[1]) } : undefined;
    case "drain":
      return words.length <= 2
        ? { do: "move", move: draining(session, words[1] === undefined ? cpu : cpuNamed(session, words[1])) }
        : undefined;
    case "choose":
      return words.length >= 2 ? { do: "move", move: choosing(session, cpu, words.slice(1)) } : undefined;
    case "fill":
      return words.length >= 3 ? { do: "move", move: filling(session, cpu, words.slice(1)) } : undefined;
  }
  const assignment = /^([^=!<>]+?)\s*=\s*([^=].*)$/.exec(text.trim());
  return assignment ? { do: "set", target: assignment[1], value: assignment[2] } : undefined;
}

const help = (): string =>
  [
    "C expressions are worked out in the selected frame: next->mm, cpu_tlbstate.state, mm_cpumask(A).",
    "An assignment sets a value and forks the history: cpu_tlbstate.state = TLBSTATE_LAZY.",
    ...Object.values(commands),
  ].join("\n");

function stepIn({ trace }: Session, n: number): number {
  if (n > trace.last) throw new DebugError(`The history has steps 0 to ${trace.last}: there is no step ${n}.`);
  return n;
}

function cpuNamed({ machine }: Session, word: string): number {
  const m = /^(?:cpu)?(\d+)$/i.exec(word);
  if (!m || Number(m[1]) >= machine.layout.cpuCount)
    throw new DebugError(`"${word}" is no CPU of this scenario: it has CPU0 to CPU${machine.layout.cpuCount - 1}.`);
  return Number(m[1]);
}

/** The interrupt that a CPU can take now: the named one's, else the selected one's, else the only one's. */
function delivery(session: Session, selected: number, word: string | undefined): Move {
  const { machine, trace } = session;
  const { layout: l } = machine;
  const s = trace.state;
  const all = machine.scenario.cpus.map((_, c) => c);
  const wanted = word === undefined ? undefined : cpuNamed(session, word);
  const ready = all.filter((c) => (wanted === undefined || c === wanted) && pendingFor(machine, s, c).length > 0);
  const cpu = ready.includes(selected) ? selected : ready.length === 1 ? ready[0] : undefined;
  if (cpu !== undefined) return pendingFor(machine, s, cpu)[0];
  if (ready.length > 1)
    throw new DebugError(
      `Interrupts are pending on ${ready.map((c) => `CPU${c}`).join(" and ")}: say which, for instance deliver ` +
        `CPU${ready[0]}.`,
    );
  const held = all.find(
    (c) =>
      (wanted === undefined || c === wanted) &&
      (s[l.cpu[c] + W.vectors] !== 0 || l.cpu.some((from) => (s[from + W.callQueued] >> c) & 1)),
  );
  if (held !== undefined)
    throw new DebugError(
      `CPU${held} holds its interrupt back: it runs with interrupts off. Step CPU${held} until it turns them on.`,
    );
  throw new DebugError(
    `No interrupt is pending${wanted === undefined ? "" : ` on CPU${wanted}`}. One is sent when a CPU flushes an ` +
      "mm that others use.",
  );
}

function draining({ machine, trace }: Session, cpu: number): Move {
  if (machine.buffers.count(trace.state, cpu) > 0) return drainOf(cpu);
  throw new DebugError(
    machine.scenario.order === "sc"
      ? "No store waits: under SC a store is in memory at once. Start the scenario under TSO to see them wait."
      : `No store of CPU${cpu} waits.`,
  );
}

/** The action with these words that a CPU may choose to begin: the last word may name the CPU. */
function choosing(session: Session, selected: number, words: string[]): Move {
  const { machine, trace } = session;
  const named = /^cpu\d+$/i.test(words.at(-1)!);
  const cpu = named ? cpuNamed(session, words.at(-1)!) : selected;
  const wanted = words.slice(0, named ? -1 : undefined).join(" ");
  const possible = choicesOn(machine, trace.state, cpu);
  const found = possible.find((p) => p.label === wanted);
  if (found) return found.move;
  const labels = possible.map((p) => p.label);
  throw new DebugError(
    labels.length > 0
      ? `CPU${cpu} can't choose "${wanted}" now. ${didYouMean(wanted, labels, "")}`
      : machine.scenario.cpus[cpu].actions === undefined
        ? `CPU${cpu} follows a script: step it. Only a CPU with "any:" in its scenario chooses.`
        : `CPU${cpu} has nothing to choose now: let it end what it does, or it has done all its actions.`,
  );
}

/** A speculative fill of `A page0` or `A:page0`. */
function filling(session: Session, selected: number, words: string[]): Move {
  const { machine, trace } = session;
  const { layout: l, scenario } = machine;
  const [mmName, pageName, cpuWord] = words;
  const cpu = cpuWord === undefined ? selected : cpuNamed(session, cpuWord);
  const mm = l.mmNames.indexOf(mmName);
  if (mm < 0)
    throw new DebugError(`There is no mm ${mmName}. ${didYouMean(mmName, l.mmNames, "This scenario has no mms.")}`);
  const page = l.slotNamed(mm, pageName);
  if (page < 0)
    throw new DebugError(
      `${mmName} has no page ${pageName}. ${didYouMean(pageName, scenario.mms[mm].pages, "It has none at all.")}`,
    );
  const wanted = fillMove(cpu, mm, page);
  if (machine.moves(trace.state).includes(wanted)) return wanted;
  const s = trace.state;
  const why = !scenario.speculation
    ? "this scenario has no speculative fills"
    : s[l.cpu[cpu] + W.cr3] !== l.pgds[mm]
      ? `its CR3 points at ${l.objectAt(s[l.cpu[cpu] + W.cr3])}`
      : s[l.pgds[mm] + page] === 0
        ? "the page is not mapped"
        : "its TLB holds that translation already";
  throw new DebugError(`CPU${cpu} can't fill ${mmName}:${pageName} now: ${why}.`);
}

/** Commands that begin with what is typed, for completion. */
export function commandsAfter(session: Session): string[] {
  const { layout: l } = session.machine;
  const fills = session.machine
    .moves(session.trace.state)
    .filter((m) => moveKind(m) === MoveKind.fill)
    .map((m) => {
      const { mm, page } = fillOf(m);
      return `fill ${l.mmNames[mm]} ${l.pageName(mm, page)} CPU${moveCpu(m)}`;
    });
  return ["deliver", "drain", "goto", "moves", "help", ...fills];
}
