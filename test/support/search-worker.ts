/** A thread of a parallel search of one of the systems that tests and figures use. */
import { serveMember, type MemberSystem } from "../../src/check/parallel/member";
import { nodePort } from "../../src/cli/node-team";
import { LazyTlb, type LazyTlbOptions } from "./lazy-tlb";
import { spreads, ToySystem } from "./toy-system";
import { Torus } from "./torus";

export type SearchedSystem =
  | { lazyTlb: LazyTlbOptions }
  | { torus: number; bits: readonly [number, number] }
  /** `dies`: throws when it comes to expand this state. */
  | { toy: number[][]; spread: number; dies?: number };

serveMember(nodePort(), (description): MemberSystem => {
  const d = description as SearchedSystem;
  if ("lazyTlb" in d) return new LazyTlb(d.lazyTlb);
  if ("torus" in d) return new Torus(d.torus, d.bits);
  const { key, bits } = spreads[d.spread];
  if (!bits) throw new Error("Threads share keys whose bits are known.");
  const system: MemberSystem = Object.assign(new ToySystem(d.toy, key), { bits });
  if (d.dies === undefined) return system;
  const { expand } = system;
  const dying = key(d.dies).join();
  system.expand = (keys, first, end, out) => {
    for (let i = first; i < end; i++)
      if (keys.subarray((i - first) * system.words, (i - first + 1) * system.words).join() === dying)
        throw new Error("the toy breaks here");
    return expand.call(system, keys, first, end, out);
  };
  return system;
});
