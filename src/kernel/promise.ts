/**
 * What a flush promises, read from the code. Without tlb_gen: when it has returned, no CPU holds a stale translation. A
 * kernel that counts flushes per mm and compares when it switches (commit 94b1b03b519b, 4.14) promises less, by design:
 * a CPU that isn't on the mm may keep stale translations, as it compares generations before it uses them.
 */
import { t } from "@vscode/l10n";
import type { FlushPromise, Fn } from "./ir";
import type { Settings } from "./settings";

/** The setting that decides between the two, whatever the code does. */
export const FLUSH_SETTING = "flush_at_once";

/**
 * The function below context_switch() that reads the mm's tlb_gen, where the CPU's own is read too (or, without PCIDs,
 * where a switch flushes anyway, written). Undefined where a switch compares none.
 */
export function generationsOf(fns: ReadonlyMap<string, Fn>): { fn: string } | undefined {
  const reached = reachedFrom(fns, "context_switch");
  const uses = (struct: string, ...ops: string[]) =>
    reached.find((f) =>
      f.code.some(
        (i) =>
          (i.op === "load" || i.op === "store") &&
          ops.includes(i.op) &&
          i.off.syms.some((s) => s.k === "field" && s.struct === struct && s.field === "tlb_gen"),
      ),
    );
  const own = uses("tlb_context", "load", "store"),
    shared = uses("mm_context", "load");
  return own && shared ? { fn: shared.name } : undefined;
}

export function flushPromise(fns: ReadonlyMap<string, Fn>, settings: Settings): FlushPromise {
  const compared = generationsOf(fns);
  if (Object.hasOwn(settings, FLUSH_SETTING))
    return {
      kind: settings[FLUSH_SETTING] ? "at once" : "before use",
      why: t("as the setting {0} says", FLUSH_SETTING),
    };
  if (!compared) return { kind: "at once", why: "" };
  return {
    kind: "before use",
    why: t(
      "as {0} keeps to the mm's tlb_gen when it goes on with an mm (the setting {1} asks for more)",
      `${compared.fn}()`,
      FLUSH_SETTING,
    ),
  };
}

/** The functions reachable by calls from `name`, itself first. Calls through pointers aren't followed. */
function reachedFrom(fns: ReadonlyMap<string, Fn>, name: string): Fn[] {
  const reached = new Set([name]);
  for (const at of reached) for (const i of fns.get(at)?.code ?? []) if (i.op === "call") reached.add(i.fn);
  return [...reached].flatMap((f) => fns.get(f) ?? []);
}
