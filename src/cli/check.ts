/** `tlbscope check [TREE]`: every interleaving of the scenarios on a kernel tree. Exit status 0 holds, 1 fails, 2 can't say. */
import { AskedError, askedName, type AskedProperty } from "../check/asked";
import { checkNow, type Verdict, type VerdictOptions } from "../check/verdict";
import { counterexampleText, junit, verdictJson, verdictText } from "../check/verdict-text";
import { Machine } from "../machine/machine";
import { filesOf, inOrders, programOf, UsageError, type Given } from "./inputs";

export interface CheckOptions extends Given {
  /** Scenario ids or files; none means all built-in ones. */
  scenarios: string[];
  format: "text" | "json" | "junit";
  /** Print the execution behind each failure. */
  trace: boolean;
  maxStates?: string;
  /** The reader's own properties. */
  asked: AskedProperty[];
}

const DEFAULT_MAX_STATES = 20_000_000;

export async function checkCommand(tree: string | undefined, o: CheckOptions): Promise<number> {
  const maxStates = o.maxStates === undefined ? DEFAULT_MAX_STATES : Number(o.maxStates);
  if (!Number.isInteger(maxStates) || maxStates < 1) throw new UsageError(`--max-states takes a whole number, not "${o.maxStates}".`);
  const files = filesOf(tree);
  const results: { machine: Machine; verdict: Verdict }[] = [];
  const said = new Set<string>();
  for (const scenario of inOrders(o.scenarios, o)) {
    const { program, remarks } = await programOf(files, scenario);
    for (const r of remarks) if (!said.has(r) && said.add(r)) console.error(r);
    const machine = new Machine(program, scenario);
    const verdict = verdictOf(machine, { maxStates, asked: o.asked });
    results.push({ machine, verdict });
    if (o.format !== "text") continue;
    console.log(verdictText(verdict));
    if (!o.trace) continue;
    const shown = [...verdict.properties.map((p) => ({ name: p.id, list: p.counterexamples })), ...verdict.asked.map((a) => ({ name: askedName(a.property), list: a.executions }))];
    for (const { name: what, list } of shown) for (const c of list.slice(0, 1)) console.log(`\n  ${what}, step by step:\n${counterexampleText(machine, c.moves)}\n`);
  }
  if (o.format === "json") console.log(JSON.stringify(results.map((r) => verdictJson(r.machine, r.verdict)), undefined, 2));
  if (o.format === "junit") console.log(junit(results));
  const outcomes = results.map((r) => r.verdict.outcome);
  return outcomes.includes("fails") ? 1 : outcomes.includes("unknown") ? 2 : 0;
}

/** What is asked for may be no C: that is the user's to mend. */
function verdictOf(machine: Machine, options: VerdictOptions): Verdict {
  try {
    return checkNow(machine, options);
  } catch (e) {
    throw e instanceof AskedError ? new UsageError(`${machine.scenario.id}: ${e.message}`) : e;
  }
}
