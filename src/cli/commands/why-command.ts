/** `tlbscope why FUNCTION[:LINE] [TREE]`: what each statement of a function is for. */
import { MAX_STATES } from "../../check/why/baseline";
import { answerText, premisesOfAnswer, type AnswerSummary } from "../../check/why/why";
import { distinct } from "../../machine/rests-on";
import { premiseLines } from "../../check/verdict/verdict-text";
import type { PlainConsequence, PlainMended, StatementAnswer } from "../../jobs/protocol";
import { runWhy } from "../../jobs/shared-why";
import { JobError } from "../../jobs/workers";
import { offsetOfLine, positionAt } from "../../kernel/syntax/source";
import { functionWithStatements, statementAt } from "../../kernel/statements";
import { nodeParser } from "../node-host";
import { inOrders, sourceOf, UsageError, type Changes } from "../inputs";
import { tellRemarks } from "../remarks";
import { withSearchers } from "../searchers";

export interface WhyOptions extends Changes {
  scenarios: string[];
}

/**
 * `target` is FUNCTION or FUNCTION:LINE. Prints each statement with what breaks, or is mended, without it. Throws a
 * UsageError where there is no such function or statement. Exit status 2 where an answer rests on what isn't known.
 */
export async function whyCommand(target: string, tree: string | undefined, o: WhyOptions): Promise<number> {
  const m = /^(\w+)(?::(\d+))?$/.exec(target);
  if (!m) throw new UsageError("Say which function, and which line if it is one: tlbscope why switch_mm:60 [TREE].");
  const [, fn, line] = m;
  const scenarios = inOrders(o.scenarios, o);
  const source = await sourceOf(tree, scenarios);
  const { files } = source;
  const parser = await nodeParser();
  const found = files.map((f) => functionWithStatements(parser, f, fn)).find((i) => i !== undefined);
  if (!found) throw new UsageError(`There is no function ${fn} in ${tree ?? "the built-in edition"}.`);
  const { item, list } = found,
    { file } = item;
  const at = line === undefined ? undefined : offsetOfLine(file, Number(line));
  if (at !== undefined && !statementAt(list, file, at))
    throw new UsageError(
      `${file.path}:${line} holds no statement of ${item.name}(), which stands from line ` +
        `${positionAt(file, item.start).line} to ${positionAt(file, item.end).line}.`,
    );
  await tellRemarks(source, scenarios);
  const answers = await withSearchers(async (workers) => {
    try {
      return await runWhy(workers, {
        kind: "why",
        files,
        scenarios,
        uri: file.uri,
        fn,
        at,
        maxStates: MAX_STATES,
      }).answer;
    } catch (e) {
      throw e instanceof JobError ? new UsageError(e.message) : e;
    }
  });
  for (const a of answers) {
    console.log(`${file.path}:${a.line}  ${"  ".repeat(a.statement.depth)}${a.statement.text}`);
    console.log(`      ${answerText(withScenarios(a))}`);
  }
  const premises = distinct(answers.flatMap(premisesOfAnswer));
  for (const l of premises.length ? premiseLines(premises) : []) console.log(l);
  return premises.length ? 2 : 0;
}

/** An answer that came from a thread, in the form that `answerText` takes: each scenario an object again. */
function withScenarios({
  removed,
  removedMends,
  exchanged,
  exchangedMends,
  untried,
  ...answer
}: StatementAnswer): AnswerSummary {
  const named = <T extends PlainConsequence | PlainMended>(of: T) => ({
    ...of,
    scenario: { id: of.scenario, order: of.order },
  });
  return {
    ...answer,
    removed: removed && named(removed),
    removedMends: removedMends.map(named),
    exchanged: exchanged && named(exchanged),
    exchangedMends: exchangedMends.map(named),
    untried: untried.map(({ scenario, order }) => ({ id: scenario, order })),
  };
}
