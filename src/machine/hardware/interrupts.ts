/** Interrupts that one CPU sends others: flush vectors, and function calls (kernel/smp.c). */
import type { Observer } from "../effects";
import { W } from "../state";
import type { Hardware } from "./hardware";

/** Arguments: the set of CPUs, and the vector. */
export function sendVector(hw: Hardware, s: Int32Array, _: number, args: number[], o: Observer): number {
  const l = hw.layout;
  const vector = args[1] - hw.vectorBase;
  const to = args[0] & ((1 << l.cpuCount) - 1);
  for (let d = 0; d < l.cpuCount; d++) if ((to >> d) & 1) s[l.cpu[d] + W.vectors] |= 1 << vector;
  o.effect?.({ k: "sendVector", to, vector });
  return 0;
}

/** Arguments: the set of CPUs (this one is left out), the function, and what it is given. */
export function sendCall(hw: Hardware, s: Int32Array, c: number, args: number[], o: Observer): number | "wait" {
  const l = hw.layout,
    cpu = l.cpu[c];
  const to = args[0] & ((1 << l.cpuCount) - 1) & ~(1 << c),
    [, fn, info] = args;
  const pending = s[cpu + W.callPending];
  // The one before isn't finished: csd_lock. The same call to a further CPU has a descriptor of its own.
  if ((pending & to) !== 0 || (pending !== 0 && (s[cpu + W.callFn] !== fn || s[cpu + W.callInfo] !== info)))
    return "wait";
  if (to !== 0) {
    s[cpu + W.callFn] = fn;
    s[cpu + W.callInfo] = info;
    s[cpu + W.callQueued] |= to;
    s[cpu + W.callPending] |= to;
  }
  o.effect?.({ k: "sendCall", to, fn, info });
  return 0;
}

/** Waits until every CPU has made the call that this CPU sent last. */
export function awaitCalls(hw: Hardware, s: Int32Array, c: number, _: number[], o: Observer): number | "wait" {
  const cpu = hw.layout.cpu[c];
  if (s[cpu + W.callPending] !== 0) return "wait";
  s[cpu + W.callFn] = s[cpu + W.callInfo] = 0;
  o.effect?.({ k: "awaited" });
  return 0;
}
