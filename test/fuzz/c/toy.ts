/** A machine of one CPU that runs a few lines of C. */
import { LayoutError, Machine, moveKind, MoveKind, programOf, Trace } from "../product";
import type { CParser, Program, Scenario, SourceFile } from "../product";

/** The function that the scenario below calls, once. */
const entry = (body: string): string => `void scenario_touch(unsigned long addr)\n{\n${body}\n}\n`;

/** The file that `declarations` and a function's body make. */
export const toyFile = (declarations: string, body: string): SourceFile => ({
  uri: "toy.c",
  path: "toy.c",
  text: `${declarations}\n${entry(body)}`,
  origin: "environment",
});

/** One CPU whose idle task calls that function. */
export const toyScenario: Scenario = {
  id: "toy",
  about: "One CPU runs a few lines.",
  platform: "native",
  order: "sc",
  speculation: false,
  mms: [],
  tasks: [],
  cpus: [{ starts: "swapper/0", does: [{ action: { do: "touch", page: "page0" }, range: { start: 0, end: 0 } }] }],
};

/** What came of a run: the values of variables by their names, or why there are none. */
export interface ToyRun {
  values: Map<string, number>;
  /** Promises broken on the way: a NULL pointer followed, an array left. */
  violations: string[];
  /** Why the program can't be run. */
  refused?: string;
  /** What it came to rest on that the model doesn't have: numbers that are too wide for it. */
  unknowns: Program["unknowns"];
  /** False where it has taken too many steps, or waits for ever. */
  ended: boolean;
}

const MOST_STEPS = 30_000;

/** Runs the function to its end, or for `mostSteps`. Throws what the product throws, but for a LayoutError. */
export function runToy(program: Program, mostSteps = MOST_STEPS): ToyRun {
  try {
    return stepToy(program, new Trace(new Machine(program, toyScenario)), mostSteps);
  } catch (e) {
    if (!(e instanceof LayoutError)) throw e;
    return { values: new Map(), violations: [], refused: e.message, unknowns: [], ended: false };
  }
}

function stepToy(program: Program, trace: Trace, mostSteps: number): ToyRun {
  const { machine } = trace,
    violations: string[] = [],
    unknowns = new Set<number>();
  for (let n = 0; n < mostSteps; n++) {
    const step = machine.moves(trace.state).find((m) => moveKind(m) === MoveKind.step);
    if (step === undefined) break; // it has ended, or waits for another CPU
    for (const n of machine.apply(trace.state, step).unknowns) unknowns.add(n);
    violations.push(...trace.step(step).violations.map((v) => v.why));
  }
  const ended = !machine.hasStep(trace.state, 0);
  const values = new Map<string, number>();
  machine.layout.cells.forEach((cell, at) => cell && values.set(cell.name, trace.state[at]));
  return { values, violations, unknowns: [...unknowns].map((n) => program.unknowns[n]), ended };
}

export const toyProgram = (parser: CParser, declarations: string, body: string): Program =>
  programOf(parser, [toyFile(declarations, body)]);
