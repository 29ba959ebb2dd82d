/** `tlbscope check --settings`: what a tree's source asks for that a build, a processor or the boot decides. */
import type { Scenario } from "../../scenario/scenario";
import type { SourceTree } from "../source-tree";

/**
 * Prints each setting that the scenarios' programs ask for, with its value and who decided it; for each platform apart
 * where they differ. Gives the exit status, which is 0.
 */
export async function listSettings(source: SourceTree, scenarios: readonly Scenario[]): Promise<number> {
  const lists = new Map<string, string>();
  for (const scenario of scenarios) {
    const { settings } = await source.program(scenario);
    const width = Math.max(0, ...settings.map((s) => s.name.length + String(s.value).length + 1));
    const lines = settings.map((s) => `  ${`${s.name}=${s.value}`.padEnd(width)}  ${s.source}`);
    lists.set(scenario.platform, lines.length ? lines.sort().join("\n") : "  none");
  }
  const same = new Set(lists.values()).size === 1;
  for (const [platform, lines] of same ? [...lists].slice(0, 1) : lists)
    console.log(`Settings that this source asks for${same ? "" : `, ${platform}`}:\n${lines}`);
  return 0;
}
