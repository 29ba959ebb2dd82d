/** Kernel C with mistakes put in: read, built, run for a while, and sometimes checked, as the editor would. */
import { causeOf, Tally, type Announce, type Kind, type Options, type Result } from "../kind";
import { minimizeText } from "../minimize";
import { checkNow, filesWith, functionsOf, LayoutError, Machine, nodeParser, programOf } from "../product";
import { readScenario, scenarioTexts, statementsOf, Stepper, Trace } from "../product";
import type { CParser, Diagnostic, FunctionItem, Program, Scenario, SourceFile } from "../product";
import { Rng } from "../rng";
import { hasGcc } from "./gcc";
import { mutate, type Mutant } from "./mutate";
import { endsOuterConditional, errorsIn, isSelfContained, newDiagnostics } from "./told";

/** Mistakes that gcc's parser is likely to refuse, for functions that it can judge. */
const slips = [
  "delete a semicolon",
  "insert a call without semicolon",
  "delete a token",
  "insert punctuation",
  "double a token",
];

interface Case {
  file: SourceFile;
  fn: FunctionItem | undefined;
  mutant: Mutant;
  scenario: Scenario;
  checked: boolean;
}

class Mutating {
  private readonly baselines = new Map<string, Program>();

  constructor(
    private readonly parser: CParser,
    private readonly files: SourceFile[],
    private readonly scenarios: Scenario[],
    private readonly gcc: boolean,
  ) {}

  /** The unchanged program of a scenario. */
  private baseline({ platform, settings }: Scenario): Program {
    const key = JSON.stringify([platform, settings]);
    let program = this.baselines.get(key);
    if (!program) this.baselines.set(key, (program = programOf(this.parser, this.files, platform, settings)));
    return program;
  }

  private make(seed: number): Case {
    const r = new Rng(seed);
    const order = r.pick(["sc", "tso"] as const);
    const scenario = { ...r.pick(this.scenarios), order };
    const program = this.baseline(scenario);
    const running = [...program.fns.values()].filter((f) => f.file.origin !== "environment");
    const focused = r.chance(0.8) ? r.pick(running) : undefined;
    const file = focused?.file ?? r.pick(this.files.filter((f) => f.origin !== "environment"));
    // Now and then the whole file: what is cut off there takes the functions behind it along.
    const fn =
      focused && r.chance(0.85)
        ? functionsOf(file, scenario.platform).items.find((i) => i.name === focused.name)
        : undefined;
    const mutant = this.mutant(file, fn, r);
    return { file, fn, scenario, checked: seed % 4 === 0, mutant };
  }

  private mutant(file: SourceFile, fn: FunctionItem | undefined, r: Rng): Mutant {
    if (!fn) return mutate(file.text, r);
    const { text, how } = mutate(file.text.slice(fn.start, fn.end), r, r.chance(0.5) ? slips : undefined);
    return { text: file.text.slice(0, fn.start) + text + file.text.slice(fn.end), how };
  }

  run(seed: number, announce: Announce): Result {
    const c = this.make(seed),
      tally = new Tally();
    announce(c.mutant.text, extensionOf(c.file));
    tally.count("run");
    const inFunction = c.fn ? `, ${c.fn.name}` : "";
    const where = `${c.file.path}${inFunction}: ${c.mutant.how}; ${c.scenario.id}, ${c.scenario.order}`;
    const add = (cause: string, message: string, input: string): number =>
      tally.findings.push({ cause, message: `${where}. ${message}`, input, extension: extensionOf(c.file) });
    const cause = this.fault(c, c.mutant.text);
    if (cause !== undefined)
      add(
        cause.cause,
        cause.message,
        minimizeText(c.mutant.text, (t) => this.fault(c, t)?.cause === cause.cause),
      );
    else if (c.fn && this.gcc) {
      const lost = this.lost(c, c.fn, tally);
      if (lost) add(lost.cause, lost.message, lost.input);
    }
    return tally.result();
  }

  private changed(c: Case, text: string): SourceFile[] {
    return this.files.map((f) => (f === c.file ? { ...f, text } : f));
  }

  /** What goes wrong with this text, if anything does. */
  private fault(c: Case, text: string): { cause: string; message: string } | undefined {
    try {
      const files = this.changed(c, text);
      const program = programOf(this.parser, files, c.scenario.platform, c.scenario.settings);
      const bad = program.diagnostics.map((d) => misplaced(d, files)).find((m) => m !== undefined);
      if (bad !== undefined) return bad;
      const file = files[this.files.indexOf(c.file)];
      const { items } = functionsOf(file, c.scenario.platform);
      const item = items.find((i) => i.name === c.fn?.name) ?? items[0];
      if (item) statementsOf(this.parser, item, c.scenario.platform);
      this.play(program, c);
    } catch (e) {
      return { cause: causeOf(e), message: e instanceof Error ? (e.stack ?? e.message).slice(0, 900) : String(e) };
    }
    return undefined;
  }

  private play(program: Program, { scenario, checked }: Case): void {
    try {
      const machine = new Machine(program, scenario);
      const trace = new Trace(machine);
      new Stepper(trace, { stopsOn: () => false, paused: () => trace.last > 200 }).continue();
      for (let i = 1; i <= Math.min(trace.last, 40); i++) trace.sentence(i);
      if (checked) checkNow(machine, { maxStates: 1000, walks: 2 });
    } catch (e) {
      if (!(e instanceof LayoutError)) throw e;
    }
  }

  /** What is lost when gcc's parser refuses the changed function and nothing new is told. */
  private lost(c: Case, fn: FunctionItem, tally: Tally): { cause: string; message: string; input: string } | undefined {
    const { platform } = c.scenario;
    if (!isSelfContained(c.file.text.slice(fn.start, fn.end), platform)) return undefined;
    const changed = c.mutant.text.slice(fn.start, c.mutant.text.length - (c.file.text.length - fn.end));
    // An #endif of the function may end the file's guard, and a later one what begins in the function: gcc would have
    // to see all of the file.
    if (endsOuterConditional(changed)) return undefined;
    const errors = errorsIn(changed, platform);
    // A comment that the function leaves open may end with the next one of the file.
    if (errors.includes("unterminated comment")) return undefined;
    tally.count(errors.length ? "refused by gcc" : "taken by gcc");
    const how = errors.length ? this.unheard(c, changed, fn) : undefined;
    if (how === undefined) return undefined;
    // The head stays: the smallest text is to be a function still.
    const open = changed.indexOf("{") + 1;
    const stillLost = (body: string): boolean => {
      const text = changed.slice(0, open) + body;
      return this.unheard(c, text, fn) === how && errorsIn(text, platform).length > 0;
    };
    const input = changed.slice(0, open) + minimizeText(changed.slice(open), stillLost, 8000);
    return {
      cause: `gcc refuses a function, and no diagnostic tells: ${how}`,
      message: `gcc says: ${errors[0]}.`,
      input,
    };
  }

  /** What becomes of the function with this text, where no new diagnostic tells of it. */
  private unheard(c: Case, text: string, fn: FunctionItem): "it runs" | "it is gone" | undefined {
    const whole = c.file.text.slice(0, fn.start) + text + c.file.text.slice(fn.end);
    const after = programOf(this.parser, this.changed(c, whole), c.scenario.platform, c.scenario.settings);
    const before = this.baseline(c.scenario);
    if (newDiagnostics(before.diagnostics, after.diagnostics).length > 0) return undefined;
    // A verdict that rests on something new that isn't known is "can't say", and names it.
    if (after.unknowns.some(({ message }) => before.unknowns.every((u) => u.message !== message))) return undefined;
    return after.fns.has(fn.name) ? "it runs" : "it is gone";
  }
}

const extensionOf = (file: SourceFile): string => (file.path.endsWith(".h") ? "h" : "c");

/** What is wrong with a diagnostic's place or words. */
function misplaced(d: Diagnostic, files: readonly SourceFile[]): { cause: string; message: string } | undefined {
  const { file, start, end } = d.span;
  const at = `"${d.message}" stands at ${start}–${end} of ${file.path}, which has ${file.text.length}`;
  if (!files.includes(file))
    return { cause: `a diagnostic (${d.code}) stands in a file that isn't there`, message: at };
  if (!(0 <= start && start <= end && end <= file.text.length))
    return { cause: `a diagnostic (${d.code}) stands outside the text`, message: at };
  if (!/^\S.*[.?]$/s.test(d.message) || /undefined|\[object/.test(d.message))
    return { cause: `a diagnostic (${d.code}) has no sentence`, message: at };
  return undefined;
}

export async function mutatedC({ tree }: Options): Promise<Kind> {
  const parser = await nodeParser();
  const scenarios = scenarioTexts().flatMap(([, text]) => readScenario(text).scenario ?? []);
  const mutating = new Mutating(parser, filesWith(tree), scenarios, hasGcc());
  return { name: "mutated-c", run: (seed, announce) => mutating.run(seed, announce) };
}
