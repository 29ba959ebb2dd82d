/** Options of a tree: .config, what a build has left, Kconfig. */
import assert from "node:assert/strict";
import type { SourceFile } from "../../../../src/kernel/syntax/source";
import { treeOptions } from "../../../../src/kernel/tree/tree-options";

const file = (path: string, text: string): SourceFile => ({ uri: path, path, text, origin: "build" });
const given = new Map([
  ["CONFIG_SMP", 1],
  ["CONFIG_PARAVIRT", 1],
  ["CONFIG_NR_CPUS", 8],
]);
const of = (files: SourceFile[], name: string) => treeOptions(files, given)(name);
const x86 = (text: string) => [file("arch/x86/Kconfig", text)];
const value = (text: string, name: string) => of(x86(text), `CONFIG_${name}`)?.value;

describe("a tree's options", () => {
  it("are unknown where the tree says nothing of them", () => {
    assert.equal(of([], "CONFIG_A"), undefined);
    assert.equal(of(x86("config A\n\tbool\n"), "CONFIG_B"), undefined);
  });
  it("are what an option that is on selects, with the file and the condition", () => {
    const files = [
      ...x86("config X86\n\tdef_bool y\n\tselect A\n\tselect B if PARAVIRT\n\tselect C if !SMP # never\n"),
      file("arch/Kconfig", "config A\n\tbool\nconfig B\n\tbool\nconfig C\n\tbool\n"),
    ];
    assert.deepEqual(of(files, "CONFIG_A"), { value: 1, source: "arch/x86/Kconfig selects it" });
    assert.deepEqual(of(files, "CONFIG_B"), { value: 1, source: "arch/x86/Kconfig selects it if PARAVIRT" });
    assert.deepEqual(of(files, "CONFIG_C"), { value: 0, source: "off in Kconfig unless it is chosen" });
  });
  it("are their defaults, under what they depend on", () => {
    assert.equal(value("config A\n\tdef_bool y\n\tdepends on SMP && \\\n\t\t!B\nconfig B\n\tbool\n", "A"), 1);
    assert.equal(value('config A\n\tbool "A?"\n\tdefault y if B\n\tdefault n\nconfig B\n\tdef_bool A\n', "A"), 0);
    assert.equal(value('config A\n\tint "A?" if SMP\n\tdefault 6 if NR_CPUS > 4\n\tdefault 1\n', "A"), 6);
    assert.equal(value('if !SMP\nmenu "m"\nconfig A\n\tdef_bool y\nendmenu\nendif\nconfig B\n\tdef_bool y\n', "A"), 0);
    assert.equal(value('if !SMP\nmenu "m"\nconfig A\n\tdef_bool y\nendmenu\nendif\nconfig B\n\tdef_bool y\n', "B"), 1);
    assert.equal(value('menu "m"\n\tdepends on !SMP\nconfig A\n\tdef_bool y\nendmenu\n', "A"), 0);
    assert.equal(value('config A\n\tbool\n\tdefault "$(ARCH)" != "i386" && $(cc-option,-mx)\n', "A"), 1);
    assert.equal(value("config A\n\tdef_bool (SMP || B) && !(B = y)\n", "A"), 1);
  });
  it("may have names that begin with digits", () => {
    assert.equal(value("config A\n\tdef_bool y\n\tdepends on !64BIT\nconfig 64BIT\n\tdef_bool y\n", "A"), 0);
  });
  it("are the first default of a choice that counts", () => {
    const text =
      'choice\n\tprompt "?"\n\tdefault A if !SMP\n\tdefault B\n\tdefault C\n' +
      'config A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig C\n\tbool "c"\nendchoice\n';
    assert.deepEqual([value(text, "A"), value(text, "B"), value(text, "C")], [0, 1, 0]);
  });
  it("aren't read from the text of a help", () => {
    assert.equal(
      value("config A\n\tbool\n\thelp\n\t  Say\n\n\t  default y\n\t  config B\nconfig C\n\tdef_bool y\n", "A"),
      0,
    );
    assert.equal(value("config A\n\tbool\n\t---help---\n\t  config B\nconfig C\n\tdef_bool y\n", "C"), 1);
    assert.equal(value("config A\n\tbool\n\thelp\n\t  config B\n\t    def_bool y\n", "B"), undefined);
  });
  it("are those of .config before what a build has left, and that before Kconfig", () => {
    const config = file(".config", "CONFIG_X86_64=y\nCONFIG_SMP=y\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_N=0x10\n");
    const built = file(
      "include/generated/autoconf.h",
      "#define CONFIG_X86_64 1\n#define CONFIG_SMP 1\n#define CONFIG_B 1\n",
    );
    const kconfig = x86("config A\n\tbool\nconfig B\n\tdef_bool y\n");
    assert.deepEqual(of([...kconfig, built, config], "CONFIG_A"), { value: 1, source: ".config" });
    assert.deepEqual(of([...kconfig, built, config], "CONFIG_B"), { value: 0, source: ".config" });
    assert.deepEqual(of([config], "CONFIG_N"), { value: 16, source: ".config" });
    assert.deepEqual(of([...kconfig, built], "CONFIG_B"), { value: 1, source: "include/generated/autoconf.h" });
  });
  it("aren't those of a configuration for another machine", () => {
    const arm = file("include/generated/autoconf.h", "#define CONFIG_ARM 1\n#define CONFIG_SMP 1\n");
    assert.deepEqual(of([arm, ...x86("config A\n\tdef_bool y\n")], "CONFIG_A"), {
      value: 1,
      source: "the default of arch/x86/Kconfig",
    });
  });
  it("end, whoever asks for whom", () => {
    const circle = Array.from(
      { length: 400 },
      (_, i) => `config A${i}\n\tdef_bool A${(i * 7) % 400} || A${(i * 11 + 1) % 400} || A${(i + 1) % 400}\n`,
    ).join("");
    const begun = performance.now();
    assert.equal(value(circle, "A1"), 0);
    assert.equal(value(`config A\n\tdef_bool ${"(".repeat(100_000)}y\n`, "A"), 0);
    assert.equal(value(`config A\n\tdef_bool ${"!".repeat(3000)}y\n`, "A"), 0);
    assert.equal(value("if ".repeat(50_000) + '"'.repeat(50_000), "A"), undefined);
    assert.ok(performance.now() - begun < 10_000, "within seconds, on a busy machine too");
  });
});
