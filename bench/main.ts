/**
 * Figures, not tests: how long a session takes to start, and a step to reach the panel, through the debug adapter's
 * wire.
 * Kernel trees are given in TLBSCOPE_TREES (folders, separated by colons); without it the built-in edition is timed.
 */
import { DebugClient } from "@vscode/debugadapter-testsupport";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../src/cli/node-host";
import type { PanelState } from "../src/panel/messages";
import { benchFromC } from "./from-c";
import { benchSearch } from "./search";

const STARTS = 5;
const STEPS = 1_000;

interface Started {
  client: DebugClient;
  milliseconds: number;
  state: PanelState;
}

/**
 * A new process each time: nothing is warm. The clock runs from the launch request to the first stop with its panel
 * state.
 */
async function start(
  tree: string | undefined,
  line?: { file: string; line: number },
  scenario = "lazy-return",
): Promise<Started> {
  const client = new DebugClient(path.join(packageRoot(), "dist", "cli.js"), "dap", "tlbscope");
  await client.start();
  await client.initializeRequest({
    adapterID: "tlbscope",
    linesStartAt1: true,
    columnsStartAt1: true,
    pathFormat: "path",
  });
  const begin = performance.now();
  const stopped = client.waitForEvent("stopped", 60_000);
  const initialized = client.waitForEvent("initialized", 60_000);
  const launched = client.launchRequest({ scenario, tree, stopAt: line } as never);
  await Promise.race([initialized, launched]);
  await client.configurationDoneRequest();
  await Promise.all([stopped, launched]);
  const { body } = await client.customRequest("tlbscope.panelState");
  return { client, milliseconds: performance.now() - begin, state: body as PanelState };
}

const at = (sorted: number[], q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const ms = (n: number): string => `${n.toFixed(1)} ms`.padStart(11);
const row = (name: string, times: number[]): void => {
  const sorted = [...times].sort((a, b) => a - b);
  console.log(`  ${name.padEnd(46)}${ms(at(sorted, 0.5))}${ms(at(sorted, 0.95))}${ms(sorted.at(-1)!)}`);
};

/** The else branch of switch_mm, found in the tree's own source: the line that the mail asks about. */
function lineInSwitchMm(tree: string): { file: string; line: number } | undefined {
  const file = path.join(tree, "arch/x86/include/asm/mmu_context.h");
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  const line = lines.findIndex((l) => l.includes("cpumask_test_and_set_cpu")) + 1;
  return line > 0 ? { file, line } : undefined;
}

/**
 * CPU0 comes and goes between A and a kernel thread while CPU1 unmaps and maps a page: enough to do for a long
 * history.
 */
function longScenario(): string {
  const cpu0 = Array.from(
    { length: 20 },
    () => "      - schedule: kworker\n      - schedule: A/1\n      - touch: page0\n",
  ).join("");
  const cpu1 = Array.from({ length: 10 }, () => "      - munmap: page0\n      - mmap: page0\n").join("");
  return (
    `id: long\nabout: Much of the same.\nmms:\n  A: { pages: [page0] }\ntasks:\n  A/1: { mm: A }\n  A/2: { mm: A ` +
    `}\n  kworker: {}\ncpus:\n  - starts: A/1\n    does:\n${cpu0}  - starts: A/2\n    does:\n${cpu1}`
  );
}

async function benchTree(name: string, tree: string | undefined): Promise<void> {
  const size =
    tree && existsSync(path.join(tree, "kernel/sched.c"))
      ? readFileSync(path.join(tree, "kernel/sched.c"), "utf8").split("\n").length
      : 0;
  console.log(
    `\n${name}${size ? ` (kernel/sched.c: ${size} lines)` : ""}`.padEnd(50) + "      median        95 %        most",
  );
  const starts: number[] = [],
    reaches: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const s = await start(tree);
    starts.push(s.milliseconds);
    await s.client.stop();
    const line = tree === undefined ? undefined : lineInSwitchMm(tree);
    if (!line) continue;
    const r = await start(tree, line);
    reaches.push(r.milliseconds);
    await r.client.stop();
  }
  row("session start to first stop", starts);
  if (reaches.length) row("the same, to a line of switch_mm's else branch", reaches);

  // One atomic step after another, each CPU in turn, until the history is as long as wanted.
  const folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-bench-"));
  const scenario = path.join(folder, "long.tlbscope.yaml");
  writeFileSync(scenario, longScenario());
  const { client, state } = await start(tree, undefined, scenario);
  const times: number[] = [];
  for (let shown = state; shown.step < STEPS;) {
    const ready = shown.view.cpus.filter((c) => c.mode !== "done" && c.mode !== "halted" && c.waits === undefined);
    const next = client.waitForEvent("tlbscope.state", 60_000);
    const deliver = shown.ipis.find((i) => i.deliver !== undefined)?.deliver;
    const begin = performance.now();
    if (deliver !== undefined) await client.customRequest("tlbscope.move", { move: deliver });
    else
      await client.customRequest("stepIn", {
        threadId: ready[Math.floor(shown.step / 40) % ready.length].id + 1,
        granularity: "instruction",
      });
    const after = (await next).body as PanelState;
    times.push(performance.now() - begin);
    if (after.step === shown.step)
      throw new Error(`No step was taken from step ${shown.step}: ${after.notice ?? after.sentence}`);
    shown = after;
  }
  rmSync(folder, { recursive: true });
  row(`step to panel state, history of ${times.length} steps`, times);
  await client.stop();
}

async function main(): Promise<void> {
  const cpu = os.cpus()[0]?.model ?? "unknown processor";
  console.log(`Node ${process.version}, ${os.cpus().length} × ${cpu}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`);
  const trees = (process.env.TLBSCOPE_TREES ?? "").split(":").filter(Boolean);
  const onlySearch = process.argv.includes("--search");
  if (!onlySearch) await benchTree("built-in edition", undefined);
  if (!onlySearch) for (const tree of trees) await benchTree(path.basename(tree), tree);
  await benchSearch({ large: process.argv.includes("--large"), times: process.argv.includes("--quick") ? 1 : 3 });
  await benchFromC(trees);
  if (trees.length === 0) console.log("\nNo kernel tree given: set TLBSCOPE_TREES to time real sources.");
}

main().catch((e: unknown) => {
  console.error(e);
  process.exitCode = 1;
});
