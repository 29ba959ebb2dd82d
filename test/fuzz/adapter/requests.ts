/** Random requests: mostly what an editor sends, with junk in any place. */
import path from "node:path";
import { packageRoot } from "../product";
import type { Rng } from "../rng";
import type { Request } from "./wire";

const edition = path.join(packageRoot(), "walkthroughs/edition");
const files = ["arch/x86/include/asm/mmu_context.h", "kernel/sched.c", "arch/x86/mm/tlb.c"].map((f) =>
  path.join(edition, f),
);

/** What a session has answered so far, to ask for things that there are. */
export interface Seen {
  frames: number[];
  references: number[];
  names: string[];
  dataIds: string[];
  targets: number[];
}

export const nothingSeen = (): Seen => ({
  frames: [],
  references: [],
  names: ["cpu", "prev"],
  dataIds: [],
  targets: [],
});

const junk: readonly unknown[] = [
  null,
  undefined,
  0,
  -1,
  1.5,
  1e9,
  2 ** 31,
  2 ** 53,
  -(2 ** 31),
  "",
  "x",
  "1",
  "CPU0",
  [],
  {},
  [1, 2],
  { a: 1 },
  true,
  false,
  "__proto__",
  "constructor",
  "\u0000",
  "A".repeat(1000),
  { length: 1e9 },
  { toString: 1 },
];

const nested = (n: number): string => "(".repeat(n) + "1" + ")".repeat(n);
const expressions: readonly string[] = [
  ...(
    "cpu|prev->mm|next->mm->pgd|cpu_tlbstate.state|mm_cpumask(A)|current|1+1|cpu = 5|x++|*(int*)0|*(int " +
    "*)-1|sizeof(struct mm_struct)"
  ).split("|"),
  ...(
    "deliver|deliver CPU9|fill A page0|fill A page0 CPU1|fill Z z|drain|goto 5|goto 99999999999999999999|" +
    "moves|help"
  ).split("|"),
  ...(
    "per_cpu(cpu_tlbstate, 1).state|per_cpu(cpu_tlbstate, " +
    "99).state|constructor|__proto__|toString|hasOwnProperty(1)"
  ).split("|"),
  ...(
    "({ for (;;) ; 1; })|spin_lock(&x)|BUG()|smp_mb()|switch_mm(prev,next,tsk)|1/0|1%0|1<<99|0x7fffffff+1|(struct " +
    "foo){1}"
  ).split("|"),
  ...'sizeof(int[1000000000])|(char[1000000000]){0}|asm("hlt")|offsetof(struct mm_struct, pgd)|/*|"|\'|\u0000|𝒳'.split(
    "|",
  ),
  nested(50),
  nested(3000),
  "1" + "+1".repeat(5000),
  "!".repeat(2000) + "1",
  "a ? ".repeat(300) + "1",
  "A".repeat(100_000),
];
const conditions = [">5", "3", "% 2", "x", "((((", ">=999999999999999999999"];
const logs = ["{cpu}", "{", "}", "{{{", `{${"(".repeat(100)}}`, "x {prev->mm} y"];
const scenarios = ["lazy-return", "switch-away", "switch-in", "two-lazy-cpus", "reclaim", "unmap-table"];

const orders = ["sc", "tso"];
const settings = [{ X86_FEATURE_PCID: 0 }, { time_passes: 3 }, { CONFIG_DEBUG_VM: true }];

/** Fields that are there with some chance each. */
type Fields = Record<string, unknown>;

/** Makes the requests of a session. `junkiness` is the chance that a value is junk. */
export class Requests {
  constructor(
    private readonly r: Rng,
    private readonly seen: Seen,
    private readonly junkiness: number,
  ) {}

  next(): Request {
    const command = this.r.pick(commands);
    return { command, args: this.r.chance(this.junkiness / 4) ? this.r.pick(junk) : this.args(command) };
  }

  /** A value, or now and then junk in its place. */
  private or(good: unknown): unknown {
    return this.r.chance(this.junkiness) ? this.r.pick(junk) : good;
  }

  /** A value that may be left out. */
  private maybe(good: unknown): unknown {
    return this.r.chance(0.5) ? undefined : this.or(good);
  }

  private one(list: readonly unknown[], otherwise: unknown): unknown {
    return this.or(list.length && this.r.chance(0.9) ? this.r.pick(list) : otherwise);
  }

  private readonly thread = (): unknown => this.or(1 + this.r.int(2));
  private readonly frame = (): unknown => this.one(this.seen.frames, 1000);
  private readonly expression = (): unknown => this.or(this.r.pick(expressions));
  private readonly source = (): unknown => this.or({ path: this.or(this.r.pick([...files, "/x"])) });

  private args(command: string): unknown {
    return Object.hasOwn(this.makers, command) ? this.makers[command]() : this.or({});
  }

  private configuration(): Fields {
    const { r } = this;
    return {
      scenario: this.or(
        r.chance(0.9) ? r.pick(scenarios) : r.pick(["nope", "/etc/passwd", "/dev/null", "constructor"]),
      ),
      order: this.maybe(r.chance(0.9) ? r.pick(orders) : r.pick(["TSO", "foo", "SC"])),
      stopOnEntry: this.maybe(r.chance(0.7)),
      settings: this.maybe(r.chance(0.9) ? r.pick(settings) : r.pick([{ flush_at_onec: 1 }, { X86_FEATURE_PCDI: 0 }])),
      stopAt: r.chance(0.1)
        ? this.or({ file: this.or(r.pick(files)), line: this.or(r.pick([60, 43, 1, 99999])) })
        : undefined,
      tree: r.chance(0.1) ? this.or(r.pick([edition, "/tmp", "/nonexistent", "file:///tmp", "file://%zz"])) : undefined,
    };
  }

  private breakpoint(): unknown {
    const { r } = this;
    return this.or({
      line: this.or(r.int(120)),
      condition: r.chance(0.2) ? this.expression() : undefined,
      hitCondition: r.chance(0.2) ? this.or(r.pick(conditions)) : undefined,
      logMessage: r.chance(0.2) ? this.or(r.pick(logs)) : undefined,
    });
  }

  private readonly stepping = (): Fields => ({
    threadId: this.thread(),
    granularity: this.maybe(this.r.pick(["statement", "instruction", "line"])),
    singleThread: this.maybe(true),
  });
  private readonly running = (): Fields => ({ threadId: this.thread(), singleThread: this.maybe(this.r.chance(0.5)) });
  private readonly framed = (): Fields => ({ frameId: this.frame() });
  private readonly placed = (): Fields => ({
    source: this.source(),
    line: this.or(this.r.pick([60, 43, 100, 3006, 0, -1, 1e9])),
  });

  private readonly makers: Record<string, () => unknown> = {
    initialize: () => ({
      adapterID: "tlbscope",
      linesStartAt1: this.or(true),
      supportsProgressReporting: this.maybe(true),
    }),
    launch: () => this.configuration(),
    restart: () => (this.r.chance(0.5) ? undefined : { arguments: this.or(this.configuration()) }),
    stackTrace: () => ({ threadId: this.thread(), startFrame: this.maybe(0), levels: this.maybe(20) }),
    scopes: this.framed,
    restartFrame: this.framed,
    stepInTargets: this.framed,
    variables: () => ({
      variablesReference: this.one(this.seen.references, 1),
      start: this.maybe(0),
      count: this.maybe(5),
    }),
    setVariable: () => ({
      variablesReference: this.one(this.seen.references, 1),
      name: this.one(this.seen.names, "cpu"),
      value: this.or(this.r.pick(["0", "NULL", "A", "all", "none", "CPU1", "7", "-5", "0xffffffff", ...expressions])),
    }),
    setExpression: () => ({
      expression: this.expression(),
      value: this.or(this.r.pick(["0", "all", ...expressions])),
      frameId: this.frame(),
    }),
    evaluate: () => ({
      expression: this.expression(),
      frameId: this.frame(),
      context: this.maybe(this.r.pick(["watch", "repl", "hover", "clipboard"])),
    }),
    completions: () => ({
      text: this.or(this.r.pick([...expressions, "prev->"])),
      column: this.or(this.r.pick([1, 7, 10_000])),
      frameId: this.frame(),
    }),
    next: this.stepping,
    stepIn: () => ({ ...this.stepping(), targetId: this.r.chance(0.2) ? this.or(1) : undefined }),
    stepOut: this.stepping,
    stepBack: this.stepping,
    continue: this.running,
    reverseContinue: this.running,
    pause: this.running,
    goto: () => ({ threadId: this.thread(), targetId: this.one(this.seen.targets, 1) }),
    gotoTargets: this.placed,
    breakpointLocations: this.placed,
    source: () => ({
      sourceReference: this.or(this.r.pick([0, 1, 2, 1000])),
      source: this.maybe({ sourceReference: this.or(1) }),
    }),
    setBreakpoints: () => ({
      source: this.source(),
      breakpoints: this.or(this.r.times(this.r.chance(0.03) ? 2000 : this.r.int(4), () => this.breakpoint())),
    }),
    setFunctionBreakpoints: () => ({
      breakpoints: this.or([this.or({ name: this.or(this.r.pick(["switch_mm", "nope", "__proto__"])) })]),
    }),
    setExceptionBreakpoints: () => ({
      filters: this.or(this.r.pick([[], ["stale-translation", "deadlock", "oops"], ["x"]])),
      filterOptions: this.maybe([this.or({ filterId: this.or("oops") })]),
    }),
    setDataBreakpoints: () => ({
      breakpoints: this.or([
        this.or({
          dataId: this.one(this.seen.dataIds, "12"),
          accessType: this.maybe(this.r.pick(["read", "write", "readWrite"])),
        }),
      ]),
    }),
    dataBreakpointInfo: () => ({
      variablesReference: this.one(this.seen.references, 1),
      name: this.one(this.seen.names, "cpu"),
      frameId: this.maybe(1000),
    }),
    "tlbscope.selectCpu": () => ({ cpu: this.or(this.r.int(3)), focus: this.maybe(false) }),
    "tlbscope.move": () => ({ move: this.or(this.r.pick([0, 1, 65536, 131072, 1 << 24, this.r.next()])) }),
    "tlbscope.goto": () => ({ step: this.or(this.r.int(60)) }),
    "tlbscope.follow": () => ({
      moves: this.or(this.r.times(this.r.int(20), () => this.or(this.r.pick([0, 1, 65536, 65537, 1 << 20])))),
      cpu: this.maybe(this.r.int(2)),
      decisive: this.maybe(true),
    }),
    "tlbscope.branch": () => ({ id: this.or(this.r.int(20)) }),
    "tlbscope.lastWrite": () => ({ cell: this.or(this.r.int(900)), bit: this.maybe(this.r.int(2)) }),
    cancel: () => ({ progressId: this.maybe("tlbscope-1"), requestId: this.maybe(1) }),
  };
}

const withoutArguments =
  "attach configurationDone threads loadedSources exceptionInfo readMemory disassemble modules terminateThreads " +
  "nonsense " +
  "__proto__ toString constructor hasOwnProperty tlbscope.panelState tlbscope.history tlbscope.stepBack " +
  "tlbscope.stepForward " +
  "tlbscope.moves tlbscope.places tlbscope.diagnostics tlbscope.program tlbscope.constructor";

const commands: readonly string[] = [
  ..."initialize launch restart stackTrace scopes restartFrame stepInTargets variables setVariable setExpression".split(
    " ",
  ),
  ..."evaluate completions next stepIn stepOut stepBack continue reverseContinue pause goto gotoTargets".split(" "),
  ...(
    "breakpointLocations source setBreakpoints setFunctionBreakpoints setExceptionBreakpoints " + "setDataBreakpoints"
  ).split(" "),
  ..."dataBreakpointInfo cancel tlbscope.selectCpu tlbscope.move tlbscope.goto tlbscope.follow tlbscope.branch".split(
    " ",
  ),
  "tlbscope.lastWrite",
  ..."stackTrace scopes variables evaluate next stepIn stepBack continue".split(" "), // what there is most of
  ...withoutArguments.split(" "),
];

/** What can't be right about a configuration, so that a launch that takes it has overlooked it. */
export function mistakeIn({ order, settings: given }: { order?: unknown; settings?: unknown }): string | undefined {
  // null says that nothing is set, as for every property of a launch configuration.
  if (order !== undefined && order !== null && order !== "sc" && order !== "tso") return "an order that there isn't";
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null || Array.isArray(given)) return "settings that are no object";
  for (const [name, value] of Object.entries(given)) {
    if (!/^(X86_FEATURE_PCID|time_passes|CONFIG_DEBUG_VM)$/.test(name)) return "a setting that there isn't";
    if (typeof value !== "boolean" && !Number.isInteger(value)) return "a setting without a number";
  }
  return undefined;
}
