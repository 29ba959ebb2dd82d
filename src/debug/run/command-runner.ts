/** Runs a command in slices, so that requests (a pause among them) are answered while it goes on. */
import type { Stop } from "../../trace/stepping";

/** Goes on with its work each time that it is called, until it gives another stop than `paused`. */
export type Command = () => Stop;

/** Milliseconds that a slice may take. */
const SLICE = 25;
/** Moves that one command may make before it counts as endless. */
const LIMIT = 20_000;

export class Runner {
  private deadline = 0;
  private asked = false;
  private busy = false;
  /** Told apart from commands that were given up by a restart. */
  private generation = 0;

  /** `later` runs a function once other events had their turn; `moves` counts the moves made so far. */
  constructor(
    private readonly moves: () => number,
    private readonly later: (f: () => void) => void = (f) => void setTimeout(f, 0),
  ) {}

  get running(): boolean {
    return this.busy;
  }

  /** For the Stepper: is this slice over? */
  readonly sliceOver = (): boolean => this.asked || performance.now() >= this.deadline;

  /** Runs a command to its stop, or until it fails. The first slice runs at once. */
  run(command: Command, done: (stop: Stop) => void, failed: (e: unknown) => void): void {
    const mine = ++this.generation;
    const begun = this.moves();
    this.busy = true;
    this.asked = false;
    const slice = (): void => {
      if (mine !== this.generation) return;
      this.deadline = performance.now() + SLICE;
      let stop: Stop;
      try {
        stop = command();
      } catch (e) {
        this.busy = false;
        return failed(e);
      }
      const made = this.moves() - begun;
      if (stop.k === "paused" && !this.asked && made > LIMIT) stop = { k: "limit", steps: made };
      if (stop.k === "paused" && !this.asked) return this.later(slice);
      this.busy = false;
      done(stop);
    };
    slice();
  }

  /** Keeps commands away during other work; gives the function that lets them in again. */
  hold(): () => void {
    const mine = ++this.generation;
    this.busy = true;
    this.asked = false;
    return () => {
      if (mine === this.generation) this.busy = false;
    };
  }

  /** Was the present command or work asked to end? */
  get givenUp(): boolean {
    return this.asked;
  }

  /** Ends the present command at its next move. */
  pause(): void {
    this.asked = true;
  }

  /** Forgets the present command. */
  cancel(): void {
    this.generation++;
    this.asked = true;
    this.busy = false;
  }
}
