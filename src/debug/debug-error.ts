/** Why a request could not be done, in words for the reader. */

/** Something that the reader has to put right before a session can begin or go on: what, where, and what to do. */
export class DebugError extends Error {}

/** A request that came before a simulation began, or after it ended: only the client has a use for the message. */
export class NoSimulation extends DebugError {
  constructor() {
    super("No simulation runs. Start one first.");
  }
}

export const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
