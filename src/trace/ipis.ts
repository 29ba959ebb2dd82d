/**
 * Interrupts between CPUs, and flushes that they broadcast, followed through a trace in their four stages: queued,
 * delivered, handled, acknowledged.
 */
import { t } from "@vscode/l10n";
import { positionAt } from "../kernel/syntax/source";
import { FRAME, W } from "../machine/layout";
import { broadcastOf, carryOut, moveCpu, MoveKind, moveKind, takeCall, takeVector } from "../machine/machine";
import { invalidated } from "../machine/view/narrate";
import { handling } from "../machine/view/describe";
import type { IpiView } from "../machine/view/view";
import type { Trace } from "./trace";

interface Tracked {
  from: number;
  to: number;
  kind: "vector" | "call" | "broadcast";
  /** Vector, the sender of a call, or a broadcast's place among its sender's. */
  n: number;
  what: string;
  stage: IpiView["stage"];
  sentAt: number;
}

/**
 * The interrupts that matter at the trace's cursor: all that are pending, and those acknowledged since their
 * sender last moved on.
 */
export function ipisAt(trace: Trace): IpiView[] {
  const { machine } = trace;
  const { layout: l } = machine;
  const tracked: Tracked[] = [];
  for (let i = 1; i <= trace.cursor; i++) {
    const entry = trace.entry(i);
    if (entry.cause.k !== "move") continue;
    const c = moveCpu(entry.cause.move);
    const before = trace.entry(i - 1).state;
    if (moveKind(entry.cause.move) === MoveKind.broadcast) {
      const { from, slot } = broadcastOf(entry.cause.move);
      const done = tracked.find(
        (x) => x.to === c && x.kind === "broadcast" && x.stage === "queued" && x.from === from && x.n === slot,
      );
      if (done) done.stage = "acknowledged";
      continue;
    }
    for (const e of entry.effects) {
      switch (e.k) {
        case "sendVector":
        case "sendCall": {
          // What was acknowledged to this sender is over once it sends again.
          for (let k = tracked.length - 1; k >= 0; k--)
            if (tracked[k].from === c && tracked[k].stage === "acknowledged") tracked.splice(k, 1);
          const what =
            e.k === "sendCall"
              ? t({
                  message: "call {0}",
                  args: [`${l.fnName(e.fn) ?? t("a function")}(${l.objectAt(e.info)})`],
                  comment: "an interrupt that asks for a function call",
                })
              : t({
                  message: "flush {0}",
                  args: [flushed(trace, i)],
                  comment: "an interrupt that asks to flush this mm",
                }).trimEnd();
          for (let to = 0; to < l.cpuCount; to++)
            if ((e.to >> to) & 1)
              tracked.push({
                from: c,
                to,
                kind: e.k === "sendCall" ? "call" : "vector",
                n: e.k === "sendCall" ? c : e.vector,
                what,
                stage: "queued",
                sentAt: i,
              });
          break;
        }
        case "broadcast": {
          for (let k = tracked.length - 1; k >= 0; k--)
            if (tracked[k].from === c && tracked[k].stage === "acknowledged") tracked.splice(k, 1);
          const what = `INVLPGB ${invalidated(e.what)}`;
          for (let to = 0; to < l.cpuCount; to++)
            tracked.push({ from: c, to, kind: "broadcast", n: e.slot, what, stage: "queued", sentAt: i });
          break;
        }
        case "take": {
          const t = tracked.find(
            (x) =>
              x.to === c &&
              x.stage === "queued" &&
              (e.vector !== undefined ? x.kind === "vector" && x.n === e.vector : x.kind === "call" && x.n === e.from),
          );
          if (t) t.stage = "delivered";
          break;
        }
        case "eoi":
        case "flush":
        case "cr3": {
          const irq = handling(machine, before, c);
          const t =
            irq && tracked.find((x) => x.to === c && x.stage === "delivered" && x.kind === irq.kind && x.n === irq.n);
          if (t) t.stage = "handled";
          break;
        }
        case "write": {
          // The handler takes its own CPU out of a set that isn't an mm's: that is what the sender waits for.
          const cell = l.cells[e.cell];
          const irq = handling(machine, before, c);
          if (
            irq &&
            e.locked &&
            cell?.type.k === "int" &&
            cell.type.role === "mask" &&
            cell.key !== "mm_struct.cpumask" &&
            e.old & ~e.value & (1 << c)
          ) {
            const t = tracked.find(
              (x) =>
                x.to === c &&
                x.kind === irq.kind &&
                x.n === irq.n &&
                (x.stage === "delivered" || x.stage === "handled"),
            );
            if (t) t.stage = "acknowledged";
          }
          break;
        }
        case "iret": {
          const t = tracked.find(
            (x) =>
              x.to === c &&
              x.stage !== "queued" &&
              x.stage !== "acknowledged" &&
              (e.from !== undefined ? x.kind === "call" && x.n === e.from : x.kind === "vector" && x.n === e.vector),
          );
          if (t) t.stage = e.from !== undefined ? "acknowledged" : "handled";
          break;
        }
        case "actionDone":
          for (let k = tracked.length - 1; k >= 0; k--)
            if (tracked[k].from === c && tracked[k].stage === "acknowledged") tracked.splice(k, 1);
          break;
      }
    }
  }
  const s = trace.state;
  return tracked.map((t) => {
    // A TLB carries a broadcast out whatever its CPU does.
    if (t.kind === "broadcast")
      return {
        from: t.from,
        to: t.to,
        what: t.what,
        stage: t.stage,
        sentAt: t.sentAt,
        held: false,
        deliver: t.stage === "queued" ? carryOut(t.to, t.from, t.n) : undefined,
      };
    const on = s[l.cpu[t.to] + W.irqsOn] === 1 && s[l.cpu[t.to] + W.halted] === 0;
    return {
      from: t.from,
      to: t.to,
      what: t.what,
      stage: t.stage,
      sentAt: t.sentAt,
      held: t.stage === "queued" && !on,
      deliver: t.stage === "queued" && on ? (t.kind === "call" ? takeCall : takeVector)(t.to, t.n) : undefined,
    };
  });
}

/** ` A`: whose flush this is, read off the sender's own stack. */
function flushed(trace: Trace, index: number): string {
  const { layout: l } = trace.machine;
  const s = trace.entry(index).state;
  const sender = trace.entry(index).cause;
  if (sender.k !== "move") return "";
  // The flush functions have the mm and the address among their parameters: the innermost frames know.
  for (const f of trace.machine.stack(s, moveCpu(sender.move))) {
    const mm = f.fn.params.findIndex(
      (p) => p.type.k === "ptr" && p.type.to.k === "struct" && p.type.to.name === "mm_struct",
    );
    if (mm < 0) continue;
    return l.objectAt(s[f.fp + FRAME.size + mm]);
  }
  return "";
}

/** The place of an entry's step in the source, for the event list: file and line, or undefined. */
export function lineOf(trace: Trace, index: number): string | undefined {
  const e = trace.entry(index);
  if (e.cause.k !== "move") return undefined;
  const pc = trace.entry(index - 1).state[trace.machine.layout.cpu[moveCpu(e.cause.move)]];
  if (pc === 0) return undefined;
  const p = trace.machine.program.places[trace.machine.code.instrs[pc].src];
  return `${p.fn}, line ${positionAt(p.file, p.start).line}`;
}
