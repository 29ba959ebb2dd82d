/** What tests ask of a worker, on the built-in edition, and the error where there is no answer. */
import assert from "node:assert/strict";
import type { CheckJob } from "../../../src/jobs/protocol";
import type { JobError } from "../../../src/jobs/workers";
import { edition } from "../../support/kernel";
import { files, scenario } from "../../support/machine";

/** The bounds of `checkOf`: far more than it takes. */
export const limits = { states: 5_000_000, bytes: 1e9 };

/** A check of a scenario on the edition, some of its files edited. */
export const checkOf = (id: string, edits: Parameters<typeof edition>[0] = {}): CheckJob => ({
  kind: "check",
  files: edition(edits),
  scenario: scenario(id),
  asked: [],
  limits,
});

/** The file of the edition that holds switch_mm(). */
export const mmuContext = () => edition().find((f) => f.path === files.mmuContext)!;

/** What a job is refused with, or fails of; an answer is a failure of the test. */
export const failed = async (answer: Promise<unknown>): Promise<JobError> =>
  answer.then(
    () => assert.fail("there was an answer"),
    (e: unknown) => e as JobError,
  );
