/** A debug adapter at the other end of a pipe, driven as an editor drives it, and what its user would see. */
import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";
import type { CustomRequests } from "../../../src/debug/custom-requests";
import type { LaunchConfig } from "../../../src/debug/host";
import { editionPaths } from "../../../src/kernel/companions";
import { expandEdition } from "../../../src/kernel/edition";
import { propertyIds } from "../../../src/machine/effects";
import type { PanelState } from "../../../src/panel/messages";
import type { Edit } from "../../support/kernel";

const walkthroughs = path.join(packageRoot(), "walkthroughs");

/** A file of the built-in edition, as the adapter names it. */
export const editionFile = (file: string): string => path.join(walkthroughs, "edition", file);
export const MMU = "arch/x86/include/asm/mmu_context.h";
export const SCHED = "kernel/sched.c";
export const TLB = "arch/x86/mm/tlb.c";

export class Wire {
  readonly client = new DebugClient(path.join(packageRoot(), "dist/cli.js"), "dap", "tlbscope", { stdio: "pipe" });
  /** Everything that the debug console showed. */
  readonly console: string[] = [];
  /** The last stop, as the editor was told of it. */
  stop!: DebugProtocol.StoppedEvent["body"];
  /** The panel, as it was last told to be. */
  panel!: PanelState;

  private readonly broken = new Set<string>();
  private begun = false;

  async start(): Promise<void> {
    // On a busy machine a process takes its time to come up.
    this.client.defaultTimeout = 15_000;
    await this.client.start();
    this.client.on("output", (e: DebugProtocol.OutputEvent) => this.console.push(e.body.output.trimEnd()));
    this.client.on("stopped", (e: DebugProtocol.StoppedEvent) => (this.stop = e.body));
    this.client.on("tlbscope.state", (e: DebugProtocol.Event) => (this.panel = e.body as PanelState));
  }

  /** Launches and waits for the first stop; `prepare` is done when breakpoints may be set. */
  async launch(
    config: Partial<LaunchConfig>,
    prepare: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    if (this.begun) {
      // A process that has launched takes another configuration as a restart, which is much faster than another
      // process.
      await prepare();
      await this.go(() => this.client.restartRequest({ arguments: config } as DebugProtocol.RestartArguments));
      return;
    }
    const ready = this.client
      .waitForEvent("initialized")
      .then(prepare)
      .then(() => this.client.configurationDoneRequest());
    ready.catch(() => undefined);
    const told = this.client.waitForEvent("tlbscope.state");
    told.catch(() => undefined);
    await this.client.launch(config);
    await ready;
    await told;
    this.begun = true;
  }

  /** Forgets what a test has left: its breakpoints, and what it was told. */
  async clear(): Promise<void> {
    for (const file of this.broken)
      await this.client.setBreakpointsRequest({ source: { path: file }, breakpoints: [] });
    this.broken.clear();
    await this.client.setFunctionBreakpointsRequest({ breakpoints: [] });
    await this.client.setDataBreakpointsRequest({ breakpoints: [] });
    await this.client.setExceptionBreakpointsRequest({ filters: [...propertyIds] });
    this.console.length = 0;
  }

  /** The message with which a launch is refused. */
  async refusal(config: object): Promise<string> {
    return this.message(() => this.client.launch(config));
  }

  /** The message with which a request is refused. */
  async message(work: () => Promise<unknown>): Promise<string> {
    try {
      await work();
    } catch (e) {
      return (e as Error).message;
    }
    throw new Error("This was to be refused, and was not.");
  }

  /** Does something that moves the machine, and waits until the panel was told. */
  async go<T>(work: () => Promise<T>): Promise<T> {
    const told = this.client.waitForEvent("tlbscope.state");
    told.catch(() => undefined);
    const answer = await work();
    await told;
    return answer;
  }

  next = (cpu: number, granularity?: DebugProtocol.SteppingGranularity) =>
    this.go(() => this.client.nextRequest({ threadId: cpu + 1, granularity }));
  stepIn = (cpu: number, granularity?: DebugProtocol.SteppingGranularity) =>
    this.go(() => this.client.stepInRequest({ threadId: cpu + 1, granularity }));
  stepOut = (cpu: number) => this.go(() => this.client.stepOutRequest({ threadId: cpu + 1 }));
  back = (cpu: number) => this.go(() => this.client.stepBackRequest({ threadId: cpu + 1 }));
  continue = () => this.go(() => this.client.continueRequest({ threadId: 1 }));
  alone = (cpu: number) => this.go(() => this.client.continueRequest({ threadId: cpu + 1, singleThread: true }));
  reverse = () => this.go(() => this.client.reverseContinueRequest({ threadId: 1 }));

  async custom<K extends keyof CustomRequests>(
    name: K,
    args?: CustomRequests[K]["args"],
  ): Promise<CustomRequests[K]["answer"]> {
    return (await this.client.customRequest(name, args)).body as CustomRequests[K]["answer"];
  }

  /** The call stack of a CPU, innermost first: `switch_mm mmu_context.h:60`. */
  async stack(cpu: number): Promise<string[]> {
    return (await this.frames(cpu)).map((f) => `${f.name} ${f.source?.name}:${f.line}`);
  }

  async frames(cpu: number): Promise<DebugProtocol.StackFrame[]> {
    return (await this.client.stackTraceRequest({ threadId: cpu + 1 })).body.stackFrames;
  }

  async threads(): Promise<string[]> {
    return (await this.client.threadsRequest()).body.threads.map((t) => t.name);
  }

  /** The variables of a scope of a CPU's frame; `path` opens what they hold. */
  async variables(
    cpu: number,
    scope: string,
    ...path: string[]
  ): Promise<{ reference: number; shown: Record<string, string> }> {
    const [frame] = await this.frames(cpu);
    let reference = (await this.client.scopesRequest({ frameId: frame.id })).body.scopes.find(
      (s) => s.name === scope,
    )!.variablesReference;
    for (const name of path)
      reference = (await this.client.variablesRequest({ variablesReference: reference })).body.variables.find(
        (v) => v.name === name,
      )!.variablesReference;
    const { variables } = (await this.client.variablesRequest({ variablesReference: reference })).body;
    return { reference, shown: Object.fromEntries(variables.map((v) => [v.name, v.value])) };
  }

  /** The value of an expression in a CPU's frame, or the message why there is none. */
  async value(expression: string, cpu = 0, frame = 0): Promise<string> {
    const frameId = (await this.frames(cpu))[frame].id;
    try {
      return (await this.client.evaluateRequest({ expression, frameId, context: "watch" })).body.result;
    } catch (e) {
      return `(${(e as Error).message})`;
    }
  }

  /** What the debug console answers. */
  async type(expression: string, cpu = 0): Promise<string> {
    const frameId = (await this.frames(cpu))[0].id;
    return (await this.client.evaluateRequest({ expression, frameId, context: "repl" })).body.result;
  }

  /** Sets line breakpoints; gives `60` or `41 → 44` for those that hold, and the message for those that don't. */
  async breakAt(file: string, ...points: (number | DebugProtocol.SourceBreakpoint)[]): Promise<string[]> {
    this.broken.add(file);
    const breakpoints = points.map((p) => (typeof p === "number" ? { line: p } : p));
    const set = (await this.client.setBreakpointsRequest({ source: { path: file }, breakpoints })).body.breakpoints;
    return set.map((b, i) =>
      b.verified
        ? b.line === breakpoints[i].line
          ? String(b.line)
          : `${breakpoints[i].line} → ${b.line}`
        : (b.message ?? ""),
    );
  }
}

/**
 * Starting a process takes a second. Tests share one that has launched and one whose launches were all refused; others
 * a test had for itself.
 */
let shared: Wire | undefined;
let refusing: Wire | undefined;
const own: Wire[] = [];
const folders: string[] = [];

/** An adapter of its own for a test, which has not launched. */
export async function connect(): Promise<Wire> {
  const wire = new Wire();
  own.push(wire);
  await wire.start();
  return wire;
}

/** The message with which a launch is refused. */
export async function refusal(config: object): Promise<string> {
  if (!refusing) {
    refusing = new Wire();
    await refusing.start();
  }
  return refusing.refusal(config);
}

/** An adapter that has launched, and is at its first stop. */
export async function launched(config: Partial<LaunchConfig>, prepare?: (w: Wire) => Promise<unknown>): Promise<Wire> {
  if (!shared) {
    shared = new Wire();
    await shared.start();
  } else await shared.clear();
  const wire = shared;
  await wire.launch(config, prepare && (() => prepare(wire)));
  return wire;
}

/** `lazy-return`, where CPU0 is about to come back to A by the else branch: line 60 of switch_mm(). */
export const atLine60 = (): Promise<Wire> =>
  launched({ scenario: "lazy-return", stopAt: { file: editionFile(MMU), line: 60 } });

/** A folder of its own for a test, removed after it. */
export function folder(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), "tlbscope-"));
  folders.push(dir);
  return dir;
}

/** A kernel tree made from the built-in edition, with these files edited; `undefined` leaves one out. */
export function tree(edits: Record<string, Edit | undefined> = {}): string {
  const root = folder();
  for (const p of editionPaths) {
    if (p in edits && edits[p] === undefined) continue;
    const text = expandEdition(readFileSync(editionFile(p), "utf8"));
    const edited = edits[p]?.(text) ?? text;
    if (edits[p] && edited === text) throw new Error(`The edit of ${p} changes nothing.`);
    mkdirSync(path.dirname(path.join(root, p)), { recursive: true });
    writeFileSync(path.join(root, p), edited);
  }
  return root;
}

/** A scenario file of a test. */
export function scenarioFile(text: string): string {
  const file = path.join(folder(), "scenario.yaml");
  writeFileSync(file, text);
  return file;
}

export const builtInScenario = (id: string): string =>
  readFileSync(path.join(walkthroughs, "scenarios", `${id}.yaml`), "utf8");

const end = async (wires: (Wire | undefined)[]): Promise<void> =>
  void (await Promise.all(wires.map((w) => w?.client.stop())));

afterEach(async function () {
  const failed = this.currentTest?.state === "failed";
  await end([...own.splice(0), ...(failed ? [shared, refusing] : [])]);
  if (failed) shared = refusing = undefined;
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

after(() => end([shared, refusing]));
