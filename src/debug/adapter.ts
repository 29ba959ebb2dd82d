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
import { customRequest } from "./custom-requests";
import { messageOf, NoSimulation } from "./debug-error";
import { Debuggee } from "./debuggee";
import type { DebugHost } from "./host";
import { launchRequests } from "./launch/launch-requests";
import type { Reply, Requests } from "./reply";
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
    ];
    this.requests = new Map(rooms.flatMap((room) => Object.entries(room)));
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const { command } = request;
    const answer = this.requests.get(command);
    if (answer) this.answer(new Response(request), () => answer(request.arguments as never), !quiet.has(command));
    else super.dispatchRequest(request);
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

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    this.answer(response, () => ({ body: customRequest(this.debuggee, command, args) }));
  }

  /** Sends a request's response: at once, or when the reply is there. */
  private answer(response: DebugProtocol.Response, work: () => Reply | Promise<Reply>, showUser = true): void {
    const failed = (e: unknown): void =>
      this.sendErrorResponse(response, {
        id: 1,
        format: "{_why}",
        variables: { _why: messageOf(e) },
        showUser: showUser && !(e instanceof NoSimulation),
      });
    const succeeded = ({ body, after }: Reply): void => {
      if (body !== undefined) response.body = body;
      this.sendResponse(response);
      after?.();
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
}
