/** Scopes and what they hold: a tree of named values, made as far as the reader opens it. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { formatValue } from "../../machine/cells";
import type { FrameRef } from "../../machine/evaluate";
import { cpuItems } from "./cpu-scope";
import { DebugError } from "../debug-error";
import { localItems, type Item } from "./named-values";
import { machineItems } from "./machine-scope";
import type { Session } from "../session";
import { typeName } from "./c-type-text";
import { parseValue } from "./typed-value";

/** Numbers for what can be opened. They hold until the machine moves. */
export class Variables {
  private opened: (() => Item[])[] = [];

  constructor(private readonly session: Session) {}

  /** Forgets all numbers. */
  clear(): void {
    this.opened = [];
  }

  scopes(cpu: number, frame: FrameRef | undefined): DebugProtocol.Scope[] {
    const { sim } = this.session;
    const scope = (name: string, children: () => Item[], hint?: string): DebugProtocol.Scope => ({
      name,
      variablesReference: this.reference(children),
      expensive: false,
      presentationHint: hint,
    });
    return [
      ...(frame ? [scope("Locals", () => localItems(sim, frame), "locals")] : []),
      scope("This CPU", () => cpuItems(sim, cpu), "registers"),
      scope("Machine", () => machineItems(sim)),
    ];
  }

  children(reference: number): DebugProtocol.Variable[] {
    return this.items(reference).map((i) => this.shown(i));
  }

  /** The item of that name among those that a number stands for. */
  find(reference: number, name: string): Item {
    const item = this.items(reference).find((i) => i.name === name);
    if (!item) throw new DebugError(`There is no ${name} here any more: the machine has moved on.`);
    return item;
  }

  shown(i: Item): DebugProtocol.Variable {
    return {
      name: i.name,
      value: i.value,
      type: i.type && typeName(i.type),
      evaluateName: i.evaluateName,
      variablesReference: this.reference(i.children),
      presentationHint: i.cell === undefined && !i.children ? { attributes: ["readOnly"] } : undefined,
    };
  }

  /** Writes a value that the reader typed, and gives the item as it is then. The history forks here. */
  set(item: Item, text: string, evaluated: (text: string) => number | { error: string }): string {
    const { layout: l } = this.session.machine;
    if (item.cell === undefined || !item.type)
      throw new DebugError(`${item.name} can't be set: it is worked out from other values. Set one of those instead.`);
    let value = parseValue(l, item.type, item.key, text);
    if (typeof value !== "number") {
      const worked = evaluated(text);
      if (typeof worked !== "number") throw new DebugError(`${item.name} can't be set. ${value.error}`);
      value = worked;
    }
    this.session.edit(item.cell, value);
    return l.cells[item.cell] ? l.format(item.cell, value) : formatValue(item.type, item.key, value, l);
  }

  /** A number for what can be opened; 0 for nothing. */
  reference(children: (() => Item[]) | undefined): number {
    return children ? this.opened.push(children) : 0;
  }

  private items(reference: number): Item[] {
    // A client may still ask for values of the step before, while it hears of the next: they are gone, which is no
    // mistake.
    return this.opened[reference - 1]?.() ?? [];
  }
}
