/**
 * Plays a tour on a source: for each step the place where it stands, the state of the machine, and its words with
 * their values.
 *
 * Make one TourPlayer for a tour and a source, and another one when the text changes. Show `contents`, and call
 * `at(id)` for the step that is shown: `state.place` is where its words stand, and `state.drift` is shown with them.
 *
 * A running debug session is taken to the step's state by `state.script`, the moves from the scenario's start: see
 * `follow` in trace/follow.ts. Where `state.patched` or `onEdition` is set, the session has to run `state.files`, and
 * the reader is told why by `state.patched.message` or `onEdition`.
 *
 * A question is answered with `answer(id, answer)`; the reveal's script continues the step's own, and Next begins
 * after the reveal.
 */
import type { CParser } from "../../kernel/syntax/tree/parse";
import type { SourceFile } from "../../kernel/syntax/source";
import { W } from "../../machine/layout";
import { placeOf } from "../../machine/view/narrate";
import { withChanges } from "../../scenario/scenario-changes";
import type { Scenario } from "../../scenario/scenario";
import type { Trace } from "../../trace/trace";
import { holdsOf, placeOfFound } from "../anchor/anchor";
import { Contents } from "../format/contents";
import type { Step, Tour } from "../format/tour";
import { say } from "../say";
import { evaluateTest } from "./claims";
import { render } from "./live-words";
import { PlayedSteps, type Played } from "./played-steps";
import { replay, Replays } from "./replays";
import type { StateContext } from "./state-context";
import type { Judged, Question, StepState } from "./step-state";
import { answersOf, answerText, broken, isRight, type Answer } from "./tour-question";
import { onlyEdition, Sources, type Source } from "./tour-sources";

export interface PlayerInput {
  parser: CParser;
  /** The reader's files first, then the environment and the edition: as for `buildProgram`. */
  files: SourceFile[];
  /** Scenarios by id. The same id must give the same object, or undefined. */
  scenario(id: string): Scenario | undefined;
  tour: Tour;
}

export class TourPlayer {
  readonly tour: Tour;
  /** The steps that take part, in order. */
  readonly contents: Contents;
  /** Says that the tour runs on the built-in edition instead of the reader's source, if it does. */
  readonly onEdition?: string;
  /** Says which source the tour is for, when it isn't this one: then no step takes part. */
  readonly elsewhere?: string;
  private readonly played: PlayedSteps;
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
    const { steps } = this.tour;
    this.contents = new Contents(
      this.elsewhere === undefined ? steps.filter((s) => holds(s.when, sources)) : [],
      steps,
    );
    this.played = new PlayedSteps(this.tour, this.contents, sources, (id) => this.scenario(id), this.replays);
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
    const played = this.played.of(step);
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
      patched: source.patched && { message: say.patched(source.patched.phrases), changed: source.patched.changed },
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
    const played = step?.ask && this.played.of(step);
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
    // Only a change of the source can fail.
    return sources.source(this.scenario(this.tour.scenario) ?? { platform: "native" }, []) as Source;
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
