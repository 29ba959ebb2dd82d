/**
 * What TLBscope makes of whole kernel trees: which functions of the protocol it finds, what isn't modelled, every
 * scenario's verdict in both memory orders, whether changes that open a race are found, and whether the tours play.
 * Trees come from outside;
 * nothing of their text is printed or kept.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { checkNow } from "../../src/check/verdict/verdict";
import { builtInScenarios, scenarioNamed } from "../../src/cli/inputs";
import { nodeParser, packageRoot, shippedFiles, treeFiles } from "../../src/cli/node-host";
import { builtInTours, playerOf } from "../../src/cli/commands/tour-command";
import { kernelName } from "../../src/debug/launch/kernel-version";
import type { Program } from "../../src/kernel/ir";
import { buildProgram } from "../../src/kernel/program";
import type { CParser } from "../../src/kernel/syntax/tree/parse";
import { describeSpan, positionAt, type SourceFile } from "../../src/kernel/syntax/source";
import { Machine } from "../../src/machine/machine";
import type { MemoryOrder, Scenario } from "../../src/scenario/scenario";
import { checkTour } from "../../src/tour/play/check-tour";
import { knownOf } from "./known";
import { mutants, mutate } from "./mutants";
import { brokenIn, stepsOf, tableOf, type Result, type Row } from "./table";

/** States after which a search counts as undecided. */
const MAX_STATES = 3_000_000;
const orders: readonly MemoryOrder[] = ["sc", "tso"];
/** Functions that carry the protocol, in one era or another. */
const protocol = [
  "context_switch",
  "switch_mm",
  "switch_mm_irqs_off",
  "enter_lazy_tlb",
  "leave_mm",
  "choose_new_asid",
  "load_new_mm_cr3",
  "flush_tlb_page",
  "flush_tlb_mm_range",
  "flush_tlb_others",
  "native_flush_tlb_others",
  "native_flush_tlb_multi",
  "flush_tlb_func",
  "should_flush_tlb",
  "broadcast_tlb_flush",
  "smp_invalidate_interrupt",
  "exec_mmap",
  "finish_task_switch",
  "__mmdrop",
  "xen_exit_mmap",
];
/** Scenarios of the tests' own that every tree is asked, and the one for global ASIDs. */
const further = ["switch-back", "switch-away-table", "global-asid"];
/** Scenarios that are checked again with a feature on that is off by default, where the kernel has it. */
const variants: { feature: string; needs: string; scenarios: readonly string[]; orders: readonly MemoryOrder[] }[] = [
  {
    feature: "X86_FEATURE_PTI",
    needs: "invalidate_user_asid",
    scenarios: ["lazy-return", "switch-in", "switch-away", "reclaim-xchg"],
    orders: ["tso"],
  },
  {
    feature: "X86_FEATURE_INVLPGB",
    needs: "use_global_asid",
    scenarios: [
      "lazy-return",
      "switch-in",
      "switch-away",
      "switch-back",
      "reclaim",
      "reclaim-xchg",
      "reclaim-batched",
      "unmap-table",
    ],
    orders,
  },
  { feature: "X86_FEATURE_LAM", needs: "mm_lam_cr3_mask", scenarios: ["switch-in"], orders: ["tso"] },
];

let passed = 0,
  failed = 0;
function claim(holds: boolean, text: string): void {
  if (holds) passed++;
  else failed++;
  if (!holds) console.log(`  ✘ ${text}`);
}

class Tree {
  readonly rows: Row[] = [];
  private readonly files: SourceFile[];
  private readonly own: SourceFile[];
  private readonly name: string;
  private readonly scenarios: Scenario[];

  constructor(
    private readonly parser: CParser,
    private readonly root: string,
  ) {
    const makefile = path.join(root, "Makefile");
    this.own = treeFiles(root);
    const named = existsSync(makefile)
      ? [
          ...this.own,
          { uri: makefile, path: "Makefile", text: readFileSync(makefile, "utf8"), origin: "tree" as const },
        ]
      : this.own;
    this.name = kernelName(named);
    this.files = [...this.own, ...shippedFiles()];
    this.scenarios = [
      ...builtInScenarios(),
      ...further.map((id) => scenarioNamed(path.join(packageRoot(), `test/fixtures/scenarios/${id}.yaml`))),
    ];
    console.log(`\n${this.name} (${path.basename(root)})`);
  }

  async check(): Promise<void> {
    if (this.own.length === 0) return claim(false, "it holds no file of the protocol");
    const native = this.read("native"),
      xen = this.read("xen");
    this.tellFunctions(native, xen);
    const known = knownOf(this.own);
    for (const scenario of this.scenarios) {
      const row = this.search(scenario, orders);
      for (const [order, { verdict: v }] of Object.entries(row.results)) {
        const expected = known.filter((k) => k.scenario === scenario.id && (k.order ?? order) === order);
        row.known = [...new Set([...row.known, ...expected.map((k) => k.why)])];
        const unexpected = brokenIn(v).filter((id) => !expected.some((k) => (k.properties as string[]).includes(id)));
        claim(
          v.outcome !== "unknown" && unexpected.length === 0,
          `${scenario.id} ${order}: ${v.outcome} ${stepsOf(v)}`,
        );
        claim(
          v.outcome !== "holds" || expected.length === 0,
          `${scenario.id} ${order}: holds, where it should fail, as ${expected.map((k) => k.why).join("; ")}`,
        );
      }
    }
    for (const v of variants)
      if (this.own.some((f) => f.text.includes(`${v.needs}(`)))
        for (const id of v.scenarios) this.checkVariant(v.feature, id, v.orders);
    this.tryMutants();
    await this.playTours();
  }

  /** Every step of every tour, unless it says that it is for other kernels. */
  private async playTours(): Promise<void> {
    const told: string[] = [];
    for (const tour of builtInTours()) {
      const player = await playerOf(tour, this.root);
      const reports = checkTour(player);
      for (const r of reports) claim(r.problems.length === 0, `the tour ${tour.id}, ${r.id}: ${r.problems.join(" ")}`);
      const steps = `${reports.length} steps${player.onEdition ? " on the edition" : ""}`;
      told.push(`${tour.id} ${player.elsewhere !== undefined ? "is for other kernels" : steps}`);
    }
    console.log(`  tours: ${told.join(", ")}`);
  }

  /** Reads the tree for a platform: all must be its own, and modelled. */
  private read(platform: Scenario["platform"]): Program {
    const program = buildProgram({ parser: this.parser, files: this.files, platform });
    const own = (name: string) => program.fns.get(name)?.file.origin === "tree";
    claim(
      own("context_switch") && (own("switch_mm") || own("switch_mm_irqs_off")),
      `${platform}: context_switch and switch_mm are not the tree's own`,
    );
    const told = (d: Program["diagnostics"][number]) => `\n      ${describeSpan(d.span)} ${d.message}`;
    // Where a file isn't whole C, as a fork's may be, what is missing follows from that.
    const broken = program.diagnostics.filter((d) => d.code === "conditional" || d.code === "unclosed");
    if (broken.length > 0) console.log(`  · ${platform}: a file of the tree isn't whole:${broken.map(told).join("")}`);
    else
      claim(
        program.diagnostics.length === 0,
        `${platform}: not all is modelled${program.diagnostics.map(told).join("")}`,
      );
    claim(
      program.standIns.length === 0,
      `${platform}: files of the built-in edition stand in: ${program.standIns.map((f) => f.path).join(", ")}`,
    );
    return program;
  }

  /** Which functions of the protocol were found, file by file. */
  private tellFunctions(native: Program, xen: Program): void {
    const byFile = new Map<string, string[]>();
    for (const name of protocol) {
      const fn = native.fns.get(name) ?? xen.fns.get(name);
      if (fn?.file.origin === "tree")
        byFile.set(fn.file.path, [
          ...(byFile.get(fn.file.path) ?? []),
          `${name}:${positionAt(fn.file, fn.nameStart).line}`,
        ]);
    }
    for (const [file, names] of byFile) console.log(`  ${file}: ${names.join(" ")}`);
  }

  private verdict(files: SourceFile[], scenario: Scenario, order: MemoryOrder): Result {
    const from = performance.now();
    const program = buildProgram({
      parser: this.parser,
      files,
      platform: scenario.platform,
      settings: scenario.settings,
    });
    const verdict = checkNow(new Machine(program, { ...scenario, order }), { maxStates: MAX_STATES });
    return { verdict, ms: performance.now() - from };
  }

  private search(scenario: Scenario, orders: readonly MemoryOrder[], settings: readonly string[] = []): Row {
    const row: Row = {
      tree: this.name,
      scenario: scenario.id,
      settings,
      known: [],
      results: Object.fromEntries(orders.map((o) => [o, this.verdict(this.files, scenario, o)])),
    };
    this.rows.push(row);
    return row;
  }

  private ownVerdict = (id: string, order: MemoryOrder) =>
    this.rows.find((r) => r.scenario === id && r.settings.length === 0)!.results[order]!.verdict;

  /** With a feature that is off by default, nothing breaks that doesn't without. */
  private checkVariant(feature: string, id: string, orders: readonly MemoryOrder[]): void {
    const scenario = this.scenarios.find((s) => s.id === id)!;
    const row = this.search({ ...scenario, settings: { ...scenario.settings, [feature]: 1 } }, orders, [feature]);
    row.known = this.rows.find((r) => r.scenario === id)!.known;
    for (const order of orders) {
      const { verdict: v } = row.results[order]!;
      const fresh = brokenIn(v).filter((p) => !brokenIn(this.ownVerdict(id, order)).includes(p));
      claim(
        v.outcome !== "unknown" && fresh.length === 0,
        `${id} ${order} with ${feature}: ${v.outcome} ${stepsOf(v)}`,
      );
    }
  }

  /** Changes that open a race: each must be found. */
  private tryMutants(): void {
    for (const m of mutants) {
      const changed = mutate(this.files, m);
      if (!changed) continue;
      const breaks = (id: string, order: MemoryOrder) =>
        m.breaks.some((p) => brokenIn(this.ownVerdict(id, order)).includes(p));
      if (m.scenarios.every((id) => orders.every((o) => breaks(id, o)))) {
        console.log(`  · ${m.id}: the tree fails there by itself`);
        continue;
      }
      const told = this.findMutant(changed, m);
      claim(told !== undefined, `${m.id}: ${m.about}; NOT found`);
      if (told !== undefined) console.log(`  ✔ ${m.id}: found in ${told}`);
    }
  }

  private findMutant(changed: SourceFile[], m: (typeof mutants)[number]): string | undefined {
    for (const id of m.scenarios)
      for (const order of orders) {
        const own = this.scenarios.find((s) => s.id === id)!;
        const scenario = { ...own, settings: { ...own.settings, ...m.settings } };
        const { verdict: v } = this.verdict(changed, scenario, order);
        const before = m.settings ? this.verdict(this.files, scenario, order).verdict : this.ownVerdict(id, order);
        const fresh = brokenIn(v).filter((p) => (m.breaks as string[]).includes(p) && !brokenIn(before).includes(p));
        if (fresh.length) return `${id} ${order}: ${stepsOf(v, fresh)}`;
      }
    return undefined;
  }
}

async function main(): Promise<void> {
  const parser = await nodeParser();
  const rows: Row[] = [];
  for (const root of process.argv.slice(2)) {
    const tree = new Tree(parser, root);
    await tree.check();
    rows.push(...tree.rows);
  }
  console.log(`\n${tableOf(rows)}\n\nkernel trees: ${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
