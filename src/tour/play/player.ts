/**
 * Plays a tour on a source: for each step the place where it stands, the state of the machine, and its words with
 * their values.
 *
 * For an editor: make one TourPlayer per tour and source (a new one when the text changes), show `contents`, and call
 * `at(id)` for the step that is shown. `state.place` is where its thread belongs; `state.drift` is to be shown with it.
 *
 * To drive a running debug session, give it `state.script`: the moves from the scenario's start to the step's state.
 * A session of the same files and scenario adopts them with `adopt(trace, script)` (adopt.ts), which goes along the
 * history
 * that is there as far as it agrees and forks it where it doesn't, so that the reader may step on their own and come
 * back.
 * Where `state.patched` is set, or `onEdition` is true, the session must be started on `state.files`; say so to the
 * reader
 * with `state.patched.message` or `onEdition`.
 *
 * A question is answered with `answer(id, answer)`; the reveal's script continues the step's own. Next begins after
 * the reveal.
 */
import type { CParser } from "../../kernel/syntax/parse";
import type { SourceFile } from "../../kernel/syntax/source";
import type { Machine, Move } from "../../machine/machine";
import { placeOf } from "../../machine/view/narrate";
import { W } from "../../machine/layout";
import type { SourcePlace } from "../../machine/view/view";
import { withChanges } from "../../scenario/scenario-changes";
import type { Scenario } from "../../scenario/scenario";
import type { Trace } from "../../trace/trace";
import { perform } from "./actions";
import { holdsOf, placeOfFound } from "../anchor/anchor";
import { answersOf, answerText, broken, isRight, type Answer } from "./tour-question";
import { Contents } from "../format/contents";
import type { StateContext } from "./state-context";
import type { Step, Tour } from "../format/tour";
import { lastMover, movesOf, replay, Replays } from "./replays";
import { say } from "../say";
import { onlyEdition, Sources, type Source } from "./tour-sources";
import { evaluateTest, type TestResult } from "./claims";
import { render } from "./live-words";

export interface PlayerInput {
  parser: CParser;
  /** The reader's files first, then the environment and the edition: as for `buildProgram`. */
  files: SourceFile[];
  /** Scenarios by id. The same id must give the same object, or undefined. */
  scenario(id: string): Scenario | undefined;
  tour: Tour;
}

/** A question as it is put to the reader. */
export interface Question {
  kind: "cpu" | "bit" | "choice";
  /** Markdown. */
  words: string;
  /** Every answer that there is, with its words. */
  answers: { answer: Answer; text: string }[];
}

export interface Judged {
  right: boolean;
  /** All right answers. */
  rightAnswers: { answer: Answer; text: string }[];
  /** Markdown, with the values after the reveal. */
  words: string;
  /** From the scenario's start to the state after the reveal. */
  script: Move[];
  /** Mistakes of the tour: what the reveal couldn't do, values that there aren't, no right answer or no wrong one. */
  problems: string[];
}

export interface StepState {
  step: Step;
  /** The CPU that the step is about: the one whose thread is to be selected. */
  cpu: number;
  /** Where the words stand. Undefined when the code has drifted too far, or the CPU runs nothing. */
  place?: SourcePlace;
  /** How the code differs from what the tour was written on. */
  drift?: { k: "moved" | "near" | "missing" | "lost"; message: string };
  scenario: Scenario;
  /** The files that run: the reader's, a changed copy of them, or the edition's. */
  files: SourceFile[];
  patched?: { message: string; changed: { file: SourceFile; original: SourceFile }[] };
  machine: Machine;
  /** The moves from the scenario's start to this state. */
  script: Move[];
  /** How many of them the state has that this step goes on from. */
  from: number;
  /** Markdown. */
  words: string;
  claims: TestResult[];
  question?: Question;
  /** What can't be done or shown here, and why. Empty when the tour fits the source. */
  problems: string[];
  next?: string;
  previous?: string;
  branches: { say: string; to: string }[];
  /** A new trace of the whole script, which stands at this state; the caller may do with it what it likes. */
  openTrace(): Trace;
}

/** How a step's actions went; kept, so that going back costs nothing. */
interface Played {
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

export class TourPlayer {
  readonly tour: Tour;
  /** The steps that take part, in order. */
  readonly contents: Contents;
  /** Says that the tour runs on the built-in edition instead of the reader's source, if it does. */
  readonly onEdition?: string;
  /** Says which source the tour is for, when it isn't this one: then no step takes part. */
  readonly elsewhere?: string;
  private readonly sources: Sources;
  private readonly played = new Map<string, Played | { error: string }>();
  private readonly changed = new Map<string, Scenario>();
  private readonly replays = new Replays();

  constructor(private readonly input: PlayerInput) {
    this.tour = input.tour;
    let sources = new Sources(input.parser, input.files);
    const holds = (all: Tour["needs"], s: Sources): boolean => all.every((c) => holdsOf(c, this.plain(s).statements));
    const fits = holds(this.tour.needs, sources);
    if (!fits && this.tour.elsewhere !== undefined) this.elsewhere = this.tour.elsewhere;
    else if (!fits) {
      sources = new Sources(input.parser, onlyEdition(input.files));
      this.onEdition = say.onEdition();
    }
    this.sources = sources;
    const { steps } = this.tour;
    this.contents = new Contents(
      this.elsewhere === undefined ? steps.filter((s) => holds(s.when, sources)) : [],
      steps,
    );
  }

  /** Id of the step that the tour begins with; undefined when none of its steps fits the source. */
  get first(): string | undefined {
    return this.contents.items[0]?.id;
  }

  /**
   * The step, with the machine in its state. An error says why there is none at all. Never throws for what the source
   * holds.
   */
  at(id: string): StepState | { error: string } {
    const step = this.tour.steps.find((s) => s.id === id);
    if (!step) return { error: say.noStep(id) };
    const played = this.play(step);
    if ("error" in played) return played;
    const trace = this.replays.of(played.machine, played.moves);
    const x = this.context(step, played, trace);
    const words = render(step.words, x);
    const found = step.at && played.source.find(step.at);
    const lost = found && "lost" in found;
    const { moves, scenario, machine, source } = played;
    const here = placeOf(machine, trace.state[machine.layout.cpu[played.cpu] + W.pc]);
    const question = step.ask && this.question(step, x);
    return {
      step,
      cpu: played.cpu,
      scenario,
      machine,
      files: source.files,
      script: [...moves],
      from: played.from,
      place: found
        ? "fn" in found && found.fn
          ? placeOfFound({ fn: found.fn, statement: "statement" in found ? found.statement : undefined })
          : undefined
        : here,
      drift: lost ? { k: "lost", message: found.lost } : found?.drift,
      patched: source.patched && { message: say.patched(source.patched.told), changed: source.patched.changed },
      words: words.markdown,
      claims: step.claims
        .filter((c) => c.when.every((w) => holdsOf(w, source.statements)))
        .map((c) => evaluateTest(c.test, x)),
      question: question?.question,
      problems: [...played.problems, ...words.problems, ...(question?.problems ?? [])],
      next: this.contents.next(id),
      previous: this.contents.previous(id),
      branches: step.branches.filter((b) => this.contents.items.some((i) => i.id === b.to)),
      openTrace: () => replay(machine, moves),
    };
  }

  /** Judges an answer by the machine, after the reveal's moves. Undefined when the step asks nothing. */
  answer(id: string, answer: Answer): Judged | undefined {
    const step = this.tour.steps.find((s) => s.id === id);
    const played = step?.ask && this.play(step);
    if (!step?.ask || !played || "error" in played) return undefined;
    const { ask } = step;
    const script = [...played.moves, ...played.reveal];
    const before = this.replays.of(played.machine, played.moves).state;
    const x = { ...this.context(step, played, this.replays.of(played.machine, script)), before };
    const answers = answersOf(ask, x).map((a) => ({ answer: a, text: answerText(ask, a) }));
    const rightAnswers = answers.filter((a) => isRight(ask, a.answer, x));
    const right = isRight(ask, answer, x);
    const why = answer.kind === "choice" && ask.kind === "choice" ? ask.choices[answer.index]?.why : undefined;
    const words = render([right ? ask.right : ask.wrong, ...(why ? [why] : [])].join("\n\n"), x);
    const problems = [...played.revealProblems, ...words.problems, ...broken(ask, x)];
    if (rightAnswers.length === 0) problems.push(say.noRightAnswer());
    else if (rightAnswers.length === answers.length) problems.push(say.allRight());
    return { right, rightAnswers, words: words.markdown, script, problems };
  }

  private question(step: Step, x: StateContext): { question: Question; problems: string[] } {
    const ask = step.ask!;
    const words = render(ask.words, x);
    const shown = answersOf(ask, x).map((answer) => ({ answer, ...render(answerText(ask, answer), x) }));
    return {
      question: {
        kind: ask.kind,
        words: words.markdown,
        answers: shown.map((a) => ({ answer: a.answer, text: a.markdown })),
      },
      problems: [...words.problems, ...shown.flatMap((a) => a.problems)],
    };
  }

  /** The scenario in the tour's memory order and with its settings; always the same object. */
  private scenario(id: string): Scenario | undefined {
    const own = this.input.scenario(id);
    if (!own) return undefined;
    let changed = this.changed.get(id);
    if (!changed) this.changed.set(id, (changed = withChanges(own, this.tour)));
    return changed;
  }

  private plain(sources: Sources): Source {
    return sources.source(this.scenario(this.tour.scenario) ?? { platform: "native" }, []) as Source; // without changes nothing can fail
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

  private play(step: Step): Played | { error: string } {
    let played = this.played.get(step.id);
    if (!played) this.played.set(step.id, (played = this.playAnew(step)));
    return played;
  }

  private playAnew(step: Step): Played | { error: string } {
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
    const before = parent && this.play(parent);
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

  private context(step: Step, played: Played, trace: Trace): StateContext {
    const found = step.at && played.source.find(step.at);
    const before = trace.entry(Math.min(played.from, trace.cursor)).state;
    return {
      machine: played.machine,
      trace,
      cpu: played.cpu,
      before,
      own: found && !("lost" in found) ? found : undefined,
      find: played.source.find,
    };
  }
}
