/** What tours say of themselves: every sentence of the player that a reader sees, in one place. */
import { positionAt } from "../kernel/source";
import type { Statement } from "./statements";

const line = (s: Statement): number => positionAt(s.file, s.start).line;
const short = (text: string): string => (text.length > 70 ? `${text.slice(0, 69)}…` : text);
const code = (text: string): string => `\`${short(text).replace(/`/g, "'")}\``;
const list = (names: readonly string[]): string => names.map((n) => `${n}()`).join(" or ");

export const say = {
  // --- drift ---
  noFunction: (fns: readonly string[]) => `The code has drifted too far: your source has no function ${list(fns)}.`,
  nearest: (fn: string, wanted: string, s: Statement) => `The code has drifted: ${fn}() in your source has no ${code(wanted)}. The nearest statement there is ${code(s.text)}, on line ${line(s)}.`,
  missingBefore: (fn: string, wanted: string, s: Statement) => `The code has drifted: in your source the statement ${code(wanted)} of ${fn}() is missing. It would stand before ${code(s.text)}, on line ${line(s)}.`,
  missingAtEnd: (fn: string, wanted: string) => `The code has drifted: in your source the statement ${code(wanted)} of ${fn}() is missing. It would stand at the end.`,
  tooFar: (fn: string, wanted: string) => `The code has drifted too far: ${fn}() in your source has nothing like ${code(wanted)}.`,
  movedBelow: (s: Statement, other: Statement) => `The code has drifted: in your source ${code(s.text)} was moved. It stands on line ${line(s)}, below ${code(other.text)}; in the tour's own edition it stands above it.`,
  movedAbove: (s: Statement, other: Statement) => `The code has drifted: in your source ${code(s.text)} was moved. It stands on line ${line(s)}, above ${code(other.text)}; in the tour's own edition it stands below it.`,
  otherBranch: (s: Statement, branch: "then" | "else") => `The code has drifted: in your source ${code(s.text)} doesn't stand in ${branch === "else" ? "an else branch" : "the first branch of an if"}. It stands on line ${line(s)}.`,
  fewer: (s: Statement, n: number, wanted: number) => `The code has drifted: in your source ${code(s.text)} stands ${n === 1 ? "once" : `${n} times`}, and the tour means number ${wanted}. This is the last one, on line ${line(s)}.`,

  // --- the machine ---
  notThere: (cpu: number, place: string, why: string) => `CPU${cpu} doesn't get to ${place}: ${why}.`,
  waits: (why: string | undefined) => `it ${why ?? "waits for another CPU"}`,
  done: "it has done all that the scenario asks of it",
  runsOn: (steps: number) => `after ${steps} steps it still runs`,
  notReached: (cpu: number, what: string, why: string) => `CPU${cpu} doesn't run until ${what}: ${why}.`,
  until: { waits: "it waits", action: "its action is done", done: "all is done" },
  untilHolds: (expr: string) => `${code(expr)} holds`,
  untilBroken: (label: string) => `the property "${label}" is broken`,
  cantStep: (cpu: number, why: string) => `CPU${cpu} can't take a step: ${why}.`,
  noInterrupt: (cpu: number, sender: number | undefined) => `No interrupt${sender === undefined ? "" : ` of CPU${sender}`} is pending for CPU${cpu}.`,
  held: (cpu: number) => `CPU${cpu} can't take its interrupt now: its interrupts are off.`,
  severalInterrupts: (cpu: number) => `Several interrupts are pending for CPU${cpu}. Say whose: { cpu: ${cpu}, sender: 1 }.`,
  noHandler: (cpu: number) => `CPU${cpu} is in no interrupt handler.`,
  handlerStuck: (cpu: number, why: string) => `CPU${cpu}'s interrupt handler doesn't come to its end: ${why}.`,
  noFill: (cpu: number, page: string) => `CPU${cpu} can't fill its TLB with ${page} now: that needs CR3 to point at page tables that map it, and the TLB not to hold it.`,
  noDrain: (cpu: number) => `CPU${cpu} has no store in its buffer to make visible.`,
  noPage: (page: string) => `The scenario has no page ${page}.`,
  noCpu: (cpu: number) => `The scenario has no CPU${cpu}.`,
  noTask: (task: string) => `The scenario has no task ${task}.`,
  noMm: (mm: string) => `The scenario has no mm ${mm}.`,
  stuck: "The CPUs don't come to an end: each waits for another.",
  endless: (steps: number) => `The CPUs don't come to an end within ${steps} steps.`,
  noStep: (id: string) => `The tour has no step ${id}.`,
  noScenario: (id: string) => `There is no scenario ${id}.`,
  noMachine: (why: string) => `The source can't be run: ${why}`,
  noParent: (id: string, why: string) => `The step that this one goes on from, ${id}, could not be played: ${why}`,
  notOnTheWay: (index: number, length: number, cpu: number) => `The session can't follow the tour: at move ${index} of ${length}, CPU${cpu} can't do what the tour does there. Was the source or the scenario changed since the session began?`,

  // --- patches ---
  patched: (what: readonly string[]) => `This step runs a changed copy of your source: ${what.join("; ")}. Your file stays as it is.`,
  removed: (s: Statement) => `line ${line(s)}, ${code(s.text)}, is taken out`,
  replaced: (s: Statement, by: string) => `line ${line(s)}, ${code(s.text)}, becomes ${code(by.replace(/\s+/g, " ").trim())}`,
  inserted: (s: Statement, text: string, side: "before" | "after") => `${code(text.replace(/\s+/g, " ").trim())} is put ${side} line ${line(s)}, ${code(s.text)}`,
  moved: (s: Statement, to: Statement, side: "before" | "after") => `line ${line(s)}, ${code(s.text)}, goes ${side} ${code(to.text)}`,
  cantPatch: (why: string) => `The step's change of the source can't be made. ${why}`,

  // --- tours on another source ---
  onEdition: "This tour is about code that your source doesn't have, or has mended. It runs on TLBscope's own edition instead.",

  // --- questions ---
  cpu: (n: number) => `CPU${n}`,
  bit: (cpu: number, mm: string) => `CPU${cpu} in mm_cpumask(${mm})`,
  noRightAnswer: "No answer to this question is right here.",
  allRight: "Every answer to this question is right here.",
  allOf: (names: readonly string[]) => `Right: ${names.join(", ")}.`,

  // --- recorded and imported tours ---
  noStops: "There is nothing to make a tour of: keep a stop first.",
  editedHistory: (index: number) => `A tour can't have a value set by hand in it, and step ${index} of the history is one. Record from a history without it.`,
  stepTitle: (n: number) => `Step ${n}`,
  noWords: "…",

  // --- claims ---
  noValue: (text: string, why: string) => `${code(text)} has no value here: ${why}`,
  badAnchor: (text: string) => `${code(text)} is no place in the source.`,
};
