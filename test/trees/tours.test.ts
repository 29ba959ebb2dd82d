/** Every tour plays on a kernel tree, unless it says that it is for other kernels. */
import assert from "node:assert/strict";
import path from "node:path";
import { shippedFiles, treeFiles } from "../../src/cli/node-host";
import { checkTour } from "../../src/tour/play/check-tour";
import { misfits, playerOn, tourOf, tourTexts } from "../unit/tour/support";
import { trees } from "./trees";

for (const root of trees)
  describe(`the tours on the kernel tree ${path.basename(root)}`, () => {
    for (const [name, text] of tourTexts)
      it(`${name} plays`, () => {
        assert.deepEqual(misfits(checkTour(playerOn([...treeFiles(root), ...shippedFiles()], tourOf(text)))), []);
      });
  });
