/**
 * Random C functions, run by the machine and by gcc. What a diagnostic stands on is taken out first, statement by
 * statement, until none is left; what remains nobody was warned of, and has to agree.
 */
import { causeOf, Tally, type Announce, type Kind, type Result } from "../kind";
import { nodeParser, type CParser } from "../product";
import { Rng } from "../rng";
import { neededBy, typeOfName } from "./declarations";
import { hasGcc, runAll, type GccProgram } from "./gcc";
import { bodyOf, observed } from "./generate";
import { runToy, toyFile, toyProgram } from "./toy";
import { simpler, textOf, type Node } from "./tree";

/** Functions in one seed: gcc compiles them together. */
const BATCH = 20;
/** Differences of a seed that are made smaller, and for how long. */
const MINIMIZED = 3;
const MINIMIZE_MS = 40_000;

/** A function's text with what it needs, and the values that it ends with. */
function written(body: readonly Node[]): { text: string; program: GccProgram; lines: string[] } {
  const lines = body.map((n) => `\t${textOf(n)}`);
  const inner = lines.join("\n");
  const seen = observed(inner);
  const end = seen.map((value, i) => `\tr${i} = ${value};`);
  const text = [...lines, ...end].join("\n");
  return { text, lines, program: { declarations: neededBy(text), body: text, results: seen.length } };
}

const declared = (p: GccProgram): string => p.declarations.map((d) => d.text).join("\n");

/** How the machine runs a function, or what stands against that. */
type Outcome =
  | { k: "ran"; values: (number | undefined)[]; trouble: string[] }
  /** Diagnostics stand on these of the body's statements. */
  | { k: "told"; statements: Set<number> }
  | { k: "refused" }
  | { k: "throws"; error: unknown };

function runHere(parser: CParser, body: readonly Node[]): Outcome {
  const { text, program, lines } = written(body);
  try {
    const built = toyProgram(parser, declared(program), text);
    const told = (spans: { start: number; end: number }[]): Outcome => {
      const whole = toyFile(declared(program), text).text;
      const at = whole.lastIndexOf(text);
      return { k: "told", statements: new Set(spans.flatMap((span) => statementsAt(span, at, lines, whole))) };
    };
    if (built.diagnostics.length > 0) return told(built.diagnostics.map((d) => d.span));
    const run = runToy(built);
    if (run.unknowns.length > 0) return told(run.unknowns.flatMap((u) => u.span ?? []));
    if (run.refused !== undefined) return { k: "refused" };
    const values = Array.from({ length: program.results }, (_, i) => run.values.get(`r${i}`));
    return { k: "ran", values, trouble: [...run.violations, ...(run.ended ? [] : ["It never ends."])] };
  } catch (error) {
    return { k: "throws", error };
  }
}

/** Which statements a diagnostic tells of: those that it stands on, or that use the declaration that it stands on. */
function statementsAt(span: { start: number; end: number }, at: number, lines: string[], whole: string): number[] {
  if (span.end <= at) {
    const told = whole.slice(whole.lastIndexOf("\n", span.start) + 1, span.end + 1);
    return lines.flatMap((line, i) => (neededBy(line).some((d) => d.text.includes(told.trim())) ? [i] : []));
  }
  let start = at;
  return lines.flatMap((line, i) => {
    const end = start + line.length;
    const covers = span.start <= end && span.end >= start;
    start = end + 1;
    return covers ? [i] : [];
  });
}

/** Takes out what is told, until nothing is; undefined when nothing remains, or nothing more can be taken out. */
function untold(parser: CParser, body: readonly Node[]): { body: Node[]; outcome: Outcome } | undefined {
  let left = [...body];
  for (;;) {
    const outcome = runHere(parser, left);
    if (outcome.k !== "told") return { body: left, outcome };
    const kept = left.filter((_, i) => !outcome.statements.has(i));
    if (kept.length === left.length || kept.length === 0) return undefined;
    left = kept;
  }
}

/** What differs, or undefined where the two agree or can't be compared. */
function difference(
  here: Outcome,
  there: ReturnType<typeof runAll>[number],
  body: readonly Node[],
): string | undefined {
  if (!("values" in there) || here.k !== "ran") return undefined;
  const names = observed(body.map((n) => textOf(n)).join("\n"));
  const wrong = names.flatMap((name, i) =>
    here.values[i] === there.values[i] ? [] : [`${name} is ${here.values[i]}, gcc says ${there.values[i]}`],
  );
  const all = [...here.trouble, ...wrong];
  return all.length ? all.slice(0, 4).join("; ") : undefined;
}

type Shows = (candidates: Node[][]) => boolean[];

/** The smallest body found that still shows what `shows` says of it: whole statements go first, then parts of them. */
function minimize(body: Node[], shows: Shows): Node[] {
  const until = performance.now() + MINIMIZE_MS;
  const length = (b: readonly Node[]): number => b.reduce((sum, n) => sum + textOf(n).length + 1, 0);
  let best = withoutStatements(body, shows, until);
  while (performance.now() < until) {
    const candidates = best
      .flatMap((n, i) => simpler(n).map((m) => best.map((old, j) => (i === j ? m : old))))
      .filter((c) => length(c) < length(best))
      .sort((a, b) => length(a) - length(b));
    const smaller = firstThat(candidates, shows);
    if (!smaller) break;
    best = smaller;
  }
  return withoutStatements(best, shows, until);
}

/** Leaves out all statements that can be left out one by one; together if that goes, else one after another. */
function withoutStatements(body: Node[], shows: Shows, until: number): Node[] {
  let best = body;
  while (best.length > 1 && performance.now() < until) {
    const shorter = best.map((_, i) => best.filter((_, j) => j !== i));
    const spare = shows(shorter);
    const together = best.filter((_, i) => !spare[i]);
    if (!spare.includes(true)) break;
    best = together.length > 0 && shows([together])[0] ? together : shorter[spare.indexOf(true)];
  }
  return best;
}

/** Tries candidates a batch at a time. */
function firstThat(candidates: Node[][], shows: Shows): Node[] | undefined {
  for (let from = 0; from < candidates.length; from += 40) {
    const some = candidates.slice(from, from + 40);
    const at = shows(some).indexOf(true);
    if (at >= 0) return some[at];
  }
  return undefined;
}

/** The body with types for its names and N for its numbers: what one fault does looks the same in all programs. */
const shapeOf = (body: readonly Node[]): string =>
  body
    .map((n) => textOf(n))
    .filter((text) => !/^(;|int l1 = 4, l2 = -2;|g[ab] = l[12];)$/.test(text))
    .join(" ")
    .replace(/'[^']*'/g, "N")
    .replace(/\b0x[\da-f]{9,}\w*/gi, "WIDE")
    .replace(/\b[A-Za-z_]\w*\b/g, (name) => typeOfName(name) ?? name)
    .replace(/\b\d\w*\b/g, "N")
    .slice(0, 160);

const inputOf = (body: readonly Node[]): string => {
  const { text, program } = written(body);
  return `${declared(program)}\n\nvoid scenario_touch(unsigned long addr)\n{\n${text}\n}\n`;
};

class Batch {
  private readonly tally = new Tally();
  private minimized = 0;

  constructor(private readonly parser: CParser) {}

  run(seed: number, announce: Announce): Result {
    const { tally } = this;
    const made = Array.from({ length: BATCH }, (_, i) => bodyOf(new Rng(seed * BATCH + i)));
    announce(made.map(inputOf).join("\n/* ---- */\n"), "c");
    const left: { body: Node[]; outcome: Outcome }[] = [];
    for (const body of made) {
      const rest = untold(this.parser, body);
      if (!rest) tally.count("told");
      else if (rest.outcome.k === "refused") tally.count("refused");
      else if (rest.outcome.k === "throws") this.throws(rest.body, rest.outcome.error);
      else left.push(rest);
    }
    const judged = runAll(left.map((l) => written(l.body).program));
    left.forEach(({ body, outcome }, i) => {
      const gcc = judged[i];
      if ("dropped" in gcc) return tally.count(gcc.dropped === "undefined" ? "dropped: undefined" : "dropped by gcc");
      const what = difference(outcome, gcc, body);
      if (what === undefined) tally.count("agree");
      else this.differs(body, what);
    });
    return tally.result(BATCH);
  }

  private differs(body: Node[], what: string): void {
    this.tally.count("differ");
    if (this.minimized++ >= MINIMIZED) {
      const message = `${what} (not made smaller)`;
      this.tally.findings.push({ cause: "differs, not made smaller", message, input: inputOf(body), extension: "c" });
      return;
    }
    const differences = (candidates: Node[][]): (string | undefined)[] => {
      const here = candidates.map((c) => runHere(this.parser, c));
      const gcc = runAll(candidates.map((c) => written(c).program));
      return candidates.map((c, i) => difference(here[i], gcc[i], c));
    };
    const small = minimize(body, (candidates) => differences(candidates).map((d) => d !== undefined));
    const message = differences([small])[0] ?? what;
    const where = typeOfName(/\w+/.exec(message)?.[0] ?? "") ?? "a promise";
    const cause = `differs (${where}): ${shapeOf(small)}`;
    this.tally.findings.push({ cause, message, input: inputOf(small), extension: "c" });
  }

  private throws(body: Node[], error: unknown): void {
    const cause = causeOf(error);
    const small = minimize(body, (candidates) =>
      candidates.map((c) => {
        const outcome = runHere(this.parser, c);
        return outcome.k === "throws" && causeOf(outcome.error) === cause;
      }),
    );
    this.tally.count("throw");
    this.tally.findings.push({ cause, message: String(error), input: inputOf(small), extension: "c" });
  }
}

export async function differential(): Promise<Kind> {
  const parser = await nodeParser();
  if (!hasGcc()) throw new Error("There is no gcc here to compare with (Debian: apt-get install gcc).");
  return { name: "differential", run: (seed, announce) => new Batch(parser).run(seed, announce) };
}
