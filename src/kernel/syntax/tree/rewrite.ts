/** Changes to trees of C: expressions replaced by others. */
import type { Expr } from "./ast";

/**
 * The same expression, statement or list of them, with each expression for which `change` gives another replaced by it.
 */
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
