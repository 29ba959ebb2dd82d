// The commands of tours, and what the tour that is being taken says.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Said } from "../../src/extension/tours/tour-commands";

/** Runs a command of TLBscope's by its name. */
export const run = (command: string, ...args: unknown[]) =>
  vscode.commands.executeCommand(`tlbscope.${command}`, ...args);
/** What the tour says now, if one is being taken. */
export const said = () => vscode.commands.executeCommand<Said | undefined>("tlbscope.tour.said");

/** What the tour says now; there has to be one. */
export async function now(): Promise<Said> {
  const shown = await said();
  assert.ok(shown, "no tour speaks");
  return shown;
}
