/** What names mean in the open files: functions, macros, variables, enumerators, types. */
import type { Expr, Stmt } from "../syntax/tree/ast";
import type { Config, Macro } from "../syntax/conditionals";
import { INT, VOID, type CType } from "../ctype";
import { num, type Value } from "../ir";
import { reportWide, type Output } from "../lower/output";
import { usualHeader } from "../primitives/usual-header";
import { constants, dispatches } from "../primitives/vocabulary";
import type { Settings } from "../settings";
import { readTypeName } from "../syntax/declarators";
import type { FunctionItem } from "../syntax/items";
import type { CParser } from "../syntax/tree/parse";
import type { ReadFile } from "../syntax/read-file";
import type { SourceFile, Span } from "../syntax/source";
import { Constants, type Names, type UnknownBeginning } from "./constants";
import { Enums } from "./enums";
import { Types } from "./types";
import { Variables } from "./variables";

export class Symbols implements Names {
  readonly types: Types;
  readonly enums = new Enums((name) => this.constants.numberNamed(name));
  readonly constants: Constants = new Constants(this);
  readonly variables: Variables;
  private readonly functions = new Map<string, FunctionItem>();
  /** Of functions that a file defines more than once, the last definition. */
  private readonly secondDefinitions = new Map<string, FunctionItem>();
  private readonly macros = new Map<string, Macro>();
  private readonly macroBodies = new Map<Macro, Stmt[]>();
  /** Unknowns of macros whose text can't be read as C, by their indices: each use rests on them. */
  private readonly lostText = new Map<Macro, number[]>();
  private readonly texts = new Map<SourceFile, string>();

  /** `files` come in order of preference: the first definition of a name stands. */
  constructor(
    readonly parser: CParser,
    readonly files: ReadFile[],
    readonly config: Config,
    readonly platform: "native" | "xen",
    readonly settings: Settings,
    private readonly out: Output,
  ) {
    this.types = new Types((text) => this.constants.dimension(text));
    this.variables = new Variables(this.types, this.constants, out);
    for (const f of files) {
      this.texts.set(f.file, f.text);
      // `#define f f` only lets the preprocessor ask whether there is a function f.
      for (const [name, macro] of f.macros)
        if (!this.macros.has(name) && macro.body.trim() !== name) this.macros.set(name, macro);
      for (const item of f.items) {
        if (item.kind === "function") {
          const first = this.functions.get(item.name);
          if (!first) this.functions.set(item.name, item);
          else if (first.file === item.file) this.secondDefinitions.set(item.name, item);
        } else if (item.kind === "enum") this.enums.add(item);
        else if (item.kind === "decl" && /^\s*typedef\b/.test(item.text)) this.types.declareTypedef(item.text);
        else if (item.kind === "decl") this.variables.add(item);
      }
    }
    for (const f of files)
      for (const item of f.items)
        if (item.kind === "struct")
          for (const name of item.names) this.types.declare(name.replace(/^(struct|union) /, ""), item.body);
  }

  /** A file's text with inactive lines and comments blanked. */
  textOf(file: SourceFile): string {
    return this.texts.get(file)!;
  }

  /** Lines between two places of a file that include another one. */
  includesBetween(file: SourceFile, start: number, end: number): Span[] {
    const all = this.files.find((f) => f.file === file)?.includes ?? [];
    return all.filter((span) => span.start >= start && span.end <= end);
  }

  // --- functions ---

  hasFunction(name: string): boolean {
    return this.functions.has(name);
  }

  functionNamed(name: string): FunctionItem | undefined {
    return this.functions.get(name);
  }

  /** May a function be called with any number of arguments? `f()` says nothing of them. */
  isVariadic(name: string): boolean {
    const item = this.functions.get(name);
    if (!item) return true;
    const list = this.textOf(item.file).slice(item.nameStart + name.length, item.bodyStart);
    return /\.\.\.|^\s*\(\s*\)/.test(list);
  }

  useFunction(name: string): void {
    this.out.useFunction(name);
  }

  /** The last definition of a function that its file defines more than once, under options that are all set. */
  secondDefinition(name: string): FunctionItem | undefined {
    return this.secondDefinitions.get(name);
  }

  /** What a function always returns, where that is all it does: the hooks of options that are off. */
  constantFunction(name: string): number | undefined {
    const item = this.functions.get(name);
    if (!item || item.end - item.bodyStart > 40) return undefined;
    const m = /^\{\s*return\s+(true|false|\d+)\s*;\s*\}$/.exec(this.textOf(item.file).slice(item.bodyStart, item.end));
    return m ? (m[1] === "true" ? 1 : m[1] === "false" ? 0 : Number(m[1])) : undefined;
  }

  returnType(name: string): CType {
    const item = this.functions.get(name);
    return !item || item.returns === "void" ? VOID : this.types.resolve(readTypeName(item.returns));
  }

  /**
   * The open files' function that a call of this name reaches, or "nothing" for a paravirt hook that native kernels
   * leave empty.
   */
  dispatch(name: string): string | "nothing" | undefined {
    const d = dispatches[name];
    const target = d ? d[this.platform] : name;
    if (target === undefined) return "nothing";
    if (this.functions.has(target)) return target;
    return this.functions.has(name) ? name : undefined;
  }

  // --- macros ---

  macro(name: string): Macro | undefined {
    const macro = this.macros.get(name);
    // A file's variable goes before what headers usually define.
    return macro?.file === usualHeader && !macro.params && this.variables.isDeclared(name) ? undefined : macro;
  }

  get allMacros(): ReadonlyMap<string, Macro> {
    return this.macros;
  }

  /** A macro that a call of this name would expand, when no function of that name comes first. */
  callableMacro(name: string): Macro | undefined {
    return this.functions.has(name) ? undefined : this.macros.get(name);
  }

  /** A macro's body as statements; a single one of kind `expr` where it is an expression. */
  macroBody(macro: Macro): Stmt[] {
    let body = this.macroBodies.get(macro);
    if (!body) {
      const parameters = new Set(macro.params);
      const parsed = this.parser.macro({ file: macro.file, start: macro.start, text: macro.body, parameters });
      this.macroBodies.set(macro, (body = parsed.stmts.filter((s) => s.k !== "empty")));
      const lost = this.out.gatherUnknowns(() => this.out.reportLostText(parsed.problems));
      if (lost.length) this.lostText.set(macro, lost);
    }
    for (const n of this.lostText.get(macro) ?? []) this.out.mark?.(n);
    return body;
  }

  // --- variables, fields and constants ---

  isGlobal(name: string): boolean {
    return this.variables.global(name) !== undefined;
  }

  /** The field's own name (aliases resolved) and type; the program uses it from now on. */
  useField(struct: string, field: string): { name: string; type: CType; known: boolean } {
    const f = this.types.field(struct, field);
    this.out.useField(struct, f.name, f.type);
    return f;
  }

  reportCircle({ name, file, nameStart, end }: Macro): void {
    this.out.errorInDeclaration(
      { file, start: nameStart, end },
      `The macro ${name} uses itself: it has no value, and counts as 0.`,
    );
  }

  unknownBeginning(beginning: UnknownBeginning): void {
    this.out.unknownBeginnings.push(beginning);
  }

  reportWide(e: Expr): void {
    reportWide(this.out, e);
  }

  /** How often time passes in this session. */
  get timePasses(): number {
    return Math.max(0, this.settings.time_passes ?? 0);
  }

  /** The value of a name that is a constant: an enumerator, an option that is set, or one of the vocabulary's. */
  constantNamed(name: string): { v: Value; t: CType } | undefined {
    if (this.variables.isDeclared(name) || (name === "jiffies" && this.timePasses > 0)) return undefined;
    const e = this.enums.valueOf(name);
    if (e !== undefined) return { v: num(e), t: INT };
    const option = name.startsWith("CONFIG_") ? this.config.get(name) : undefined;
    if (option !== undefined) return { v: num(option), t: INT };
    const c = constants[name];
    if (c === undefined) return undefined;
    if (this.macros.has(name) && c.fallback) return undefined;
    return { v: c.v, t: c.type ?? INT };
  }

  /** Remembers that cells of this kind are compared with or set to a named constant, for showing their values. */
  nameValue(key: string, e: Expr): void {
    if (e.k !== "id") return;
    const macro = this.macros.get(e.name);
    const value = macro ? (macro.params ? undefined : this.constants.numberNamed(e.name)) : this.enums.valueOf(e.name);
    if (value !== undefined) this.out.nameValue(key, value, e.name);
  }
}
