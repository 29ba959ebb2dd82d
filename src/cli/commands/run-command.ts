/** `tlbscope run [TREE]`: one execution of a scenario, with all CPUs in turn, a sentence for each step. */
import { whyNotApplicable } from "../../machine/requirements/applies";
import { Machine } from "../../machine/machine";
import { Stepper } from "../../trace/stepping";
import { Trace } from "../../trace/trace";
import { scenarioNamed, sourceOf, UsageError, type Changes } from "../inputs";
import { Remarks } from "../remarks";

/**
 * Exit status 1 where a property fails on the way, or the execution doesn't reach its end; 2 where that rests on what
 * isn't known.
 */
export async function runCommand(tree: string | undefined, scenarioName: string, changes: Changes): Promise<number> {
  const scenario = scenarioNamed(scenarioName, changes);
  const program = await new Remarks(await sourceOf(tree, [scenario])).program(scenario);
  const no = whyNotApplicable(program, scenario);
  if (no !== undefined) throw new UsageError(`${scenario.id} doesn't apply to this kernel. ${no}`);
  const trace = new Trace(new Machine(program, scenario));
  const stop = new Stepper(trace, { stopsOn: () => false }).continue();
  trace.goto(trace.last);
  const { restsOn } = trace;
  let failed = false;
  for (let i = 0; i <= trace.last; i++) {
    if (i > 0) console.log(`${String(i).padStart(4)}  ${trace.sentence(i)}`);
    for (const v of trace.entry(i).violations) {
      console.log(`      ${v.property}: ${v.why}`);
      failed ||= restsOn.every(({ at }) => at > i);
    }
    for (const u of restsOn)
      if (u.at === i)
        console.log(
          `      From here on it rests on what isn't known. ${u.path ? `${u.path}:${u.line}: ` : ""}${u.message}`,
        );
  }
  if (stop.k !== "finished") console.log(`The run ended early: ${stop.k}.`);
  if (failed) return 1;
  return restsOn.length ? 2 : stop.k !== "finished" ? 1 : 0;
}
