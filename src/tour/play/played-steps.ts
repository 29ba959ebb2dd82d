/** Carries out the actions of a tour's steps, each after those of the steps that it goes on from. */
import type { Machine, Move } from "../../machine/machine";
import type { Scenario } from "../../scenario/scenario";
import type { Contents } from "../format/contents";
import type { Step, Tour } from "../format/tour";
import { say } from "../say";
import { perform } from "./actions";
import { lastMover, movesOf, type Replays } from "./replays";
import type { Source, Sources } from "./tour-sources";

/** How a step's actions went. */
export interface Played {
  source: Source;
  machine: Machine;
  scenario: Scenario;
  /** To the step's state, and on to the end of its reveal. */
  moves: Move[];
  reveal: Move[];
  from: number;
  cpu: number;
  problems: string[];
  revealProblems: string[];
}

export class PlayedSteps {
  /** By the step's id: going back to a step costs nothing. */
  private readonly known = new Map<string, Played | { error: string }>();

  /** `scenario` gives the scenario of an id as the tour runs it: always the same object. */
  constructor(
    private readonly tour: Tour,
    private readonly contents: Contents,
    private readonly sources: Sources,
    private readonly scenario: (id: string) => Scenario | undefined,
    private readonly replays: Replays,
  ) {}

  /** The step, played once; an error says why it can't be played at all. */
  of(step: Step): Played | { error: string } {
    let played = this.known.get(step.id);
    if (!played) this.known.set(step.id, (played = this.carryOut(step)));
    return played;
  }

  /** The steps whose actions lead to this one, this one last. */
  private chain(step: Step): Step[] {
    const { steps } = this.tour;
    const parent =
      step.from.k === "start"
        ? undefined
        : step.from.k === "step"
          ? steps.find((s) => s.id === (step.from as { id: string }).id)
          : this.before(step);
    // A step goes on from one above it: the reader has seen to that.
    return parent && steps.indexOf(parent) < steps.indexOf(step) ? [...this.chain(parent), step] : [step];
  }

  /** The step before in the file that takes part. */
  private before(step: Step): Step | undefined {
    const { steps } = this.tour;
    const takesPart = (s: Step): boolean => this.contents.items.some((i) => i.id === s.id);
    return steps.slice(0, steps.indexOf(step)).reverse().find(takesPart);
  }

  private carryOut(step: Step): Played | { error: string } {
    const chain = this.chain(step);
    const id = [...chain].reverse().find((s) => s.scenario !== undefined)?.scenario ?? this.tour.scenario;
    const scenario = this.scenario(id);
    if (!scenario) return { error: say.noScenario(id) };
    const source = this.sources.source(
      scenario,
      chain.flatMap((s) => s.patch),
    );
    if ("error" in source) return source;
    const machine = this.sources.machine(source, scenario);
    if ("error" in machine) return machine;
    // Go on from the step before where it ran on the same machine; else all that led to it is done again on this one.
    const parent = chain.at(-2);
    const before = parent && this.of(parent);
    const problems: string[] = [];
    if (before && "error" in before) return { error: say.noParent(parent.id, before.error) };
    const onward = before?.machine === machine ? before : undefined;
    if (onward && onward.problems.length + onward.revealProblems.length > 0)
      problems.push(say.noParent(parent!.id, [...onward.problems, ...onward.revealProblems][0]));
    const trace = this.replays.of(machine, onward ? [...onward.moves, ...onward.reveal] : []);
    const drifts = new Set<string>();
    const act = (actions: Step["machine"], into: string[]): void => {
      for (const a of actions) {
        const why = perform({ trace, find: source.find, drift: (m) => drifts.add(m) }, a);
        if (why === undefined) continue;
        into.push(why);
        return;
      }
    };
    if (!onward) for (const s of chain.slice(0, -1)) act([...s.machine, ...(s.ask?.then ?? [])], problems);
    const from = trace.cursor;
    act(step.machine, problems);
    const moves = movesOf(trace);
    const revealProblems: string[] = [];
    act(step.ask?.then ?? [], revealProblems);
    const reveal = movesOf(trace).slice(moves.length);
    const last = [...step.machine].reverse().find((a) => "cpu" in a);
    const cpu = step.cpu ?? (last && "cpu" in last ? last.cpu : onward ? onward.cpu : lastMover(moves)) ?? 0;
    return {
      source,
      machine,
      scenario,
      moves,
      reveal,
      from,
      cpu: Math.min(cpu, machine.layout.cpuCount - 1),
      problems: [...new Set([...problems, ...drifts])],
      revealProblems,
    };
  }
}
