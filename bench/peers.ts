/** The other model checkers on the same protocol, where they are installed: Spin and rumur (Debian: spin, rumur, gcc). */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../src/cli/host";

export interface PeerRun {
  name: string;
  /** Seconds: of the search alone as the peer tells it, and of everything, compiling included. */
  search: number;
  all: number;
  states: number;
}

export interface Peer {
  name: string;
  /** Runs the peer, or says why it can't. */
  run(cpus: number, mms: number): PeerRun | string;
}

const model = (name: string): string => path.join(packageRoot(), "bench/peers", name);

/** Runs commands in a folder of their own; gives what the last one printed, or what went wrong. */
function runIn(folder: string, commands: [string, ...string[]][]): { out: string; last: number } | string {
  let out = "", last = 0;
  for (const [command, ...args] of commands) {
    const begin = performance.now();
    const r = spawnSync(command, args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
    last = (performance.now() - begin) / 1000;
    if (r.error) return (r.error as NodeJS.ErrnoException).code === "ENOENT" ? `${command} is not installed` : r.error.message;
    out = r.stdout + r.stderr;
    if (r.status !== 0) return `${command} failed: ${out.trim().split("\n")[0]}`;
  }
  return { out, last };
}

function peer(name: string, states: RegExp, prepare: (cpus: number, mms: number, folder: string) => [string, ...string[]][]): Peer {
  return {
    name,
    run(cpus, mms) {
      const folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-peer-"));
      try {
        const begin = performance.now();
        const r = runIn(folder, prepare(cpus, mms, folder));
        if (typeof r === "string") return r;
        const found = states.exec(r.out);
        if (!found) return `${name} told no number of states`;
        return { name, search: r.last, all: (performance.now() - begin) / 1000, states: Number(found[1]) };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const spin = (name: string, defines: string[], args: string[]): Peer =>
  peer(name, /(\d+) states, stored/, (cpus, mms) => [
    ["spin", `-DCPUS=${cpus}`, `-DMMS=${mms}`, "-a", model("lazy-tlb.pml")],
    ["gcc", "-O3", "-march=native", "-DSAFETY", "-DNOFAIR", ...defines, "-o", "pan", "pan.c"],
    ["./pan", "-w24", ...args],
  ]);

const rumur = (name: string, symmetry: string): Peer =>
  peer(name, /State Space Explored:\s+(\d+) states/, (cpus, mms, folder) => {
    const text = readFileSync(model("lazy-tlb.m"), "utf8").replace(": CPUS;", `: ${cpus};`).replace(": MMS;", `: ${mms};`).replace(": CLEAR_FIRST;", ": 0;");
    writeFileSync(path.join(folder, "model.m"), text);
    return [
      ["rumur", "--symmetry-reduction", symmetry, "--threads", String(os.availableParallelism()), "--deadlock-detection", "stuck", "--output", "model.c", "model.m"],
      ["gcc", "-std=c11", "-O3", "-march=native", "-mcx16", "-o", "model", "model.c", "-lpthread", "-latomic"],
      ["./model"],
    ];
  });

export const spinBfs = spin("Spin, breadth first", ["-DBFS", "-DNOREDUCE"], []);
/** What may find its verdict fastest. */
export const fastest: Peer[] = [spin("Spin, depth first", [], ["-m3000000"]), rumur("rumur, by symmetry", "heuristic")];
