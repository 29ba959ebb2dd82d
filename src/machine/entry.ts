/** How a CPU gets into the kernel: an action of the scenario begins, or an interrupt is taken. */
import { t } from "@vscode/l10n";
import { USER_PCID } from "../kernel/ctype";
import { wrappers, type Program } from "../kernel/ir";
import { vectors } from "../kernel/primitives/vocabulary";
import type { Action } from "../scenario/scenario";
import { entryOf } from "./requirements/applies";
import type { Observer } from "./effects";
import type { StoreBuffers } from "./hardware/store-buffers";
import { idleTask, type Layout } from "./layout";
import type { Code, LinkedFn } from "./link";
import { needsRmapLock } from "./requirements/rmap";
import type { Stack } from "./stack";
import { interruptInfo, pageAddress, W, type State } from "./state";
import { LayoutError } from "./structs";

export class Entry {
  private readonly layout: Layout;
  private readonly program: Program;
  private readonly fns: ReadonlyMap<string, LinkedFn>;
  private readonly vectorHandler: LinkedFn | undefined;
  private readonly rmapLock: boolean;

  constructor(
    private readonly code: Code,
    private readonly stack: Stack,
    private readonly buffers: StoreBuffers,
  ) {
    this.layout = code.layout;
    this.program = code.layout.program;
    this.fns = code.fns;
    this.rmapLock = needsRmapLock(code.layout.scenario);
    this.vectorHandler = code.fns.get(vectors[0].handler);
  }

  /** CPU `c` begins an action: the one with this index in its `does`. */
  action(s: State, c: number, index: number, o: Observer): void {
    const { action } = this.layout.scenario.cpus[c].does[index];
    const [name, args] = this.functionFor(s, c, action);
    this.enter(s, c, name, args, action.do !== "touch");
    o.effect?.({ k: "action", index });
  }

  /**
   * CPU `c` calls a function of the environment; where user mode has page tables of its own, by way of the kernel's if
   * it enters `asKernel`. Throws a LayoutError when there is no such function.
   */
  enter(s: State, c: number, name: string, args: number[], asKernel: boolean): void {
    const fn = this.fns.get(name);
    if (!fn) throw new LayoutError(`${name}() isn't there: the environment file is incomplete.`);
    const wrapper = asKernel && this.program.isolated ? this.fns.get(wrappers.action) : undefined;
    this.stack.push(s, c, wrapper ?? fn, wrapper ? [fn.entry, ...args] : args, 0, 0);
  }

  /** CPU `c` takes the flush interrupt with this vector. */
  vector(s: State, c: number, vector: number, o: Observer): void {
    const l = this.layout;
    s[l.cpu[c] + W.vectors] &= ~(1 << vector);
    const handler = this.vectorHandler;
    if (!handler) return this.unhandled(c, o);
    const regs = l.percpu[c] + l.percpuOffset.get("irq_regs")!;
    // The kernel keeps the negated vector in orig_ax (arch/x86/kernel/entry_64.S).
    s[l.fieldAt(regs, "pt_regs", "orig_ax")] = ~(this.program.vectorBase + vector);
    this.interrupt(s, c, handler, regs, interruptInfo("vector", vector), o);
    o.effect?.({ k: "take", vector, fn: handler.name });
  }

  /** CPU `c` takes the interrupt by which CPU `from` asks for a function call. */
  call(s: State, c: number, from: number, o: Observer): void {
    const sender = this.layout.cpu[from];
    s[sender + W.callQueued] &= ~(1 << c);
    const fn = this.code.fnOf[s[sender + W.callFn]];
    if (!fn) return this.unhandled(c, o);
    this.interrupt(s, c, fn, s[sender + W.callInfo], interruptInfo("call", from), o);
    o.effect?.({ k: "take", from, fn: fn.name });
  }

  private unhandled(c: number, o: Observer): void {
    if (this.program.noHandler !== undefined) o.unknown?.(this.program.noHandler);
    const why = t(
      "CPU{0} takes an interrupt that no function handles: open the file that defines {1}().",
      c,
      vectors[0].handler,
    );
    o.violation({ property: "oops", cpu: c, why });
  }

  /** The handler runs on top of what this CPU runs, interrupts off. */
  private interrupt(s: State, c: number, handler: LinkedFn, arg: number, info: number, o: Observer): void {
    const cpu = this.layout.cpu[c];
    this.buffers.drainAll(s, c, o); // the processor empties its buffer when it takes an interrupt
    const wrapper = s[cpu + W.pcid] & USER_PCID ? this.fns.get(wrappers.interrupt) : undefined;
    this.stack.push(s, c, wrapper ?? handler, wrapper ? [handler.entry, arg] : [arg], s[cpu + W.pc], info);
    s[cpu + W.irqsOn] = 0;
  }

  /** The function for an action on an mm that may not be the running task's: under its lock where that can end. */
  private locked(a: Action): string {
    return this.rmapLock ? `${entryOf(a)}_locked` : entryOf(a);
  }

  /** The environment's function for an action, and its arguments. */
  private functionFor(s: State, c: number, a: Action): [string, number[]] {
    const l = this.layout;
    const mmOf = (name: string) => l.mmNames.indexOf(name);
    const own = l.mmIndex(s[l.mmOf(s[l.cpu[c] + W.current])]);
    const address = (m: number, page: string) => pageAddress(Math.max(0, l.scenario.mms[m]?.pages.indexOf(page) ?? 0));
    switch (a.do) {
      case "schedule":
        return [entryOf(a), [l.tasks.get(a.task)!]];
      case "touch":
        return [entryOf(a), [address(own, a.page)]];
      case "munmap":
      case "munmap_table":
      case "mmap":
        return [entryOf(a), [l.vmas[own] ?? 0, address(own, a.page)]];
      case "reclaim":
        return [this.locked(a), [l.vmas[mmOf(a.mm)], address(mmOf(a.mm), a.page)]];
      case "global_asid":
        return [this.locked(a), [this.rmapLock ? l.vmas[mmOf(a.mm)] : l.mms[mmOf(a.mm)]]];
      case "exec":
        return [entryOf(a), [l.mms[mmOf(a.mm)]]];
      case "exit":
        return [entryOf(a), [l.tasks.get(idleTask(c))!]];
    }
  }
}
