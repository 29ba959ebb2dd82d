/** What the client debugs: the running session, what lasts as long as it, and the events that follow its moves. */
import type { Stop } from "../trace/stepping";
import { Breakpoints } from "./breakpoints/breakpoints";
import type { Client } from "./client";
import { DebugError, messageOf, NoSimulation } from "./debug-error";
import type { Reply } from "./reply";
import { newsOf, type StopNews } from "./run/stops";
import { GotoTargets } from "./run/targets";
import type { Session } from "./session";
import { cpuOf, threadOf } from "./stack/threads";
import { Variables } from "./values/variables";

/** A session, and what belongs to it. */
interface Live {
  session: Session;
  /** What the client has opened in the Variables view. */
  variables: Variables;
  /** Lines that it may ask a CPU to go to. */
  targets: GotoTargets;
  /** Why the CPUs stand still now, when something was broken. */
  broken?: StopNews["broken"];
}

export class Debuggee {
  /** They belong to the client, and outlive a session. */
  readonly breakpoints: Breakpoints;
  private current: Live | undefined;
  /** The client has said goodbye: no session may begin. */
  ended = false;

  constructor(private readonly client: Client) {
    this.breakpoints = new Breakpoints((text) => client.say(text));
  }

  /** Takes a new session in place of the running one. */
  take(session: Session): void {
    this.cancel();
    this.current = { session, variables: new Variables(session), targets: new GotoTargets(session) };
  }

  /** Gives up what runs; the session can still be looked at. */
  cancel(): void {
    this.current?.session.cancel();
  }

  /** Gives up what runs, and forgets the session. */
  end(): void {
    this.ended = true;
    this.cancel();
    this.current = undefined;
  }

  /** The running session, if there is one. */
  get begun(): Session | undefined {
    return this.current?.session;
  }

  /** The running session. Throws NoSimulation when there is none, as does everything that needs it. */
  get session(): Session {
    return this.live.session;
  }

  get variables(): Variables {
    return this.live.variables;
  }

  get targets(): GotoTargets {
    return this.live.targets;
  }

  get broken(): StopNews["broken"] {
    return this.live.broken;
  }

  private get live(): Live {
    if (!this.current) throw new NoSimulation();
    return this.current;
  }

  /** The CPU of a thread. */
  cpu(thread: number): number {
    const { cpuCount } = this.session.machine.layout;
    const cpu = cpuOf(thread);
    if (cpu < 0 || cpu >= cpuCount)
      throw new DebugError(
        `There is no thread ${thread}: this scenario has ${cpuCount} CPUs, threads 1 to ${cpuCount}.`,
      );
    return cpu;
  }

  /** The reply to a request that sets CPUs going, which they do once it is sent. */
  running(start: () => void, body?: object): Reply {
    this.session.mustStand();
    return { body, after: () => this.go(start) };
  }

  /** Sets CPUs going. An error is reported, and they stand still again. */
  go(start: () => void): void {
    try {
      start();
    } catch (e) {
      this.failed(e);
    }
  }

  /** A command that couldn't go on: says why, and stops there. */
  readonly failed = (e: unknown): void => {
    this.client.say(messageOf(e), "important");
    this.stopped({ k: "paused" });
  };

  /** A command has ended: reports why, and what can be done now. */
  readonly stopped = (stop: Stop): void => {
    const news = newsOf(this.session.sim, stop);
    const hit = stop.k === "breakpoint" ? this.breakpoints.hit : undefined;
    this.session.notice = news.notice ?? hit?.text;
    if (news.notice !== undefined) this.client.say(news.notice);
    this.live.broken = news.broken;
    this.show(hit?.reason ?? news.reason, news.description, news.broken?.why ?? hit?.text, hit?.ids);
  };

  /** Another point of the history is shown. */
  moved(reason: string): void {
    this.live.broken = undefined;
    this.show(reason, this.session.state.sentence);
  }

  /** Something beside the machine changed, or a value was set by hand. */
  changed(): void {
    this.variables.clear();
    this.client.invalidated();
    this.looked();
  }

  /**
   * The reader looks at another CPU, and the client shows it already. Invalidated stacks would make the editor jump
   * back to the CPU that it looked at before.
   */
  looked(): void {
    this.client.state(this.session.state);
  }

  private show(reason: string, sentence: string, text?: string, hitBreakpointIds?: number[]): void {
    this.variables.clear();
    // A client shows the description on the thread's badge, which has room for a few words; the sentence is in the
    // panel.
    const words = reason === "exception" ? { description: sentence, text } : { text: text ?? sentence };
    this.client.stopped(reason, threadOf(this.session.selectedCpu), words, hitBreakpointIds);
    this.looked();
  }
}
