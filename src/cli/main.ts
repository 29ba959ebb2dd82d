/** The command line: `tlbscope edition DIR`, `tlbscope run [TREE] --scenario ID`. Exit status 0 done, 1 a property failed, 2 it could not be done. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { editionPaths } from "../kernel/companions";
import { expandEdition } from "../kernel/edition";
import { buildProgram } from "../kernel/program";
import { positionAt } from "../kernel/source";
import { LayoutError } from "../machine/layout";
import { Machine } from "../machine/machine";
import { readScenario } from "../scenario/read";
import type { Scenario } from "../scenario/model";
import { Stepper } from "../trace/stepping";
import { Trace } from "../trace/trace";
import { nodeParser, packageRoot, shippedFiles, treeFiles } from "./host";

const usage = `tlbscope: runs the lazy TLB protocol of a kernel tree on a model of several x86 CPUs

  tlbscope edition DIR                       write the built-in edition's files into DIR
  tlbscope run [TREE] --scenario ID|FILE     run a scenario with all CPUs in turn, and print every step
  tlbscope scenarios                         list the built-in scenarios

TREE is a kernel tree's folder; without one the built-in edition is run.`;

/** Something the user can mend; shown without a stack. */
class UsageError extends Error {}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { scenario: { type: "string", short: "s" }, help: { type: "boolean", short: "h" } } });
  const [command, target] = positionals;
  if (values.help || !command) {
    console.log(usage);
    return command || values.help ? 0 : 2;
  }
  switch (command) {
    case "edition": return writeEdition(target);
    case "scenarios":
      for (const s of builtInScenarios()) console.log(`${s.id.padEnd(18)} ${s.about}`);
      return 0;
    case "run": return run(target, values.scenario ?? "lazy-return");
    default: throw new UsageError(`There is no command "${command}". See tlbscope --help.`);
  }
}

function writeEdition(dir: string | undefined): number {
  if (!dir) throw new UsageError("Say where the edition is to be written: tlbscope edition DIR.");
  const from = path.join(packageRoot(), "walkthroughs", "edition");
  for (const p of editionPaths) {
    const to = path.join(dir, p);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, expandEdition(readFileSync(path.join(from, p), "utf8")));
  }
  cpSync(path.join(from, "README.md"), path.join(dir, "README.md"));
  console.log(`The built-in edition is in ${dir}.`);
  return 0;
}

const scenarioFolder = () => path.join(packageRoot(), "walkthroughs", "scenarios");

function builtInScenarios(): Scenario[] {
  return readdirSync(scenarioFolder()).filter((f) => f.endsWith(".yaml")).flatMap((f) => readScenario(readFileSync(path.join(scenarioFolder(), f), "utf8")).scenario ?? []);
}

function scenarioNamed(name: string): Scenario {
  const builtIn = builtInScenarios().find((s) => s.id === name);
  if (builtIn) return builtIn;
  if (!existsSync(name)) throw new UsageError(`There is no scenario "${name}": neither a built-in one (see tlbscope scenarios) nor a file of that name.`);
  const text = readFileSync(name, "utf8");
  const { scenario, problems } = readScenario(text);
  if (scenario) return scenario;
  const file = { uri: name, path: name, text, origin: "open" as const };
  throw new UsageError(problems.map((p) => `${name}:${positionAt(file, p.range.start).line}: ${p.message}`).join("\n"));
}

async function run(tree: string | undefined, scenarioName: string): Promise<number> {
  if (tree !== undefined && !(existsSync(tree) && statSync(tree).isDirectory())) throw new UsageError(`${tree} is no folder. Give the root of a kernel tree, the one that holds kernel/ and arch/.`);
  const scenario = scenarioNamed(scenarioName);
  const own = tree === undefined ? [] : treeFiles(tree);
  if (tree !== undefined && own.length === 0) throw new UsageError(`${tree} holds none of the protocol's files (kernel/sched.c, arch/x86/include/asm/mmu_context.h, …). Give the root of a kernel tree.`);
  const program = buildProgram({ parser: await nodeParser(), files: [...own, ...shippedFiles()], platform: scenario.platform });
  for (const d of program.diagnostics) console.log(`${d.span.file.path}:${positionAt(d.span.file, d.span.start).line}: ${d.severity}: ${d.message}`);
  for (const f of program.standIns) console.log(`${f.path}: not in the tree; the built-in edition's stands in.`);
  const trace = new Trace(new Machine(program, scenario));
  const stop = new Stepper(trace, { stopsOn: () => false }).continue();
  let failed = trace.entry(0).violations.length > 0;
  for (const v of trace.entry(0).violations) console.log(`  ${v.property}: ${v.why}`);
  for (let i = 1; i <= trace.last; i++) {
    console.log(`${String(i).padStart(4)}  ${trace.sentence(i)}`);
    for (const v of trace.entry(i).violations) {
      console.log(`      ${v.property}: ${v.why}`);
      failed = true;
    }
  }
  if (stop.k !== "finished") console.log(`The run ended early: ${stop.k}.`);
  return failed || stop.k !== "finished" ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (status) => { process.exitCode = status; },
  (e: unknown) => {
    const known = e instanceof UsageError || e instanceof LayoutError || (e instanceof Error && "code" in e && String(e.code).startsWith("ERR_PARSE_ARGS"));
    console.error(`tlbscope: ${e instanceof Error ? (known ? e.message : e.stack) : String(e)}`);
    process.exitCode = 2;
  },
);
