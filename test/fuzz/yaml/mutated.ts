/** Scenario and tour files with mistakes put in: never an exception, and every mistake told at a place in the text. */
import { causeOf, Tally, type Announce, type Kind, type Result } from "../kind";
import { minimizeText } from "../minimize";
import { filesWith, nodeParser, readScenario, readTour, scenarioTexts, TourPlayer, tourTexts } from "../product";
import type { CParser, Scenario, SourceFile } from "../product";
import { Rng } from "../rng";

const pieces =
  "\n|  |: |- |{|}|[|]|&a |*a|!!x |!!binary |? |---\n|...\n|\t|\"|'|#|%|@|`|,|>|| " +
  "|swapper/0|exit|null|~|true|1|-1|1e99|.inf|0x10|" +
  "A/1|B|page0|schedule: |munmap: |reclaim: {}|mms:|cpus:|steps:|id: |from: start|cpu: 9|machine:|run: {}|<<: " +
  "*a|constructor: 1|" +
  "__proto__: {}|toString: x|\u2028|\uFEFF|\0|\uD800|🙂";
const put = ["|", ...pieces.split("|")];

const mutations: ((text: string, r: Rng) => string)[] = [
  (t, r) => at(t, r, (a) => t.slice(0, a) + r.pick(put) + t.slice(a)),
  (t, r) => at(t, r, (a) => t.slice(0, a) + r.pick(put) + t.slice(a + r.int(12))),
  (t, r) => at(t, r, (a) => t.slice(0, a) + t.slice(a + 1 + r.int(20))),
  (t, r) => at(t, r, (a) => t.slice(0, a)),
  (t, r) =>
    at(
      t,
      r,
      (a) => t.slice(0, a) + r.pick(["[", "{a: ", "- ", "? ", "&a ", "!a ", "  "]).repeat(r.pick([5, 60, 3000])),
    ),
  (t, r) => lines(t, (l) => l.splice(r.int(l.length), 1 + r.int(3))),
  (t, r) => lines(t, (l) => l.splice(r.int(l.length), 0, r.pick(l))),
  (t, r) => lines(t, (l) => ([l[0], l[l.length - 1]] = [r.pick(l), r.pick(l)])),
  (t, r) => lines(t, (l) => indent(l, r)),
  (t, r) => value(t, r, () => r.pick(put)),
  (t, r) => value(t, r, () => r.pick(words(t))),
  (t, r) => key(t, r, () => r.pick(words(t))),
];

const at = (t: string, r: Rng, change: (at: number) => string): string => change(r.int(t.length + 1));
const words = (t: string): string[] => t.match(/[\w/.-]+/g) ?? ["x"];

function lines(text: string, change: (lines: string[]) => void): string {
  const list = text.split("\n");
  change(list);
  return list.join("\n");
}

function indent(list: string[], r: Rng): void {
  const i = r.int(list.length);
  list[i] = r.chance(0.5) ? `  ${list[i]}` : list[i].replace(/^ {1,2}/, "");
}

/** Another value, or another key, somewhere. */
const value = (t: string, r: Rng, make: () => string): string => replaceOne(t, r, /(?<=: )[^\n,}\]]+/g, make);
const key = (t: string, r: Rng, make: () => string): string => replaceOne(t, r, /[\w-]+(?=:)/g, make);

function replaceOne(text: string, r: Rng, pattern: RegExp, make: () => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const m = r.pick(found);
  return text.slice(0, m.index) + make() + text.slice(m.index + m[0].length);
}

interface Reading {
  value: unknown;
  problems: readonly { severity: string; message: string; range: { start: number; end: number } }[];
}

type Read = (text: string) => Reading;
const asScenario: Read = (text) => {
  const { scenario, problems } = readScenario(text);
  return { value: scenario, problems };
};
const asTour: Read = (text) => {
  const { tour, problems } = readTour(text);
  return { value: tour, problems };
};

/** What is wrong with how a text was read, if anything is. */
function fault(text: string, read: Read): { cause: string; message: string } | undefined {
  try {
    const { value: made, problems } = read(text);
    if ((made === undefined) !== problems.some((p) => p.severity === "error"))
      return {
        cause: "refused without an error, or taken with one",
        message: problems.map((p) => p.message).join(" "),
      };
    for (const { message, range } of problems) {
      const shown = `"${message}" at ${range.start}–${range.end} of ${text.length}`;
      if (!(0 <= range.start && range.start <= range.end && range.end <= text.length))
        return { cause: "a mistake is told outside the text", message: shown };
      if (!/^[A-Z"].*[.?]$/s.test(message) || /undefined|\[object|could not be read|Invalid input/.test(message))
        return { cause: "a mistake is told in no sentence", message: shown };
    }
  } catch (e) {
    return { cause: causeOf(e), message: e instanceof Error ? (e.stack ?? e.message).slice(0, 900) : String(e) };
  }
  return undefined;
}

class Yaml {
  private readonly scenarios = scenarioTexts().map(([, text]) => text);
  private readonly tours = tourTexts().map(([, text]) => text);
  private readonly byId = new Map<string, Scenario>();

  constructor(
    private readonly parser: CParser,
    private readonly files: SourceFile[],
  ) {
    for (const text of this.scenarios) {
      const { scenario } = readScenario(text);
      if (scenario) this.byId.set(scenario.id, scenario);
    }
  }

  run(seed: number, announce: Announce): Result {
    const r = new Rng(seed),
      tally = new Tally();
    const isTour = r.chance(0.5);
    let text = r.pick(isTour ? this.tours : this.scenarios);
    for (let left = 1 + r.int(4); left > 0; left--) text = r.pick(mutations)(text, r);
    announce(text, "yaml");
    const read = isTour ? asTour : asScenario;
    const found = fault(text, read);
    if (found) {
      const input = minimizeText(text, (t) => fault(t, read)?.cause === found.cause);
      const what = isTour ? "tour" : "scenario";
      tally.findings.push({ cause: `${what}: ${found.cause}`, message: found.message, input, extension: "yaml" });
    } else if (!isTour || seed % 3 !== 0) tally.count("read");
    else this.play(text, tally);
    return tally.result();
  }

  /** A tour that can be read can also be played, whatever it asks for: mistakes are its problems. */
  private play(text: string, tally: Tally): void {
    const { tour } = readTour(text);
    if (!tour) return tally.count("read");
    tally.count("played");
    try {
      const player = new TourPlayer({
        parser: this.parser,
        files: this.files,
        scenario: (id) => this.byId.get(id),
        tour,
      });
      for (const step of tour.steps) player.at(step.id);
    } catch (e) {
      const message = e instanceof Error ? (e.stack ?? e.message).slice(0, 900) : String(e);
      tally.findings.push({ cause: `playing a tour: ${causeOf(e)}`, message, input: text, extension: "yaml" });
    }
  }
}

export async function yaml(): Promise<Kind> {
  const made = new Yaml(await nodeParser(), filesWith());
  return { name: "yaml", run: (seed, announce) => made.run(seed, announce) };
}
