/** Sessions of random requests: each is answered, none ends or hangs the adapter, and afterwards it still serves. */
import { Tally, type Announce, type Kind, type Result } from "../kind";
import { Rng } from "../rng";
import { mistakeIn, nothingSeen, Requests, type Seen } from "./requests";
import { AdapterWire, type Answer, type Request } from "./wire";

/**
 * Requests in one seed; fewer where the adapter often falls silent, and that takes longer than so many milliseconds.
 */
const LENGTH = 50;
const LONGEST_MS = 90_000;
/** Seconds that an answer may take, and one to something simple after a silence. */
const PATIENCE = 10;
const QUICK = 3;

const greeting: Request[] = [
  { command: "initialize", args: { adapterID: "tlbscope", linesStartAt1: true, columnsStartAt1: true } },
  { command: "launch", args: { scenario: "lazy-return" } },
  { command: "configurationDone", args: {} },
];
const farewell: Request[] = [
  { command: "restart", args: { arguments: { scenario: "lazy-return", order: "sc" } } },
  { command: "threads", args: {} },
  { command: "stackTrace", args: { threadId: 1 } },
  { command: "next", args: { threadId: 1 } },
  { command: "tlbscope.panelState", args: undefined },
];

/** A message that V8 words, not we. */
export const foreign =
  /Cannot (read|set|convert|destructure|mix|access)|is not (a function|iterable|defined|a constructor)|Invalid (array|typed|count|string)|Maximum call|Reduce of empty|\bundefined\b|\[object|\bNaN\b|Unexpected token/;

const shown = ({ command, args }: Request): string => `${command} ${JSON.stringify(args)?.slice(0, 200)}`;

/** What is wrong with an answer. */
function wrong(request: Request, answer: Answer): string | undefined {
  const command = request.command.slice(0, 40);
  if (answer.k === "silence") return `${command} is never answered`;
  if (answer.k === "death") return `${command} ends the adapter`;
  if (!answer.success)
    return foreign.test(answer.message)
      ? `${command} is refused in JavaScript's words: ${answer.message.slice(0, 60)}`
      : undefined;
  const config = configurationOf(request);
  const mistake = config && mistakeIn(config);
  return mistake && `${command} takes ${mistake}`;
}

function configurationOf({ command, args }: Request): object | undefined {
  const of =
    command === "launch"
      ? args
      : command === "restart"
        ? (args as { arguments?: unknown } | null)?.arguments
        : undefined;
  return typeof of === "object" && of !== null ? of : undefined;
}

/** Keeps what later requests can name. */
function learn(seen: Seen, answer: Answer): void {
  if (answer.k !== "answer" || !answer.body) return;
  const list = (key: string): Record<string, unknown>[] => {
    const value = answer.body?.[key];
    return Array.isArray(value) ? value.slice(0, 6) : [];
  };
  const keep = <T>(into: T[], values: unknown[], type: string): void => {
    into.push(...values.filter((v): v is T => typeof v === type));
    into.splice(0, Math.max(0, into.length - 30));
  };
  keep(
    seen.frames,
    list("stackFrames").map((f) => f.id),
    "number",
  );
  keep(
    seen.references,
    [...list("scopes"), ...list("variables")].map((v) => v.variablesReference),
    "number",
  );
  keep(
    seen.names,
    list("variables").map((v) => v.name),
    "string",
  );
  keep(
    seen.targets,
    list("targets").map((t) => t.id),
    "number",
  );
  keep(seen.dataIds, [answer.body.dataId], "string");
}

interface Found {
  cause: string;
  message: string;
  /** All requests up to the one that shows it. */
  requests: Request[];
  /** Nothing can be asked of this process any more. */
  ends: boolean;
}

/** One adapter from its start to its end. */
class Session {
  private readonly wire = new AdapterWire();
  private readonly sent: Request[] = [];

  /** Sends a request; gives the answer, and what is wrong with it. */
  async send(request: Request): Promise<{ answer: Answer; found?: Found }> {
    this.sent.push(request);
    const answer = await this.wire.send(request, PATIENCE);
    const cause = wrong(request, answer);
    if (cause === undefined) return { answer };
    const alive =
      answer.k === "answer" ||
      (answer.k === "silence" && (await this.wire.send({ command: "threads", args: {} }, QUICK)).k === "answer");
    const told = answer.k === "death" ? answer.how : answer.k === "answer" ? answer.message : "";
    const whole = answer.k === "silence" && !alive ? `${cause}, and nothing after it` : cause;
    return {
      answer,
      found: {
        cause: whole,
        message: `${shown(request)} ${told}`.slice(0, 1500),
        requests: [...this.sent],
        ends: !alive,
      },
    };
  }

  end(): void {
    this.wire.end();
  }
}

/** After all that, the adapter still serves. */
async function checkHealth(session: Session, seed: number): Promise<Found | undefined> {
  for (const request of farewell) {
    const { answer, found } = await session.send(request);
    if (found) return { ...found, cause: `after a session, ${found.cause}` };
    if (answer.k === "answer" && !answer.success && !/running/.test(answer.message))
      return {
        cause: `after a session, a good ${request.command} is refused`,
        message: `Seed ${seed}: ${answer.message}`,
        requests: [],
        ends: true,
      };
  }
  return undefined;
}

/** A command that is answered at once and then runs on may be what a later one waits for in vain. */
const SUFFIXES = [1, 2, 3, 6];

/** The fewest last requests of a session, after the greeting, that show the same. */
async function smaller(found: Found): Promise<Found> {
  for (const requests of [
    found.requests.slice(-1),
    ...SUFFIXES.map((n) => [...greeting, ...found.requests.slice(-n)]),
  ]) {
    const session = new Session();
    try {
      for (const request of requests) {
        const again = (await session.send(request)).found;
        if (again?.cause === found.cause) return { ...found, requests, cause: blamed(found, requests) };
      }
    } finally {
      session.end();
    }
  }
  return found;
}

/** Of several requests that it takes to make the adapter fall silent, the first is to blame. */
function blamed({ cause, ends }: Found, requests: readonly Request[]): string {
  const own = requests.slice(greeting.length);
  return ends && own.length > 1 ? `after ${own[0].command}, nothing is answered` : cause;
}

async function run(seed: number, announce: Announce): Promise<Result> {
  const r = new Rng(seed),
    tally = new Tally(),
    seen = nothingSeen();
  const made = new Requests(r, seen, r.pick([0.02, 0.1, 0.3]));
  const told = new Set<string>();
  const until = performance.now() + LONGEST_MS;
  let session = new Session(),
    sent = 0;
  const report = async (found: Found): Promise<void> => {
    if (told.has(found.cause)) return;
    told.add(found.cause);
    const { cause, message, requests } = await smaller(found);
    tally.findings.push({ cause, message, input: JSON.stringify(requests, undefined, 1), extension: "json" });
  };
  try {
    const begin = async (): Promise<void> => {
      // Some sessions come without a greeting: requests before a launch are answered, too.
      if (r.chance(0.9)) for (const request of greeting) learn(seen, (await session.send(request)).answer);
    };
    await begin();
    for (; sent < LENGTH && performance.now() < until; sent++) {
      const request = made.next();
      const { answer, found } = await session.send(request);
      learn(seen, answer);
      tally.count(answer.k !== "answer" ? "not answered" : answer.success ? "done" : "refused");
      if (found) await report(found);
      if (!found?.ends) continue;
      session.end();
      session = new Session();
      await begin();
    }
    const ill = await checkHealth(session, seed);
    if (ill) await report(ill);
  } finally {
    session.end();
  }
  announce("", "json");
  return tally.result(sent);
}

export const adapter = (): Kind => ({ name: "adapter", run });
