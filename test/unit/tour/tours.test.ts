import assert from "node:assert/strict";
import path from "node:path";
import { shippedFiles, treeFiles } from "../../../src/cli/host";
import { checkTour } from "../../../src/tour/check";
import { edition } from "../../support/kernel";
import { complaints, playerOn, tourOf, tourTexts } from "./support";

/** Everything that doesn't fit, by step. */
const misfits = (reports: ReturnType<typeof checkTour>): string[] => reports.flatMap((r) => r.problems.map((p) => `${r.id}: ${p}`));

describe("the tours that ship", () => {
  for (const [name, text] of tourTexts) {
    it(`${name} reads without a complaint, and its id is its file's name`, () => {
      assert.deepEqual(complaints(text), []);
      assert.equal(tourOf(text).id, name);
    });

    it(`${name} plays on the built-in edition: every anchor, state, claim and question`, () => {
      const player = playerOn(edition(), tourOf(text));
      assert.equal(player.onEdition, undefined);
      assert.deepEqual(misfits(checkTour(player)), []);
    });

    for (const root of (process.env.TLBSCOPE_TREES ?? "").split(path.delimiter).filter(Boolean)) {
      it(`${name} plays on the kernel tree ${path.basename(root)}`, () => {
        assert.deepEqual(misfits(checkTour(playerOn([...treeFiles(root), ...shippedFiles()], tourOf(text)))), []);
      });
    }
  }
});
