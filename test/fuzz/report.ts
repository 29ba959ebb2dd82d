/** Findings by their causes, kept as files, and the closing table. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Finding } from "./kind";
import type { KindName } from "./names";
import { packageRoot } from "./product";

/** Inputs that are kept for one cause: the smallest ones. */
const KEPT = 3;

interface Group {
  kind: KindName;
  cause: string;
  count: number;
  kept: { seed: number; finding: Finding; files: string[] }[];
}

export class Findings {
  private readonly groups = new Map<string, Group>();
  private readonly folder = path.join(packageRoot(), "out/fuzz/findings");
  count = 0;

  /** Deletes what earlier runs found of these kinds: what the folder then holds of them is of this run. */
  constructor(
    kinds: readonly KindName[],
    private readonly tree: string | undefined,
  ) {
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(this.folder))
      if (kinds.some((kind) => name.startsWith(`${kind}-`))) rmSync(path.join(this.folder, name));
  }

  add(kind: KindName, seed: number, finding: Finding): void {
    this.count++;
    const key = `${kind}: ${finding.cause}`;
    let group = this.groups.get(key);
    if (!group) {
      this.groups.set(key, (group = { kind, cause: finding.cause, count: 0, kept: [] }));
      const again = `npm run fuzz -- --only ${kind} --seed ${seed} --cases 1${this.tree ? ` --tree ${this.tree}` : ""}`;
      console.log(`\n✗ ${key}\n  ${finding.message.replaceAll("\n", "\n  ")}\n  ${again}`);
      if (finding.input.length < 600) console.log(`${finding.input.replace(/^/gm, "  | ")}`);
    }
    group.count++;
    this.keep(group, seed, finding);
  }

  private keep(group: Group, seed: number, finding: Finding): void {
    const largest = group.kept.reduce(
      (max, k, i) => (k.finding.input.length > (group.kept[max]?.finding.input.length ?? -1) ? i : max),
      0,
    );
    const full = group.kept.length === KEPT;
    if (full && group.kept[largest].finding.input.length <= finding.input.length) return;
    if (full) for (const file of group.kept.splice(largest, 1)[0].files) rmSync(file, { force: true });
    const name = `${group.kind}-${seed}-${finding.cause.replace(/\W+/g, "-").slice(0, 50)}`;
    const files = [finding.extension, "txt"].map((ending) => path.join(this.folder, `${name}.${ending}`));
    writeFileSync(files[0], finding.input);
    writeFileSync(files[1], `${group.cause}\n\nSeed ${seed}. ${finding.message}\n`);
    group.kept.push({ seed, finding, files });
  }

  /** A line for each cause, the most frequent first. */
  summary(): string {
    const lines = [...this.groups.values()]
      .sort((a, b) => b.count - a.count)
      .map(
        (g) => `${String(g.count).padStart(5)} × ${g.kind}: ${g.cause} (seeds ${g.kept.map((k) => k.seed).join(", ")})`,
      );
    return lines.length ? `Findings, by cause; inputs are in ${this.folder}\n${lines.join("\n")}\n` : "No findings.\n";
  }
}

export interface Row {
  kind: KindName;
  cases: number;
  counts: Record<string, number>;
  findings: number;
  seconds: number;
  /** Why it couldn't be run. */
  unable?: string;
}

/** The closing table. */
export const table = (rows: readonly Row[]): string =>
  [
    `${"kind".padEnd(14)}${"cases".padStart(8)}${"seconds".padStart(9)}${"findings".padStart(10)}   of which`,
    ...rows.map(
      (row) =>
        `${row.kind.padEnd(14)}${String(row.cases).padStart(8)}${row.seconds.toFixed(0).padStart(9)}` +
        `${String(row.findings).padStart(10)}   ${row.unable ? `not run: ${row.unable}` : countsOf(row)}`,
    ),
  ].join("\n");

const countsOf = ({ counts }: Row): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([what, n]) => `${n} ${what}`)
    .join(", ");
