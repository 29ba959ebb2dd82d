/**
 * Puts a debug session into the states that a tour talks about. The reader may step on in it; the next step of the
 * tour comes back.
 */
import * as vscode from "vscode";
import type { SourceFile } from "../../kernel/syntax/source";
import type { Move } from "../../machine/machine";
import type { MemoryOrder } from "../../scenario/scenario";
import { threadOf } from "../../debug/stack/threads";
import type { PanelState } from "../../panel/messages";
import type { Launcher } from "./launcher";
import type { Sessions } from "./sessions";
import type { Copies } from "../source/source-copies";

interface Wanted {
  /** Its machine, or what else stands for it: a session of the same one is used again. */
  machine: object;
  /** What a launch configuration calls the scenario. */
  scenario: string;
  /** Memory order, instead of the scenario's own. */
  order?: MemoryOrder;
  /** Settings over the scenario's own. */
  settings?: Readonly<Record<string, number>>;
  /** The tree to launch, when it is to run as it is. */
  tree?: string;
  /** The files to run, and what they are copies of, when there is no such tree. */
  files: SourceFile[];
  originals: SourceFile[];
  /** The tree that such copies are from. */
  root?: string;
  moves: Move[];
  cpu: number;
  /** Where the moves break a promise: stands at the statement at which that is decided, with the rest ahead. */
  decisive?: boolean;
}

/** A session that takes longer than this to say where it stands has failed, and has said so itself. */
const patience = 20_000;

/** So long, in milliseconds, an editor is waited for that is to show a frame; it may be shown already. */
const usual = 700;

export class Driver {
  private own: { session: vscode.DebugSession; machine: object } | undefined;
  /** The step that the session was last put at. */
  private put: number | undefined;
  private readonly cameLate = new vscode.EventEmitter<void>();
  /** The editor has gone to the frame only after drive() had ended, and so in front of what was shown since. */
  readonly onDidShowLate = this.cameLate.event;
  private awaited: vscode.Disposable | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly launcher: Launcher,
    private readonly copies: Copies,
  ) {}

  /**
   * Brings a session of this machine to the end of the moves, or to what decides them; starts one if none runs. False
   * when none could be started.
   */
  async drive(wanted: Wanted): Promise<boolean> {
    const { own, sessions } = this;
    this.put = undefined;
    if (!own || own.session !== sessions.current || own.machine !== wanted.machine) {
      if (!(await this.launch(wanted))) return false;
    }
    const { moves, cpu, decisive } = wanted;
    const shown = this.shows(decisive ? undefined : cpu);
    const { stuck, step } = await sessions.request("tlbscope.follow", { moves, cpu, decisive });
    if (stuck !== undefined)
      throw new Error(
        vscode.l10n.t(
          "The session can't do what the tour does at move {0} of {1}. Start the tour again.",
          stuck + 1,
          moves.length,
        ),
      );
    this.put = step;
    await shown;
    return true;
  }

  /** Does the session stand elsewhere than where the tour put it? */
  isAway(state: PanelState | undefined): boolean {
    return (
      this.put !== undefined &&
      (state === undefined || this.sessions.current !== this.own?.session || state.step !== this.put)
    );
  }

  private async launch({ machine, scenario, order, settings, tree, files, originals, root }: Wanted): Promise<boolean> {
    const before = this.sessions.current;
    const first = this.until((state) => state !== undefined && this.sessions.current !== before);
    if (
      !(await this.launcher.launch({
        scenario,
        order,
        settings,
        tree: tree ?? this.copies.keep({ files, originals, root }),
        stopOnEntry: true,
      }))
    )
      return false;
    await first;
    const session = this.sessions.current;
    if (!session || session === before) return false;
    this.own = { session, machine };
    return true;
  }

  private until(there: (state: PanelState | undefined) => boolean): Promise<void> {
    return settled((done) => this.sessions.onDidChangeState((state) => there(state) && done()), patience);
  }

  /**
   * Until the editor has gone to this CPU's frame, or to any where none is named: whoever shows something else in
   * front of it comes after. A slow editor isn't waited for, but its coming is told by onDidShowLate.
   */
  private shows(cpu: number | undefined): Promise<void> {
    this.awaited?.dispose();
    return new Promise((resolve) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        resolve();
      }, usual);
      const listening = vscode.debug.onDidChangeActiveStackItem((item) => {
        if (!item || (cpu !== undefined && item.threadId !== threadOf(cpu)) || !("frameId" in item)) return;
        listening.dispose();
        clearTimeout(timer);
        // A frame of the reader's own step is where the reader wants to be.
        if (late && !this.isAway(this.sessions.state)) this.cameLate.fire();
        resolve();
      });
      this.awaited = listening;
    });
  }
}

/** Resolves when the listener calls, or after some milliseconds. */
function settled(listen: (done: () => void) => vscode.Disposable, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      listening.dispose();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const listening = listen(done);
  });
}
