/** Names that every JavaScript object has are names like others, in whatever place C has for a name. */
import assert from "node:assert/strict";
import { compile } from "../../support/kernel";
import { leaves } from "../../support/machine";

const inherited = ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "__proto__"];

describe("names that every object has", () => {
  for (const name of inherited) {
    it(`${name} as a variable, a local and a parameter`, () => {
      assert.deepEqual(leaves(`${name} = 3; x = ${name} + 1;`, [name, "x"], { c: `int x, ${name};` }), {
        [name]: 3,
        x: 4,
      });
      assert.deepEqual(leaves(`int ${name} = 5; x = ${name};`, ["x"], { c: "int x;" }), { x: 5 });
      const c = `int x; static int twice(int ${name}) { return ${name} + ${name}; }`;
      assert.deepEqual(leaves("x = twice(4);", ["x"], { c }), { x: 8 });
    });
    it(`${name} as a function, a macro and an enumerator`, () => {
      assert.deepEqual(leaves(`x = ${name}(2);`, ["x"], { c: `int x; static int ${name}(int a) { return a * 3; }` }), {
        x: 6,
      });
      assert.deepEqual(leaves(`x = ${name}(2);`, ["x"], { c: `int x;\n#define ${name}(a) ((a) + 9)\n` }), { x: 11 });
      assert.deepEqual(leaves(`x = ${name};`, ["x"], { c: `int x; enum e { ZERO, ${name} };` }), { x: 1 });
    });
    it(`${name} as a structure and a field`, () => {
      const c = `int x; struct ${name} { int a; int ${name}; }; struct ${name} s;`;
      assert.deepEqual(leaves(`s.${name} = 7; s.a = 1; x = s.${name};`, ["x"], { c }), { x: 7 });
    });
    it(`${name} unknown is told, and nothing that the table inherited`, () => {
      for (const body of [`x = ${name};`, `${name}(x);`, `x = IS_ENABLED(${name});`, `x = boot_cpu_has(${name});`]) {
        const { diagnostics, settings } = compile(`int x;\nvoid scenario_touch(unsigned long addr)\n{\n${body}\n}\n`);
        assert.ok(
          diagnostics.some((d) => d.message.includes(name)) || settings.some((s) => s.name === name && s.value === 0),
          body,
        );
      }
    });
  }
});
