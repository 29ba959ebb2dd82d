/**
 * Verdicts on real kernels, tree × scenario × memory order, against the table on record. Only names and counts are
 * kept in it, nothing of the trees.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkNow } from "../../src/check/verdict/verdict";
import { packageRoot, shippedFiles, treeFiles } from "../../src/cli/node-host";
import { kernelName } from "../../src/debug/launch/kernel-version";
import { Machine } from "../../src/machine/machine";
import { build } from "../support/kernel";
import { builtInIds, scenario } from "../support/machine";
import { trees } from "./trees";

const table = path.join(packageRoot(), "test/golden/verdicts-trees.txt");
const HEAD =
  "kernel, scenario, memory order: verdict, states and transitions of the reduced search; for each broken " +
  "property the steps of its shortest execution";

/** The scenarios that ship, and two with three CPUs and two mms. */
const ids = [...builtInIds, "three-cpus", "two-leave"];

const recorded = (): string[] =>
  existsSync(table) ? readFileSync(table, "utf8").split("\n").slice(1).filter(Boolean) : [];

/** `Linux 3.0.27`, from the tree's own Makefile. */
function nameOf(tree: string): string {
  const makefile = path.join(tree, "Makefile");
  return kernelName([
    ...treeFiles(tree),
    ...(existsSync(makefile)
      ? [{ uri: makefile, path: "Makefile", text: readFileSync(makefile, "utf8"), origin: "tree" as const }]
      : []),
  ]);
}

if (trees.length > 0)
  describe("verdicts on real kernels", () => {
    for (const tree of trees)
      it(`${path.basename(tree)}: those on record`, () => {
        const name = nameOf(tree);
        const files = [...treeFiles(tree), ...shippedFiles()];
        const rows = ids.flatMap((id) =>
          (["sc", "tso"] as const).map((order) => {
            const s = { ...scenario(id), order };
            const v = checkNow(new Machine(build(files, s.platform), s));
            const broken = v.properties.flatMap((p) =>
              p.counterexamples.slice(0, 1).map((c) => `${p.id} in ${c.moves.length}`),
            );
            if (v.outcome === "doesn't apply")
              return `${name.padEnd(16)} ${id.padEnd(16)} ${order.padEnd(4)} ${v.outcome}`;
            return (
              `${name.padEnd(16)} ${id.padEnd(16)} ${order.padEnd(4)} ${v.outcome} ${v.progress.states} ` +
              `${v.progress.edges} ${broken.join(", ")}`
            ).trimEnd();
          }),
        );
        const others = recorded().filter((r) => !r.startsWith(name.padEnd(16)));
        if (process.env.UPDATE_GOLDEN) {
          writeFileSync(table, `${[HEAD, ...[...others, ...rows].sort()].join("\n")}\n`);
          return;
        }
        const mine = recorded().filter((r) => r.startsWith(name.padEnd(16)));
        assert.ok(
          mine.length > 0,
          `${name} isn't in test/golden/verdicts-trees.txt: run with UPDATE_GOLDEN=1, and judge every ` +
            "counterexample before it is recorded.",
        );
        assert.deepEqual([...rows].sort(), mine);
      }).timeout(120_000);
  });
