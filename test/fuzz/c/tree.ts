/** Generated C as a tree, so that a failing program can be made smaller without breaking its syntax. */

/** An expression (of an integer type) or a statement; `parts` are its text and what stands in it, in order. */
export interface Node {
  kind: "expression" | "statement";
  parts: readonly (string | Node)[];
}

const node =
  (kind: Node["kind"]) =>
  (strings: TemplateStringsArray, ...values: (string | Node | readonly Node[])[]): Node => ({
    kind,
    parts: strings.flatMap((s, i) => {
      const value = i < values.length ? values[i] : "";
      const list: readonly (string | Node)[] = typeof value === "string" || "kind" in value ? [value] : spaced(value);
      return [s, ...list].filter((part) => part !== "");
    }),
  });

const spaced = (list: readonly Node[]): (string | Node)[] => list.flatMap((n, i) => (i === 0 ? [n] : [" ", n]));

/** ex`(${a} + ${b})` is an expression, st`${a} = ${b};` a statement. */
export const ex = node("expression");
export const st = node("statement");

export const textOf = (n: Node): string => n.parts.map((p) => (typeof p === "string" ? p : textOf(p))).join("");

const size = (n: Node): number => n.parts.reduce((sum, p) => sum + (typeof p === "string" ? 1 : size(p)), 1);

/** Nodes below this one that can stand in its place: its children, or theirs if they are of another kind. */
function standIns(n: Node): Node[] {
  return n.parts.flatMap((p) =>
    typeof p === "string" ? [] : p.kind === n.kind ? [p] : standIns({ ...p, kind: n.kind }),
  );
}

const constants = [ex`0`, ex`1`];
const nothing = st`;`;

/** Every tree that comes of one simplification of this one. */
export function simpler(n: Node): Node[] {
  const here =
    n.kind === "statement"
      ? [...standIns(n), ...(textOf(n) === ";" ? [] : [nothing])]
      : [...standIns(n), ...(size(n) > 2 ? constants : [])];
  const within = n.parts.flatMap((p, i) =>
    typeof p === "string"
      ? []
      : simpler(p).map((q) => ({ ...n, parts: [...n.parts.slice(0, i), q, ...n.parts.slice(i + 1)] })),
  );
  return [...here, ...within];
}
