/**
 * npm run fuzz [-- --minutes N] [--cases N] [--seed S] [--only KIND …] [--tree PATH] [--jobs N]
 * Exit status: 0 nothing was found, 1 something was, 2 it can't be run like that.
 */
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Result } from "./kind";
import { kindNames, kinds, type KindName } from "./names";
import { Findings, table, type Row } from "./report";
import { runSeeds, Unable } from "./runner";

class UsageError extends Error {}

const usage =
  "npm run fuzz [-- --minutes N] [--cases N] [--seed S] [--only KIND …] [--tree PATH] [--jobs N]\n" +
  kindNames.map((name) => `  ${name.padEnd(14)}${kinds[name].about}\n`).join("");

interface Settings {
  only: KindName[];
  /** For all kinds together. */
  minutes: number;
  /** For each kind; it may end in the middle of a seed's cases. */
  cases: number;
  seed: number;
  tree: string | undefined;
  jobs: number;
}

function settingsOf(argv: string[]): Settings {
  const { values } = parse(argv);
  const unknown = (values.only ?? []).filter((name) => !(kindNames as string[]).includes(name));
  if (unknown.length)
    throw new UsageError(`There is no kind ${unknown.join(", ")}: there are ${kindNames.join(", ")}.`);
  const number = (name: "minutes" | "cases" | "seed" | "jobs", otherwise: number): number => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (!(value >= 0)) throw new UsageError(`--${name} takes a number, not "${values[name]}".`);
    return value;
  };
  const cases = number("cases", Infinity);
  return {
    only: (values.only as KindName[] | undefined) ?? kindNames,
    cases,
    minutes: number("minutes", cases === Infinity ? 5 : Infinity),
    seed: number("seed", Date.now() % 1_000_000),
    tree: values.tree === undefined ? undefined : path.resolve(values.tree),
    jobs: Math.max(1, number("jobs", Math.min(4, availableParallelism()))),
  };
}

function parse(argv: string[]) {
  const one = { type: "string" } as const;
  try {
    return parseArgs({
      args: argv,
      options: { minutes: one, cases: one, seed: one, tree: one, jobs: one, only: { type: "string", multiple: true } },
    });
  } catch (e) {
    throw new UsageError(e instanceof Error ? e.message : String(e));
  }
}

/** Runs one kind for its share of the time. */
async function runKind(kind: KindName, s: Settings, findings: Findings): Promise<Row> {
  const row: Row = { kind, cases: 0, counts: {}, findings: 0, seconds: 0 };
  const began = performance.now(),
    until = began + (s.minutes * 60_000) / s.only.length;
  let seed = s.seed;
  const next = (): number | undefined => (row.cases < s.cases && performance.now() < until ? seed++ : undefined);
  const done = (of: number, result: Result): void => {
    row.cases += result.cases;
    for (const [what, n] of Object.entries(result.counts)) row.counts[what] = (row.counts[what] ?? 0) + n;
    row.findings += result.findings.length;
    for (const finding of result.findings) findings.add(kind, of, finding);
  };
  const work = Array.from({ length: s.jobs }, () => runSeeds({ kind, tree: s.tree, next, done }));
  try {
    await Promise.all(work);
  } catch (e) {
    if (!(e instanceof Unable)) throw e;
    row.unable = e.message;
  }
  row.seconds = (performance.now() - began) / 1000;
  return row;
}

async function main(): Promise<number> {
  const s = settingsOf(process.argv.slice(2));
  console.log(`Seed ${s.seed}. Again, one of its cases: npm run fuzz -- --only KIND --seed N --cases 1`);
  const findings = new Findings(s.only, s.tree);
  const rows: Row[] = [];
  for (const kind of s.only) {
    console.log(`\n── ${kind}: ${kinds[kind].about} ──`);
    rows.push(await runKind(kind, s, findings));
  }
  console.log(`\n${findings.summary()}\n${table(rows)}`);
  return findings.count > 0 ? 1 : 0;
}

main()
  .catch((e: unknown) => {
    if (!(e instanceof UsageError)) throw e;
    console.error(`${e.message}\n\n${usage}`);
    return 2;
  })
  .then((status) => process.exit(status));
