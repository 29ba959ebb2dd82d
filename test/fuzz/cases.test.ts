/** What the fuzzer found, and must never come back: each file of test/fuzz/cases with its right answer. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { AdapterWire, type Answer, type Request } from "./adapter/wire";
import { foreign } from "./adapter/sessions";
import { runToy, toyFile, toyProgram } from "./c/toy";
import { nodeParser, packageRoot, programOf, type CParser } from "./product";

interface Case {
  about: string;
  declarations?: string;
  body?: string;
  values?: Record<string, number>;
  told?: string;
  text?: string;
  requests?: Request[];
  answers?: "done" | "refused";
}

const folder = path.join(packageRoot(), "test/fuzz/cases");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => {
    const c = parse(readFileSync(path.join(folder, name), "utf8")) as Case;
    // A brace in the first column would end the function.
    return { name, ...c, body: c.body?.replace(/^/gm, "\t") };
  });

describe("what the fuzzer found", () => {
  let parser: CParser;
  before(async () => {
    parser = await nodeParser();
  });

  for (const c of cases)
    it(`${c.name}: ${c.about}`, async () => {
      if (c.requests) await answersAll(c.requests, c.answers);
      else if (c.values) assert.deepEqual(leaves(parser, c), c.values);
      else if (c.told !== undefined) tells(parser, c, c.told);
      else if (c.text !== undefined) tellsInside(parser, c.text);
      else assert.fail("The case says nothing of what is right.");
    });
});

/** The values of the variables that the case speaks of. */
function leaves(
  parser: CParser,
  { declarations = "", body = "", values = {} }: Case,
): Record<string, number | undefined> {
  const program = toyProgram(parser, declarations, body);
  assert.deepEqual(
    program.diagnostics.map((d) => d.message),
    [],
  );
  const run = runToy(program);
  assert.deepEqual([run.refused, run.violations, run.ended], [undefined, [], true]);
  return Object.fromEntries(Object.keys(values).map((name) => [name, run.values.get(name)]));
}

/** A diagnostic stands on this text, at once. */
function tells(parser: CParser, { declarations = "", body = "" }: Case, told: string): void {
  const { text } = toyFile(declarations, body);
  const at = text.indexOf(told);
  assert.ok(at >= 0, `the case has no "${told}"`);
  const before = process.cpuUsage();
  const program = toyProgram(parser, declarations, body);
  runToy(program, 300);
  const { user, system } = process.cpuUsage(before);
  const places = program.diagnostics.map((d) => text.slice(d.span.start, d.span.end));
  assert.ok(
    program.diagnostics.some((d) => d.span.start <= at + told.length && d.span.end >= at),
    `no diagnostic stands on "${told}"; there are some on ${JSON.stringify(places)}`,
  );
  // Ten times the limit: the first text that a process reads also compiles the parser, on whatever machine this is.
  assert.ok((user + system) / 1000 < 2000, `it takes ${(user + system) / 1000} ms`);
}

/** Something is told of this file, and all of it at places that the file has. */
function tellsInside(parser: CParser, text: string): void {
  const { diagnostics } = programOf(parser, [{ uri: "case.c", path: "case.c", text, origin: "environment" }]);
  assert.ok(diagnostics.length > 0, "nothing is told");
  for (const { message, span } of diagnostics)
    assert.ok(
      0 <= span.start && span.start <= span.end && span.end <= span.file.text.length,
      `"${message}" stands at ${span.start}–${span.end} of ${span.file.text.length}`,
    );
}

async function answersAll(requests: readonly Request[], expected: Case["answers"]): Promise<void> {
  const wire = new AdapterWire();
  try {
    let last: Answer | undefined;
    for (const request of requests) {
      last = await wire.send(request, 5);
      assert.equal(last.k, "answer", `${request.command}: ${last.k === "death" ? last.how : last.k}`);
    }
    assert.ok(last?.k === "answer");
    assert.equal(last.success ? "done" : "refused", expected);
    assert.doesNotMatch(last.message, foreign);
  } finally {
    wire.end();
  }
}
