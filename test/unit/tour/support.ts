/** Tours for tests: those that ship, and small ones on the edition or an edited copy of it. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";
import type { SourceFile } from "../../../src/kernel/syntax/source";
import type { Scenario } from "../../../src/scenario/scenario";
import type { Tour } from "../../../src/tour/format/tour";
import type { checkTour } from "../../../src/tour/play/check-tour";
import { TourPlayer, type StepState } from "../../../src/tour/play/player";
import { readTour } from "../../../src/tour/format/read-tour";
import { edition, parser, type Edit } from "../../support/kernel";
import { builtInIds, scenario } from "../../support/machine";

const dir = path.join(packageRoot(), "walkthroughs/tours");

/** The text of each tour that ships, by its file's name. */
export const tourTexts = new Map(
  readdirSync(dir)
    .filter((f) => f.endsWith(".tour.yaml"))
    .map((f) => [f.slice(0, -".tour.yaml".length), readFileSync(path.join(dir, f), "utf8")]),
);

export const complaints = (text: string): string[] =>
  readTour(text).problems.map((p) => `${text.slice(p.range.start, p.range.end)} → ${p.message}`);

/** Everything that doesn't fit, by step. */
export const misfits = (reports: ReturnType<typeof checkTour>): string[] =>
  reports.flatMap((r) => r.problems.map((p) => `${r.id}: ${p}`));

export function tourOf(text: string): Tour {
  const { tour } = readTour(text);
  assert.ok(tour, complaints(text).join("\n"));
  return tour;
}

const scenarios = new Map<string, Scenario>();
const scenarioNamed = (id: string): Scenario | undefined => {
  if (!builtInIds.includes(id)) return undefined;
  if (!scenarios.has(id)) scenarios.set(id, scenario(id));
  return scenarios.get(id);
};

export const playerOn = (files: SourceFile[], tour: Tour): TourPlayer =>
  new TourPlayer({ parser: parser(), files, scenario: scenarioNamed, tour });

/** A tour of these steps on the edition; `edits` make a tree of edited files beside it. */
export function play(
  steps: string,
  edits: Record<string, Edit> = {},
  scenarioId = "lazy-return",
  head = "",
): TourPlayer {
  return playerOn(
    filesWith(edits),
    tourOf(
      `id: t\ntitle: A test\nabout: A test.\nscenario: ${scenarioId}\n${head}steps:\n${steps.replace(/^/gm, "  ")}`,
    ),
  );
}

/** The edition, with edited copies of its files as a reader's tree. */
export function filesWith(edits: Record<string, Edit>): SourceFile[] {
  const tree =
    Object.keys(edits).length === 0
      ? []
      : edition(edits)
          .filter((f) => f.origin === "edition")
          .map((f): SourceFile => ({ ...f, uri: `tree/${f.path}`, origin: "open" }));
  return [...tree, ...edition()];
}

/** The state of a step that can be played. */
export function stateOf(player: TourPlayer, id: string): StepState {
  const state = player.at(id);
  assert.ok(!("error" in state), "error" in state ? state.error : "");
  return state;
}

/** `function:line` of a step. */
export const placeOfStep = (player: TourPlayer, id: string): string | undefined => {
  const { place } = stateOf(player, id);
  return place && `${place.fn}:${place.line}`;
};
