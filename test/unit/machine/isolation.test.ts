/**
 * Page table isolation: user mode under a PCID of its own, changed by the environment's C on the way into the kernel
 * and back.
 */
import assert from "node:assert/strict";
import { describe as view } from "../../../src/machine/view/describe";
import { isolates } from "../../../src/kernel/settings";
import { build, edition } from "../../support/kernel";
import { Player, read, toy, type ToyOptions } from "../../support/machine";

/** What the kernel declares for it, and the way in and out, as the environment has it. */
const c = () => {
  const environment = edition().find((f) => f.path === "environment.c")!.text;
  const ways = environment.slice(
    environment.indexOf("static void switch_to_kernel_cr3"),
    environment.indexOf("/* A CPU comes up"),
  );
  return `#define TLB_NR_DYN_ASIDS 2
struct tlb_state { unsigned short user_pcid_flush_mask; }; DEFINE_PER_CPU(struct tlb_state, cpu_tlbstate);
void invalidate_user_asid(int asid) {
	__set_bit(asid + 1, (unsigned long *)this_cpu_ptr(&cpu_tlbstate.user_pcid_flush_mask));
}
void handler(void *info) { invalidate_user_asid(-1); }
int x;
${ways}`;
};
const A = { name: "A", pages: ["page0"], ldt: false };
const options: ToyOptions = {
  mms: [A],
  tasks: [
    { name: "A/1", mm: "A" },
    { name: "A/2", mm: "A" },
  ],
  starts: ["A/1", "A/2"],
  speculation: true,
  settings: { X86_FEATURE_PTI: 1 },
};
/** CPU0 does nothing but run in user mode; CPU1 makes a system call. */
const player = (call: string) => new Player(toy(["", call], { ...options, c: c() }));
const held = (p: Player, cpu: number): string[] =>
  view(p.machine, p.state)
    .cpus[cpu].tlb.filter((e) => !e.dropped)
    .map((e) => `PCID ${e.pcid}`);
const pcid = (p: Player, cpu: number) => read(p.machine, p.state, `CPU${cpu}'s CR3's PCID`);

describe("page table isolation", () => {
  it("is there with PCIDs, natively, and only if asked for", () => {
    assert.deepEqual(
      [
        isolates({}, "native"),
        isolates({ X86_FEATURE_PTI: 1 }, "native"),
        isolates({ X86_FEATURE_PTI: 1, X86_FEATURE_PCID: 0 }, "native"),
        isolates({ X86_FEATURE_PTI: 1 }, "xen"),
      ],
      [false, true, false, false],
    );
    const program = build(edition(), "native", { X86_FEATURE_PTI: 1 });
    assert.deepEqual(
      [program.isolated, program.fns.has("enter_kernel")],
      [false, false],
      "a kernel that knows nothing of it has none",
    );
  });
  it("gives the kernel and user mode a PCID each, and keeps what both hold", () => {
    const p = player("x = 1;");
    assert.equal(pcid(p, 1), 0x800);
    p.fill(1);
    while (read(p.machine, p.state, "x") === 0) p.step(1);
    assert.equal(pcid(p, 1), 0);
    p.fill(1);
    p.untilWaits(1);
    assert.deepEqual([pcid(p, 1), held(p, 1)], [0x800, ["PCID 0", "PCID 2048"]]);
  });
  it("flushes the user's on the way back, where the kernel has asked for it", () => {
    const p = player("invalidate_user_asid(-1); invalidate_user_asid(0);");
    p.fill(1);
    p.untilWaits(1);
    assert.deepEqual([pcid(p, 1), held(p, 1)], [0x800, []]);
    assert.equal(
      read(p.machine, p.state, "CPU1's cpu_tlbstate.user_pcid_flush_mask"),
      2,
      "what is asked for another PCID waits",
    );
  });
  it("changes CR3 for an interrupt that comes in user mode, and not for one in the kernel", () => {
    const p = player("smp_call_function(handler, NULL, 1);");
    p.fill(0);
    p.untilWaits(1);
    p.take(0);
    while (!p.machine.stack(p.state, 0).some((f) => f.fn.name === "handler")) p.step(0);
    assert.equal(pcid(p, 0), 0);
    p.finish();
    assert.deepEqual([pcid(p, 0), held(p, 0), p.violations], [0x800, [], []]);
  });
});
