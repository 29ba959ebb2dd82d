import assert from "node:assert/strict";
import { defines, headerPaths, includesOf } from "../../../src/kernel/syntax/includes";

describe("headers", () => {
  it("are those that a file includes, however it writes it", () =>
    assert.deepEqual(
      includesOf('#include <linux/mm.h>\n # include\t"sched.h"\n// include <no.h>\nx = 1; #include <neither.h>\n'),
      ["linux/mm.h", "sched.h"],
    ));
  it("stand beside the file, or where the kernel's Makefile looks for them", () => {
    assert.deepEqual(headerPaths("sched.h", "kernel/sched/core.c").slice(0, 2), [
      "kernel/sched/sched.h",
      "include/sched.h",
    ]);
    assert.ok(headerPaths("linux/mm.h", "kernel/fork.c").includes("include/linux/mm.h"));
    assert.ok(
      ["arch/x86/include/asm/tlb.h", "include/asm-generic/tlb.h"].every((p) =>
        headerPaths("asm/tlb.h", "arch/x86/mm/tlb.c").includes(p),
      ),
    );
  });
  it("are never looked for outside of the tree", () => {
    assert.deepEqual(headerPaths("../../include/linux/mm.h", "arch/x86/mm.c")[0], "include/linux/mm.h");
    for (const name of ["../../../etc/passwd", "/etc/passwd", "..\\..\\x.h", "C:/x.h", "file:///x.h", "a\0.h"])
      for (const path of headerPaths(name, "kernel/sched.c"))
        assert.ok(!path.startsWith("/") && !path.includes(".."), `${name}: ${path}`);
    assert.deepEqual(headerPaths("../../../etc/passwd", "kernel/sched.c"), []);
    assert.ok(headerPaths("../../../mm.h", "arch/x86/mm/tlb.c").includes("mm.h"));
  });
  it("define macros, functions, structures and values of enums, and don't where they only use them", () => {
    const text =
      "#define LIMIT 4\n#  define twice(a) ((a) * 2)\nstruct s {\n\tint a;\n};\nstatic inline int half(int " +
      "a)\n{\n\treturn a / 2;\n}\nenum e {\n\tFIRST,\n\tSECOND = 5,\n};\nextern int used(int a);\nint x = " +
      "CALLED(LIMIT);\n";
    for (const name of ["LIMIT", "twice", "struct s", "half", "FIRST", "SECOND"]) assert.ok(defines(text, name), name);
    for (const name of ["struct t", "used", "CALLED", "a", "LIM"]) assert.ok(!defines(text, name), name);
  });
});
