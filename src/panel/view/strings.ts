/**
 * Every word that the panel shows, in one place, in the reader's language where there is a translation. Names from the
 * kernel are not words: they stay as they are. The language is known before this file is loaded; see language.ts.
 */
import { t } from "@vscode/l10n";
import type { CpuMode, FrameView, IpiStage } from "../../machine/view/view";

const modes: Record<CpuMode, string> = {
  user: t("user"),
  idle: t("idle"),
  kernel: t("kernel"),
  interrupt: t("interrupt"),
  halted: t("halted"),
  done: t("done"),
};
const stages: Record<IpiStage, string> = {
  queued: t("queued"),
  delivered: t("delivered"),
  handled: t("handled"),
  acknowledged: t("acknowledged"),
};
const frameStates: Record<FrameView["state"], string> = {
  "in use": t("in use"),
  freed: t({ message: "freed", comment: "a page that was given back" }),
  reused: t("reused"),
};
const orders: Record<string, string> = {
  SC: t("Sequentially consistent memory"),
  TSO: t("Total store order: stores leave through a buffer"),
};

export const strings = {
  title: "TLBscope",
  modes,
  stages,
  frameStates,

  /** Where the cards are out of sight. */
  room: t("Show the CPUs wide, below the source"),
  idle: {
    title: t("No simulation runs"),
    lines: [
      t("Open a kernel’s sched.c, or the built-in edition, and choose Simulate from here above a function."),
      t("Each step then shows here what it does to every CPU’s TLB."),
    ],
    openEdition: t("Open the built-in edition"),
    simulate: t("Simulate…"),
    walkthrough: t("Take the walkthrough"),
  },

  header: {
    cpus: (n: number) => (n === 1 ? t("1 CPU") : t("{0} CPUs", n)),
    order: (order: string) => (Object.hasOwn(orders, order) ? orders[order] : order),
    settings: (on: string[]) =>
      on.length === 0 ? t("Settings of the kernel: all off") : t("Settings of the kernel: {0} on", on.join(", ")),
    standIns: (files: string[]) => t("The built-in edition stands in for {0}", files.join(", ")),
    restsOn: (names: string[]) =>
      names.length > 3
        ? t("Rests on what isn’t known: {0} and {1} more", names.slice(0, 3).join(", "), names.length - 3)
        : t("Rests on what isn’t known: {0}", names.join(", ")),
  },

  transport: {
    label: t("History"),
    back: t("Step back"),
    forward: t("Step forward"),
    markBefore: (mark?: string) => (mark ? t("Go back to: {0}", mark) : t("No mark before this step")),
    markAfter: (mark?: string) => (mark ? t("Go on to: {0}", mark) : t("No mark after this step")),
    scrubber: t("Step in the history"),
    step: t({ message: "step", comment: "before the number of the step that is shown" }),
    of: (last: number) =>
      t({ message: "of {0}", args: [last], comment: "after the number of the step that is shown: of how many" }),
    goto: t("Go to step"),
    at: (step: number, last: number, mark?: string) =>
      mark ? t("step {0} of {1}: {2}", step, last, mark) : t("step {0} of {1}", step, last),
  },

  narration: {
    label: t("The last step"),
    changed: t("What changed"),
    nothingChanged: t("Nothing changed"),
    more: (n: number) => t("and {0} more", n),
    fails: (label: string) => t("Broken here: {0}", label),
    fromHere: t("From here on it rests on what isn’t known."),
    announce: (step: number, last: number, sentence: string) => t("Step {0} of {1}. {2}", step, last, sentence),
  },

  place: {
    at: (fn: string, line: number) => t("{0}, line {1}", fn, line),
    open: (file: string, line: number) => t("Open {0} at line {1}", file, line),
  },

  value: {
    was: (before: string) => t("was {0}", before),
    is: (name: string, of: string, value: string) => t("{0} of {1}: {2}", name, of, value),
    goto: t("Go to where this was last written"),
    changed: t({ message: "changed", comment: "this value changed in the last step" }),
  },

  cpus: t("CPUs"),
  cpu: (id: number) => `CPU${id}`,
  card: {
    select: (cpu: string) => t("Select {0} and its thread", cpu),
    selected: t("selected"),
    task: t({ message: "task", comment: "the task that the CPU runs" }),
    runs: t({ message: "runs", comment: "head of a row: what the CPU executes" }),
    does: t({ message: "does", comment: "head of a row: what the scenario asks of the CPU now" }),
    doesNothing: t("nothing more to do"),
    chooses: t({ message: "may", comment: "head of a row of buttons: what the CPU may be told to do now" }),
    choose: (cpu: string, action: string) => t("Have {0} begin: {1}", cpu, action),
    cr3: "CR3",
    irqsOn: t("interrupts on"),
    irqsOff: t("interrupts off"),
    tlb: "TLB",
    tlbEmpty: t({ message: "empty", comment: "the TLB is empty" }),
    stale: t({ message: "stale", comment: "a translation in the TLB" }),
    staleTip: t("The page table no longer gives this translation"),
    freed: t({ message: "freed", comment: "a page that was given back" }),
    freedTip: t("What this translation leads to was freed"),
    filled: t({ message: "filled", comment: "a translation that the last step put into the TLB" }),
    dropped: t({ message: "dropped", comment: "a translation that the last step took from the TLB" }),
    irq: "IRQ",
    irqNone: t("none pending"),
    irqFrom: (what: string, from: string) => t("{0} from {1}", what, from),
    irqDelivered: t("being handled"),
    stores: t({ message: "stores", comment: "head of a row: stores that wait in the CPU's store buffer" }),
    storesTip: t("Stores that only this CPU sees yet; the first one is the next to reach memory"),
    storesNone: t("none waiting"),
    drain: t({ message: "Let Out", comment: "a button: the oldest store that waits reaches memory" }),
    drainTip: (store: string, cpu: string) => t("Let {0}, the oldest store of {1}, reach memory now", store, cpu),
    next: t({ message: "next", comment: "head of a row: what the CPU is asked to do next" }),
    nextNone: t({ message: "nothing", comment: "the CPU is asked to do nothing next" }),
    waits: t({ message: "waits", comment: "head of a row: for what the CPU waits" }),
    waitsNone: t({ message: "for nothing", comment: "the CPU waits for nothing" }),
  },

  cpumask: {
    title: "mm_cpumask",
    mm: "mm",
    mmByCpu: "mm / CPU",
    set: t({ message: "set", comment: "a bit that is 1" }),
    clear: t({ message: "clear", comment: "a bit that is 0" }),
    justSet: t({ message: "just set", comment: "a bit that the last step set" }),
    justCleared: t({ message: "just cleared", comment: "a bit that the last step cleared" }),
    cell: (cpu: string, mm: string, bit: string) => t("{0} in the cpumask of {1}: {2}", cpu, mm, bit),
  },

  mms: {
    title: t("Address spaces"),
    label: (mm: string) => `mm ${mm}`,
    freed: t("page tables freed"),
    unmapped: t("unmapped"),
    page: (page: string, mm: string, to: string) => t("{0} of {1}: {2}", page, mm, to),
  },

  frames: t({ message: "Frames", comment: "physical pages" }),

  ipis: {
    title: t("IPIs in flight"),
    none: t("No IPI is on its way"),
    label: (what: string, from: string, to: string) => t("{0}, from {1} to {2}", what, from, to),
    sent: (step: number) => t("sent at step {0}", step),
    held: t("held: IF = 0"),
    heldTip: (to: string) => t("{0} runs with interrupts off and takes it when they are on again", to),
    deliver: t("Deliver"),
    deliverTip: (what: string, to: string) => t("Let {0} take {1} now", to, what),
    done: t({ message: "done", comment: "this stage of an interrupt is over" }),
    now: t({ message: "now", comment: "this is the stage that an interrupt is at" }),
  },

  properties: {
    title: t("Properties"),
    holds: t({ message: "holds", comment: "no state has broken the property" }),
    broken: t({ message: "broken", comment: "a property that some state has broken" }),
    first: (step: number) => t("First broken at step {0}", step),
    goto: (step: number) => t("Go to step {0}", step),
  },

  branches: {
    title: t("Other histories"),
    take: (label: string) => t("Go back to the history {0}", label),
    length: (n: number) => (n === 1 ? t("1 step") : t("{0} steps", n)),
  },

  events: {
    title: t("Recent events"),
    none: t("none yet"),
    goto: (step: number) => t("Go to step {0}", step),
  },

  globals: {
    title: t("Globals"),
    changed: (n: number) => t("{0} changed", n),
    of: t("the kernel"),
  },
};
