/**
 * Figures of verdicts on programs read from C: per tree, scenario and memory order, and how fast states come beside
 * the abstract protocol's.
 */
import path from "node:path";
import { BreadthFirst } from "../src/check/search/breadth-first";
import { Search } from "../src/check/search/search";
import { checkNow } from "../src/check/verdict/verdict";
import { MAX_STATES } from "../src/check/why/baseline";
import { nodeParser, packageRoot, shippedFiles, treeFiles } from "../src/cli/node-host";
import { builtInScenarios, scenarioNamed } from "../src/cli/inputs";
import type { CParser } from "../src/kernel/syntax/tree/parse";
import { buildProgram } from "../src/kernel/program";
import type { SourceFile } from "../src/kernel/syntax/source";
import { functionWithStatements } from "../src/kernel/statements";
import { SourceCache } from "../src/jobs/source-cache";
import { workOn } from "../src/jobs/work";
import type { StatementAnswer } from "../src/jobs/protocol";
import { Machine } from "../src/machine/machine";
import type { MemoryOrder, Scenario } from "../src/scenario/scenario";
import { LazyTlb } from "../test/support/lazy-tlb";

/** The test's scenarios with three CPUs and two mms. */
const larger = (): Scenario[] =>
  ["three-cpus", "two-leave"].map((id) =>
    scenarioNamed(path.join(packageRoot(), `test/fixtures/scenarios/${id}.yaml`)),
  );

const seconds = (run: () => void): number => {
  const begin = performance.now();
  run();
  return (performance.now() - begin) / 1000;
};
const row = (name: string, figure: string, rest: string): void =>
  console.log(`  ${name.padEnd(30)}${figure.padStart(10)}  ${rest}`);

function machineOf(parser: CParser, files: SourceFile[], scenario: Scenario): Machine {
  return new Machine(
    buildProgram({ parser, files, platform: scenario.platform, settings: scenario.settings }),
    scenario,
  );
}

function plainRate(step: () => { states: number }): number {
  let states = 0;
  const time = seconds(() => ({ states } = step()));
  return states / time / 1e6;
}

/**
 * Times verdicts, from the texts to the answer, of each scenario in both memory orders; then a whole function
 * explained.
 */
export async function benchFromC(trees: string[]): Promise<void> {
  const parser = await nodeParser();
  for (const tree of [undefined, ...trees]) {
    const files = [...(tree ? treeFiles(tree) : []), ...shippedFiles()];
    console.log(`\nVerdicts from C: ${tree ? path.basename(tree) : "built-in edition"}`);
    const check = (scenario: Scenario, order: MemoryOrder, note = "") => {
      let told = "";
      const time = seconds(() => {
        const v = checkNow(machineOf(parser, files, { ...scenario, order }));
        told = `${v.outcome}, ${v.progress.states} states, ${(v.progress.bytes / 2 ** 20).toFixed(1)} MiB`;
      });
      row(
        `${scenario.id}, ${order.toUpperCase()}${note}`,
        `${time.toFixed(2)} s`,
        `${scenario.cpus.length} CPUs × ${scenario.mms.length} mm${scenario.mms.length > 1 ? "s" : ""}: ${told}`,
      );
    };
    const scenarios = [...builtInScenarios(), ...larger()];
    // Nothing is compiled yet: the same once more follows.
    if (tree === undefined) check(scenarios[0], "sc", ", the first");
    for (const scenario of scenarios) for (const order of ["sc", "tso"] as const) check(scenario, order);
    const found = files.map((f) => functionWithStatements(parser, f, "switch_mm")).find((i) => i !== undefined);
    if (found) {
      let statements = 0;
      const time = seconds(() => {
        // The job as one worker does it; the product divides the statements among its workers.
        const work = workOn(
          {
            kind: "why",
            files,
            scenarios: builtInScenarios(),
            uri: found.item.file.uri,
            fn: found.item.name,
            maxStates: MAX_STATES,
          },
          { parser, texts: new SourceCache(parser), emit: () => undefined, cancelled: () => false },
        );
        for (let r = work.next(); ; r = work.next())
          if (r.done) {
            statements = (r.value as StatementAnswer[]).length;
            break;
          }
      });
      row("switch_mm, explained whole", `${time.toFixed(2)} s`, `${statements} statements`);
    }
  }
  const toy = plainRate(() => {
    const system = new LazyTlb({ cpus: 3, mms: 2 });
    const search = new BreadthFirst(system, system.start);
    while (search.step());
    return search;
  });
  const machine = machineOf(parser, shippedFiles(), { ...larger()[1], order: "tso" });
  const read = plainRate(() => {
    const search = new Search(machine);
    search.run();
    return search.progress;
  });
  console.log(
    `\n  Plain search, each step by itself: ${read.toFixed(2)} M states/s from C (two-leave, TSO), ` +
      `${toy.toFixed(2)} M on the abstract protocol (3 × 2): 1/${(toy / read).toFixed(1)}.`,
  );
}
