/** Declarations of local variables, from tree-sitter's tree to our own. */
import type { Node as TsNode } from "web-tree-sitter";
import type { Expr, LocalDecl } from "./ast";
import { readDeclarators, readTypeName, type TypeRef } from "../declarators";
import type { TreeReader } from "./tree-reader";

/** What a pointer to a function that is declared so returns and takes. */
const signature = (type: string, declarator: string): TypeRef["fn"] =>
  readDeclarators(`${type} ${declarator.split("=")[0]}`)[0]?.type.fn ?? true;

/** A declarator, from the outside in: what it makes of the type that stands before it. */
interface Shape {
  name: TsNode | null;
  pointers: number;
  dims: string[];
  /** Is it a function, or are the pointers to one? */
  fn: boolean;
  /** Is it something that no TypeRef can be? */
  unread: boolean;
  init?: Expr;
}

function shapeOf(r: TreeReader, declarator: TsNode): Shape {
  const shape: Shape = { name: null, pointers: 0, dims: [], fn: false, unread: false };
  let node: TsNode | null = declarator;
  while (node && node.type !== "identifier") {
    if (node.type === "init_declarator") {
      const value = node.childForFieldName("value");
      if (value) shape.init = r.expr(value);
    } else if (node.type === "pointer_declarator") {
      shape.pointers++;
      // A pointer to an array.
      if (shape.dims.length) shape.unread = true;
    } else if (node.type === "array_declarator") {
      const size = node.childForFieldName("size");
      shape.dims.unshift(size ? r.text(size).trim() : "");
    } else if (node.type === "function_declarator") {
      // A function that gives a pointer to another one, or an array.
      if (shape.fn || shape.dims.length) shape.unread = true;
      shape.fn = true;
      shape.pointers = 0; // those before it are what it returns
    }
    node =
      node.childForFieldName("declarator") ??
      node.namedChildren.find((c) => c && /declarator$|^identifier$/.test(c.type)) ??
      null;
  }
  shape.name = node;
  return shape;
}

export function readLocals(r: TreeReader, n: TsNode): LocalDecl[] {
  const typeNode = n.childForFieldName("type");
  const declarators = n.namedChildren.filter(
    (c) => c && /declarator$|^identifier$/.test(c.type) && c.id !== typeNode?.id,
  ) as TsNode[];
  if (!typeNode) return [];
  const isStorage = (word: string): boolean =>
    n.namedChildren.some((c) => c?.type === "storage_class_specifier" && r.text(c) === word);
  const isStatic = isStorage("static"),
    isExtern = isStorage("extern");
  const structNode = /^(struct|union)_specifier$/.test(typeNode.type) ? typeNode.childForFieldName("body") : null;
  // A lock that a macro defines and initialises.
  const base = /^DEFINE_(?:RAW_)?(?:SPINLOCK|RWLOCK|MUTEX)$/.test(r.text(typeNode))
    ? "spinlock_t"
    : structNode
      ? r.text(typeNode).split("{")[0].trim() || "struct"
      : readTypeName(r.text(typeNode)).base;
  return declarators.flatMap((d) => {
    const { name, pointers, dims, fn, unread, init } = shapeOf(r, d);
    if (!name || (fn && pointers === 0 && !unread && !init)) return []; // a prototype declares nothing to run
    if (name.isMissing) {
      r.report(name, "A variable's name is missing here.");
      return [];
    }
    if (unread || (fn && pointers === 0))
      r.report(d, "TLBscope doesn't read variables of this type: use a pointer to an element, or to one function.");
    return [
      {
        ...r.span(d),
        type: { base, pointers, dims, fn: fn ? signature(r.text(typeNode), r.text(d)) : undefined },
        structBody: structNode ? r.text(structNode).slice(1, -1) : undefined,
        name: r.text(name),
        init,
        isStatic,
        isExtern,
        free: /\b__free\s*\(\s*(\w+)\s*\)/.exec(r.text(d).split("=")[0])?.[1],
      },
    ];
  });
}
