// How long the extension host is busy at a stretch while a check runs, measured inside the extension host of a real VS
// Code.
// `npm run bench -- --editor` runs it on the built-in edition, and on each tree in TLBSCOPE_TREES.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { extensionId } from "../test/support/extension-id";

/** Nothing may keep the host, and so every other extension, busy for longer. */
const most = 50;

interface Turn {
  /** Milliseconds from one turn of a timer to the next, and what this thread worked in them, where that can be told. */
  wall: number;
  cpu: number | undefined;
}

/** Milliseconds that this thread has worked; with other threads at work, the clock alone also counts their time. */
function worked(): number | undefined {
  const usage = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage?.();
  return usage && (usage.user + usage.system) / 1000;
}

/** Runs something, and takes down every turn of the host meanwhile. */
async function turnsOf(work: () => Thenable<unknown>): Promise<{ ms: number; turns: Turn[] }> {
  const turns: Turn[] = [];
  let over = false,
    wall = performance.now(),
    cpu = worked();
  const tick = (): void => {
    const now = performance.now(),
      cpuNow = worked();
    turns.push({ wall: now - wall, cpu: cpuNow === undefined ? undefined : cpuNow - cpu! });
    [wall, cpu] = [now, cpuNow];
    if (!over) setTimeout(tick, 1);
  };
  const from = performance.now();
  setTimeout(tick, 1);
  try {
    await work();
  } finally {
    over = true;
  }
  const ms = performance.now() - from;
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { ms, turns };
}

async function measure(name: string, work: () => Thenable<unknown>): Promise<void> {
  const { ms, turns } = await turnsOf(work);
  const top = (key: (t: Turn) => number): number => turns.reduce((n, t) => Math.max(n, key(t)), 0);
  const cpu = turns.every((t) => t.cpu !== undefined) ? `${top((t) => t.cpu!).toFixed(0)} ms` : "?";
  const over = turns.filter((t) => (t.cpu ?? t.wall) > most).length;
  console.log(
    `  ${name.padEnd(52)}${`${(ms / 1000).toFixed(1)} s`.padStart(9)}${cpu.padStart(9)}` +
      `${`${top((t) => t.wall).toFixed(0)} ms`.padStart(9)}${String(over).padStart(8)}`,
  );
}

const firstWith = (root: string, files: readonly string[], text: RegExp): { file: string; line: number } => {
  for (const file of files) {
    const at = path.join(root, file);
    if (!existsSync(at)) continue;
    const line =
      readFileSync(at, "utf8")
        .split("\n")
        .findIndex((l) => text.test(l)) + 1;
    if (line > 0) return { file: at, line };
  }
  throw new Error(`${root}: none of ${files.join(", ")} has ${text}.`);
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function measureTree(root: string): Promise<void> {
  const switchMm = firstWith(
    root,
    ["arch/x86/include/asm/mmu_context.h", "arch/x86/mm/tlb.c"],
    /^(?:static inline )?void switch_mm(?:_irqs_off)?\(/,
  );
  const contextSwitch = firstWith(root, ["kernel/sched.c", "kernel/sched/core.c"], /^(?:\w.* )?context_switch\(struct/);
  console.log(`\n${path.basename(root).padEnd(54)}     time     work    clock  > ${most} ms`);
  const uri = vscode.Uri.file(switchMm.file);
  const check = { uri: uri.toString() };
  const document = await vscode.workspace.openTextDocument(uri);
  await measure("files opened, lenses and squiggles there", async () => {
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument(vscode.Uri.file(contextSwitch.file)),
      vscode.ViewColumn.Two,
    );
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand("vscode.executeCodeLensProvider", uri, 100);
    await pause(2000);
  });
  await measure("Check Every Interleaving, first time", () => vscode.commands.executeCommand("tlbscope.check", check));
  await measure("Check Every Interleaving, edited during the run", async () => {
    const running = vscode.commands.executeCommand("tlbscope.check", check);
    await pause(300);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), " ");
    await vscode.workspace.applyEdit(edit);
    await running;
    await pause(1000);
  });
  await vscode.commands.executeCommand("undo");
  await pause(1000);
  await measure("Explain the Whole Function, for a minute at most", async () => {
    const cancel = setTimeout(() => void vscode.commands.executeCommand("tlbscope.why.cancel"), 60_000);
    await vscode.commands.executeCommand("tlbscope.explain", { uri: uri.toString(), line: switchMm.line + 3 });
    clearTimeout(cancel);
  });
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** VS Code calls this with the extension loaded. */
export async function run(): Promise<void> {
  console.log(
    "Turns of the extension host: the longest, by its own work and by the clock (which counts other threads' time too)",
  );
  await vscode.extensions.getExtension(extensionId)!.activate();
  const edition = vscode.workspace.workspaceFolders![0].uri.fsPath;
  for (const root of [edition, ...(process.env.TLBSCOPE_TREES ?? "").split(":").filter(Boolean)])
    await measureTree(root);
}
