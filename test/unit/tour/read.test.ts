import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { packageRoot } from "../../../src/cli/node-host";
import { readTour } from "../../../src/tour/format/read-tour";
import { tourJsonSchema } from "../../../src/tour/format/tour-schema";
import { tourText } from "../../../src/tour/format/write-tour";
import { complaints, tourOf, tourTexts } from "./support";

const small =
  "id: t\ntitle: T\nabout: A test.\nscenario: lazy-return\nsteps:\n  - id: one\n    title: One\n    from: " +
  "start\n    machine:\n      - run: { cpu: 0, to: switch_mm }\n    words: Words.\n  - id: two\n    title: Two\n " +
  "   words: More words.\n";

/** The text has exactly one problem, which stands on this text and says this. */
function refused(text: string, on: string, message: RegExp): void {
  const { problems } = readTour(text);
  assert.equal(problems.length, 1, complaints(text).join("\n"));
  assert.equal(text.slice(problems[0].range.start, problems[0].range.end), on);
  assert.match(problems[0].message, message);
}

describe("a tour file", () => {
  it("that is right gives a tour", () =>
    assert.deepEqual(
      tourOf(small).steps.map((s) => s.id),
      ["one", "two"],
    ));

  it("may write a place in three ways", () => {
    const at = (text: string) => tourOf(small.replace("title: One", `title: One\n    at: ${text}`)).steps[0].at;
    assert.deepEqual(at("switch_mm"), { fn: ["switch_mm"], stmt: [], nth: 1 });
    assert.deepEqual(at('"switch_mm: load_cr3(next->pgd) #2"'), {
      fn: ["switch_mm"],
      stmt: ["load_cr3(next->pgd)"],
      nth: 2,
    });
    assert.deepEqual(at('{ fn: [switch_mm, switch_mm_irqs_off], stmt: "load_cr3(next->pgd)", in: else }'), {
      fn: ["switch_mm", "switch_mm_irqs_off"],
      stmt: ["load_cr3(next->pgd)"],
      nth: 1,
      in: "else",
    });
  });

  const mistakes: [string, string, string, string, RegExp][] = [
    [
      "an unknown action",
      "- run: { cpu: 0, to: switch_mm }",
      "- rum: { cpu: 0, to: switch_mm }",
      "rum: { cpu: 0, to: switch_mm }",
      /must be an action: run, over/,
    ],
    [
      "an action without its place",
      "{ cpu: 0, to: switch_mm }",
      "{ cpu: 0 }",
      "run: { cpu: 0 }",
      /either to: a place, or until/,
    ],
    ["an unknown step", "title: Two", "title: Two\n    from: oen", "oen", /no step "oen"\. Did you mean "one"\?/],
    ["a step that stands below", "from: start", "from: two", "two", /doesn't stand above/],
    ["two steps of one id", "id: two", "id: one", "one", /Two steps have the id "one"/],
    ["a missing title", "    title: Two\n", "", "id: two", /Step 2 has no "title"/],
    ["a misspelt field", "title: Two", "title: Two\n    cliams: []", "cliams", /no field "cliams"/],
    [
      "another scenario half-way",
      "title: Two",
      "title: Two\n    scenario: switch-in",
      "switch-in",
      /Write from: start/,
    ],
    [
      "a branch to nowhere",
      "title: Two",
      "title: Two\n    branches: [{ say: x, to: three }]",
      "three",
      /no step "three"/,
    ],
    ["a step that nothing leads to", "title: One", "title: One\n    next: end", "two", /Nothing leads to step "two"/],
    [
      "an unknown property",
      "title: Two",
      "title: Two\n    claims: [{ property: bugs, is: ok }]",
      "bugs",
      /a property: .* not "bugs"\. Did you mean "bug"\?/,
    ],
    ["an empty branch", "title: Two", "title: Two\n    branches:\n      -", "", /must be a branch: say and to/],
    [
      "a page without its mm",
      "title: Two",
      "title: Two\n    claims: [{ tlb: page0, is: held }]",
      "page0",
      /an mm and its page, as in A:page0/,
    ],
  ];
  for (const [what, from, to, on, message] of mistakes) {
    it(`with ${what} is squiggled there`, () => {
      assert.ok(small.includes(from));
      refused(small.replace(from, to), on, message);
    });
  }

  it("that is empty says what belongs in it", () => refused("", "", /Write a tour: id, title/));
});

describe("reading a tour", () => {
  const texts = [small, ...tourTexts.values()];
  const mutated = fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(
        fc.record({
          at: fc.nat(8000),
          cut: fc.nat(12),
          put: fc.oneof(
            fc.constantFrom(
              "",
              "\n",
              "  ",
              ": ",
              "- ",
              "{",
              "]",
              "&a ",
              "*a",
              "|\n",
              "\t",
              '"',
              "#",
              "null",
              "at: ",
              "${",
            ),
            fc.string({ maxLength: 4, unit: "binary" }),
          ),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    )
    .map(([text, edits]) =>
      edits.reduce(
        (t, { at, cut, put }) => t.slice(0, at % (t.length + 1)) + put + t.slice((at % (t.length + 1)) + cut),
        text,
      ),
    );
  const shuffled = fc
    .array(fc.constantFrom(...new Set(texts.join("").split("\n"))), { maxLength: 25 })
    .map((lines) => lines.join("\n"));

  it("never throws, and every problem can be shown", () => {
    fc.assert(
      fc.property(fc.oneof(mutated, shuffled, fc.string({ maxLength: 200, unit: "binary" })), (text) => {
        const { tour, problems } = readTour(text);
        assert.equal(
          tour === undefined,
          problems.some((p) => p.severity === "error"),
        );
        for (const { message, range } of problems) {
          assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length);
          assert.match(message, /^[A-Z"].*[.?]$/s);
          assert.doesNotMatch(message, /undefined|\[object|could not be read|Invalid input/);
        }
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  for (const [name, text] of tourTexts) {
    it(`writes ${name} so that it reads as the same tour`, () => {
      const placeless = (t: unknown): unknown =>
        JSON.parse(
          JSON.stringify(t, (key, v: unknown) =>
            key === "range" || key === "atRange" || key === "actionRanges" ? undefined : v,
          ),
        );
      const tour = tourOf(text);
      assert.deepEqual(placeless(tourOf(tourText(tour))), placeless(tour));
    });
  }
});

describe("the JSON schema of tours", () => {
  it("in the tree is up to date", () => {
    const file = path.join(packageRoot(), "walkthroughs/schema/tour.schema.json");
    assert.deepEqual(
      JSON.parse(readFileSync(file, "utf8")),
      tourJsonSchema(),
      "Run node scripts/schemas.mjs and commit what it writes.",
    );
  });

  it("describes every field of a tour and of a step", () => {
    const schema = tourJsonSchema() as {
      properties: Record<string, { description?: string; items?: { properties?: Record<string, unknown> } }>;
    };
    assert.deepEqual(
      Object.entries(schema.properties)
        .filter(([, p]) => !p.description)
        .map(([n]) => n),
      [],
    );
  });
});
