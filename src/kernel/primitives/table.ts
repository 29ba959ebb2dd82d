/** The table of primitives: the kernel's own vocabulary, one entry per operation with every era's spelling. */
import { atomicPrimitives } from "./atomic";
import { bitPrimitives } from "./bits";
import { broadcastPrimitives } from "./broadcast";
import { compilerPrimitives } from "./compiler";
import { checkPrimitives } from "./bugs";
import { cpumaskPrimitives } from "./cpumask";
import { environmentPrimitives } from "./environment";
import { interruptPrimitives } from "./interrupts";
import { lockPrimitives } from "./locks";
import { pagingPrimitives } from "./paging";
import { percpuPrimitives } from "./percpu";
import { queryPrimitives } from "./queries";
import { pcidPrimitives } from "./pcid";
import { isolates } from "../settings";
import type { Symbols } from "../symbols/symbols";
import type { Primitive } from "./primitive";

export type { Primitive } from "./primitive";
export { harmlessCall, harmlessNames } from "./harmless";

export const primitives: readonly Primitive[] = [
  ...percpuPrimitives,
  ...cpumaskPrimitives,
  ...atomicPrimitives,
  ...lockPrimitives,
  ...interruptPrimitives,
  ...pagingPrimitives,
  ...checkPrimitives,
  ...environmentPrimitives,
  ...queryPrimitives,
  ...pcidPrimitives,
  ...compilerPrimitives,
  ...broadcastPrimitives,
  ...bitPrimitives,
];

let byName: Map<string, Primitive> | undefined;

/** The entry for a name on this platform, or undefined. */
export function primitiveNamed(name: string, platform: "native" | "xen"): Primitive | undefined {
  byName ??= new Map(primitives.flatMap((p) => p.names.map((n) => [n, p] as const)));
  const p = byName.get(name);
  return p && (!p.platform || p.platform === platform) ? p : undefined;
}

/** The entry for a name in a program, unless it only stands in for what the open files define themselves. */
export function primitiveIn(symbols: Symbols, name: string): Primitive | undefined {
  const p = primitiveNamed(name, symbols.platform);
  if (p?.assumes && symbols.hasFunction(name) && !symbols.types.declaresField(p.assumes.struct, p.assumes.field))
    return undefined;
  const standsIn = p?.fallback || (p?.unlessIsolated && isolates(symbols.settings, symbols.platform));
  return standsIn && (symbols.dispatch(name) !== undefined || symbols.macro(name)) ? undefined : p;
}
