/**
 * Checks of every interleaving: which scenarios in which memory order, then every workload in a few worlds; how far
 * each is, what came of it, and whether the source has changed since.
 */
import * as vscode from "vscode";
import { askedName } from "../../check/search/asked";
import { goesDeeper, shallowest, withActions } from "../../jobs/deepening";
import { JobError, type Running, type Workers } from "../../jobs/workers";
import type { MemoryOrder, Scenario } from "../../scenario/scenario";
import type { Programs } from "../source/programs";
import type { FoundScenario, Scenarios } from "../scenarios";
import { StaleTexts } from "../source/stale";
import { questionWords, type Questions } from "./asked-questions";
import { isOpen, type Checked, type Row } from "./check-rows";
import { limits, ordersOf, ordersOfWorld, workloadLimits } from "./check-settings";
import { Countdown } from "./countdown";

export class Checks {
  private checked: Checked | undefined;
  private jobs = new Map<Row, Running<"check">>();
  private readonly stale = new StaleTexts();
  private held = false;
  /** The time that is left for workloads. */
  private readonly countdown = new Countdown(() => this.endWorkloads());
  /** Whoever waits for a check to end. */
  private readonly waiting = new Map<Checked, () => void>();
  private readonly changed = new vscode.EventEmitter<void>();
  /** Another row, more progress, a verdict. */
  readonly onDidChange = this.changed.event;
  readonly onDidChangeStale = this.stale.onDidChange;

  constructor(
    private readonly workers: Workers,
    private readonly most: number,
    private readonly programs: Programs,
    private readonly scenarios: Scenarios,
    private readonly questions: Questions,
  ) {}

  start(): vscode.Disposable {
    return vscode.Disposable.from(this.changed, this.stale.start(), this.countdown, {
      dispose: () => this.workers.dispose(),
    });
  }

  get current(): Checked | undefined {
    return this.checked;
  }

  get running(): boolean {
    return this.checked?.rows.some(isOpen) ?? false;
  }

  get paused(): boolean {
    return this.held;
  }

  /** Does some text differ from what was checked? */
  get outOfDate(): boolean {
    return this.stale.uris.size > 0;
  }

  /**
   * Checks these scenarios on a tree, each in the orders that the settings name; by default all, and then every
   * workload. Resolves when all rows have ended.
   */
  async run(root: vscode.Uri | undefined, only?: FoundScenario[]): Promise<Checked> {
    const { scenarios } = this;
    const [files, all, worlds] = await Promise.all([this.programs.files(root), scenarios.all(), scenarios.worlds()]);
    const { actions, milliseconds } = workloadLimits();
    const chosen = inOrders(only ?? all, ordersOf);
    if (chosen.length === 0)
      throw new Error(vscode.l10n.t("There is no scenario without mistakes. Correct one of the scenario files."));
    this.cancel();
    const old = this.checked?.root?.toString() === root?.toString() ? this.checked : undefined;
    const rowOf = ({ found, scenario }: Chosen): Row => ({
      name: found.name,
      found,
      scenario,
      state: "waiting",
      broken: [],
      happens: [],
      before: old?.rows.find((r) => r.name === found.name && r.scenario.order === scenario.order)?.verdict,
    });
    const rows = chosen.map(rowOf);
    if (!only && actions > 0 && milliseconds > 0)
      for (const world of inOrders(worlds, ordersOfWorld))
        rows.push({ ...rowOf(world), workloads: { actions: 1, most: actions, cut: false } });
    const checked: Checked = { root, files, rows, asked: this.questions.all, begun: new Date() };
    this.checked = checked;
    this.held = false;
    this.countdown.set(milliseconds);
    this.stale.watch([...files, ...rows.map(({ found }) => ({ uri: found.uri.toString(), text: found.text }))]);
    const ended = new Promise<void>((resolve) => this.waiting.set(checked, resolve));
    this.next();
    await ended;
    return checked;
  }

  /** Jobs that run stand still; those that wait don't begin. */
  pause(): void {
    if (!this.running || this.held) return;
    this.held = true;
    this.countdown.pause();
    for (const [row, job] of this.jobs) {
      row.state = "paused";
      job.pause();
    }
    this.changed.fire();
  }

  resume(): void {
    if (!this.held) return;
    this.held = false;
    for (const [row, job] of this.jobs) {
      row.state = "running";
      job.resume();
    }
    this.next();
  }

  /** What runs ends with what is known so far; what waits is left out. */
  cancel(): void {
    if (!this.checked) return;
    this.held = false;
    this.endWorkloads();
    this.checked.rows = this.checked.rows.filter((r) => r.state !== "waiting");
    for (const job of this.jobs.values()) job.cancel();
    this.next();
    this.settle(this.checked);
  }

  /** A row that came to no verdict is tried once more, on the same texts. */
  again(row: Row): void {
    const { checked } = this;
    if (!checked?.rows.includes(row) || row.state !== "failed") return;
    Object.assign(row, {
      state: "waiting",
      error: undefined,
      progress: undefined,
      broken: [],
      happens: [],
      ms: undefined,
    } satisfies Partial<Row>);
    this.next();
  }

  /** Is there, or will there be, a verdict of every row on the texts of this tree as they are? */
  isCurrent(root: vscode.Uri | undefined): boolean {
    const { checked } = this;
    return (
      checked !== undefined &&
      checked.root?.toString() === root?.toString() &&
      !this.outOfDate &&
      checked.rows.every(
        (r) => isOpen(r) || r.workloads?.cut || (r.verdict !== undefined && r.verdict.end !== "stopped"),
      )
    );
  }

  private next(): void {
    const { checked } = this;
    if (!checked) return;
    for (let row = waiting(checked); row && !this.held && this.jobs.size < this.most; row = waiting(checked))
      void this.begin(checked, row);
    this.changed.fire();
  }

  /** The time for workloads is up: what was looked at until now stands. */
  private endWorkloads(): void {
    const { checked } = this;
    for (const row of checked?.rows ?? []) {
      if (!row.workloads || !isOpen(row)) continue;
      if (row.state === "waiting") {
        row.workloads.cut = true;
        row.state = "done";
      } else this.jobs.get(row)?.cancel();
    }
    this.changed.fire();
    if (checked) this.settle(checked);
  }

  private settle(checked: Checked): void {
    if (checked.rows.some(isOpen)) return;
    this.waiting.get(checked)?.();
    this.waiting.delete(checked);
  }

  private async begin(checked: Checked, row: Row): Promise<void> {
    row.state = "running";
    const from = performance.now();
    const { workloads } = row;
    const scenario = workloads ? withActions(row.scenario, workloads.actions) : row.scenario;
    if (workloads) this.countdown.resume();
    const job = this.workers.run(
      {
        kind: "check",
        files: checked.files,
        scenario,
        asked: workloads ? [] : checked.asked,
        limits: limits(this.most),
        untilBroken: workloads !== undefined,
      },
      {
        progress: (progress) => {
          row.progress = progress;
          this.changed.fire();
        },
        part: (property) => {
          const question = checked.asked.find((p) => askedName(p) === property);
          const list = question && question.kind !== "always" ? row.happens : row.broken;
          const words = question ? questionWords(question) : property;
          if (!list.includes(words)) list.push(words);
          this.changed.fire();
        },
      },
    );
    this.jobs.set(row, job);
    try {
      const verdict = await job.answer;
      row.state = "done";
      if (workloads && verdict.end === "stopped" && verdict.outcome !== "fails") workloads.cut = true;
      else {
        row.verdict = verdict;
        row.scenario = scenario;
        if (workloads && goesDeeper(verdict, workloads.actions, workloads.most)) {
          workloads.actions++;
          row.state = "waiting";
        }
      }
    } catch (error) {
      row.error = error instanceof JobError ? error : new JobError("failed", String(error));
      row.state = "failed";
    }
    row.ms = performance.now() - from;
    this.jobs.delete(row);
    this.next();
    this.settle(checked);
  }
}

interface Chosen {
  found: FoundScenario;
  scenario: Scenario;
}

const inOrders = (list: readonly FoundScenario[], orders: (s: Scenario) => MemoryOrder[]): Chosen[] =>
  list.flatMap((found) =>
    found.scenario ? orders(found.scenario).map((order) => ({ found, scenario: { ...found.scenario!, order } })) : [],
  );

/** The row whose turn it is: scenarios first, then the shortest workloads. */
function waiting({ rows }: Checked): Row | undefined {
  const all = rows.filter((r) => r.state === "waiting");
  return all.find((r) => !r.workloads) ?? shallowest(all.map((row) => ({ row, actions: row.workloads!.actions })))?.row;
}
