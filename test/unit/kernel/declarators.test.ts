import assert from "node:assert/strict";
import fc from "fast-check";
import { plainType, readDeclarators, readTypeName, splitTop } from "../../../src/kernel/syntax/declarators";

/** `name: base *`, for each name that the text declares. */
const declared = (text: string) =>
  readDeclarators(text).map(
    (d) =>
      `${d.name}: ${d.type.base}${d.type.pointers ? " " + "*".repeat(d.type.pointers) : ""}` +
      `${d.type.dims.map((x) => `[${x}]`).join("")}${d.type.fn ? " fn" : ""}${d.bits ? `:${d.bits}` : ""}`,
  );

describe("declarators", () => {
  it("are read as the kernel writes them", () => {
    assert.deepEqual(declared("struct mm_struct *mm, *oldmm"), ["mm: struct mm_struct *", "oldmm: struct mm_struct *"]);
    assert.deepEqual(declared("int a, *b, c[2][N]"), ["a: int", "b: int *", "c: int[2][N]"]);
    assert.deepEqual(declared("unsigned long flags"), ["flags: unsigned long"]);
    assert.deepEqual(declared("unsigned long long x"), ["x: unsigned long long"]);
    assert.deepEqual(declared("const struct cpumask *cpumask"), ["cpumask: struct cpumask *"]);
    assert.deepEqual(declared("pgd_t * pgd"), ["pgd: pgd_t *"]);
    assert.deepEqual(declared("cpumask_var_t mask"), ["mask: cpumask_var_t"]);
    assert.deepEqual(declared("char **p"), ["p: char **"]);
    assert.deepEqual(declared("unsigned int dumpable : 2"), ["dumpable: unsigned int:2"]);
    assert.deepEqual(declared("int x = f(1, 2), y = 3"), ["x: int", "y: int"]);
  });

  it("of functions through pointers are pointers to functions", () => {
    assert.deepEqual(declared("void (*func)(void *info)"), ["func: void * fn"]);
    assert.deepEqual(declared("unsigned long (*get_unmapped_area) (struct file *filp, unsigned long addr)"), [
      "get_unmapped_area: unsigned long * fn",
    ]);
  });

  it("are read past annotations", () => {
    assert.deepEqual(declared("static struct rq __percpu *rq ____cacheline_aligned_in_smp"), ["rq: struct rq *"]);
    assert.deepEqual(declared("struct mm_struct __rcu * volatile mm"), ["mm: struct mm_struct *"]);
    assert.deepEqual(declared("int x __attribute__((aligned(8)))"), ["x: int"]);
  });

  it("that declare nothing give nothing", () => {
    for (const text of ["", "struct mm_struct", "void", "...", "int", ";", "*"])
      assert.deepEqual(declared(text), [], text);
  });
});

describe("a type's name", () => {
  it("alone is read", () => {
    assert.deepEqual(readTypeName("const struct mm_struct *"), { base: "struct mm_struct", pointers: 1, dims: [] });
    assert.deepEqual(readTypeName("unsigned long"), { base: "unsigned long", pointers: 0, dims: [] });
    assert.deepEqual(readTypeName("void (*)(int)").fn, { returns: "void", params: "int" });
    assert.equal(plainType("static  inline\tvoid __attribute__((noreturn)) "), "void");
  });
});

describe("splitting at commas", () => {
  it("respects brackets", () =>
    assert.deepEqual(
      splitTop("a, f(b, c), x[d, e], {g, h}", ",").map((s) => s.trim()),
      ["a", "f(b, c)", "x[d, e]", "{g, h}"],
    ));
});

describe("any text as a declaration", () => {
  it("is read or not, quickly and without a crash", () => {
    const word = fc.constantFrom(
      "struct",
      "mm",
      "*",
      "int",
      "(",
      ")",
      "[",
      "]",
      ",",
      "const",
      "unsigned",
      "long",
      ":",
      "{",
      "}",
      " ",
      "__attribute__((",
      "x",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 60 }).map((w) => w.join(" ")),
        ),
        (text) => void [readDeclarators(text), readTypeName(text)],
      ),
      { numRuns: 1000 },
    );
  });
});
