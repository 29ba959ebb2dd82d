/**
 * An account of a text that was parsed: what the grammar could not place, what it took for something that C isn't, and
 * what stands behind the part that is read. Whatever is listed here would otherwise vanish from the program.
 */
import type { Node as TsNode } from "web-tree-sitter";
import { notC } from "./strict";
import { NOT_C } from "./tree-reader";

export interface Lost {
  node: TsNode;
  message: string;
}

/**
 * Lists what is lost in a tree whose part `body` is read, that of a macro or of a function; `text` gives a node's text
 * as the file has it.
 */
export function lostIn(root: TsNode, body: TsNode, text: (n: TsNode) => string, inMacro: boolean): Lost[] {
  const lost: Lost[] = [];
  if (body.endIndex < root.endIndex)
    lost.push({ node: body.lastChild ?? body, message: "This bracket closes the code too early: the rest is lost." });
  walk(body, (n) => {
    const message = problemOf(n, text, inMacro);
    if (message === undefined) return true;
    lost.push({ node: n, message });
    return false;
  });
  return lost;
}

/** Visits a node and those below it, as far as `visit` says so; without recursion, for trees may be deep. */
function walk(from: TsNode, visit: (n: TsNode) => boolean): void {
  const waiting = [from];
  for (let n = waiting.pop(); n; n = waiting.pop()) {
    if (!visit(n)) continue;
    waiting.push(...n.children.filter((c) => c !== null).reverse());
  }
}

function problemOf(n: TsNode, text: (n: TsNode) => string, inMacro: boolean): string | undefined {
  if (n.isMissing) return /[;{}()[\]]/.test(n.type) ? `A "${n.type}" is missing here.` : NOT_C;
  if (n.isError) return NOT_C;
  switch (n.type) {
    case "macro_type_specifier":
      return "This reads as a type made by a macro: a semicolon is missing behind the call, or the type isn't known.";
    case "function_declarator":
      return isLostCall(n)
        ? "This reads as a function's declaration: an operator or a semicolon is missing before it, or move the " +
            "declaration out of the function."
        : undefined;
    case "declaration":
      return n.childForFieldName("type") ? notC(n, text, inMacro) : NOT_C;
    default:
      return notC(n, text, inMacro);
  }
}

/**
 * `flags = f(x);` without its operator reads as a function's declaration. One that is meant so names types that only
 * types have (`int`, `struct s *`), or is `extern`.
 */
function isLostCall(n: TsNode): boolean {
  let declaration = n.parent;
  while (declaration && /declarator$/.test(declaration.type)) declaration = declaration.parent;
  // A pointer to a function is a variable.
  if (n.childForFieldName("declarator")?.type === "parenthesized_declarator" || declaration?.type !== "declaration")
    return false;
  if (declaration.children.some((c) => c?.type === "storage_class_specifier" && c.text === "extern")) return false;
  const types = [declaration, ...(n.childForFieldName("parameters")?.namedChildren ?? [])].map((d) =>
    d?.childForFieldName("type"),
  );
  return types.some((t) => !t || !/^(primitive_type|(struct|union|enum|sized_type)_specifier)$/.test(t.type));
}
