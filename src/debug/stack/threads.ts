/** Each CPU is a thread to the client. */
import { W } from "../../machine/layout";
import type { Simulation } from "../launch/simulation";

/** Threads count from 1, for 0 means "none" to some clients. */
export const threadOf = (cpu: number): number => cpu + 1;
export const cpuOf = (thread: number): number => thread - 1;

/** `CPU0 (A/1)`. */
export function threadName({ machine, trace }: Simulation, cpu: number): string {
  const { layout: l } = machine;
  return `CPU${cpu} (${l.objectAt(trace.state[l.cpu[cpu] + W.current])})`;
}
