/** What a story needs to know of an execution: what each step read, stored, and depends on (record.ts finds it). */
import type { Layout } from "../machine/layout";
import type { Machine } from "../machine/machine";

/**
 * Who runs: a CPU, and the step at which it took the interrupt that it handles, or 0. A handler and what it has
 * interrupted are as two CPUs to each other.
 */
export interface Agent {
  cpu: number;
  interrupt: number;
}

export const same = (a: Agent, b: Agent): boolean => a.cpu === b.cpu && a.interrupt === b.interrupt;

/** A step read a word of memory. */
export interface Read {
  step: number;
  by: Agent;
  cell: number;
  value: number;
  /** The store whose value it is; undefined for the value at the start. */
  from?: Store;
}

/** A step stored into a word of memory, at once or by way of its CPU's store buffer. */
export interface Store {
  step: number;
  by: Agent;
  cell: number;
  /** What was there before it reached memory. */
  old: number;
  value: number;
  /** The step by which it is in memory; Infinity where it never got there. */
  visible: number;
}

export interface Flow {
  /** By step: the steps that it depends on, each before it. */
  dependsOn: ReadonlyMap<number, ReadonlySet<number>>;
  /** By step. */
  reads: ReadonlyMap<number, readonly Read[]>;
  /** By step; those that it issued. */
  stores: ReadonlyMap<number, readonly Store[]>;
  /** By word of memory, in the order in which they were issued. */
  storesTo: ReadonlyMap<number, readonly Store[]>;
  agents: ReadonlyMap<number, Agent>;
  /** By step: the step that began the action or took the interrupt which it belongs to. */
  roots: ReadonlyMap<number, number>;
  /** By such a step: the step by which it was over, where the execution comes to that. */
  ends: ReadonlyMap<number, number>;
}

/** Does this store change one bit of a set of CPUs: that of the CPU which it is of? */
export function changesOwnBit({ layout: l }: Machine, { cell, old, value, by }: Store): boolean {
  return isSet(l, cell) && (old ^ value) === 1 << by.cpu;
}

/** Does this word hold a set of CPUs? */
export function isSet(l: Layout, cell: number): boolean {
  const type = l.cells[cell]?.type;
  return type?.k === "int" && type.role === "mask";
}
