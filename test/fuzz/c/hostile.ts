/** C made to use up time or memory: each text has to be read or refused at its place, at once. */
import { causeOf, Tally, type Announce, type Kind, type Result } from "../kind";
import { functionsOf, nodeParser, statementsOf, type CParser } from "../product";
import { Rng } from "../rng";
import { hostileTexts, type Hostile } from "./hostile-texts";
import { runToy, toyFile, toyProgram } from "./toy";

/** A text that is read or refused takes at most this long, in milliseconds of the processor's time. */
const LIMIT_MS = 200;
/** The same for a text that is right, but long: ten times a kernel's longest file, in time that grows with it. */
const LONG_MS = 5000;

/** The processor time of this process that `work` takes, in milliseconds. */
function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Reads and links a text: how long that takes (the shortest of up to five tries), and whether it is refused. */
function tryOut(parser: CParser, h: Hostile): { ms: number; told: boolean } {
  let ms = Infinity,
    told = false;
  for (let n = 0; n < 5 && ms > LIMIT_MS && (n === 0 || ms < 10 * LIMIT_MS); n++)
    ms = Math.min(
      ms,
      timed(() => {
        const program = toyProgram(parser, h.declarations, h.body);
        const item = functionsOf(toyFile(h.declarations, h.body)).items.at(-1);
        if (item) statementsOf(parser, item);
        told = program.diagnostics.length > 0 || runToy(program, 300).refused !== undefined;
      }),
    );
  return { ms, told };
}

function runCase(parser: CParser, seed: number, announce: Announce): Result {
  const r = new Rng(seed),
    tally = new Tally();
  const name = r.pick(Object.keys(hostileTexts));
  const h = hostileTexts[name](r);
  const input = toyFile(h.declarations, h.body).text;
  announce(input, "c", name);
  const add = (cause: string, message: string): number =>
    tally.findings.push({ cause: `${name}: ${cause}`, message, input, extension: "c" });
  try {
    const { ms, told } = tryOut(parser, h),
      limit = h.long ? LONG_MS : LIMIT_MS;
    tally.count(told ? "refused" : "taken");
    if (ms > limit) add(`takes longer than ${limit} ms`, `${Math.round(ms)} ms.`);
    if (h.refused && !told) add("is taken without a word", "It can't be right.");
  } catch (e) {
    add(causeOf(e), e instanceof Error ? (e.stack ?? e.message).slice(0, 900) : String(e));
  }
  return tally.result();
}

export async function hostileC(): Promise<Kind> {
  const parser = await nodeParser();
  runCase(parser, 0, () => undefined); // the first one also compiles the parser
  return { name: "hostile-c", run: (seed, announce) => runCase(parser, seed, announce) };
}
