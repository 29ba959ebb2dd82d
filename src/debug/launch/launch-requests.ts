/** The requests that begin a session, begin it again, and end it. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { missingOf } from "../../kernel/program-problems";
import type { Client } from "../client";
import { DebugError, messageOf, NoSimulation } from "../debug-error";
import type { Debuggee } from "../debuggee";
import type { DebugHost, LaunchConfig } from "../host";
import type { Requests } from "../reply";
import { runToLine } from "../run/line-search";
import { Session } from "../session";
import { launchConfig } from "./launch-arguments";
import { problemsOf } from "./problems";
import { buildSimulation } from "./simulation";

export function launchRequests(host: DebugHost, client: Client, debuggee: Debuggee) {
  const launches = new Launches(host, client, debuggee);
  return {
    launch: async (args: object) => {
      await launches.begin(launchConfig(args));
      client.initialized();
      return {};
    },
    configurationDone: () => {
      const { session } = debuggee;
      return { after: () => launches.enter(session) };
    },
    restart: async (args: DebugProtocol.RestartArguments) => {
      const session = await launches.beginAgain(args.arguments && launchConfig(args.arguments));
      return { after: () => launches.enter(session) };
    },
    terminate: () => {
      debuggee.cancel();
      return { after: () => client.terminated() };
    },
  } satisfies Requests;
}

/** Makes sessions, and remembers the configuration of the last one for a restart. */
class Launches {
  private config: LaunchConfig | undefined;

  constructor(
    private readonly host: DebugHost,
    private readonly client: Client,
    private readonly debuggee: Debuggee,
  ) {}

  /**
   * Reads everything and makes a new session of it, at the place that the configuration names. The present one stays
   * if that fails.
   */
  async begin(config: LaunchConfig): Promise<Session> {
    const { host, client, debuggee } = this;
    const sim = await buildSimulation(host, config);
    const session = new Session(sim, debuggee, (file) => host.opens(file));
    if (config.stopAt) await this.runTo(session, config.stopAt);
    if (debuggee.ended) throw new NoSimulation();
    this.config = config;
    debuggee.take(session);
    for (const b of debuggee.breakpoints.load(sim.machine, session.sources, sim.script)) client.breakpointChanged(b);
    const { lines, notice } = problemsOf(sim.program);
    for (const line of lines) client.say(line); // they are squiggles and a line in the panel, too
    const missing = missingOf(sim.program);
    const asked = missing.names.length > 0 && host.misses?.(config, missing, sim.program.files);
    // One question is enough, unless more is wrong than what is missing.
    session.notice = asked && sim.program.diagnostics.every((d) => d.code === "not-modelled") ? undefined : notice;
    return session;
  }

  /** Begins with another configuration, or with the last one. */
  async beginAgain(config = this.config): Promise<Session> {
    if (!config) throw new DebugError("Nothing was started yet that could be restarted.");
    return this.begin(config);
  }

  private async runTo(session: Session, stopAt: { file: string; line: number }): Promise<void> {
    try {
      await this.client.watched(`Searching ${session.sim.scenario.id} for line ${stopAt.line}`, (watch) =>
        runToLine(session, stopAt, watch),
      );
    } catch (e) {
      // When the source breaks before the scenario starts, that is what the reader has to see.
      if (session.trace.entry(0).violations.length === 0) throw e;
      this.client.say(messageOf(e), "important");
    }
  }

  /** Says where the session stands at its beginning, or lets it run. */
  enter(session: Session): void {
    const { config, debuggee } = this;
    const broken =
      session.trace.cursor > 0 ? undefined : session.trace.entry(0).violations.find(debuggee.breakpoints.stopsOn);
    if (broken)
      debuggee.stopped({
        k: "violation",
        violation: {
          ...broken,
          why: `${broken.why} Correct the source (what is typed counts, saved or not) and restart.`,
        },
      });
    else if (config?.stopOnEntry === false && !config.stopAt)
      debuggee.go(() => session.continue(undefined, debuggee.stopped));
    else debuggee.moved("entry");
  }
}
