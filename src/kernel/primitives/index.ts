/** The table of primitives: the kernel's own vocabulary, one entry per operation with every era's spelling. */
import { atomicPrimitives } from "./atomic";
import { checkPrimitives } from "./checks";
import { cpumaskPrimitives } from "./cpumask";
import { environmentPrimitives } from "./environment";
import { interruptPrimitives } from "./interrupts";
import { lockPrimitives } from "./locks";
import { pagingPrimitives } from "./paging";
import { percpuPrimitives } from "./percpu";
import type { Primitive } from "./primitive";

export type { Primitive } from "./primitive";
export { harmlessCall, harmlessNames } from "./harmless";

export const primitives: readonly Primitive[] = [
  ...percpuPrimitives, ...cpumaskPrimitives, ...atomicPrimitives, ...lockPrimitives,
  ...interruptPrimitives, ...pagingPrimitives, ...checkPrimitives, ...environmentPrimitives,
];

let byName: Map<string, Primitive> | undefined;

/** The entry for a name on this platform, or undefined. */
export function primitiveNamed(name: string, platform: "native" | "xen"): Primitive | undefined {
  byName ??= new Map(primitives.flatMap((p) => p.names.map((n) => [n, p] as const)));
  const p = byName.get(name);
  return p && (!p.platform || p.platform === platform) ? p : undefined;
}
