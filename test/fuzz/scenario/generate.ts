/** Random scenarios as YAML: mostly right, so that their searches have something to do. */
import type { Rng } from "../rng";

export interface ScenarioOptions {
  cpus: number;
  mostActions: number;
  order: "sc" | "tso";
  platform: "native" | "xen";
  speculation: boolean;
  /** How likely a CPU chooses for itself. */
  choices: number;
  settings: Record<string, number>;
}

/** Options by lot. More than two CPUs, or many actions, soon make more states than can be searched plainly. */
export function randomOptions(r: Rng): ScenarioOptions {
  const xen = r.chance(0.15);
  const cpus = r.chance(0.15) ? 3 : 2;
  const settings: Record<string, number> = {};
  if (!xen) {
    if (r.chance(0.3)) settings.X86_FEATURE_PCID = 0;
    else if (r.chance(0.2)) settings.X86_FEATURE_PTI = 1;
    if (r.chance(0.15)) settings.time_passes = 1;
    if (r.chance(0.15)) settings.CONFIG_DEBUG_VM = 1;
  }
  return {
    cpus,
    choices: r.chance(0.3) ? 0.7 : 0,
    mostActions: cpus === 3 ? 1 : r.pick([1, 2, 2, 3]),
    order: r.pick(["sc", "tso"]),
    platform: xen ? "xen" : "native",
    speculation: r.chance(0.75),
    settings,
  };
}

const mms = ["A", "B"];

class Generator {
  private readonly pages = new Map<string, string[]>();
  private readonly mmOf = new Map<string, string | undefined>();
  private readonly declared: [task: string, mm: string | undefined][] = [];
  /** Mms that no task has at the start, for exec. */
  private readonly spare = ["N0", "N1"];
  private readonly tables: boolean;

  constructor(
    private readonly r: Rng,
    private readonly o: ScenarioOptions,
  ) {
    this.tables = r.chance(0.15);
    for (const mm of mms) this.pages.set(mm, !this.tables && r.chance(0.2) ? ["page0", "page1"] : ["page0"]);
  }

  text(): string {
    const { o } = this;
    const cpus = this.r.times(o.cpus, (c) => this.cpu(c)).flat();
    const settings = Object.entries(o.settings).map(([name, value]) => `${name}: ${value}`);
    return [
      "id: generated",
      "about: A random scenario.",
      `platform: ${o.platform}`,
      `order: ${o.order}`,
      `speculation: ${o.speculation}`,
      ...(settings.length ? [`settings: { ${settings.join(", ")} }`] : []),
      "mms:",
      ...[...this.pages].map(([mm, pages]) => `  ${mm}: { pages: [${pages.join(", ")}] }`),
      "tasks:",
      ...this.declared.map(([task, mm]) => `  ${task}: ${mm === undefined ? "{}" : `{ mm: ${mm} }`}`),
      "cpus:",
      ...cpus,
      "",
    ].join("\n");
  }

  /** The tasks that only this CPU runs. */
  private tasks(c: number): string[] {
    const { r } = this;
    const mine = r.times(1 + r.int(3), (i) => {
      const mm = i > 0 && r.chance(0.25) ? undefined : r.pick(mms);
      const name = mm === undefined ? `kthread${c}-${i}` : `${mm}/${c}${i}`;
      this.mmOf.set(name, mm);
      this.declared.push([name, mm]);
      return name;
    });
    return [...mine, `swapper/${c}`];
  }

  private cpu(c: number): string[] {
    const { r } = this;
    const mine = this.tasks(c),
      dead = new Set<string>();
    let current = r.chance(0.8) ? mine[0] : r.pick(mine);
    if (r.chance(this.o.choices)) return [`  - starts: ${current}`, ...this.choice(mine)];
    const lines = [`  - starts: ${current}`, "    does:"];
    for (let left = 1 + r.int(this.o.mostActions); left > 0; left--) {
      const others = mine.filter((t) => t !== current && !dead.has(t));
      const [action, next] = this.action(c, current, others);
      if (next !== current && action === "exit") dead.add(current);
      current = next;
      lines.push(`      - ${action}`);
    }
    return lines;
  }

  /** What a CPU may choose from. */
  private choice(mine: readonly string[]): string[] {
    const { r } = this;
    const words = ["touch", "munmap", "reclaim", "exit", this.tables ? "munmap_table" : "mmap"];
    const any = [...mine.slice(0, 2).map((task) => `schedule: ${task}`), ...words.filter(() => r.chance(0.5))];
    return ["    does:", `      any: [${any.join(", ")}]`, `      actions: ${1 + r.int(this.o.mostActions)}`];
  }

  /** What a CPU is asked next, and who runs there afterwards. */
  private action(c: number, task: string, others: readonly string[]): [action: string, runs: string] {
    const { r } = this;
    const mm = this.mmOf.get(task);
    const page = (of: string): string => r.pick(this.pages.get(of)!);
    const victim = r.pick(mms);
    const other = others.length ? r.pick(others) : undefined;
    return r.weighted<() => [string, string]>([
      [other === undefined ? 0 : 5, () => [`schedule: ${other}`, other!]],
      [mm ? 3 : 0, () => [`touch: ${page(mm!)}`, task]],
      [mm ? 4 : 0, () => [`munmap: ${page(mm!)}`, task]],
      [mm && !this.tables ? 1 : 0, () => [`mmap: ${page(mm!)}`, task]],
      [mm && this.tables ? 3 : 0, () => ["munmap_table: page0", task]],
      [mm ? 1 : 0, () => ["exit", `swapper/${c}`]],
      [
        2,
        () => [`reclaim: { mm: ${victim}, page: ${page(victim)}, pte: ${r.pick(["store", "xchg", "batched"])} }`, task],
      ],
      [this.spare.length && !task.startsWith("swapper") ? 1 : 0, () => [`exec: ${this.newMm(task)}`, task]],
    ])();
  }

  private newMm(task: string): string {
    const mm = this.spare.shift()!;
    this.pages.set(mm, ["page0"]);
    this.mmOf.set(task, mm);
    return mm;
  }
}

export const randomScenario = (r: Rng, options: ScenarioOptions): string => new Generator(r, options).text();
