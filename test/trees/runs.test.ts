/** Every scenario runs to its end on real kernel trees. */
import assert from "node:assert/strict";
import { describeSpan } from "../../src/kernel/syntax/source";
import path from "node:path";
import { shippedFiles, treeFiles } from "../../src/cli/node-host";
import { Stepper } from "../../src/trace/stepping";
import { Trace } from "../../src/trace/trace";
import { builtInIds, machineOf } from "../support/machine";
import { trees } from "./trees";

for (const root of trees) {
  describe(`the kernel tree ${path.basename(root)}`, () => {
    for (const id of builtInIds) {
      it(`runs ${id} to its end, with nothing not modelled`, () => {
        const machine = machineOf([...treeFiles(root), ...shippedFiles()], id);
        const { program } = machine;
        assert.deepEqual(
          program.diagnostics.map((d) => `${describeSpan(d.span)} ${d.message}`),
          [],
        );
        assert.deepEqual(
          program.standIns.map((f) => f.path),
          [],
        );
        const trace = new Trace(machine);
        const stop = new Stepper(trace).continue();
        assert.deepEqual(stop, { k: "finished" });
      });
    }
  });
}
