/** Declarations of local variables, from tree-sitter's tree to our own. */
import type { Node as TsNode } from "web-tree-sitter";
import type { Expr, LocalDecl } from "./ast";
import { readDeclarators, readTypeName, type TypeRef } from "../declarators";
import type { TreeReader } from "./tree-reader";

/** What a pointer to a function that is declared so returns and takes. */
const signature = (type: string, declarator: string): TypeRef["fn"] =>
  readDeclarators(`${type} ${declarator.split("=")[0]}`)[0]?.type.fn ?? true;

export function readLocals(r: TreeReader, n: TsNode): LocalDecl[] {
  const typeNode = n.childForFieldName("type");
  const declarators = n.namedChildren.filter(
    (c) => c && /declarator$|^identifier$/.test(c.type) && c.id !== typeNode?.id,
  ) as TsNode[];
  if (!typeNode) return [];
  const isStatic = n.namedChildren.some((c) => c?.type === "storage_class_specifier" && r.text(c) === "static");
  const structNode = /^(struct|union)_specifier$/.test(typeNode.type) ? typeNode.childForFieldName("body") : null;
  // A lock that a macro defines and initialises.
  const base = /^DEFINE_(?:RAW_)?(?:SPINLOCK|RWLOCK|MUTEX)$/.test(r.text(typeNode))
    ? "spinlock_t"
    : structNode
      ? r.text(typeNode).split("{")[0].trim() || "struct"
      : readTypeName(r.text(typeNode)).base;
  return declarators.flatMap((d) => {
    let pointers = 0;
    let fn = false;
    const dims: string[] = [];
    let init: Expr | undefined;
    let node: TsNode | null = d;
    while (node && node.type !== "identifier") {
      if (node.type === "init_declarator") {
        const value = node.childForFieldName("value");
        if (value) init = r.expr(value);
      } else if (node.type === "pointer_declarator") pointers++;
      else if (node.type === "array_declarator") {
        const size = node.childForFieldName("size");
        dims.unshift(size ? r.text(size).trim() : "");
      } else if (node.type === "function_declarator") fn = true;
      node =
        node.childForFieldName("declarator") ??
        node.namedChildren.find((c) => c && /declarator$|^identifier$/.test(c.type)) ??
        null;
    }
    if (!node || (fn && pointers === 0)) return []; // a prototype declares nothing to run
    if (node.isMissing) {
      r.report(node, "A variable's name is missing here.");
      return [];
    }
    return [
      {
        ...r.span(d),
        type: { base, pointers, dims, fn: fn ? signature(r.text(typeNode), r.text(d)) : undefined },
        structBody: structNode ? r.text(structNode).slice(1, -1) : undefined,
        name: r.text(node),
        init,
        isStatic,
        free: /\b__free\s*\(\s*(\w+)\s*\)/.exec(r.text(d).split("=")[0])?.[1],
      },
    ];
  });
}
