/**
 * `tlbscope check [TREE]`: every interleaving of the scenarios on a kernel tree. Exit status 0 holds, 1 fails, 2 can't
 * say.
 */
import { AskedError, askedName, type AskedProperty } from "../check/search/asked";
import { checkNow, type Verdict } from "../check/verdict/verdict";
import { counterexampleText, junit, verdictJson, verdictText } from "../check/verdict/verdict-text";
import { buildProgram } from "../kernel/program";
import type { ProgramUnder } from "../check/verdict/hangs-on";
import type { Limits } from "../jobs/protocol";
import { JobError } from "../jobs/workers";
import { Machine } from "../machine/machine";
import type { Scenario } from "../scenario/scenario";
import { nodeParser } from "./node-host";
import { inOrders, sourceOf, UsageError, type Changes } from "./inputs";
import { Remarks } from "./remarks";
import { listSettings } from "./settings-list";
import { withSearchers } from "./searchers";
import type { SourceTree } from "./source-tree";
import { workloadsCommand } from "./workloads-command";

export interface CheckOptions extends Changes {
  /** Scenario ids or files; none means all built-in ones. */
  scenarios: string[];
  format: "text" | "json" | "junit";
  /** Print the execution behind each failure. */
  trace: boolean;
  /** List what the source asks for instead. */
  settings: boolean;
  maxStates?: string;
  /** In megabytes; without it there is no bound. */
  maxMemory?: string;
  /** Look at every workload of at most so many actions a CPU instead. */
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
  if (o.workloads !== undefined) {
    const { seconds } = o;
    return workloadsCommand(tree, {
      ...o,
      actions: wholeNumber("--workloads", o.workloads)!,
      seconds: wholeNumber("--seconds", seconds),
      limits,
    });
  }
  for (const option of ["seconds", "save"] as const)
    if (o[option] !== undefined)
      throw new UsageError(`--${option} is for --workloads: give that, too, as in --workloads 2.`);
  const scenarios = inOrders(o.scenarios, o);
  const source = await sourceOf(tree, scenarios);
  if (o.settings) return listSettings(source, scenarios);
  // One is looked at here: a thread would have to read the source again.
  if (scenarios.length === 1) return verdictsHere(source, scenarios, o, limits);
  return withSearchers((workers, turn) =>
    checkAll(source, scenarios, o, (machine) =>
      turn(async () => {
        const { scenario } = machine;
        const verdict = await workers.run({
          kind: "check",
          files: source.files,
          scenario,
          asked: o.asked,
          // Those that run at the same time share the memory.
          limits: { ...limits, bytes: limits.bytes / Math.min(workers.most, scenarios.length) },
        }).answer;
        const refused =
          verdict.outcome === "doesn't apply" ? undefined : verdict.asked.find((a) => a.refused !== undefined)?.refused;
        if (refused !== undefined) throw new UsageError(`${scenario.id}: ${refused}`);
        return verdict;
      }),
    ),
  );
}

/** Checks all, and prints each verdict as soon as it and those before it are there. Gives the exit status. */
async function checkAll(
  source: SourceTree,
  scenarios: readonly Scenario[],
  o: CheckOptions,
  check: Check,
): Promise<number> {
  const remarks = new Remarks(source);
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
  }
  if (o.format === "json")
    console.log(
      JSON.stringify(
        results.map((r) => verdictJson(r.machine, r.verdict)),
        undefined,
        2,
      ),
    );
  if (o.format === "junit") console.log(junit(results));
  const outcomes = results.map((r) => r.verdict.outcome);
  return outcomes.includes("fails") ? 1 : lost || outcomes.includes("unknown") ? 2 : 0;
}

function print({ machine, verdict }: Result, trace: boolean): void {
  console.log(verdictText(verdict));
  if (!trace) return;
  const shown = [
    ...verdict.properties.map((p) => ({ name: p.id, list: p.counterexamples })),
    ...verdict.asked.map((a) => ({ name: askedName(a.property), list: a.executions })),
  ];
  for (const { name: what, list } of shown)
    for (const c of list.slice(0, 1))
      console.log(`\n  ${what}, step by step:\n${counterexampleText(machine, c.moves)}\n`);
}

/** The value of an option that takes a number from 1 on. */
function wholeNumber(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`${option} takes a whole number, not "${given}".`);
  return value;
}

/** Checks without threads. What is asked for may be no C: that is the user's to mend. */
async function verdictsHere(
  source: SourceTree,
  scenarios: readonly Scenario[],
  o: CheckOptions,
  { states, bytes }: Limits,
): Promise<number> {
  const parser = await nodeParser();
  const { files } = source;
  return checkAll(source, scenarios, o, async (machine) => {
    const { platform } = machine.scenario;
    const programUnder: ProgramUnder = (settings) => buildProgram({ parser, files, platform, settings });
    try {
      return checkNow(machine, { maxStates: states, maxBytes: bytes, asked: o.asked, programUnder });
    } catch (e) {
      throw e instanceof AskedError ? new UsageError(`${machine.scenario.id}: ${e.message}`) : e;
    }
  });
}
