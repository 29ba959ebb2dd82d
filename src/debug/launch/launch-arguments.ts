/** The form of a launch configuration: whatever is unknown or of another type is refused before anything is read. */
import * as z from "zod";
import { checked, closed, maybe } from "../forms";
import { DebugError } from "../debug-error";
import type { LaunchConfig } from "../host";

const own = {
  scenario: z.string({ error: "the id of a built-in scenario or the path of a scenario file" }),
  tree: maybe(z.string({ error: "the path of a kernel tree's folder" })),
  stopAt: maybe(
    closed(
      {
        file: z.string({ error: "the path of a file" }),
        line: z.int({ error: "a line's number, counted from 1" }).min(1, "a line's number, counted from 1"),
      },
      'a line of a file, as in { "file": "kernel/sched.c", "line": 3018 }',
    ),
  ),
  stopOnEntry: maybe(z.boolean({ error: "true or false" })),
  order: maybe(z.enum(["sc", "tso"], { error: '"sc" or "tso"' })),
  settings: maybe(
    z.record(z.string(), z.union([z.boolean(), z.int()], { error: "true, false or a whole number" }), {
      error: 'an object, for instance { "X86_FEATURE_PCID": false }',
    }),
  ),
};

const form = closed(own);

/**
 * Properties that VS Code reads itself and passes on all the same. Source: its documentation, "Launch.json attributes".
 */
const ofEditors = new Set([
  "type",
  "request",
  "name",
  "presentation",
  "preLaunchTask",
  "postDebugTask",
  "internalConsoleOptions",
  "debugServer",
  "serverReadyAction",
  "suppressMultipleSessionWarning",
  "noDebug",
  "windows",
  "linux",
  "osx",
]);

/** Two underscores begin what an editor and its adapters agree on between them. */
const isOurs = (name: string): boolean => !ofEditors.has(name) && !name.startsWith("__");

/** The configuration in a launch request's arguments. Throws a DebugError that says what may stand there instead. */
export function launchConfig(args: unknown = {}): LaunchConfig {
  if (typeof args === "object" && args !== null && !Array.isArray(args)) {
    const { scenario } = args as { scenario?: unknown };
    if (scenario === undefined || scenario === null || (typeof scenario === "string" && scenario.trim() === ""))
      throw new DebugError(
        'The launch configuration names no scenario. Give one, for instance "scenario": "lazy-return".',
      );
    args = Object.fromEntries(Object.entries(args).filter(([name]) => isOurs(name)));
  }
  return checked("the launch configuration", form, args);
}
