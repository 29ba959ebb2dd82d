/** What the reader has done for the first time: each completes a step of “Get started”. */
import * as vscode from "vscode";

/** A step of the walkthrough waits for the context key `tlbscope.did.…` of its milestone. */
type Milestone = "open" | "simulate" | "step" | "deliver" | "ask" | "tour";

const reached = new Set<Milestone>();

const setKey = (what: Milestone, is: boolean) =>
  vscode.commands.executeCommand("setContext", `tlbscope.did.${what}`, is);

/** Marks a step of the walkthrough as done, whether it is open or not. */
export function done(what: Milestone): void {
  if (reached.has(what)) return;
  reached.add(what);
  void setKey(what, true);
}

/**
 * Opens the walkthrough. VS Code minds only keys that become true while it knows of their steps, so those that are
 * true are set again.
 */
export async function withMilestones(open: () => Thenable<unknown>): Promise<void> {
  const all = [...reached];
  await Promise.all(all.map((what) => setKey(what, false)));
  await open();
  await Promise.all(all.map((what) => setKey(what, true)));
}
