/**
 * Blocks and what is done where they end: guard(), scoped_guard() and __free() act however control leaves, also by
 * return, break and goto.
 */
import type { Expr, Node, Stmt } from "../syntax/ast";
import { neverEnds } from "./known";
import type { Lower } from "./lower";

/** A block that is being lowered. */
export interface Scope {
  /** Its statements; a label inside is told by them. */
  of: readonly Stmt[];
  /** What is done at its end, in the order of the declarations; it is done in the opposite one. */
  cleanups: (() => void)[];
}

/** Lowers what `body` lowers as a block that ends at `end`; its cleanups are a step at `brace`, if it has one. */
export function scoped<T>(x: Lower, of: readonly Stmt[], end: number, brace: Node | undefined, body: () => T): T {
  x.b.enterScope(end);
  x.scopes.push({ of, cleanups: [] });
  const value = body();
  const scope = x.scopes.at(-1)!;
  if (scope.cleanups.length > 0 && !(of.length > 0 && neverEnds(x, of.at(-1)!))) {
    if (brace) x.begin(brace);
    runCleanups(scope);
    x.b.finishStatement();
  }
  x.scopes.pop();
  x.b.leaveScope();
  return value;
}

/** The `}` of a block. */
export const closingBrace = (n: Node): Node => ({ file: n.file, start: n.end - 1, end: n.end });

const runCleanups = (scope: Scope): void => {
  for (const cleanup of [...scope.cleanups].reverse()) cleanup();
};

/** Has any block outside this depth something to clean up? */
export const cleansUp = (x: Lower, depth = 0): boolean => x.scopes.slice(depth).some((s) => s.cleanups.length > 0);

/** Does what the blocks deeper than `depth` do at their ends, innermost first. */
export function unwind(x: Lower, depth: number): void {
  for (let i = x.scopes.length - 1; i >= depth; i--) runCleanups(x.scopes[i]);
}

/** How many of the blocks around here a jump to this label stays in. */
export function depthOfLabel(x: Lower, label: string): number {
  const inside = x.labelBlocks.get(label);
  if (!inside) return x.scopes.length;
  let depth = x.scopes.length;
  while (depth > 0 && !inside.has(x.scopes[depth - 1].of)) depth--;
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

/** The same expression or statement with some expressions replaced by others. */
export function rewrite<T>(node: T, change: (e: Expr) => Expr | undefined): T {
  if (Array.isArray(node)) return node.map((n) => rewrite<unknown>(n, change)) as T;
  if (typeof node !== "object" || node === null) return node;
  const changed = "k" in node ? change(node as unknown as Expr) : undefined;
  if (changed) return changed as T;
  return Object.fromEntries(
    Object.entries(node).map(([key, v]) => [
      key,
      key === "file" || key === "type" ? (v as unknown) : rewrite<unknown>(v, change),
    ]),
  ) as T;
}
