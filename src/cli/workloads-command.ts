/**
 * `tlbscope check TREE --workloads N`: no scenario is asked about, but every workload of at most N actions a CPU, in a
 * few small worlds. The shortest come first, so that there is an answer at any moment.
 */
import { writeFileSync } from "node:fs";
import { brokenLines, counterexampleText, verdictText } from "../check/verdict/verdict-text";
import type { Verdict } from "../check/verdict/verdict";
import type { Limits } from "../jobs/protocol";
import { JobError, type Workers } from "../jobs/workers";
import { Machine } from "../machine/machine";
import { workloadOf } from "../machine/view/workload";
import type { Scenario } from "../scenario/scenario";
import { scenarioText } from "../scenario/write-scenario";
import { inOrders, sourceOf, worldNames, type Changes } from "./inputs";
import { tellRemarks } from "./remarks";
import { withSearchers, type Turn } from "./searchers";
import type { SourceTree } from "./source-tree";

export interface WorkloadOptions extends Changes {
  /** The most actions of a CPU. */
  actions: number;
  /** When to stop; without it, when all is looked at. */
  seconds?: number;
  limits: Limits;
  /** Print the execution behind each failure. */
  trace: boolean;
  /** Where to write the first workload that fails, as a scenario's file. */
  save?: string;
}

type Outcome = Verdict["outcome"];

/** Prints what came of each world, for one action a CPU, for two, and on. Gives the exit status, as of `check`. */
export async function workloadsCommand(tree: string | undefined, o: WorkloadOptions): Promise<number> {
  const worlds = inOrders(worldNames(), o);
  const source = await sourceOf(tree, worlds);
  const ends = performance.now() + (o.seconds ?? Infinity) * 1000;
  const search = new WorkloadSearch(source, o, ends);
  await tellRemarks(source, worlds);
  return withSearchers(async (workers, turn) => {
    let left = worlds;
    for (let actions = 1; actions <= o.actions && left.length > 0; actions++) {
      if (performance.now() >= ends) return search.close(actions - 1);
      console.log(`Every workload of at most ${actionsText(actions)} a CPU:`);
      left = await search.round(left, actions, workers, turn);
      if (search.stopped) return search.close(actions - 1);
    }
    return search.close(o.actions);
  });
}

const actionsText = (n: number): string => (n === 1 ? "1 action" : `${n} actions`);

class WorkloadSearch {
  /** Did the time end before all worlds of a round were looked at? */
  stopped = false;
  private readonly outcomes = new Set<Outcome>();
  private saved = false;

  constructor(
    private readonly source: SourceTree,
    private readonly o: WorkloadOptions,
    private readonly ends: number,
  ) {}

  /** Looks at the worlds with so many actions a CPU. Gives those in which nothing failed. */
  async round(worlds: readonly Scenario[], actions: number, workers: Workers, turn: Turn): Promise<Scenario[]> {
    const begun = worlds.map((world) => {
      const scenario = withActions(world, actions);
      const verdict = turn(() => this.check(scenario, workers));
      verdict.catch(() => undefined); // told when its turn comes
      return { world, scenario, verdict };
    });
    const left: Scenario[] = [];
    for (const { world, scenario, verdict } of begun) {
      const outcome = await this.tell(scenario, verdict);
      if (outcome === "holds") left.push(world);
    }
    return left;
  }

  private async check(scenario: Scenario, workers: Workers): Promise<{ verdict?: Verdict; seconds: number }> {
    const begun = performance.now(),
      time = this.ends - begun;
    if (time <= 0) return { seconds: 0 };
    const job = workers.run({
      kind: "check",
      files: this.source.files,
      scenario,
      asked: [],
      limits: { ...this.o.limits, bytes: this.o.limits.bytes / workers.most },
    });
    const timer = time === Infinity ? undefined : setTimeout(() => job.cancel(), time);
    try {
      const verdict = await job.answer;
      return { verdict, seconds: (performance.now() - begun) / 1000 };
    } finally {
      clearTimeout(timer);
    }
  }

  private async tell(scenario: Scenario, work: ReturnType<WorkloadSearch["check"]>): Promise<Outcome> {
    const name = `${scenario.id}, ${scenario.order.toUpperCase()}`;
    try {
      const { verdict, seconds } = await work;
      if (!verdict || verdict.end === "stopped") {
        this.stopped = true;
        if (verdict?.outcome !== "fails") {
          console.log(`  ${name}: not looked at to the end: the time is up`);
          return "unknown";
        }
      }
      this.outcomes.add(verdict.outcome);
      const size = `${verdict.progress.states.toLocaleString("en")} states, ${seconds.toFixed(1)} s`;
      if (verdict.outcome === "unknown" || verdict.outcome === "doesn't apply")
        console.log(indented(verdictText(verdict)));
      else
        console.log(
          [`  ${name}: ${verdict.outcome} (${size})`, ...brokenLines(verdict).map((l) => `    ${l}`)].join("\n"),
        );
      if (verdict.outcome === "fails") await this.failure(scenario, verdict);
      return verdict.outcome;
    } catch (e) {
      if (!(e instanceof JobError)) throw e;
      console.error(`  ${name}: can't say: the search was lost (${e.message}).`);
      this.outcomes.add("unknown");
      return "unknown";
    }
  }

  /** The workload of a failure's shortest execution, as a file and step by step where that is asked for. */
  private async failure(scenario: Scenario, verdict: Verdict): Promise<void> {
    const [found] = verdict.properties.flatMap((p) => (p.standing === "fails" ? p.counterexamples.slice(0, 1) : []));
    if (!found) return;
    const { save, trace } = this.o;
    if (trace) {
      const machine = new Machine(await this.source.program(scenario), scenario);
      console.log(`\n${counterexampleText(machine, found.moves)}\n`);
    }
    if (save === undefined || this.saved) return;
    writeFileSync(save, scenarioText(workloadOf(scenario, found.moves).scenario));
    this.saved = true;
    console.log(`    ${save} holds this workload as a scenario: tlbscope run --scenario ${save}`);
  }

  /** Says what was covered, and gives the exit status. */
  close(depth: number): number {
    if (this.outcomes.has("fails")) return 1;
    if (this.outcomes.has("unknown")) return 2;
    if (depth === 0) {
      console.log("The time was up before the shortest workloads were looked at: give it more --seconds.");
      return 2;
    }
    console.log(`No workload of at most ${actionsText(depth)} a CPU breaks a promise here.`);
    if (depth < this.o.actions)
      console.log(`Of ${actionsText(depth + 1)} a CPU not all were looked at: give it more --seconds.`);
    return 0;
  }
}

const withActions = (world: Scenario, actions: number): Scenario => ({
  ...world,
  cpus: world.cpus.map((cpu) => (cpu.actions === undefined ? cpu : { ...cpu, actions })),
});

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
