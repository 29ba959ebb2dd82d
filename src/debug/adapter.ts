/**
 * The debug adapter: passes each request to the function that answers it, and sends the response. The functions stand
 * in the rooms beside what they use; the running session is the debuggee's.
 */
import { DebugSession, Response } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { breakpointRequests } from "./breakpoints/breakpoint-requests";
import { capabilities } from "./capabilities";
import { Client } from "./client";
import { consoleRequests } from "./console/console-requests";
import { customRequests } from "./custom-requests";
import { DebugError, messageOf, NoSimulation } from "./debug-error";
import { Debuggee } from "./debuggee";
import type { DebugHost } from "./host";
import { launchRequests } from "./launch/launch-requests";
import type { Reply, Requests } from "./reply";
import { argumentsOf } from "./request-arguments";
import { runRequests } from "./run/run-requests";
import { stackRequests } from "./stack/stack-requests";
import { valueRequests } from "./values/value-requests";

/** A hover over what is no expression shows no error; nor does a word that has no completions. */
const quiet = new Set(["evaluate", "completions"]);

export class TlbscopeDebugSession extends DebugSession {
  private readonly client = new Client((event) => this.sendEvent(event));
  private readonly debuggee = new Debuggee(this.client);
  private readonly requests: ReadonlyMap<string, Requests[string]>;

  constructor(host: DebugHost) {
    super();
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
    const { client, debuggee } = this;
    const rooms: Requests[] = [
      launchRequests(host, client, debuggee),
      runRequests(client, debuggee),
      breakpointRequests(debuggee),
      stackRequests(debuggee),
      valueRequests(debuggee),
      consoleRequests(debuggee),
      customRequests(debuggee),
    ];
    this.requests = new Map(rooms.flatMap((room) => Object.entries(room)));
    // Text that isn't JSON is no reason to end: only a pipe that is broken is.
    this.removeAllListeners("error");
    this.on("error", ({ body }: DebugProtocol.Event) => {
      if (!String(body).startsWith("Error handling data")) return this.shutdown();
      this.client.say(`A message of the client's couldn't be read. ${String(body)}`);
    });
  }

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    if (typeof message === "object" && message !== null) super.handleMessage(message);
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const { command } = request;
    let args: object;
    try {
      args = argumentsOf(command, request.arguments);
      if (this.debuggee.ended && command !== "disconnect")
        throw new DebugError("This session has ended. Start another one.");
    } catch (e) {
      return this.refuse(new Response(request), e, command === "launch");
    }
    const answer = this.requests.get(command);
    if (answer) this.answer(new Response(request), () => answer(args as never), !quiet.has(command));
    // What is left is done by the two functions below. Paths, not URIs, are what the protocol takes unless told so.
    else super.dispatchRequest({ ...request, arguments: { pathFormat: "path", ...args } });
  }

  protected override initializeRequest(
    response: DebugProtocol.InitializeResponse,
    args: DebugProtocol.InitializeRequestArguments,
  ): void {
    this.client.showsProgress = args.supportsProgressReporting === true;
    response.body = capabilities;
    this.sendResponse(response);
  }

  protected override disconnectRequest(
    response: DebugProtocol.DisconnectResponse,
    args: DebugProtocol.DisconnectArguments,
  ): void {
    this.debuggee.end();
    // On standard input and output, the process ends with it.
    super.disconnectRequest(response, args);
  }

  /** Sends a request's response: at once, or when the reply is there. */
  private answer(response: DebugProtocol.Response, work: () => Reply | Promise<Reply>, showUser: boolean): void {
    const failed = (e: unknown): void => this.refuse(response, e, showUser && !(e instanceof NoSimulation));
    const succeeded = ({ body, after }: Reply): void => {
      if (body !== undefined) response.body = body;
      this.sendResponse(response);
      try {
        after?.();
      } catch (e) {
        this.client.say(messageOf(e), "important");
      }
    };
    let reply: Reply | Promise<Reply>;
    try {
      reply = work();
    } catch (e) {
      return failed(e);
    }
    if (reply instanceof Promise) reply.then(succeeded, failed);
    else succeeded(reply);
  }

  private refuse(response: DebugProtocol.Response, e: unknown, showUser: boolean): void {
    this.sendErrorResponse(response, { id: 1, format: "{_why}", variables: { _why: messageOf(e) }, showUser });
  }
}
