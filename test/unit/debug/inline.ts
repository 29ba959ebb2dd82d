/** A debug adapter in this very process, given whatever a client could send. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { readFileSync } from "node:fs";
import path from "node:path";
import { nodeParser, packageRoot, shippedFiles } from "../../../src/cli/node-host";
import { TlbscopeDebugSession } from "../../../src/debug/adapter";
import type { DebugHost } from "../../../src/debug/host";

const host: DebugHost = {
  parser: nodeParser,
  files: () => Promise.resolve(shippedFiles()),
  scenario: (id) => {
    const uri = path.join(packageRoot(), "walkthroughs", "scenarios", `${id}.yaml`);
    return Promise.resolve({ uri, text: readFileSync(uri, "utf8") });
  },
  opens: () => true,
};

export class Inline {
  private readonly session = new TlbscopeDebugSession(host);
  private readonly waiting = new Map<unknown, (r: DebugProtocol.Response) => void>();
  private seq = 0;
  /** Names of the events that were sent. */
  readonly events: string[] = [];

  constructor() {
    this.session.onDidSendMessage((message) => {
      // As on a pipe: what can't be written down can't be sent.
      const m = JSON.parse(JSON.stringify(message)) as DebugProtocol.Response | DebugProtocol.Event;
      if ("event" in m) this.events.push(m.event);
      else {
        this.waiting.get(m.request_seq)?.(m);
        this.waiting.delete(m.request_seq);
      }
    });
  }

  /** The response to a request, whatever it is; fails when none comes. */
  send(command: unknown, args?: unknown): Promise<DebugProtocol.Response> {
    const seq = ++this.seq;
    return new Promise((resolve, reject) => {
      const patience = setTimeout(
        () => reject(new Error(`No answer to ${JSON.stringify(command)} ${JSON.stringify(args)}.`)),
        10_000,
      );
      this.waiting.set(seq, (r) => {
        clearTimeout(patience);
        resolve(r);
      });
      this.session.handleMessage({ seq, type: "request", command, arguments: args } as DebugProtocol.Request);
    });
  }

  /** Any message at all. */
  raw(message: unknown): void {
    this.session.handleMessage(message as DebugProtocol.ProtocolMessage);
  }

  /** The message with which a request is refused. */
  async refusal(command: unknown, args?: unknown): Promise<string> {
    const { success, message } = await this.send(command, args);
    if (success) throw new Error(`${JSON.stringify(command)} ${JSON.stringify(args)} was to be refused, and was not.`);
    return message ?? "";
  }
}

/** An adapter that runs `lazy-return` on the built-in edition. */
export async function running(config: object = { scenario: "lazy-return" }): Promise<Inline> {
  const adapter = new Inline();
  await adapter.send("initialize", { adapterID: "tlbscope" });
  await adapter.send("launch", config);
  await adapter.send("configurationDone");
  return adapter;
}
