/** The C that is read: plain objects with places in their file, free of the parser that made them. */
import type { SourceFile } from "../source";
import type { TypeRef } from "../declarators";

export interface Node {
  file: SourceFile;
  start: number;
  end: number;
}

export type Expr = Node &
  /** `type` is that of a literal that is no int; `wide`: its value, where that has more than the 32 bits of `value`. */
  (
    | { k: "num"; value: number; type?: string; wide?: bigint }
    | { k: "str" }
    | { k: "id"; name: string }
    | { k: "unary"; op: "-" | "+" | "!" | "~" | "*" | "&"; e: Expr }
    | { k: "step"; op: "++" | "--"; prefix: boolean; e: Expr }
    | { k: "bin"; op: string; l: Expr; r: Expr }
    | { k: "assign"; op: string; l: Expr; r: Expr }
    | { k: "cond"; c: Expr; a?: Expr; b: Expr }
    | { k: "call"; fn: Expr; args: Expr[] }
    | { k: "member"; e: Expr; field: string; arrow: boolean }
    | { k: "index"; e: Expr; i: Expr }
    | { k: "cast"; type: TypeRef; e: Expr }
    | { k: "sizeof"; type?: TypeRef; e?: Expr }
    | { k: "comma"; l: Expr; r: Expr }
    | { k: "stmts"; body: Stmt[] }
    | { k: "init"; items: InitItem[] }
    /** `(struct s){ … }`. */
    | { k: "literal"; type: TypeRef; init: Expr & { k: "init" } }
    /** `_Generic(of, type: value, default: value)`; a choice without a type is the default. */
    | { k: "generic"; of: Expr; choices: { type?: TypeRef; value: Expr }[] }
    | { k: "offsetof"; type: TypeRef; field: string }
    | { k: "type"; type: TypeRef }
    /** Something that can't be read or isn't supported; `why` says which. */
    | { k: "bad"; why: string }
  );

/** One value of an initializer list; without a designator it is for the next member or element. */
export interface InitItem {
  field?: string;
  index?: Expr;
  /** The last of a range of elements, `[1 ... 3] = v`. */
  last?: Expr;
  value: Expr;
}

export interface LocalDecl extends Node {
  type: TypeRef;
  /** Members, when the type is a struct defined on the spot. */
  structBody?: string;
  name: string;
  init?: Expr;
  isStatic: boolean;
  /** It names a variable of a file, and declares none of the function's own. */
  isExtern: boolean;
  /** `__free(name)`: what cleans the variable up where its scope ends. */
  free?: string;
}

export type Stmt = Node &
  (
    | { k: "expr"; e: Expr }
    | { k: "decl"; decls: LocalDecl[] }
    | { k: "if"; c: Expr; then: Stmt; else?: Stmt }
    | { k: "while"; c: Expr; body: Stmt }
    | { k: "do"; c: Expr; body: Stmt }
    | { k: "for"; init?: Stmt; c?: Expr; step?: Expr; body: Stmt }
    /** for_each_cpu(cpu, mask) and its like: the macro's name and arguments. */
    | { k: "each"; macro: string; args: Expr[]; body: Stmt }
    | { k: "switch"; e: Expr; body: Stmt }
    /** `case value:`, `case value ... last:`, or `default:`. */
    | { k: "case"; value?: Expr; last?: Expr; body: Stmt[] }
    | { k: "goto"; label: string }
    | { k: "label"; label: string; body?: Stmt }
    | { k: "return"; e?: Expr }
    | { k: "break" }
    | { k: "continue" }
    | { k: "block"; body: Stmt[] }
    | { k: "empty" }
    /** Inline assembly: its template, the values that it is given, and how many it gives. */
    | { k: "asm"; template: string; inputs: Expr[]; outputs: number }
    | { k: "bad"; why: string }
  );
