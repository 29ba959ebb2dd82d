import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runCommandLine } from "../../../src/cli/command-line";
import { readTour } from "../../../src/tour/format/read-tour";
import { tourTexts } from "../tour/support";

/** What the command prints, and its exit status. */
async function run(...args: string[]): Promise<{ status: number; out: string }> {
  const { log, error } = console;
  const { write } = process.stdout;
  let out = "";
  const keep = (...x: unknown[]): void => void (out += `${x.join(" ")}\n`);
  console.log = console.error = keep;
  process.stdout.write = ((x: string) => ((out += x), true)) as typeof process.stdout.write;
  try {
    return { status: await runCommandLine(["tour", ...args]), out };
  } finally {
    Object.assign(console, { log, error });
    process.stdout.write = write;
  }
}

/** A tour of the tests in a file of its own. */
function file(text: string, name = "mine.tour.yaml"): string {
  const at = path.join(mkdtempSync(path.join(os.tmpdir(), "tlbscope-tour-")), name);
  writeFileSync(at, text);
  return at;
}

const first = () => tourTexts.get("first-look")!;

describe("tlbscope tour", () => {
  it("list names every tour that ships", async () => {
    const { out } = await run("list");
    assert.deepEqual(
      out
        .trim()
        .split("\n")
        .map((l) => l.split(" ")[0])
        .sort(),
      [...tourTexts.keys()].sort(),
    );
  });

  it("check prints a table of the steps, and exits 0 when all play", async () => {
    const { status, out } = await run("check", "--tour", "first-look");
    assert.equal(status, 0);
    assert.match(out, /^first-look on the built-in edition: all 4 steps play$/m);
    assert.match(out, /^ {2}lazy +context_switch:3018 +found +\d+ +1 +CPU0$/m);
  });

  it("check exits 1 and says what doesn't fit", async () => {
    const { status, out } = await run(
      "check",
      "--tour",
      file(
        first()
          .replace("{ runs: A/1 }", "{ runs: A/2 }")
          .replaceAll('fn: context_switch, stmt: "enter', 'fn: context_switch, stmt: "entre'),
      ),
    );
    assert.equal(status, 1);
    assert.match(out, /\d of 4 steps don't fit/);
    assert.match(out, /! Claimed, but not so: CPU0 runs A\/2\. it runs A\/1/);
    assert.match(out, /! The code has drifted: context_switch\(\) in your source has no `entre_lazy_tlb/);
  });

  it("export gives a document in each format", async () => {
    assert.match((await run("export", "first-look", "--format", "md")).out, /^# A first look/);
    assert.match((await run("export", "first-look", "--format", "html")).out, /^<!doctype html>/);
    assert.equal(
      (JSON.parse((await run("export", "first-look", "--format", "codetour")).out) as { steps: unknown[] }).steps
        .length,
      4,
    );
  });

  it("import makes a tour of a CodeTour file", async () => {
    const { out } = await run("export", "first-look", "--format", "codetour");
    const { status, out: text } = await run("import", file(out, "My Tour.tour"));
    assert.equal(status, 0);
    assert.equal(readTour(text).tour?.id, "my-tour");
  });

  it("says what is wrong with what it is given", async () => {
    await assert.rejects(run("export", "the-mial"), /There is no tour "the-mial".*Did you mean "the-mail"\?/);
    await assert.rejects(run("export", "first-look", "--format", "htlm"), /no format "htlm"\. Did you mean "html"\?/);
    await assert.rejects(
      run("check", "--tour", file(first().replace("level: first", "level: frist"))),
      /mine\.tour\.yaml:6: "level" must be first, next or deep/,
    );
    await assert.rejects(run("chekc"), /There is no command "tour chekc"\. Did you mean "check"\?/);
    await assert.rejects(run("check", "/nowhere"), /\/nowhere is no folder/);
  });
});
