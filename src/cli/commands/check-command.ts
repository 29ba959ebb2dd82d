/**
 * `tlbscope check [TREE]`: every interleaving of the scenarios on a kernel tree, and then every workload of a few
 * actions. Exit status 0 holds, 1 fails, 2 can't say.
 */
import { AskedError, askedName, type AskedProperty } from "../../check/search/asked";
import { checkNow, type Verdict } from "../../check/verdict/verdict";
import { counterexampleText, junit, verdictJson, verdictText } from "../../check/verdict/verdict-text";
import { buildProgram } from "../../kernel/program";
import type { ProgramUnder } from "../../check/verdict/hangs-on";
import type { Limits } from "../../jobs/protocol";
import { JobError, type Workers } from "../../jobs/workers";
import { Machine } from "../../machine/machine";
import type { Scenario } from "../../scenario/scenario";
import { toldOf } from "../../story/story-text";
import { mailsOf } from "./mails";
import { nodeParser } from "../node-host";
import { inOrders, sourceOf, UsageError, wholeNumber, type Changes } from "../inputs";
import { Remarks } from "../remarks";
import { listSettings } from "./settings-list";
import { withSearchers } from "../searchers";
import type { SourceTree } from "../source-tree";
import { workloadPlan } from "./workload-plan";
import { lookAtWorkloads, type WorkloadResults } from "./workloads";

export interface CheckOptions extends Changes {
  /** Scenario ids or files; none means all built-in ones. */
  scenarios: string[];
  format: "text" | "json" | "junit" | "mail";
  /** Print the execution behind each failure. */
  trace: boolean;
  /** List what the source asks for instead. */
  settings: boolean;
  maxStates?: string;
  /** In megabytes; without it there is no bound. */
  maxMemory?: string;
  /** False: look at workloads alone. */
  withScenarios: boolean;
  /** Look at every workload of at most so many actions a CPU; 0 for none. */
  workloads?: string;
  /** Of workloads: stop after so many seconds. */
  seconds?: string;
  /** Of workloads: write the first that fails into this file. */
  save?: string;
  /** The reader's own properties. */
  asked: AskedProperty[];
}

const DEFAULT_MAX_STATES = 20_000_000;

interface Result {
  machine: Machine;
  verdict: Verdict;
}

/** Checks one scenario in one memory order; throws a UsageError where something can't be asked of it. */
type Check = (machine: Machine) => Promise<Verdict>;

/** Prints the verdicts in the format that `o` asks for, and gives the exit status. */
export async function checkCommand(tree: string | undefined, o: CheckOptions): Promise<number> {
  const limits = {
    states: wholeNumber("--max-states", o.maxStates) ?? DEFAULT_MAX_STATES,
    bytes: (wholeNumber("--max-memory", o.maxMemory) ?? Infinity) * 1024 * 1024,
  };
  const plan = workloadPlan(o);
  const scenarios = o.withScenarios ? inOrders(o.scenarios, o) : [];
  const source = await sourceOf(tree, [...scenarios, ...(plan?.worlds ?? [])]);
  if (o.settings) return listSettings(source, scenarios);
  // One is looked at here: a thread would have to read the source again.
  if (scenarios.length === 1 && !plan) return report(await verdictsHere(source, scenarios, o, limits), undefined, o);
  const remarks = new Remarks(source);
  return withSearchers(async (workers, turn) => {
    // Those that run at the same time share the memory.
    const each = { ...limits, bytes: limits.bytes / Math.min(workers.most, scenarios.length || 1) };
    const checked = await checkAll(scenarios, remarks, o, (machine) =>
      turn(() => verdictOf(machine, source, workers, each, o)),
    );
    const workloads =
      plan &&
      (await lookAtWorkloads(async (world) => new Machine(await remarks.program(world), world), source.files, workers, {
        ...plan,
        limits,
        prints: o.format === "text" ? "all" : o.format === "mail" ? "mails" : "nothing",
        trace: o.trace,
        save: o.save,
      }));
    return report(checked, workloads, o);
  });
}

/** The verdict of a thread. */
async function verdictOf(
  machine: Machine,
  source: SourceTree,
  workers: Workers,
  limits: Limits,
  { asked }: CheckOptions,
): Promise<Verdict> {
  const { scenario } = machine;
  const verdict = await workers.run({ kind: "check", files: source.files, scenario, asked, limits }).answer;
  const refused =
    verdict.outcome === "doesn't apply" ? undefined : verdict.asked.find((a) => a.refused !== undefined)?.refused;
  if (refused !== undefined) throw new UsageError(`${scenario.id}: ${refused}`);
  return verdict;
}

/** The verdicts of the scenarios; `lost`: some search came to none. */
interface Checked {
  results: Result[];
  lost: boolean;
}

/** Checks all, and prints each verdict as soon as it and those before it are there. */
async function checkAll(
  scenarios: readonly Scenario[],
  remarks: Remarks,
  o: CheckOptions,
  check: Check,
): Promise<Checked> {
  const begun: { machine: Machine; verdict: Promise<Verdict> }[] = [];
  for (const scenario of scenarios) {
    const machine = new Machine(await remarks.program(scenario), scenario),
      verdict = check(machine);
    verdict.catch(() => undefined); // reported when its turn comes
    begun.push({ machine, verdict });
  }
  const results: Result[] = [];
  let lost = false;
  for (const { machine, verdict } of begun) {
    const name = `${machine.scenario.id}, ${machine.scenario.order.toUpperCase()}`;
    try {
      results.push({ machine, verdict: await verdict });
    } catch (e) {
      if (!(e instanceof JobError)) throw e;
      console.error(
        `${name}: can't say: the search was lost (${e.message}). Give it fewer states to look at with ` +
          "--max-states, or a smaller scenario.",
      );
      lost = true;
      continue;
    }
    if (o.format === "text") print(results.at(-1)!, o.trace);
    if (o.format === "mail") console.log(mailsOf(machine, results.at(-1)!.verdict));
  }
  return { results, lost };
}

/** Prints what other programs read, and gives the exit status. */
function report({ results, lost }: Checked, workloads: WorkloadResults | undefined, o: CheckOptions): number {
  const all: (Result & { actions?: number })[] = [...results, ...(workloads?.results ?? [])];
  if (o.format === "json") {
    const plain = all.map(({ machine, verdict, actions }) => ({
      ...verdictJson(machine, verdict, toldOf(machine)),
      actions,
    }));
    console.log(JSON.stringify(plain, undefined, 2));
  }
  if (o.format === "junit") console.log(junit(all));
  const outcomes = all.map((r) => r.verdict.outcome);
  // That there was no time for workloads takes nothing from what the scenarios say.
  const nothing = results.length === 0 && workloads?.incomplete === true;
  if (outcomes.includes("fails")) return 1;
  return lost || workloads?.lost || nothing || outcomes.includes("unknown") ? 2 : 0;
}

function print({ machine, verdict }: Result, trace: boolean): void {
  console.log(verdictText(verdict, toldOf(machine)));
  if (!trace) return;
  const shown = [
    ...verdict.properties.map((p) => ({ name: p.id, list: p.counterexamples })),
    ...verdict.asked.map((a) => ({ name: askedName(a.property), list: a.executions })),
  ];
  for (const { name: what, list } of shown)
    for (const c of list.slice(0, 1))
      console.log(`\n  ${what}, step by step:\n${counterexampleText(machine, c.moves)}\n`);
}

/** Checks without threads. What is asked for may be no C: that is the user's to mend. */
async function verdictsHere(
  source: SourceTree,
  scenarios: readonly Scenario[],
  o: CheckOptions,
  { states, bytes }: Limits,
): Promise<Checked> {
  const parser = await nodeParser();
  const { files } = source;
  return checkAll(scenarios, new Remarks(source), o, async (machine) => {
    const { platform } = machine.scenario;
    const programUnder: ProgramUnder = (settings) => buildProgram({ parser, files, platform, settings });
    try {
      return checkNow(machine, { maxStates: states, maxBytes: bytes, asked: o.asked, programUnder });
    } catch (e) {
      throw e instanceof AskedError ? new UsageError(`${machine.scenario.id}: ${e.message}`) : e;
    }
  });
}
