/**
 * What the grammar takes and C doesn't, or what its trees hold and their readers leave out: each node that is read is
 * looked at here, too, so that whatever is in it is either read or told of.
 */
import type { Node as TsNode } from "web-tree-sitter";
import { blankAnnotations } from "../declarators";
import { NOT_C } from "./tree-reader";

/** Words that are never names: where the grammar has one as a name, it has joined two statements, or lost one's end. */
const keywords = new Set(
  (
    "if else while for do switch case default break continue return goto sizeof struct union enum static extern " +
    "typedef void int long short unsigned signed char const volatile auto register inline restrict float double " +
    "_Bool _Alignas _Alignof _Atomic _Complex _Generic _Imaginary _Noreturn _Thread_local asm __asm __asm__ " +
    "__inline __inline__ __volatile __volatile__ __attribute __attribute__ __alignof __alignof__ __extension__"
  ).split(" "),
);

const NOT_READ = "TLBscope doesn't read this: leave it out, or write it in plain C.";
const OPERAND = "An assignment is no operand: put it in brackets.";

/** Where the grammar takes an assignment without brackets, and C doesn't: by the parent's kind, the fields. */
const operands: Record<string, readonly string[]> = {
  binary_expression: ["left", "right"],
  unary_expression: ["argument"],
  pointer_expression: ["argument"],
  update_expression: ["argument"],
  cast_expression: ["value"],
  sizeof_expression: ["value"],
  conditional_expression: ["condition", "alternative"],
  subscript_expression: ["argument"],
  field_expression: ["argument"],
  call_expression: ["function"],
};

const isStorageClass = (word: string): boolean => /^(?:extern|static|auto|register)$/.test(word);

/** Does a node stand in one of these fields of its parent? */
const standsIn = (n: TsNode, fields: readonly string[]): boolean =>
  fields.some((field) => n.parent?.childForFieldName(field)?.id === n.id);

/**
 * Why C doesn't have this node, or nobody reads it; undefined where neither is so. `text` gives a node's as its file
 * has it; a macro's body has parameters, of which anything may become.
 */
export function notC(n: TsNode, text: (n: TsNode) => string, inMacro: boolean): string | undefined {
  switch (n.type) {
    case "identifier":
    case "type_identifier":
    case "field_identifier":
    case "statement_identifier":
      // A macro's parameter may be named so.
      return keywords.has(text(n)) && !(inMacro && isStorageClass(text(n)))
        ? `"${text(n)}" can't stand here.`
        : undefined;
    case "ms_call_modifier":
    case "ms_declspec_modifier":
    case "ms_based_modifier":
    case "ms_pointer_modifier":
    case "attribute_declaration":
    case "alignas_qualifier":
      return NOT_READ;
    case "assignment_expression":
      return standsIn(n, operands[n.parent?.type ?? ""] ?? []) ? OPERAND : undefined;
    case "do_statement":
      // The names of iterator macros are `while` to the grammar.
      return n.children.some((c) => c?.type === "while" && !text(c).startsWith("while"))
        ? "A do statement ends with while (…): it is missing here."
        : undefined;
    case "sizeof_expression":
      // sizeof (type) value
      return n.childForFieldName("value")?.type === "cast_expression" ? NOT_C : undefined;
    case "concatenated_string":
      return !inMacro && n.namedChildren.some((c) => c?.type === "identifier" && /^[a-z]/.test(text(c)))
        ? "A name stands beside a string here: a comma or an operator is missing."
        : undefined;
    case "array_declarator":
      return n.children.some((c) => c?.type === "static" || c?.type === "type_qualifier") ? NOT_READ : undefined;
    case "sized_type_specifier": {
      const type = n.childForFieldName("type");
      return type?.type === "type_identifier" && !inMacro && blankAnnotations(text(type)).trim()
        ? "A type has one name: an operator, a comma or a semicolon is missing."
        : undefined;
    }
    case "declaration":
      if (n.children.some((c) => c?.type === "gnu_asm_expression")) return NOT_READ;
      return n.children.filter((c) => c && isStorageClass(text(c))).length > 1 ? NOT_C : undefined;
    case "type_descriptor":
      return n.parent?.type !== "sizeof_expression" && n.descendantsOfType("field_declaration_list").length
        ? NOT_READ
        : undefined;
    default:
      return undefined;
  }
}
