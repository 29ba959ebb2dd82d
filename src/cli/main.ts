/** The command line. Exit status 0 done, 1 a property failed, 2 it could not be done. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readAsked } from "../check/search/asked";
import { editionPaths } from "../kernel/companions";
import { expandEdition } from "../kernel/edition";
import { whyNotApplicable } from "../machine/applies";
import { LayoutError } from "../machine/layout";
import { Machine } from "../machine/machine";
import { Stepper } from "../trace/stepping";
import { Trace } from "../trace/trace";
import { checkCommand } from "./check-command";
import { packageRoot } from "./node-host";
import { DEFAULT_SCENARIO } from "../scenario/order";
import { builtInScenarios, filesOf, programOf, scenarioNamed, UsageError, type Given } from "./inputs";
import { tourCommand, tourUsage } from "./tour-command";
import { whyCommand } from "./why-command";

const usage = `tlbscope: runs the lazy TLB protocol of a kernel tree on a model of several x86 CPUs

  tlbscope check [TREE]          look at every interleaving of the scenarios; exit status 0 holds, 1 fails, 2 can't say
      --scenario ID|FILE           only this one (may be given again); without it all built-in ones
      --order sc|tso               only in this memory order; without it in both
      --set NAME[=N]               a setting, as X86_FEATURE_PCID=0 or flush_at_once (may be given again)
      --trace                      print the shortest execution behind each failure
      --json, --junit              for other programs
      --max-states N               give up beyond this many states
      --always "EXPR [in FN()]"    a promise of your own: a C expression over the machine's state, true in every state
      --can "EXPR [in FN()]"       may it be true? --occurs: it must be, in some state
  tlbscope why FN[:LINE] [TREE]  what a statement is for, or each one of a function: what breaks without it
      --scenario, --order, --set
  tlbscope run [TREE]            run a scenario with all CPUs in turn, and print every step
      --scenario ID|FILE           ${DEFAULT_SCENARIO}, unless said otherwise
      --order, --set
  tlbscope scenarios             list the built-in scenarios
${tourUsage}
  tlbscope edition DIR           write the built-in edition's files into DIR

TREE is a kernel tree's folder; without one the built-in edition is run.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      scenario: { type: "string", short: "s", multiple: true },
      order: { type: "string" },
      set: { type: "string", multiple: true },
      trace: { type: "boolean" },
      json: { type: "boolean" },
      junit: { type: "boolean" },
      "max-states": { type: "string" },
      always: { type: "string", multiple: true },
      can: { type: "string", multiple: true },
      occurs: { type: "string", multiple: true },
      tour: { type: "string", multiple: true },
      format: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [command, target] = positionals;
  if (values.help || !command) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const changes: Given = { order: values.order, set: values.set };
  switch (command) {
    case "edition":
      return writeEdition(target);
    case "scenarios":
      for (const s of builtInScenarios()) console.log(`${s.id.padEnd(18)} ${s.about}`);
      return 0;
    case "check":
      return checkCommand(target, {
        ...changes,
        scenarios: values.scenario ?? [],
        format: values.json ? "json" : values.junit ? "junit" : "text",
        trace: values.trace ?? false,
        maxStates: values["max-states"],
        asked: (["always", "can", "occurs"] as const).flatMap((kind) =>
          (values[kind] ?? []).map((text) => readAsked(kind, text)),
        ),
      });
    case "why":
      return whyCommand(target, positionals[2], { ...changes, scenarios: values.scenario ?? [] });
    case "tour":
      return tourCommand(positionals.slice(1), {
        tours: values.tour ?? [],
        format: values.format,
        scenario: values.scenario?.[0],
      });
    case "run":
      return run(target, values.scenario?.[0] ?? DEFAULT_SCENARIO, changes);
    default:
      throw new UsageError(`There is no command "${command}". See tlbscope --help.`);
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

async function run(tree: string | undefined, scenarioName: string, changes: Given): Promise<number> {
  const scenario = scenarioNamed(scenarioName, changes);
  const { program, remarks } = await programOf(filesOf(tree), scenario);
  for (const r of remarks) console.log(r);
  const no = whyNotApplicable(program, scenario);
  if (no !== undefined) throw new UsageError(`${scenario.id} doesn't apply to this kernel. ${no}`);
  const trace = new Trace(new Machine(program, scenario));
  const stop = new Stepper(trace, { stopsOn: () => false }).continue();
  let failed = false;
  for (let i = 0; i <= trace.last; i++) {
    if (i > 0) console.log(`${String(i).padStart(4)}  ${trace.sentence(i)}`);
    for (const v of trace.entry(i).violations) {
      console.log(`      ${v.property}: ${v.why}`);
      failed = true;
    }
  }
  if (stop.k !== "finished") console.log(`The run ended early: ${stop.k}.`);
  return failed || stop.k !== "finished" ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (e: unknown) => {
    const known =
      e instanceof UsageError ||
      e instanceof LayoutError ||
      (e instanceof Error && "code" in e && String(e.code).startsWith("ERR_PARSE_ARGS"));
    console.error(`tlbscope: ${e instanceof Error ? (known ? e.message : e.stack) : String(e)}`);
    process.exitCode = 2;
  },
);
