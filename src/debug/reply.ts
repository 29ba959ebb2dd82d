/** How requests are answered: each by a function under its name in the protocol, in the room that it belongs to. */

/** The answer to a request. */
export interface Reply {
  /** The response's body; absent where the protocol has none. */
  body?: unknown;
  /** Done once the response is sent: a client takes a stop only after the answer to the request that led to it. */
  after?(): void;
}

/** The functions of one room. What they throw becomes the message of an error response. */
export type Requests = Record<string, (args: never) => Reply | Promise<Reply>>;
