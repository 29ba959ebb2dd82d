/**
 * The classic litmus shapes, written in C and run through the same front end as the kernel: under TSO exactly the
 * outcomes that x86-TSO allows, under SC one less where the shape tells the two apart.
 * Source: Sewell, Sarkar, Owens, Zappa Nardelli, Myreen: x86-TSO, CACM 53(7), 2010; Intel SDM vol. 3A, 8.2.
 */
import assert from "node:assert/strict";
import { Search } from "../../../src/check/search/search";
import { read, toy } from "../../support/machine";

interface Shape {
  name: string;
  cpus: string[];
  /** The variables whose last values make an outcome, in this order. */
  observes: string[];
  sc: string[];
  /** Outcomes that TSO allows besides. */
  tso?: string[];
}

const combinations = (n: number): string[] => Array.from({ length: 2 ** n }, (_, i) => i.toString(2).padStart(n, "0"));

const shapes: Shape[] = [
  {
    name: "SB",
    cpus: ["x = 1; r0 = y;", "y = 1; r1 = x;"],
    observes: ["r0", "r1"],
    sc: ["01", "10", "11"],
    tso: ["00"],
  },
  {
    name: "SB with fences",
    cpus: ["x = 1; smp_mb(); r0 = y;", "y = 1; smp_mb(); r1 = x;"],
    observes: ["r0", "r1"],
    sc: ["01", "10", "11"],
  },
  {
    name: "SB with one fence",
    cpus: ["x = 1; smp_mb(); r0 = y;", "y = 1; r1 = x;"],
    observes: ["r0", "r1"],
    sc: ["01", "10", "11"],
    tso: ["00"],
  },
  {
    name: "SB with LOCKed exchanges",
    cpus: ["xchg(&x, 1); r0 = y;", "xchg(&y, 1); r1 = x;"],
    observes: ["r0", "r1"],
    sc: ["01", "10", "11"],
  },
  { name: "MP", cpus: ["x = 1; y = 1;", "r0 = y; r1 = x;"], observes: ["r0", "r1"], sc: ["00", "01", "11"] },
  {
    name: "MP with fences",
    cpus: ["x = 1; smp_mb(); y = 1;", "r0 = y; smp_mb(); r1 = x;"],
    observes: ["r0", "r1"],
    sc: ["00", "01", "11"],
  },
  { name: "LB", cpus: ["r0 = x; y = 1;", "r1 = y; x = 1;"], observes: ["r0", "r1"], sc: ["00", "01", "10"] },
  {
    name: "LB with fences",
    cpus: ["r0 = x; smp_mb(); y = 1;", "r1 = y; smp_mb(); x = 1;"],
    observes: ["r0", "r1"],
    sc: ["00", "01", "10"],
  },
  {
    name: "IRIW",
    cpus: ["x = 1;", "y = 1;", "r0 = x; r1 = y;", "r2 = y; r3 = x;"],
    observes: ["r0", "r1", "r2", "r3"],
    sc: combinations(4).filter((o) => o !== "1010"),
  },
  {
    name: "IRIW with fences",
    cpus: ["x = 1;", "y = 1;", "r0 = x; smp_mb(); r1 = y;", "r2 = y; smp_mb(); r3 = x;"],
    observes: ["r0", "r1", "r2", "r3"],
    sc: combinations(4).filter((o) => o !== "1010"),
  },
  { name: "2+2W", cpus: ["x = 1; y = 2;", "y = 1; x = 2;"], observes: ["x", "y"], sc: ["12", "21", "22"] },
  {
    name: "2+2W with fences",
    cpus: ["x = 1; smp_mb(); y = 2;", "y = 1; smp_mb(); x = 2;"],
    observes: ["x", "y"],
    sc: ["12", "21", "22"],
  },
  { name: "R", cpus: ["x = 1; y = 1;", "y = 2; r0 = x;"], observes: ["y", "r0"], sc: ["10", "11", "21"], tso: ["20"] },
  {
    name: "R with fences",
    cpus: ["x = 1; smp_mb(); y = 1;", "y = 2; smp_mb(); r0 = x;"],
    observes: ["y", "r0"],
    sc: ["10", "11", "21"],
  },
  { name: "S", cpus: ["x = 2; y = 1;", "r0 = y; x = 1;"], observes: ["r0", "x"], sc: ["01", "02", "11"] },
  {
    name: "S with fences",
    cpus: ["x = 2; smp_mb(); y = 1;", "r0 = y; smp_mb(); x = 1;"],
    observes: ["r0", "x"],
    sc: ["01", "02", "11"],
  },
];

/** Every value that the observed variables can have when all CPUs are done and all stores are in memory. */
function outcomes(shape: Shape, order: "sc" | "tso", reduce: boolean): string[] {
  const m = toy(shape.cpus, { c: "static int x, y, r0, r1, r2, r3;", order });
  const search = new Search(m, { reduce });
  search.run();
  const found = new Set<string>();
  search.forEachState((s) => {
    if (m.moves(s).length === 0) found.add(shape.observes.map((name) => read(m, s, name)).join(""));
  });
  return [...found].sort();
}

describe("litmus shapes", () => {
  for (const shape of shapes)
    for (const reduce of [false, true]) {
      const how = reduce ? ", reduced" : "";
      it(`${shape.name} under SC${how}`, () => assert.deepEqual(outcomes(shape, "sc", reduce), [...shape.sc].sort()));
      it(`${shape.name} under TSO${how}`, () =>
        assert.deepEqual(outcomes(shape, "tso", reduce), [...shape.sc, ...(shape.tso ?? [])].sort()));
    }
  it("a CPU sees its own stores at once, in whichever order others do", () => {
    const shape = { name: "own", cpus: ["x = 1; x = 2; r0 = x; y = 1;", "r1 = x;"], observes: ["r0"], sc: ["2"] };
    assert.deepEqual(outcomes(shape, "tso", false), ["2"]);
  });
});
