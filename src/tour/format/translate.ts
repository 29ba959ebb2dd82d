/** A tour in another language: every text that a reader sees, looked up by its English words. */
import type { Ask, Ref, Step, Tour } from "./tour";

/** Gives the words to show for English ones; the same again where there is no translation. */
export type LookUp = (english: string) => string;

/** The same tour with all of its words looked up. Places, claims, answers and ids are not words: they stay. */
export function translateTour(tour: Tour, say: LookUp): Tour {
  return {
    ...tour,
    title: say(tour.title),
    about: say(tour.about),
    ...(tour.elsewhere === undefined ? {} : { elsewhere: say(tour.elsewhere) }),
    steps: tour.steps.map((s) => translateStep(s, say)),
  };
}

function translateStep(step: Step, say: LookUp): Step {
  return {
    ...step,
    title: say(step.title),
    words: say(step.words),
    ...(step.ask ? { ask: translateAsk(step.ask, say) } : {}),
    branches: step.branches.map((b) => ({ ...b, say: say(b.say) })),
    refs: step.refs.map((r): Ref => ({ ...r, say: say(r.say) })),
  };
}

function translateAsk(ask: Ask, say: LookUp): Ask {
  const said = { words: say(ask.words), right: say(ask.right), wrong: say(ask.wrong) };
  if (ask.kind !== "choice") return { ...ask, ...said };
  return {
    ...ask,
    ...said,
    choices: ask.choices.map((c) => ({ ...c, say: say(c.say), ...(c.why === undefined ? {} : { why: say(c.why) }) })),
  };
}

/**
 * A tour in the words of a translated copy of its file. A step whose copy has other parts, and a text whose copy has
 * other live values, stays as it is.
 */
export function inWordsOf(tour: Tour, copy: Tour): Tour {
  const kept = (own: string, said: string | undefined) =>
    said !== undefined && liveValuesOf(own).join() === liveValuesOf(said).join() ? said : own;
  const steps = tour.steps.map((step) => {
    const other = copy.steps.find((s) => s.id === step.id);
    const said: string[] = [];
    if (other) translateStep(other, (text) => (said.push(text), text));
    let count = 0;
    translateStep(step, (text) => (count++, text));
    return said.length === count ? translateStep(step, (text) => kept(text, said.shift())) : step;
  });
  return {
    ...tour,
    title: kept(tour.title, copy.title),
    about: kept(tour.about, copy.about),
    ...(tour.elsewhere === undefined ? {} : { elsewhere: kept(tour.elsewhere, copy.elsewhere) }),
    steps,
  };
}

/**
 * The names that a translated copy of a tour's file may have, the closest language first: `x.tour.pt-br.yaml`,
 * `x.tour.pt.yaml`.
 */
export function copiesOf(file: string, language: string): string[] {
  const parts = language.toLowerCase().split("-");
  return parts.map((_, i) => file.replace(/\.(ya?ml)$/i, `.${parts.slice(0, parts.length - i).join("-")}.$1`));
}

/** Every text of a tour that a translator has to have, in the order in which a reader comes by them. */
export function wordsOf(tour: Tour): string[] {
  const all = new Set<string>();
  translateTour(tour, (english) => {
    all.add(english);
    return english;
  });
  return [...all];
}

/** The `${…}` of a text, sorted: a translation may put them elsewhere, but has to have them all. */
export const liveValuesOf = (text: string): string[] =>
  [...text.matchAll(/(?<!\\)\$\{[^{}]*\}/g)].map(([value]) => value.replace(/\s+/g, " ")).sort();
