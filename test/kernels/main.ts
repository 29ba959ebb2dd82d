/**
 * What TLBscope makes of whole kernel trees: which functions of the protocol it finds, what isn't modelled, every
 * scenario's verdict in both memory orders, and whether changes that open a race are found. Trees come from outside;
 * nothing of their text is printed or kept.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { checkNow, type Verdict } from "../../src/check/verdict";
import { builtInScenarios, scenarioNamed } from "../../src/cli/inputs";
import { nodeParser, packageRoot, shippedFiles, treeFiles } from "../../src/cli/host";
import { kernelName } from "../../src/debug/version";
import { buildProgram } from "../../src/kernel/program";
import type { CParser } from "../../src/kernel/parse";
import { describeSpan, positionAt, type SourceFile } from "../../src/kernel/source";
import { Machine } from "../../src/machine/machine";
import type { MemoryOrder, Scenario } from "../../src/scenario/model";
import { knownOf } from "./known";
import { mutants, mutate } from "./mutants";

/** States after which a search counts as undecided. */
const MAX_STATES = 3_000_000;
/** Functions that carry the protocol, in one era or another. */
const protocol = ["context_switch", "switch_mm", "switch_mm_irqs_off", "enter_lazy_tlb", "leave_mm", "choose_new_asid", "load_new_mm_cr3", "flush_tlb_page", "flush_tlb_mm_range", "flush_tlb_others", "native_flush_tlb_others", "native_flush_tlb_multi", "flush_tlb_func", "should_flush_tlb", "smp_invalidate_interrupt", "exec_mmap", "finish_task_switch", "__mmdrop", "xen_exit_mmap"];

let passed = 0, failed = 0;
function claim(holds: boolean, text: string): void {
  if (holds) passed++;
  else failed++;
  console.log(`  ${holds ? "✔" : "✘"} ${text}`);
}

const brokenIn = (v: Verdict): string[] => v.properties.filter((p) => p.counterexamples.length > 0).map((p) => p.id);
const steps = (v: Verdict, of = brokenIn(v)): string => v.properties.filter((p) => of.includes(p.id)).flatMap((p) => p.counterexamples.slice(0, 1).map((c) => `${p.id} in ${c.moves.length} steps`)).join(", ");

function verdictOf(parser: CParser, files: SourceFile[], scenario: Scenario, order: MemoryOrder): Verdict {
  const program = buildProgram({ parser, files, platform: scenario.platform, settings: scenario.settings });
  return checkNow(new Machine(program, { ...scenario, order }), { maxStates: MAX_STATES });
}

function checkTree(parser: CParser, root: string): void {
  const makefile = path.join(root, "Makefile");
  const tree = treeFiles(root);
  const named = existsSync(makefile) ? [...tree, { uri: makefile, path: "Makefile", text: readFileSync(makefile, "utf8"), origin: "tree" as const }] : tree;
  console.log(`\n${kernelName(named)} (${path.basename(root)})`);
  if (tree.length === 0) return claim(false, "it holds files of the protocol");
  const files = [...tree, ...shippedFiles()];
  const scenarios = [...builtInScenarios(), ...["switch-back", "switch-away-table"].map((id) => scenarioNamed(path.join(packageRoot(), `test/fixtures/scenarios/${id}.yaml`)))];

  for (const platform of ["native", "xen"] as const) {
    const program = buildProgram({ parser, files, platform });
    const found = protocol.flatMap((name) => {
      const fn = program.fns.get(name);
      return fn && fn.file.origin === "tree" ? [`${name} ${fn.file.path}:${positionAt(fn.file, fn.nameStart).line}`] : [];
    });
    console.log(`  ${platform}: ${found.join(", ")}`);
    claim(found.some((f) => f.startsWith("context_switch ")) && found.some((f) => f.startsWith("switch_mm")), `${platform}: context_switch and switch_mm are the tree's own`);
    claim(program.diagnostics.length === 0, `${platform}: all is modelled${program.diagnostics.map((d) => `\n      ${describeSpan(d.span)} ${d.message}`).join("")}`);
    claim(program.standIns.length === 0, `${platform}: nothing of the built-in edition stands in${program.standIns.map((f) => ` ${f.path}`).join("")}`);
    if (program.settings.length) console.log(`    settings: ${program.settings.map((s) => `${s.name}=${s.value}`).join(" ")}`);
  }

  const known = knownOf(tree);
  const own = new Map<string, Verdict>();
  for (const scenario of scenarios) for (const order of ["sc", "tso"] as const) {
    const v = verdictOf(parser, files, scenario, order);
    own.set(`${scenario.id} ${order}`, v);
    const expected = known.filter((k) => k.scenario === scenario.id && (k.order ?? order) === order);
    const unexpected = brokenIn(v).filter((id) => !expected.some((k) => (k.properties as string[]).includes(id)));
    const missed = v.outcome === "holds" && expected.length > 0;
    const outcome = v.outcome === "unknown" ? `undecided within ${MAX_STATES.toLocaleString("en")} states` : v.outcome;
    claim(unexpected.length === 0 && !missed, `${scenario.id.padEnd(16)} ${order.padEnd(3)} ${outcome} (${v.progress.states} states)${brokenIn(v).length ? `: ${steps(v)}` : ""}${expected.length ? ` — ${expected.map((k) => k.why).join("; ")}` : ""}`);
  }

  // Page table isolation is off by default; where the kernel has it, scenarios come out as without it.
  if (mutate(files, mutants.find((m) => m.id === "user-asid-kept")!)) for (const id of ["lazy-return", "switch-in", "switch-away", "reclaim-xchg"]) {
    const v = verdictOf(parser, files, { ...scenarios.find((s) => s.id === id)!, settings: { X86_FEATURE_PTI: 1 } }, "tso");
    claim(v.outcome !== "unknown" && brokenIn(v).join() === brokenIn(own.get(`${id} tso`)!).join(), `${id.padEnd(16)} tso with page table isolation ${v.outcome} (${v.progress.states} states)${brokenIn(v).length ? `: ${steps(v)}` : ""}`);
  }

  for (const m of mutants) {
    const changed = mutate(files, m);
    if (!changed) continue;
    const breaks = (id: string, order: MemoryOrder) => m.breaks.some((p) => brokenIn(own.get(`${id} ${order}`)!).includes(p));
    if (m.scenarios.every((id) => breaks(id, "sc") && breaks(id, "tso"))) {
      console.log(`  · ${m.id}: the tree fails there by itself`);
      continue;
    }
    let told = "";
    for (const id of m.scenarios) for (const order of ["sc", "tso"] as const) {
      if (told) continue;
      const scenario = { ...scenarios.find((s) => s.id === id)!, ...(m.settings ? { settings: m.settings } : {}) };
      const v = verdictOf(parser, changed, scenario, order);
      const before = m.settings ? verdictOf(parser, files, scenario, order) : own.get(`${id} ${order}`)!;
      const fresh = brokenIn(v).filter((p) => (m.breaks as string[]).includes(p) && !brokenIn(before).includes(p));
      if (fresh.length) told = `${id} ${order}: ${steps(v, fresh)}`;
    }
    claim(told !== "", `${m.id}: ${m.about}${told ? `; found in ${told}` : "; NOT found"}`);
  }
}

async function main(): Promise<void> {
  const trees = process.argv.slice(2);
  const parser = await nodeParser();
  for (const tree of trees) checkTree(parser, tree);
  console.log(`\nkernel trees: ${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
