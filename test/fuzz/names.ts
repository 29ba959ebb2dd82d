/** The kinds, in the order in which they run; how long one seed of each may take, and how much memory. */
export interface KindLimits {
  about: string;
  /** After so many seconds without an answer, a seed hangs. */
  seconds: number;
  /** The heap of the process, in MiB. */
  megabytes: number;
}

export const kinds = {
  "mutated-c": { about: "kernel C with mistakes put in", seconds: 30, megabytes: 2048 },
  "hostile-c": { about: "C made to use up time or memory", seconds: 20, megabytes: 1024 },
  yaml: { about: "scenario and tour files with mistakes put in", seconds: 20, megabytes: 1024 },
  adapter: { about: "requests to the debug adapter, of any shape and order", seconds: 900, megabytes: 1024 },
  differential: { about: "C functions, run here and by gcc", seconds: 300, megabytes: 2048 },
  scenarios: { about: "scenarios, by the reduced and the plain search", seconds: 180, megabytes: 3072 },
} as const satisfies Record<string, KindLimits>;

export type KindName = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as KindName[];
