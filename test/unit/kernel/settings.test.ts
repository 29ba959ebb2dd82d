/** Options, features and static keys: what a session decides, and that code which can't be reached isn't asked for. */
import assert from "node:assert/strict";
import { configOf } from "../../../src/kernel/configuration";
import { buildProgram } from "../../../src/kernel/program";
import { actions, parser, source } from "../../support/kernel";
import { leaves } from "../../support/machine";

const build = (body: string, settings: Record<string, number> = {}, c = "int x;") =>
  buildProgram({
    parser: parser(),
    files: [source(`${c}\nvoid scenario_touch(unsigned long addr)\n{\n\t${body}\n}\n`)],
    platform: "native",
    settings,
  });
const does = (body: string, settings: Record<string, number> = {}, c = "int x;") => {
  const program = build(body, settings, c);
  assert.deepEqual(
    program.diagnostics.map((d) => d.message),
    [],
  );
  return actions(program, "scenario_touch");
};

describe("options", () => {
  const sets = (config: string, c: string) => {
    const body = `int x;\nvoid scenario_touch(unsigned long addr)\n{\n${c}\n}\n`;
    const files = [source(body), source(`CONFIG_X86_64=y\nCONFIG_SMP=y\n${config}`, ".config", "build")];
    return buildProgram({ parser: parser(), files, platform: "native" });
  };
  it("are the tree's, whichever the code asks for", () => {
    const program = sets("CONFIG_ANYTHING=y\nCONFIG_LEVELS=5\n", "if (IS_ENABLED(CONFIG_ANYTHING)) x = CONFIG_LEVELS;");
    assert.deepEqual(program.diagnostics, []);
    assert.deepEqual(actions(program, "scenario_touch"), ["store"]);
    assert.deepEqual(
      program.settings.map((s) => [s.name, s.value, s.source]),
      [
        ["CONFIG_ANYTHING", 1, ".config"],
        ["CONFIG_LEVELS", 5, ".config"],
      ],
    );
  });
  it("are the model's where it stands for a machine: 64 bits, several CPUs, locks without an owner", () => {
    const program = sets(
      "CONFIG_X86_32=y\nCONFIG_DEBUG_SPINLOCK=y\nCONFIG_XEN_PV=y\n",
      "#if defined(CONFIG_X86_32) || defined(CONFIG_DEBUG_SPINLOCK) || defined(CONFIG_XEN_PV)\nx = 1;\n#endif",
    );
    assert.deepEqual(actions(program, "scenario_touch"), []);
  });
});

describe("settings", () => {
  it("leave out what an option, a feature or a static key that is off guards", () => {
    for (const off of [
      "IS_ENABLED(CONFIG_NOBODY)",
      "static_cpu_has(X86_FEATURE_PTI)",
      "boot_cpu_has(X86_FEATURE_PTI) && addr",
      "static_branch_unlikely(&key)",
      "time_after(jiffies, addr)",
    ]) {
      assert.deepEqual(does(`if (${off}) { nobody_knows_this(); x = 1; }`), [], off);
      assert.deepEqual(does(`if (!(${off})) return; unknown(); x = 1;`), [], off);
      assert.deepEqual(does(`x = ${off} ? unknown() : 2;`), ["store"], off);
    }
  });
  it("leave in what one that is on guards", () => {
    assert.deepEqual(does("if (static_cpu_has(X86_FEATURE_PCID)) x = 1; else unknown();"), ["store"]);
    assert.deepEqual(does("if (IS_ENABLED(CONFIG_SMP)) x = 1;"), ["store"]);
    assert.deepEqual(does("if (static_branch_likely(&key)) x = 1;", {}, "int x; DEFINE_STATIC_KEY_TRUE(key);"), [
      "store",
    ]);
  });
  it("can be changed, and are told with the value that they have", () => {
    assert.deepEqual(does("if (static_cpu_has(X86_FEATURE_PTI)) x = 1;", { X86_FEATURE_PTI: 1 }), ["store"]);
    assert.deepEqual(does("if (static_cpu_has(X86_FEATURE_PCID)) unknown();", { X86_FEATURE_PCID: 0 }), []);
    assert.deepEqual(does("VM_WARN_ON(x);", { CONFIG_DEBUG_VM: 1 }), ["load", "hw warn"]);
    assert.deepEqual(does("\n#ifdef CONFIG_DEBUG_VM\nx = 1;\n#endif\n", { CONFIG_DEBUG_VM: 1 }), ["store"]);
    assert.deepEqual(does("if (IS_ENABLED(CONFIG_SMP)) unknown();", { CONFIG_SMP: 0 }), []);
    const told = build("if (static_cpu_has(X86_FEATURE_PTI) || static_branch_unlikely(&key)) x = 1; VM_BUG_ON(x);", {
      key: 1,
    }).settings;
    assert.deepEqual(told, [
      { name: "X86_FEATURE_PTI", value: 0, kind: "feature", source: "TLBscope's default" },
      { name: "key", value: 1, kind: "key", source: "the scenario" },
      { name: "CONFIG_DEBUG_VM", value: 0, kind: "option", source: "TLBscope's default" },
    ]);
  });
  it("that are the same are one configuration, so that a file is read once", () => {
    assert.equal(configOf("native", { CONFIG_A: 1, CONFIG_B: 1 }), configOf("native", { CONFIG_B: 1, CONFIG_A: 1 }));
    assert.equal(configOf("native", { X86_FEATURE_PCID: 0 }), configOf("native"));
  });
  it("see through macros, and functions that always answer the same", () => {
    const c =
      "int x;\n#define HAS(f) (boot_cpu_has(f) && 1)\n#define OFF 0\nstatic inline bool never(int a) { return false; }";
    for (const off of ["HAS(X86_FEATURE_PTI)", "OFF", "never(x)", "OFF || never(1)"])
      assert.deepEqual(does(`if (${off}) unknown();`, {}, c), [], off);
  });
  it("don't hide a label that is jumped to, nor what a variable decides", () => {
    assert.deepEqual(
      leaves("goto in; if (0) { in: x = 1; } if (y) x = 5; return; x = 7;", ["x", "y"], { c: "int x, y;" }),
      { x: 1, y: 0 },
    );
  });
});

describe("WARN_ON as a condition", () => {
  it("is as true as its condition", () => {
    assert.deepEqual(leaves("if (WARN_ON_ONCE(y)) x = 1; z = WARN_ON(y) + 2;", ["x", "z"], { c: "int x, y, z;" }), {
      x: 0,
      z: 2,
    });
    assert.deepEqual(does("if (WARN_ON_ONCE(x)) x = 2;"), ["load", "hw warn", "store"]);
  });
});
