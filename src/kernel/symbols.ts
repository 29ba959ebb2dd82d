/**
 * What names mean in the open files: functions, macros, variables, constants; and what lowering found out on the way.
 */
import type { Expr, LocalDecl, Node, Stmt } from "./syntax/ast";
import type { Config, Macro } from "./syntax/conditionals";
import { INT, LOCK, Types, VOID, type CType } from "./ctype";
import { Constants } from "./constants";
import { readDeclaration, type Declaration } from "./syntax/declarations";
import { readTypeName, type TypeRef } from "./syntax/declarators";
import { constant, num, type NotModelled, type Place, type Variable } from "./ir";
import { Enums } from "./enums";
import type { DeclItem, FunctionItem } from "./syntax/items";
import type { PendingCopy } from "./lower/aggregates";
import { lowerStmts } from "./lower/stmt";
import type { Lower } from "./lower/lower";
import { ZERO, type Lvalue, type Operand } from "./lower/operand";
import { sized } from "./lower/lower-types";
import type { CParser } from "./syntax/parse";
import { constants, dispatches, vocabularyGlobals, vocabularyPercpu } from "./primitives/vocabulary";
import type { ReadFile } from "./syntax/read-file";
import type { Setting, Settings } from "./settings";
import type { Diagnostic, SourceFile } from "./syntax/source";

/** Uses of macros, those inside others included, that one function may come to. */
const EXPANSION_LIMIT = 5_000;

export class Symbols {
  readonly types: Types;
  readonly places: Place[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly unmodelled: NotModelled[] = [];
  readonly fields = new Map<string, Map<string, CType>>();
  readonly enumerators = new Map<string, Map<number, string>>();
  readonly globals = new Map<string, Variable>();
  readonly percpus = new Map<string, Variable>();
  readonly wanted: string[] = [];
  /** Copies of structures, to be spelt out once all members are known. */
  readonly copies: PendingCopy[] = [];
  /** Settings that the source asked for. */
  readonly asked = new Map<string, Setting>();
  /** Variables that no open file declares: the reader was told at the first use. */
  readonly invented = new Set<string>();
  /** Functions of the environment that this kernel has nothing for, and what it lacks. */
  readonly lacks = new Map<string, string>();
  private readonly functions = new Map<string, FunctionItem>();
  /** Later definitions in the same file. */
  private readonly again = new Map<string, FunctionItem>();
  private readonly macros = new Map<string, Macro>();
  private readonly bodies = new Map<Macro, Stmt[]>();
  private readonly declarations = new Map<string, Declaration | undefined>();
  private readonly declItems: DeclItem[] = [];
  private readonly missing = new Map<string, { diagnostic: Diagnostic; members: Map<string, Set<string>> }>();
  private readonly statics = new Map<string, string>();
  readonly enums = new Enums((name) => this.values.numberNamed(name));
  private readonly texts = new Map<SourceFile, string>();
  /** What can be worked out before anything runs. */
  readonly values = new Constants(this);

  constructor(
    readonly parser: CParser,
    readonly files: ReadFile[],
    readonly config: Config,
    readonly platform: "native" | "xen",
    readonly settings: Settings = {},
  ) {
    this.types = new Types((text) => this.values.dimension(text));
    // Files come in order of preference: the first definition of a name stands.
    for (const f of files) {
      this.texts.set(f.file, f.text);
      // A macro of its own name only tells the preprocessor that there is such a function.
      for (const [name, macro] of f.macros)
        if (!this.macros.has(name) && macro.body.trim() !== name) this.macros.set(name, macro);
      for (const item of f.items) {
        if (item.kind === "function") {
          const first = this.functions.get(item.name);
          if (!first) this.functions.set(item.name, item);
          else if (first.file === item.file) this.again.set(item.name, item);
        } else if (item.kind === "enum") this.enums.add(item);
        else if (item.kind === "decl" && !/^\s*(typedef|EXPORT_|MODULE_|module_|extern\s.*\()/.test(item.text))
          this.declItems.push(item);
      }
    }
    for (const f of files)
      for (const item of f.items)
        if (item.kind === "struct")
          for (const name of item.names) this.types.declare(name.replace(/^(struct|union) /, ""), item.body);
  }

  textOf(file: SourceFile): string {
    return this.texts.get(file)!;
  }

  readType(text: string): TypeRef {
    return readTypeName(text);
  }

  // --- functions ---

  hasFunction(name: string): boolean {
    return this.functions.has(name);
  }

  /** Says where a function is defined a second time in its file, under options that are both set. */
  tellSecondDefinition(name: string): void {
    const item = this.again.get(name);
    if (item)
      this.diagnostics.push({
        severity: "warning",
        code: "conditional",
        message:
          `${name}() is defined twice in this file under the options as they are set, and the first definition is ` +
          "run. If this one is meant, set its option otherwise in the scenario's settings.",
        span: { file: item.file, start: item.nameStart, end: item.nameStart + name.length },
      });
  }

  functionNamed(name: string): FunctionItem | undefined {
    return this.functions.get(name);
  }

  /** What a function always returns, where that is all it does: the hooks of options that are off. */
  constantFunction(name: string): number | undefined {
    const item = this.functions.get(name);
    if (!item || item.end - item.bodyStart > 40) return undefined;
    const m = /^\{\s*return\s+(true|false|\d+)\s*;\s*\}$/.exec(this.textOf(item.file).slice(item.bodyStart, item.end));
    return m ? (m[1] === "true" ? 1 : m[1] === "false" ? 0 : Number(m[1])) : undefined;
  }

  /** Remembers that the source asked for a setting, and gives its value. */
  setting(name: string, kind: Setting["kind"], value: number): number {
    if (!this.asked.has(name)) this.asked.set(name, { name, value, kind });
    return value;
  }

  /**
   * How a static key stands: as the session sets it, else as it is defined, else off. Source:
   * include/linux/jump_label.h.
   */
  staticKey(name: string): number {
    const defined = new RegExp(`\\bDEFINE_STATIC_KEY_(TRUE|FALSE)(?:_RO)?\\s*\\(\\s*${name}\\s*\\)`);
    const on = this.declItems.some((d) => defined.exec(d.text)?.[1] === "TRUE");
    return this.setting(name, "key", Object.hasOwn(this.settings, name) ? this.settings[name] : +on);
  }

  need(name: string): void {
    this.wanted.push(name);
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
    return this.macros.get(name);
  }

  get allMacros(): ReadonlyMap<string, Macro> {
    return this.macros;
  }

  /** A macro that a call of this name would expand, when no function of that name comes first. */
  callableMacro(name: string): Macro | undefined {
    return this.functions.has(name) ? undefined : this.macros.get(name);
  }

  macroBody(macro: Macro): Stmt[] {
    let body = this.bodies.get(macro);
    if (!body) {
      const parsed = this.parser.macro({ file: macro.file, start: macro.start, text: macro.body });
      this.bodies.set(macro, (body = parsed.stmts.filter((s) => s.k !== "empty")));
      this.diagnostics.push(...parsed.problems);
    }
    return body;
  }

  /** Runs `body` with the macro's parameters standing for the arguments. */
  withArguments<T>(x: Lower, macro: Macro, args: Expr[], use: Node, body: () => T): T | undefined {
    const params = macro.params ?? [];
    if (x.substitutions.some((s) => s.macro === macro)) {
      this.cannot(use, `The macro ${macro.name} uses itself: it can't be expanded.`);
      return undefined;
    }
    if (++x.expansions > EXPANSION_LIMIT) {
      if (x.expansions === EXPANSION_LIMIT + 1)
        this.cannot(use, `The macros of ${x.b.item.name}() expand to too much: from here on they do nothing.`);
      return undefined;
    }
    if (/(^|[^#])#[^#]|##/.test(macro.body)) {
      this.notModelled(
        macro.name,
        use,
        x.b.item.name,
        `The macro ${macro.name} builds names or strings (#, ##), which TLBscope doesn't expand: nothing happens here.`,
      );
      return undefined;
    }
    const variadic = params.at(-1)?.endsWith("...");
    if (!variadic && args.length !== params.length) {
      this.cannot(
        use,
        `The macro ${macro.name} takes ${params.length} argument${params.length === 1 ? "" : "s"}, ` +
          `${args.length} are given.`,
      );
      return undefined;
    }
    x.substitutions.push({ macro, args: new Map(params.map((p, i) => [p, args[i]])) });
    try {
      return body();
    } finally {
      x.substitutions.pop();
    }
  }

  expandMacro(x: Lower, macro: Macro, args: Expr[], use: Node): Operand {
    const body = this.macroBody(macro);
    return (
      this.withArguments(x, macro, args, use, () =>
        x.b.pin(use, () => {
          if (body.length === 1 && body[0].k === "expr") return x.expr(body[0].e);
          x.exprDepth++;
          lowerStmts(x, body);
          x.exprDepth--;
          return ZERO;
        }),
      ) ?? ZERO
    );
  }

  expandMacroPlace(x: Lower, macro: Macro, args: Expr[], use: Node): Lvalue {
    const body = this.macroBody(macro);
    const lv = this.withArguments(x, macro, args, use, () =>
      body.length === 1 && body[0].k === "expr" ? x.place(body[0].e) : undefined,
    );
    if (lv) return lv;
    this.cannot(use, `The macro ${macro.name} doesn't expand to something that can be assigned to.`);
    return { k: "mem", base: num(0), off: constant(0), t: INT };
  }

  // --- variables and constants ---

  /** How often time passes in this session. */
  get timePasses(): number {
    return Math.max(0, this.settings.time_passes ?? 0);
  }

  constantNamed(name: string): Operand | undefined {
    if (this.declaration(name) || (name === "jiffies" && this.timePasses > 0)) return undefined;
    const e = this.enums.valueOf(name);
    if (e !== undefined) return { v: num(e), t: INT };
    const c = constants[name];
    if (c === undefined) return undefined;
    if (this.macros.has(name) && c.fallback) return undefined;
    return { v: c.v, t: c.type ?? INT };
  }

  global(name: string): Variable | undefined {
    const known = this.globals.get(name);
    if (known) return known;
    const d = this.declaration(name);
    const type = vocabularyGlobals[name] ?? (d && !d.percpu ? (d.lock ? LOCK : this.types.resolve(d.type)) : undefined);
    if (!type) return undefined;
    const init = d && !d.lock ? this.values.initializerOf(d.item, name) : undefined;
    const variable: Variable = {
      name,
      type: d && init ? sized(type, d.type, init, (e) => this.values.value(e)?.n) : type,
      init: [],
    };
    this.globals.set(name, variable);
    if (init) variable.init = this.values.initials(init, variable.type);
    return variable;
  }

  percpu(name: string): Variable | undefined {
    const known = this.percpus.get(name);
    if (known) return known;
    const d = this.declaration(name);
    const type = vocabularyPercpu[name] ?? (d?.percpu ? this.types.resolve(d.type) : undefined);
    if (!type) return undefined;
    const variable: Variable = { name, type, init: [] };
    this.percpus.set(name, variable);
    const init = d && this.values.initializerOf(d.item, name);
    if (init) variable.init = this.values.initials(init, type);
    return variable;
  }

  /** Does a file declare a variable of this name? */
  isVariable(name: string): boolean {
    return this.declaration(name) !== undefined;
  }

  /**
   * A static variable of a function: one for all calls and CPUs, with its value before anything runs. Gives its name
   * among the globals, as gdb writes it.
   */
  staticLocal(fn: string, d: LocalDecl, type: CType, use: Node): string {
    // Each use of a macro that declares one has its own; a place that is looked at twice has the same.
    const key = `${fn} ${d.file.path} ${d.start} ${use.start}`;
    const known = this.statics.get(key);
    if (known !== undefined && this.globals.has(known)) return known;
    let name = `${fn}::${d.name}`;
    for (let n = 2; this.globals.has(name); n++) name = `${fn}::${d.name}#${n}`;
    this.statics.set(key, name);
    this.globals.set(name, { name, type, init: d.init ? this.values.initials(d.init, type) : [], fn });
    if (d.init && d.init.k !== "init" && d.init.k !== "str" && !this.values.value(d.init))
      this.cannot(
        d,
        `${d.name} is static, so it begins with a constant: TLBscope doesn't know this as one, and it begins with 0.`,
      );
    return name;
  }

  inventGlobal(name: string): string {
    this.invented.add(name);
    this.globals.set(name, { name, type: INT, init: [] });
    return name;
  }

  inventPercpu(name: string): string {
    this.invented.add(name);
    this.percpus.set(name, { name, type: INT, init: [] });
    return name;
  }

  useField(struct: string, field: string): { name: string; type: CType; known: boolean } {
    const f = this.types.field(struct, field);
    let used = this.fields.get(struct);
    if (!used) this.fields.set(struct, (used = new Map()));
    if (!used.has(f.name)) used.set(f.name, f.type);
    return f;
  }

  /** Remembers that cells of this kind are compared with or set to a named constant, for showing their values. */
  nameValue(key: string, e: Expr): void {
    if (e.k !== "id") return;
    const macro = this.macros.get(e.name);
    const value = macro ? (macro.params ? undefined : this.values.numberNamed(e.name)) : this.enums.valueOf(e.name);
    if (value === undefined) return;
    let names = this.enumerators.get(key);
    if (!names) this.enumerators.set(key, (names = new Map()));
    if (!names.has(value)) names.set(value, e.name);
  }

  // --- messages ---

  cannot(node: Node, message: string): void {
    this.diagnostics.push({
      severity: "error",
      code: "cannot-lower",
      message,
      span: { file: node.file, start: node.start, end: node.end },
    });
  }

  /** A member of a member that no open file declares: told once for each structure, with all that is asked of it. */
  missingMember({ struct, member }: { struct: string; member: string }, field: string, node: Node, fn: string): void {
    let told = this.missing.get(struct);
    if (!told) {
      this.notModelled(`struct ${struct}`, node, fn, "");
      this.missing.set(struct, (told = { diagnostic: this.diagnostics.at(-1)!, members: new Map() }));
    }
    told.members.set(member, (told.members.get(member) ?? new Set()).add(field));
    const members = [...told.members]
      .map(([name, fields]) => `${name} (${[...fields].map((f) => `.${f}`).join(", ")})`)
      .join(", ");
    told.diagnostic.message =
      `struct ${struct} isn't declared in the open files: what its members hold isn't told apart, and begins as 0: ` +
      `${members}. Open the header that declares it.`;
  }

  notModelled(name: string, node: Node, fn: string, message: string): void {
    const diagnostic: Diagnostic = {
      severity: "warning",
      code: "not-modelled",
      message,
      span: { file: node.file, start: node.start, end: node.end },
    };
    this.unmodelled.push({ name, diagnostic, fn });
    this.diagnostics.push(diagnostic);
  }

  // --- declarations ---

  /** The declaration of a variable: its definition if there is one, else the first that names it. */
  private declaration(name: string): Declaration | undefined {
    if (this.declarations.has(name)) return this.declarations.get(name);
    let found: Declaration | undefined;
    for (const item of this.declItems) {
      if (!item.text.includes(name)) continue;
      const d = readDeclaration(item, name);
      // What one file declares per CPU is per CPU, also where another defines it plainly.
      if (d && (!found || (d.percpu === found.percpu ? !found.defines && d.defines : d.percpu))) found = d;
    }
    this.declarations.set(name, found);
    return found;
  }
}
