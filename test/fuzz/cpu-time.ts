/** Processor time of another process: on a busy machine, a clock on the wall says little about who hangs. */
import { readFileSync } from "node:fs";

/** Clock ticks in a second, as /proc counts (USER_HZ; 100 on every Linux that Node runs on). */
const TICKS = 100;

/** Seconds of processor time that a process has used, its threads included; undefined where there is no /proc. */
export function cpuSeconds(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the command's name, which may hold anything: state is field 3, utime and stime are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
}

/** How much longer than `seconds` a process may take that doesn't get the processor. */
const MOST_WAITS = 10;
/** A process that has used less than this in all that time waits for nothing that will come. */
const IDLE = 0.05;

/**
 * Calls `over` when a process has used so many seconds of processor time, or has been idle for as long; looked at after
 * each such time by the clock. Gives what cancels it.
 */
export function afterCpuTime(pid: number | undefined, seconds: number, over: () => void): () => void {
  const began = cpuSeconds(pid) ?? 0;
  let before = began,
    waits = 0;
  const timer = setInterval(() => {
    const now = cpuSeconds(pid);
    const starved = now !== undefined && now - began < seconds / 2 && now - before > IDLE * seconds;
    before = now ?? before;
    if (starved && ++waits < MOST_WAITS) return;
    clearInterval(timer);
    over();
  }, seconds * 1000);
  return () => clearInterval(timer);
}
