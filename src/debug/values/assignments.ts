/** Sets values by hand, in the Variables view, in a watch or in the console. The history forks there. */
import { DebugError } from "../debug-error";
import type { Debuggee } from "../debuggee";
import { evaluateText, type Context } from "./expressions";
import type { Item } from "./named-values";

/** Sets an item to what the reader typed for it, a value or an expression; gives the value as it is shown then. */
export function setItem(debuggee: Debuggee, item: Item, text: string, context: Context): string {
  return debuggee.variables.set(item, text, (t) => {
    const found = evaluateText(context, t);
    return "error" in found ? found : found.value;
  });
}

/** Sets what a C expression stands for. */
export function assign(debuggee: Debuggee, target: string, value: string, context: Context): string {
  const found = evaluateText(context, target);
  if ("error" in found) throw new DebugError(found.error);
  if (found.cell === undefined) throw new DebugError(`${target} can't be set: it has no place of its own in memory.`);
  const known = context.machine.layout.cells[found.cell];
  const item = { name: target, value: found.shown, type: known?.type ?? found.type, key: known?.key, cell: found.cell };
  return setItem(debuggee, item, value, context);
}
