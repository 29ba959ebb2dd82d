import assert from "node:assert/strict";
import { Machine } from "../../../src/machine/machine";
import { readScenario } from "../../../src/scenario/read-scenario";
import { withChanges } from "../../../src/scenario/scenario-changes";
import { build, edition, type Edit } from "../../support/kernel";
import { scenario as builtIn } from "../../support/machine";

const TLB = "arch/x86/mm/tlb.c";

describe("a setting", () => {
  const refusal = (settings: Record<string, number>, edits: Record<string, Edit> = {}): string | undefined => {
    const scenario = withChanges(builtIn("lazy-return"), { settings });
    try {
      new Machine(build(edition(edits), "native", settings), scenario);
    } catch (e) {
      return (e as Error).message;
    }
    return undefined;
  };

  it("that nothing asks for is refused, with the one that may be meant", () => {
    assert.equal(
      refusal({ flush_at_onec: 1 }),
      'lazy-return: There is no setting "flush_at_onec": the source doesn\'t ask for it. Did you mean "flush_at_once"?',
    );
    assert.match(refusal({ X86_FEATURE_PCDI: 0 })!, /Did you mean "X86_FEATURE_PCID"\?$/);
    assert.match(refusal({ CONFIG_DEBUG_MV: 0 })!, /Did you mean "CONFIG_DEBUG_VM"\?$/);
    assert.match(
      refusal({ frobnicate: 1 })!,
      /^lazy-return: There is no setting "frobnicate": .* no settings at all\.$/,
    );
    const asks = (t: string) => t.replace("load_cr3(next->pgd);", "if (boot_cpu_has(X86_FEATURE_PCID)) $&");
    const said = refusal({ frobnicate: 1 }, { "arch/x86/include/asm/mmu_context.h": asks });
    assert.match(said!, /doesn't ask for it\. Settings that it asks for: X86_FEATURE_PCID\.$/);
    for (const name of ["constructor", "toString", "a(", ""])
      assert.match(refusal({ [name]: 1 })!, /There is no setting/);
    assert.match(refusal(Object.fromEntries([["__proto__", 1]]))!, /There is no setting "__proto__"/);
    assert.match(refusal({ prev: 1 })!, /There is no setting "prev"/, "a variable is none");
  });
  it("that some kernel asks for is allowed on each", () => {
    for (const name of ["flush_at_once", "time_passes", "X86_FEATURE_PTI", "switch_mm_cond_ibpb", "CONFIG_SMP"])
      assert.equal(refusal({ [name]: 1 }), undefined, name);
  });
  it("that only this tree asks for is allowed, be it in a line that another one hides", () => {
    const asks = (line: string) => ({ [TLB]: (t: string) => `${line}\n${t}` });
    assert.equal(refusal({ CONFIG_VENDOR: 1 }, asks("#ifdef CONFIG_VENDOR\n#endif")), undefined);
    assert.equal(refusal({ vendor_key: 1 }, asks("DEFINE_STATIC_KEY_FALSE(vendor_key);")), undefined);
    assert.match(refusal({ vendor_key: 1 }, asks("int vendor_key;"))!, /There is no setting "vendor_key"/);
  });
  it("in a scenario's file is refused with its line", () => {
    const text =
      "id: mine\nabout: Nothing.\nsettings:\n  X86_FEATURE_PCID: true\n  flush_at_onec: true\n" +
      "cpus:\n  - starts: swapper/0\n";
    const { scenario, problems } = readScenario(text);
    assert.deepEqual(problems, []);
    assert.throws(
      () => new Machine(build(edition()), scenario!),
      /^Error: mine:5: There is no setting "flush_at_onec": the source doesn't ask for it\. Did you mean/,
    );
  });
});
