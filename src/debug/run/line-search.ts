/** Finds the shortest run to a line, in slices. */
import { W } from "../../machine/layout";
import type { Machine, Move, State } from "../../machine/machine";
import { search } from "../../check/search/reach";
import { DebugError } from "../debug-error";
import { Lines, type Line } from "../../machine/view/lines";
import type { Watch } from "../progress-reporter";
import type { Session } from "../session";

/** Milliseconds of searching between two turns of everything else. */
const SLICE = 25;

/** Searches until an end is found, letting others have their turn in between. */
async function inSlices<T>(work: Generator<number, T>, watch: Watch): Promise<T> {
  for (;;) {
    if (watch.givenUp()) throw new DebugError("The search was given up.");
    const until = performance.now() + SLICE;
    while (performance.now() < until) {
      const { done, value } = work.next();
      if (done) return value;
      watch.seen(value);
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

const standsAt = (machine: Machine, s: State, cpu: number, pcs: ReadonlySet<number>): boolean =>
  s[machine.layout.cpu[cpu] + W.fp] !== 0 && pcs.has(s[machine.layout.cpu[cpu] + W.pc]);

/** Brings a new session to a line, by the shortest execution that gets there. */
export async function runToLine(
  session: Session,
  { file: uri, line }: { file: string; line: number },
  watch: Watch,
): Promise<void> {
  const { machine, sim, sources } = session;
  const file = sources.byUri(uri);
  if (!file)
    throw new DebugError(
      `${uri} takes no part in the simulation: it holds none of the functions that the scenario ` +
        `${sim.scenario.id} leads to. Open the file of the protocol that you mean (kernel/sched.c, ` +
        "asm/mmu_context.h, mm/tlb.c), or try another scenario.",
    );
  const target = new Lines(machine).nearest(file, line);
  if ("why" in target) throw new DebugError(`${file.path}:${line}: ${target.why}`);
  const cpus = sim.scenario.cpus.map((_, c) => c);
  const found = await inSlices(
    search(machine, machine.initial().state, (s) => cpus.some((c) => standsAt(machine, s, c, target.pcs))),
    watch,
  );
  if (!("moves" in found)) throw new DebugError(unreachable(session, target, found));
  replay(session, found.moves);
  session.selectedCpu = cpus.find((c) => standsAt(machine, session.trace.state, c, target.pcs)) ?? 0;
}

/** The moves of the shortest execution from the shown state to a line of the function in which a CPU stands. */
export async function findPath(session: Session, cpu: number, target: Line, watch: Watch): Promise<Move[]> {
  const { machine, trace } = session;
  const found = await inSlices(
    search(machine, trace.state, (s) => standsAt(machine, s, cpu, target.pcs), { maxStates: 100_000 }),
    watch,
  );
  if ("moves" in found) return found.moves;
  const searched = found.complete
    ? `all ${found.states} states that can follow were searched`
    : `the first ${found.states} states that can follow were searched`;
  throw new DebugError(
    `CPU${cpu} doesn't come to line ${target.line} from here: ${searched}. Step back and go from an earlier ` +
      "point, or choose another line.",
  );
}

function unreachable(
  { sim }: Session,
  target: Line,
  { states, complete }: { states: number; complete: boolean },
): string {
  const searched = complete
    ? `all ${states} states of it were searched`
    : `the first ${states} states of it were searched`;
  return (
    `No execution of the scenario ${sim.scenario.id} comes to ${target.file.path}:${target.line}: ${searched}. Try ` +
    "another scenario."
  );
}

/** Makes these moves; breakpoints don't stop them. */
export function replay({ trace }: Session, moves: readonly Move[]): void {
  for (const m of moves) trace.step(m);
}
