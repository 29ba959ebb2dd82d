/** `tlbscope why FUNCTION[:LINE] [TREE]`: what each statement of a function is for. */
import { baselineOf } from "../check/baseline";
import { answerText, explainFunction, why, type WhyAnswer } from "../check/why";
import { offsetOfLine, positionAt } from "../kernel/source";
import { functionWithStatements, statementAt } from "../kernel/statements";
import { nodeParser, shippedFiles } from "./host";
import { filesOf, inOrders, UsageError, type Given } from "./inputs";

export interface WhyOptions extends Given {
  scenarios: string[];
}

/** Runs a generator of work to its end. */
function finish<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

export async function whyCommand(target: string | undefined, tree: string | undefined, o: WhyOptions): Promise<number> {
  const m = /^(\w+)(?::(\d+))?$/.exec(target ?? "");
  if (!m) throw new UsageError("Say which function, and which line if it is one: tlbscope why switch_mm:60 [TREE].");
  const own = filesOf(tree);
  const files = [...own, ...shippedFiles()];
  const parser = await nodeParser();
  const found = files.map((f) => functionWithStatements(parser, f, m[1])).find((i) => i !== undefined);
  if (!found) throw new UsageError(`There is no function ${m[1]} in ${tree ?? "the built-in edition"}.`);
  const { item, list } = found;
  const scenarios = inOrders(o.scenarios, o);
  const input = { parser, files, scenarios };
  const show = (a: WhyAnswer) => console.log(`${item.file.path}:${positionAt(item.file, a.statement.start).line}  ${"  ".repeat(a.statement.depth)}${a.statement.text}\n      ${answerText(a)}`);
  if (m[2] === undefined) {
    for (const a of finish(explainFunction(input, item, list))) show(a);
    return 0;
  }
  const statement = statementAt(list, item.file, offsetOfLine(item.file, Number(m[2])));
  if (!statement) throw new UsageError(`${item.file.path}:${m[2]} holds no statement of ${item.name}(), which stands from line ${positionAt(item.file, item.start).line} to ${positionAt(item.file, item.end).line}.`);
  show(finish(why(input, item, statement, list, finish(baselineOf(input)))));
  return 0;
}
