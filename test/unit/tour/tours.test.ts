import assert from "node:assert/strict";
import fc from "fast-check";
import { checkTour } from "../../../src/tour/play/check-tour";
import { edition, type Edit } from "../../support/kernel";
import { files } from "../../support/machine";
import { complaints, filesWith, misfits, playerOn, tourOf, tourTexts } from "./support";

describe("the tours that ship", () => {
  for (const [name, text] of tourTexts) {
    it(`${name} reads without a complaint, and its id is its file's name`, () => {
      assert.deepEqual(complaints(text), []);
      assert.equal(tourOf(text).id, name);
    });

    it(`${name} plays on the built-in edition: every anchor, state, claim and question`, () => {
      const player = playerOn(edition(), tourOf(text));
      assert.equal(player.onEdition, undefined);
      // A tour of kernels that the edition isn't like says so; it is played on trees.
      if (player.tour.elsewhere !== undefined)
        return assert.deepEqual([player.elsewhere, player.first], [player.tour.elsewhere, undefined]);
      assert.deepEqual(misfits(checkTour(player)), []);
    });
  }
});

describe("a tour on a source that somebody is typing in", () => {
  const path = fc.constantFrom(files.sched, files.mmuContext, files.tlb);
  const edit: fc.Arbitrary<Edit> = fc
    .tuple(fc.nat(20_000), fc.integer({ min: 1, max: 60 }), fc.constantFrom("", "}", "{", "(", ";", "if (x)", "/*"))
    .map(([at, n, put]) => (t) => {
      const from = t.search(/\S/) + (at % (t.trimStart().length - n));
      return `${t.slice(0, from)}${put}${t.slice(from + n)} `;
    });

  it("never throws: each step has its place and state, or says why not", () => {
    fc.assert(
      fc.property(fc.constantFrom(...tourTexts.values()), path, edit, (text, file, change) => {
        const player = playerOn(filesWith({ [file]: change }), tourOf(text));
        for (const r of checkTour(player)) assert.ok(r.id && r.problems.every((p) => p !== ""));
      }),
      { numRuns: 15 },
    );
  }).timeout(120_000);
});
