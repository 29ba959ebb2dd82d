/** Every word that the panel shows, in one place, so that it can be translated. Names from the kernel are not words: they stay as they are. */
import type { CpuMode, FrameView, IpiStage } from "../../machine/view";

const modes: Record<CpuMode, string> = { user: "user", idle: "idle", kernel: "kernel", interrupt: "interrupt", halted: "halted", done: "done" };
const stages: Record<IpiStage, string> = { queued: "queued", delivered: "delivered", handled: "handled", acknowledged: "acknowledged" };
const frameStates: Record<FrameView["state"], string> = { "in use": "in use", freed: "freed", reused: "reused" };
const orders: Record<string, string> = { SC: "Sequentially consistent memory", TSO: "Total store order: stores leave through a buffer" };

export const strings = {
  title: "TLBscope",
  modes,
  stages,
  frameStates,

  /** Where the cards are out of sight. */
  room: "Show the CPUs wide, below the source",
  idle: {
    title: "No simulation runs",
    lines: ["Open a kernel’s sched.c, or the built-in edition, and choose Simulate from here above a function.", "Each step then shows here what it does to every CPU’s TLB."],
    openEdition: "Open the built-in edition",
    simulate: "Simulate…",
    walkthrough: "Take the walkthrough",
  },

  header: {
    cpus: (n: number) => (n === 1 ? "1 CPU" : `${n} CPUs`),
    order: (order: string) => orders[order] ?? order,
    standIns: (files: string[]) => `The built-in edition stands in for ${files.join(", ")}`,
  },

  transport: {
    label: "History",
    back: "Step back",
    forward: "Step forward",
    markBefore: (mark?: string) => (mark ? `Go back to: ${mark}` : "No mark before this step"),
    markAfter: (mark?: string) => (mark ? `Go on to: ${mark}` : "No mark after this step"),
    scrubber: "Step in the history",
    step: "step",
    of: (last: number) => `of ${last}`,
    goto: "Go to step",
    at: (step: number, last: number, mark?: string) => `step ${step} of ${last}${mark ? `: ${mark}` : ""}`,
  },

  narration: {
    label: "The last step",
    changed: "What changed",
    nothingChanged: "Nothing changed",
    more: (n: number) => `and ${n} more`,
    fails: (label: string) => `Broken here: ${label}`,
    announce: (step: number, last: number, sentence: string) => `Step ${step} of ${last}. ${sentence}`,
  },

  place: {
    at: (fn: string, line: number) => `${fn}, line ${line}`,
    open: (file: string, line: number) => `Open ${file} at line ${line}`,
  },

  value: {
    was: (before: string) => `was ${before}`,
    is: (name: string, of: string, value: string) => `${name} of ${of}: ${value}`,
    goto: "Go to where this was last written",
    changed: "changed",
  },

  cpus: "CPUs",
  cpu: (id: number) => `CPU${id}`,
  card: {
    select: (cpu: string) => `Select ${cpu} and its thread`,
    selected: "selected",
    task: "task",
    runs: "runs",
    does: "does",
    doesNothing: "nothing more to do",
    cr3: "CR3",
    irqsOn: "interrupts on",
    irqsOff: "interrupts off",
    tlb: "TLB",
    tlbEmpty: "empty",
    stale: "stale",
    staleTip: "The page table no longer gives this translation",
    freed: "freed",
    freedTip: "What this translation leads to was freed",
    filled: "filled",
    dropped: "dropped",
    irq: "IRQ",
    irqNone: "none pending",
    irqFrom: (what: string, from: string) => `${what} from ${from}`,
    irqDelivered: "being handled",
    next: "next",
    nextNone: "nothing",
    waits: "waits",
    waitsNone: "for nothing",
  },

  cpumask: {
    title: "mm_cpumask",
    mm: "mm",
    mmByCpu: "mm / CPU",
    set: "set",
    clear: "clear",
    justSet: "just set",
    justCleared: "just cleared",
    cell: (cpu: string, mm: string, bit: string) => `${cpu} in the cpumask of ${mm}: ${bit}`,
  },

  mms: {
    title: "Address spaces",
    label: (mm: string) => `mm ${mm}`,
    freed: "page tables freed",
    unmapped: "unmapped",
    page: (page: string, mm: string, to: string) => `${page} of ${mm}: ${to}`,
  },

  frames: "Frames",

  ipis: {
    title: "IPIs in flight",
    none: "No IPI is on its way",
    label: (what: string, from: string, to: string) => `${what}, from ${from} to ${to}`,
    sent: (step: number) => `sent at step ${step}`,
    held: "held: IF = 0",
    heldTip: (to: string) => `${to} runs with interrupts off and takes it when they are on again`,
    deliver: "Deliver",
    deliverTip: (what: string, to: string) => `Let ${to} take ${what} now`,
    done: "done",
    now: "now",
  },

  properties: {
    title: "Properties",
    holds: "holds",
    broken: "broken",
    first: (step: number) => `First broken at step ${step}`,
    goto: (step: number) => `Go to step ${step}`,
  },

  branches: {
    title: "Other histories",
    take: (label: string) => `Go back to the history ${label}`,
    length: (n: number) => (n === 1 ? "1 step" : `${n} steps`),
  },

  events: {
    title: "Recent events",
    none: "none yet",
    goto: (step: number) => `Go to step ${step}`,
  },

  globals: {
    title: "Globals",
    changed: (n: number) => `${n} changed`,
    of: "the kernel",
  },
};
