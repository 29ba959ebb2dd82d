/**
 * The part of `tlbscope check` that no scenario is needed for: every workload of at most N actions a CPU, in a few
 * small worlds, the shortest workloads first.
 */
import { writeFileSync } from "node:fs";
import { brokenLines, counterexampleText, verdictText } from "../../check/verdict/verdict-text";
import { workloadOf } from "../../machine/view/workload";
import type { Verdict } from "../../check/verdict/verdict";
import { deepen, withActions, type Depth, type DepthEnd } from "../../jobs/deepening";
import type { Limits } from "../../jobs/protocol";
import { JobError, type Workers } from "../../jobs/workers";
import type { Machine } from "../../machine/machine";
import type { Scenario } from "../../scenario/scenario";
import { scenarioText } from "../../scenario/write-scenario";
import { toldOf } from "../../story/story-text";
import { mailsOf } from "./mails";
import type { SourceFile } from "../../kernel/syntax/source";
import type { WorkloadPlan } from "./workload-plan";

export interface WorkloadOptions extends WorkloadPlan {
  limits: Limits;
  /** Print what is found as it is found, or only a mail of each failure, or only what is wrong with a search. */
  prints: "all" | "mails" | "nothing";
  /** Print the execution behind each failure. */
  trace: boolean;
  /** Where to write the first workload that fails, as a scenario's file. */
  save?: string;
}

/** How far a world was looked at. */
export interface WorldResult {
  machine: Machine;
  /** Of the most actions that were looked at to the end, or of the first failure. */
  verdict: Verdict;
  actions: number;
}

/** What came of all worlds. */
export interface WorkloadResults {
  /** In the order of the worlds; one that wasn't looked at to the end with one action a CPU is left out. */
  results: WorldResult[];
  /** Was a world not looked at even with one action a CPU? */
  incomplete: boolean;
  /** Did a search end without an answer of its own? */
  lost: boolean;
}

const actionsText = (n: number): string => (n === 1 ? "1 action" : `${n} actions`);

/** Looks at every workload in the worlds of a plan. `machineOf` is asked for a machine of each of them. */
export async function lookAtWorkloads(
  machineOf: (world: Scenario) => Promise<Machine>,
  files: SourceFile[],
  workers: Workers,
  o: WorkloadOptions,
): Promise<WorkloadResults> {
  const { worlds } = o;
  const search = new WorkloadSearch(machineOf, files, workers, o);
  const time = o.seconds === undefined ? "" : `, for at most ${o.seconds} s`;
  const order = worlds.every((w) => w.order === "tso") ? ", under TSO, which allows all that SC does" : "";
  if (o.prints === "all")
    console.log(`Every workload of at most ${actionsText(o.actions)} a CPU, the shortest first${time}${order}:`);
  await deepen(worlds, { most: o.actions, atOnce: workers.most }, (depth) => search.look(depth));
  const results = worlds.flatMap((w) => search.found.get(w) ?? []);
  if (o.prints === "all") for (const line of coveredLines(worlds, results, search.cut)) console.log(line);
  return { results, incomplete: results.length < worlds.length, lost: search.lost };
}

class WorkloadSearch {
  readonly found = new Map<Scenario, WorldResult>();
  /** The worlds for which the time was up before all was looked at. */
  readonly cut = new Set<Scenario>();
  lost = false;
  private readonly ends: number;
  private saved = false;

  constructor(
    private readonly machineOf: (world: Scenario) => Promise<Machine>,
    private readonly files: SourceFile[],
    private readonly workers: Workers,
    private readonly o: WorkloadOptions,
  ) {
    this.ends = performance.now() + (o.seconds ?? Infinity) * 1000;
  }

  /** One search; undefined where it came to no answer. */
  async look({ world, actions }: Depth): Promise<DepthEnd> {
    const scenario = withActions(world, actions);
    const begun = performance.now();
    try {
      const verdict = await this.verdictOf(scenario);
      if (verdict === undefined || (verdict.end === "stopped" && verdict.outcome !== "fails")) {
        this.cut.add(world);
        return undefined;
      }
      const machine = await this.machineOf(scenario);
      this.found.set(world, { machine, verdict, actions });
      if (this.o.prints === "mails" && verdict.outcome === "fails") console.log(mailsOf(machine, verdict));
      if (this.o.prints === "all") this.print(machine, verdict, actions, (performance.now() - begun) / 1000);
      this.save(scenario, verdict);
      return verdict;
    } catch (e) {
      if (!(e instanceof JobError)) throw e;
      console.error(`${nameOf(world, actions)}: can't say: the search was lost (${e.message}).`);
      this.lost = true;
      return undefined;
    }
  }

  private async verdictOf(scenario: Scenario): Promise<DepthEnd> {
    const time = this.ends - performance.now();
    if (time <= 0) return undefined;
    const { states, bytes } = this.o.limits;
    const limits = { states, bytes: bytes / this.workers.most };
    const job = this.workers.run({ kind: "check", files: this.files, scenario, asked: [], limits, untilBroken: true });
    const timer = time === Infinity ? undefined : setTimeout(() => job.cancel(), time);
    try {
      return await job.answer;
    } finally {
      clearTimeout(timer);
    }
  }

  private print(machine: Machine, verdict: Verdict, actions: number, seconds: number): void {
    const { outcome } = verdict;
    if (outcome === "unknown" || outcome === "doesn't apply") return console.log(indented(verdictText(verdict)));
    const size = `${verdict.progress.states.toLocaleString("en")} states, ${seconds.toFixed(1)} s`;
    console.log(`  ${nameOf(machine.scenario, actions)}: ${outcome} (${size})`);
    for (const line of brokenLines(verdict, toldOf(machine))) console.log(`    ${line}`);
    const moves = firstFailure(verdict);
    if (this.o.trace && moves) console.log(`\n${counterexampleText(machine, moves)}\n`);
  }

  /** Keeps the workload of the first failure. */
  private save(scenario: Scenario, verdict: Verdict): void {
    const { save } = this.o;
    const moves = firstFailure(verdict);
    if (save === undefined || this.saved || !moves) return;
    this.saved = true;
    writeFileSync(save, scenarioText(workloadOf(scenario, moves).scenario));
    if (this.o.prints === "all")
      console.log(`    ${save} holds this workload as a scenario: tlbscope run --scenario ${save}`);
  }
}

/** The shortest execution of what fails first. */
const firstFailure = (verdict: Verdict) =>
  verdict.properties.find((p) => p.standing === "fails")?.counterexamples[0]?.moves;

const nameOf = ({ id, order }: Scenario, actions: number): string =>
  `${id}, ${order.toUpperCase()}, ${actionsText(actions)} a CPU`;

/** What was covered and what wasn't, a sentence for each number of actions. */
function coveredLines(
  worlds: readonly Scenario[],
  results: readonly WorldResult[],
  cut: ReadonlySet<Scenario>,
): string[] {
  const holding = results.filter((r) => r.verdict.outcome === "holds");
  const depths = [...new Set(holding.map((r) => r.actions))].sort((a, b) => a - b);
  const lines = depths.map((n) => {
    const of = holding.filter((r) => r.actions === n).map((r) => r.machine.scenario);
    return `No workload of at most ${actionsText(n)} a CPU breaks a promise in ${namesOf(of, worlds)}.`;
  });
  const shallow = worlds.filter((w) => cut.has(w) && !results.some((r) => sameWorld(r.machine.scenario, w)));
  if (shallow.length) lines.push(`The time was up before 1 action a CPU was looked at in ${namesOf(shallow, worlds)}.`);
  if (cut.size > 0) lines.push("Longer workloads were not looked at to the end: give it more --seconds.");
  return lines;
}

/** Worlds by their names, with the memory order where it isn't meant of every one. */
function namesOf(list: readonly Scenario[], all: readonly Scenario[]): string {
  const count = (of: readonly Scenario[], id: string) => of.filter((s) => s.id === id).length;
  const names = list.map(({ id, order }) =>
    count(list, id) === count(all, id) ? id : `${id} (${order.toUpperCase()})`,
  );
  return [...new Set(names)].join(", ");
}

const sameWorld = (a: Scenario, b: Scenario): boolean => a.id === b.id && a.order === b.order;

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
