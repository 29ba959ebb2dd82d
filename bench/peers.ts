/**
 * The other model checkers on the same protocol, where they are installed: Spin and rumur (Debian: spin, rumur, gcc),
 * and TLC (Java, and its tla2tools.jar in TLBSCOPE_TLA2TOOLS).
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../src/cli/node-host";

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
  let out = "",
    last = 0;
  for (const [command, ...args] of commands) {
    const begin = performance.now();
    const r = spawnSync(command, args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
    last = (performance.now() - begin) / 1000;
    if (r.error)
      return (r.error as NodeJS.ErrnoException).code === "ENOENT" ? `${command} is not installed` : r.error.message;
    out = r.stdout + r.stderr;
    if (r.status !== 0) {
      const lines = out.trim().split("\n");
      return `${command} failed: ${lines.find((l) => /error/i.test(l)) ?? lines[0]}`;
    }
  }
  return { out, last };
}

function peer(
  name: string,
  states: RegExp,
  prepare: (cpus: number, mms: number, folder: string) => [string, ...string[]][],
): Peer {
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
    const text = readFileSync(model("lazy-tlb.m"), "utf8")
      .replace(": CPUS;", `: ${cpus};`)
      .replace(": MMS;", `: ${mms};`)
      .replace(": CLEAR_FIRST;", ": 0;");
    writeFileSync(path.join(folder, "model.m"), text);
    return [
      [
        "rumur",
        "--symmetry-reduction",
        symmetry,
        "--threads",
        String(os.availableParallelism()),
        "--deadlock-detection",
        "stuck",
        "--output",
        "model.c",
        "model.m",
      ],
      ["gcc", "-std=c11", "-O3", "-march=native", "-mcx16", "-o", "model", "model.c", "-lpthread", "-latomic"],
      ["./model"],
    ];
  });

/** TLC's configuration of a size: the names of its CPUs and mms. */
function tlcSize(cpus: number, mms: number, symmetry: boolean): string {
  const names = (letter: string, n: number) => `{${Array.from({ length: n }, (_, i) => letter + (i + 1)).join(", ")}}`;
  return (
    `CONSTANTS\n  Cpu = ${names("c", cpus)}\n  Mm = ${names("m", mms)}\n  InitMm = InitMm\n  ClearFirst = ` +
    `FALSE\nINIT Init\nNEXT Next\n${symmetry ? "SYMMETRY Names\n" : ""}`
  );
}

function tlc(name: string, symmetry: boolean): Peer {
  const jar = process.env.TLBSCOPE_TLA2TOOLS;
  if (!jar) return { name, run: () => "not here: TLBSCOPE_TLA2TOOLS doesn't say where its tla2tools.jar is" };
  return peer(name, /(\d+) distinct states found, 0 states left/, (cpus, mms, folder) => {
    copyFileSync(model("LazyTlb.tla"), path.join(folder, "LazyTlb.tla"));
    writeFileSync(path.join(folder, "LazyTlb.cfg"), tlcSize(cpus, mms, symmetry));
    return [
      [
        "java",
        "-XX:+UseParallelGC",
        "-cp",
        path.resolve(jar),
        "tlc2.TLC",
        "-workers",
        String(os.availableParallelism()),
        "-checkpoint",
        "0",
        "-noGenerateSpecTE",
        "-metadir",
        "meta",
        "LazyTlb",
      ],
    ];
  });
}

export const spinBfs = spin("Spin, breadth first", ["-DBFS", "-DNOREDUCE"], []);
/** What may find its verdict fastest. */
export const fastest: Peer[] = [
  spin("Spin, depth first", [], ["-m3000000"]),
  rumur("rumur, by symmetry", "heuristic"),
  tlc("TLC", false),
  tlc("TLC, by symmetry", true),
];
