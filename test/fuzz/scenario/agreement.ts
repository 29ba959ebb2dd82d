/**
 * Random scenarios, half of them on a kernel that lacks a statement: the reduced, the symmetric and the combined search
 * say what the plain one says, and every counterexample can be replayed.
 */
import { causeOf, Tally, type Announce, type Kind, type Options, type Result } from "../kind";
import {
  checkNow,
  filesWith,
  functionsOf,
  hasChoices,
  LayoutError,
  Machine,
  nodeParser,
  programOf,
  replay,
  Search,
} from "../product";
import { readScenario, statementsOf, whyNotApplicable, withoutStatement } from "../product";
import type { CParser, Program, Scenario, SourceFile } from "../product";
import { Rng } from "../rng";
import { randomOptions, randomScenario } from "./generate";

/** Larger spaces are left out: the plain search of one takes minutes. */
const MOST_STATES = 120_000;
/** Up to so many states, the verdict as readers get it is compared as well. */
const MOST_FOR_VERDICT = 30_000;

interface Searches {
  plain: Search;
  others: [name: string, search: Search][];
}

const broken = (s: Search): string => [...s.findings.keys()].sort().join(", ") || "nothing";

function searchAll(machine: Machine): Searches | undefined {
  const run = (reduce: boolean, symmetry: boolean): Search => {
    const search = new Search(machine, { reduce, symmetry, maxStates: MOST_STATES });
    search.run();
    return search;
  };
  // The smallest first: where it is too large, so are the others.
  const both = run(true, true);
  if (both.end !== "complete") return undefined;
  const plain = run(false, false);
  if (plain.end !== "complete") return undefined;
  return {
    plain,
    others: [
      ["reduced", run(true, false)],
      ["symmetric", run(false, true)],
      ["reduced and symmetric", both],
    ],
  };
}

/** What the searches disagree in. */
function disagreements(machine: Machine, { plain, others }: Searches): string[] {
  const out: string[] = [];
  for (const [name, s] of others) {
    if (s.end !== "complete") out.push(`the ${name} search doesn't end (${s.end})`);
    if (broken(s) !== broken(plain))
      out.push(`the ${name} search finds ${broken(s)} broken, the plain one ${broken(plain)}`);
    if (s.neverReached.join() !== plain.neverReached.join())
      out.push(
        `never reached: ${s.neverReached.join()} in the ${name} search, ${plain.neverReached.join()} in the plain one`,
      );
    if (s.progress.states > plain.progress.states) out.push(`the ${name} search has more states than the plain one`);
    for (const [property, finding] of s.findings) {
      if (!replays(machine, finding)) out.push(`a failure of ${property} that the ${name} search found doesn't replay`);
      const shortest = plain.findings.get(property)?.moves.length ?? 0;
      if (finding.moves.length < shortest || (!s.reduce && finding.moves.length > shortest))
        out.push(
          `${property} fails after ${finding.moves.length} moves in the ${name} search, ${shortest} in the plain one`,
        );
    }
  }
  for (const [property, finding] of plain.findings)
    if (!replays(machine, finding)) out.push(`a failure of ${property} that the plain search found doesn't replay`);
  return out;
}

function replays(
  machine: Machine,
  { property, why, moves }: { property: string; why: string; moves: number[] },
): boolean {
  const { state, whys } = replay(machine, moves);
  if (property !== "deadlock") return whys.includes(`${property} ${why}`);
  return !machine.scenario.cpus.some((_, c) => machine.canStep(state, c));
}

/** What the verdict says otherwise than one of a plain search. */
function verdictDisagreements(machine: Machine): string[] {
  const reduced = checkNow(machine, { maxStates: 2 * MOST_STATES });
  const plain = checkNow(machine, { maxStates: 2 * MOST_STATES, reduce: false, symmetry: false });
  const out =
    reduced.outcome === plain.outcome
      ? []
      : [`the verdict is ${reduced.outcome}, that of a plain search ${plain.outcome}`];
  plain.properties.forEach((p, i) => {
    const q = reduced.properties[i];
    if (p.standing !== q.standing)
      out.push(`${p.id} ${q.standing} in the verdict, ${p.standing} in that of a plain search`);
    const [of, plainly] = [q, p].map((x) => x.counterexamples[0]?.moves.length ?? 0);
    // Where CPUs choose what they do, it is the shortest of its workload.
    const wanted = hasChoices(machine.scenario) ? of >= plainly : of === plainly;
    if (!wanted) out.push(`the counterexample of ${p.id} has ${of} moves, that of a plain search ${plainly}`);
  });
  return out;
}

class Agreement {
  private readonly programs = new Map<string, Program>();

  constructor(
    private readonly parser: CParser,
    private readonly files: SourceFile[],
  ) {}

  run(seed: number, announce: Announce): Result {
    const r = new Rng(seed),
      tally = new Tally();
    const text = randomScenario(r, randomOptions(r));
    const { scenario } = readScenario(text);
    if (!scenario) {
      tally.count("dropped: no scenario");
      return tally.result();
    }
    const edit = r.chance(0.5) ? this.edit(r, scenario) : undefined;
    const input = `${edit ? `# without: ${edit.what}\n` : ""}${text}`;
    announce(input, "yaml");
    try {
      for (const message of this.compare(scenario, edit?.files, tally))
        tally.findings.push({ cause: message.replace(/\d+/g, "N"), message, input, extension: "yaml" });
    } catch (e) {
      if (e instanceof LayoutError) tally.count("dropped: refused");
      else
        tally.findings.push({
          cause: causeOf(e),
          message: String((e as Error).stack).slice(0, 900),
          input,
          extension: "yaml",
        });
    }
    return tally.result();
  }

  /** One statement of a function that runs, taken out. */
  private edit(r: Rng, scenario: Scenario): { files: SourceFile[]; what: string } | undefined {
    const running = [...this.program(scenario).fns.values()].filter((f) => f.file.origin !== "environment");
    const fn = r.pick(running);
    const item = functionsOf(fn.file, scenario.platform).items.find((i) => i.name === fn.name);
    const list = item
      ? statementsOf(this.parser, item, scenario.platform).filter((s) => !s.text.startsWith("return"))
      : [];
    if (list.length === 0) return undefined;
    const s = r.pick(list);
    return {
      files: this.files.map((f) => (f === fn.file ? withoutStatement(f, s) : f)),
      what: `${fn.file.path}, ${fn.name}: ${s.text}`,
    };
  }

  private program(scenario: Scenario): Program {
    const { platform, settings } = scenario;
    const key = JSON.stringify([platform, settings]);
    let program = this.programs.get(key);
    if (!program) this.programs.set(key, (program = programOf(this.parser, this.files, platform, settings)));
    return program;
  }

  private compare(scenario: Scenario, files: SourceFile[] | undefined, tally: Tally): string[] {
    const { platform, settings } = scenario;
    const program = files ? programOf(this.parser, files, platform, settings) : this.program(scenario);
    if (whyNotApplicable(program, scenario) !== undefined) {
      tally.count("dropped: doesn't apply");
      return [];
    }
    const machine = new Machine(program, scenario);
    const searches = searchAll(machine);
    if (!searches) {
      tally.count("dropped: too large");
      return [];
    }
    tally.count(searches.plain.findings.size ? "compared: fails" : "compared: holds");
    const found = disagreements(machine, searches);
    return searches.plain.progress.states < MOST_FOR_VERDICT ? [...found, ...verdictDisagreements(machine)] : found;
  }
}

export async function scenarios({ tree }: Options): Promise<Kind> {
  const agreement = new Agreement(await nodeParser(), filesWith(tree));
  return { name: "scenarios", run: (seed, announce) => agreement.run(seed, announce) };
}
