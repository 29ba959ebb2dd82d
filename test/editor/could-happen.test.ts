// The question “Could this happen?”, asked by its command.
import assert from "node:assert/strict";
import { mmuContext, show } from "./support";
import { run } from "./tour-commands";

describe("asking on a tour's source whether something could happen", () => {
  it("tries every order", async () => {
    await show(mmuContext);
    assert.equal(await run("couldHappen", "lazy-return"), "holds");
    assert.equal(await run("couldHappen", "switch-away"), "fails");
  });
});
