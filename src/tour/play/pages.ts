/** A tour played from end to end, as pages: what exports print. Every value is the machine's. */
import type { SourceFile } from "../../kernel/syntax/source";
import { describe } from "../../machine/view/describe";
import type { MachineView, SourcePlace } from "../../machine/view/view";
import { ipisAt } from "../../trace/ipis";
import type { Ref, Tour } from "../format/tour";
import type { TourPlayer } from "./player";
import type { StepState } from "./step-state";
import { say } from "../say";
import { entryText } from "./state-values";

/** A few lines around a place. */
export interface Excerpt {
  path: string;
  /** Number of the first line. */
  first: number;
  lines: string[];
  /** The line that the step stands at. */
  line: number;
}

/** A table whose first row is its head. */
export type Table = string[][];

export interface Page {
  id: string;
  title: string;
  /** On the main line, from 1. */
  number?: number;
  /** Title of the step whose branch leads here. */
  under?: { id: string; title: string };
  /** `kernel/sched.c:3018`, in context_switch(). */
  place?: { path: string; line: number; fn: string };
  excerpt?: Excerpt;
  /** How the code has drifted, or what the step changed in it. */
  notes: string[];
  /** Markdown. */
  words: string;
  /** What each CPU is at, and what the mms' masks say. */
  cpus: Table;
  mms: Table;
  question?: { words: string; answers: { text: string; right: boolean }[]; said: string };
  branches: { say: string; id: string; title: string }[];
  refs: Ref[];
}

export interface Pages {
  tour: Tour;
  /** What the tour ran on, and what is to be said of that. */
  notes: string[];
  pages: Page[];
}

const AROUND = 4;

/** Plays every step. Steps that can't be played have their reason among their notes. */
export function pagesOf(player: TourPlayer): Pages {
  const { items } = player.contents;
  const titled = (id: string) => ({ id, title: items.find((i) => i.id === id)?.title ?? id });
  const pages = items.map((item): Page => {
    const head = {
      id: item.id,
      title: item.title,
      number: item.number,
      under: item.under === undefined ? undefined : titled(item.under),
    };
    const state = player.at(item.id);
    if ("error" in state)
      return { ...head, notes: [state.error], words: "", cpus: [], mms: [], branches: [], refs: [] };
    const file = state.place && fileOf(state, state.place);
    const view = describe(state.machine, state.openTrace().state);
    return {
      ...head,
      place: state.place && file && { path: file.path, line: state.place.line, fn: state.place.fn },
      excerpt: state.place && file && excerpt(file, state.place),
      notes: [
        ...(state.patched ? [state.patched.message] : []),
        ...(state.drift ? [state.drift.message] : []),
        ...state.problems,
      ],
      words: state.words,
      cpus: cpuTable(state, view),
      mms: mmTable(view),
      question: state.question && questionOf(player, state),
      branches: state.branches.map((b) => ({ say: b.say, ...titled(b.to) })),
      refs: state.step.refs,
    };
  });
  return { tour: player.tour, notes: player.onEdition === undefined ? [] : [player.onEdition], pages };
}

const fileOf = (state: StepState, place: SourcePlace): SourceFile | undefined =>
  state.files.find((f) => f.uri === place.file);

function excerpt(file: SourceFile, place: SourcePlace): Excerpt {
  const lines = file.text.split("\n");
  const last = Math.min(lines.length, place.endLine + AROUND);
  let first = Math.max(1, place.line - AROUND);
  // Empty lines above the first statement of a compact file say nothing.
  while (first < place.line && lines[first - 1].trim() === "") first++;
  return { path: file.path, first, lines: outdented(lines.slice(first - 1, last)), line: place.line };
}

/** Tabs as spaces, and without the indentation that all lines have. */
function outdented(lines: string[]): string[] {
  const wide = lines.map((l) => l.replace(/\r$/, "").replace(/\t/g, "        "));
  const indent = Math.min(
    ...wide.filter((l) => l.trim() !== "" && !/^#/.test(l)).map((l) => l.length - l.trimStart().length),
  );
  return Number.isFinite(indent) ? wide.map((l) => (/^ *$/.test(l.slice(0, indent)) ? l.slice(indent) : l)) : wide;
}

/** One column for each CPU, one row for each thing that can be said of all. */
function cpuTable(state: StepState, view: MachineView): Table {
  const ipis = ipisAt(state.openTrace());
  const names = [...new Set(view.cpus.flatMap((c) => c.perCpu.map((v) => v.name)))];
  const row = (head: string, cell: (c: MachineView["cpus"][number]) => string): string[] => [
    head,
    ...view.cpus.map(cell),
  ];
  const table = [
    row("", (c) => `CPU${c.id}`),
    row(say.runs(), (c) => `${c.task}, ${say.mode(c.mode)}`),
    row(say.at(), (c) => (c.at ? `${c.at.fn}():${c.at.line}` : "")),
    row(say.interruptsAre(), (c) => say.interrupts(c.irqsOn)),
    row("CR3", (c) => c.cr3.value),
    ...names.map((name) => row(name, (c) => c.perCpu.find((v) => v.name === name)?.value ?? "")),
    row(
      "TLB",
      (c) =>
        c.tlb
          .filter((e) => !e.dropped)
          .map(entryText)
          .join(", ") || say.tlbEmpty(),
    ),
    row(say.stores(), (c) => c.storeBuffer?.stores.map((w) => `${w.name} = ${w.value}`).join(", ") ?? ""),
    row(say.requests(), (c) =>
      ipis
        .filter((i) => i.to === c.id)
        .map((i) => say.request(i.what, i.from, i.stage, i.held))
        .join("; "),
    ),
    row(say.waitsRow(), (c) => c.waits ?? ""),
  ];
  return table.filter((r, i) => i === 0 || r.slice(1).some((cell) => cell !== ""));
}

function mmTable(view: MachineView): Table {
  const counts = [...new Set(view.mms.flatMap((m) => m.counts.map((v) => v.name)))];
  return [
    ["mm", "mm_cpumask", ...counts, say.pages()],
    ...view.mms.map((m) => [
      m.name,
      m.cpumask.flatMap((set, c) => (set ? [`CPU${c}`] : [])).join(", ") || say.none(),
      ...counts.map((name) => m.counts.find((v) => v.name === name)?.value ?? ""),
      m.freed ? say.tablesFreed() : m.pages.map((p) => `${p.name} → ${p.frame ?? say.none()}`).join(", "),
    ]),
  ];
}

function questionOf(player: TourPlayer, state: StepState): Page["question"] {
  const { words, answers } = state.question!;
  const judged = answers.map((a) => player.answer(state.step.id, a.answer)!);
  return {
    words,
    answers: answers.map((a, i) => ({ text: a.text, right: judged[i].right })),
    said: (judged.find((j) => j.right) ?? judged[0])?.words ?? "",
  };
}
