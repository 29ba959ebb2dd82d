/**
 * Random walks: executions in which each next move is drawn at random. They show what a scenario is like, and find
 * failures in spaces that are too large to be searched; that they find none proves nothing.
 */
import type { Observer } from "../../machine/effects";
import { W } from "../../machine/layout";
import { isInterrupt, isSpontaneous, moveCpu, type Machine, type Move, type State } from "../../machine/machine";
import { placeOf } from "../../machine/view/narrate";
import type { Finding } from "./finding";

/** How moves are drawn. */
export interface WalkOptions {
  /** The probability that the CPU that moved last goes on: near 1 for executions that are easy to follow. */
  stay: number;
  /** The probability of a speculative fill, where one is possible. */
  fill: number;
  /** Give a walk up after this many moves. */
  maxDepth: number;
}

export interface Walk {
  moves: Move[];
  /** The first property that its last move violated. */
  broken: Finding | undefined;
  /** All CPUs have done what the scenario asks. */
  complete: boolean;
}

/** A source of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function drawsFrom(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Executes a move in place, and reports what it violates. */
export type Apply = (s: State, m: Move, violation: Observer["violation"]) => void;

/** One walk, to the end of the scenario or to a violation. */
export function walk(
  machine: Machine,
  draw: () => number,
  { stay, fill, maxDepth }: WalkOptions,
  apply: Apply = (s, m, violation) => machine.applyTo(s, m, { violation }),
): Walk {
  const start = machine.initial();
  const s = start.state;
  const moves: Move[] = [];
  let broken: Finding | undefined = start.violations[0] && { ...start.violations[0], moves: [] };
  let last = -1;
  const choose = (from: readonly Move[]): Move => from[Math.floor(draw() * from.length)];
  while (!broken && moves.length < maxDepth) {
    const all = machine.moves(s);
    const fills = all.filter(isSpontaneous);
    const others = all.filter((m) => !isSpontaneous(m));
    if (others.length === 0) break;
    const own = others.filter((m) => moveCpu(m) === last);
    const m =
      fills.length && draw() < fill ? choose(fills) : own.length && draw() < stay ? choose(own) : choose(others);
    moves.push(m);
    last = moveCpu(m);
    apply(s, m, (v) => (broken ??= { property: v.property, why: v.why, moves: [...moves] }));
  }
  return { moves, broken, complete: !broken && machine.scenario.cpus.every((_, c) => !machine.hasStep(s, c)) };
}

/** What distinguishes executions at a glance: which interrupts were taken, and where. */
function storyOf(machine: Machine, moves: readonly Move[]): string {
  const { state } = machine.initial();
  const ignore = { violation: () => undefined };
  return moves
    .flatMap((m) => {
      const place = placeOf(machine, state[machine.layout.cpu[moveCpu(m)] + W.pc]);
      machine.applyTo(state, m, ignore);
      return isInterrupt(m) ? [`${m}@${place ? `${place.fn}:${place.line}` : "-"}`] : [];
    })
    .join();
}

const SAMPLE: WalkOptions = { stay: 0.85, fill: 0, maxDepth: 5_000 };
/** Walks that are made for each sample that is wanted. */
const TRIES = 12;

export interface Samples {
  /**
   * A few executions from the start to the end of the scenario, no two with the same interrupts taken at the same
   * places.
   */
  ended: Move[][];
  /** One that was cut off before its end. */
  unfinished: Move[] | undefined;
}

/** At most `most` sample executions; the same ones each time. */
export function samplesOf(machine: Machine, most: number): Samples {
  const draw = drawsFrom(1);
  const shown = new Map<string, Move[]>();
  let unfinished: Move[] | undefined;
  for (let n = 0; n < most * TRIES && shown.size < most && !unfinished; n++) {
    const w = walk(machine, draw, SAMPLE);
    if (!w.complete) {
      if (w.moves.length >= SAMPLE.maxDepth) unfinished = w.moves;
      continue;
    }
    const story = storyOf(machine, w.moves);
    if (!shown.has(story)) shown.set(story, w.moves);
  }
  return { ended: [...shown.values()], unfinished };
}

const HUNT: WalkOptions = { stay: 0.6, fill: 0.1, maxDepth: 5_000 };

/**
 * Walks until `enough` says so, and keeps the shortest violation of each property. Yields after each walk, with the
 * number of moves made so far.
 */
export function* randomWalks(
  machine: Machine,
  seed: number,
  enough: (walks: number) => boolean,
): Generator<number, Map<string, Finding>> {
  const draw = drawsFrom(seed);
  const found = new Map<string, Finding>();
  let made = 0;
  for (let n = 0; !enough(n); n++) {
    const { broken, moves } = walk(machine, draw, HUNT);
    made += moves.length;
    if (broken && moves.length < (found.get(broken.property)?.moves.length ?? Infinity))
      found.set(broken.property, broken);
    yield made;
  }
  return found;
}
