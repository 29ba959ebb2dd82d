/**
 * Blocks and what is done where they end: guard(), scoped_guard() and __free() act on every path out, also by return,
 * break and goto.
 */
import type { Node, Stmt } from "../../syntax/tree/ast";
import type { Scope } from "./control-flow";
import type { Lowering } from "../lowering";
import { neverEnds } from "./reach";

/** Lowers what `body` lowers as a block that ends at `end`; its cleanups are a step at `brace`, if it has one. */
export function scoped<T>(x: Lowering, of: readonly Stmt[], end: number, brace: Node | undefined, body: () => T): T {
  x.b.enterScope(end);
  x.flow.scopes.push({ of, cleanups: [] });
  const value = body();
  const scope = x.flow.scopes.at(-1)!;
  if (scope.cleanups.length > 0 && !(of.length > 0 && neverEnds(x, of.at(-1)!))) {
    if (brace) x.begin(brace);
    runCleanups(scope);
    x.b.finishStatement();
  }
  x.flow.scopes.pop();
  x.b.leaveScope();
  return value;
}

/** The `}` of a block. */
export const closingBrace = (n: Node): Node => ({ file: n.file, start: n.end - 1, end: n.end });

const runCleanups = (scope: Scope): void => {
  for (const cleanup of [...scope.cleanups].reverse()) cleanup();
};

/** Has any block deeper than `depth` something to clean up? */
export const hasCleanups = (x: Lowering, depth = 0): boolean =>
  x.flow.scopes.slice(depth).some((s) => s.cleanups.length > 0);

/** Runs the cleanups of the blocks deeper than `depth`, innermost first. */
export function unwind(x: Lowering, depth: number): void {
  for (let i = x.flow.scopes.length - 1; i >= depth; i--) runCleanups(x.flow.scopes[i]);
}

/** How many of the blocks around here a jump to this label stays in. */
export function depthOfLabel(x: Lowering, label: string): number {
  const inside = x.flow.labelBlocks.get(label);
  if (!inside) return x.flow.scopes.length;
  let depth = x.flow.scopes.length;
  while (depth > 0 && !inside.has(x.flow.scopes[depth - 1].of)) depth--;
  return depth;
}

/** For each label of a function, the blocks that it stands in. */
export function labelBlocks(stmts: readonly Stmt[]): Map<string, Set<readonly Stmt[]>> {
  const found = new Map<string, Set<readonly Stmt[]>>();
  const walk = (list: readonly Stmt[], outer: readonly (readonly Stmt[])[]): void => {
    const here = [...outer, list];
    const one = (s: Stmt | undefined): void => {
      if (!s) return;
      switch (s.k) {
        case "label":
          found.set(s.label, new Set(here));
          return one(s.body);
        case "block":
          return walk(s.body, here);
        case "if":
          one(s.then);
          return one(s.else);
        case "while":
        case "do":
        case "for":
        case "switch":
          return one(s.body);
        case "each":
          return s.body.k === "block" ? one(s.body) : walk([s.body], here);
        case "case":
          for (const inner of s.body) one(inner);
      }
    };
    for (const s of list) one(s);
  };
  walk(stmts, []);
  return found;
}
