/** Variables by name: global, per-CPU and static ones, with their types and the values that they begin with. */
import type { Expr, LocalDecl, Node } from "../syntax/tree/ast";
import { LOCK, type CType } from "../ctype";
import type { Variable } from "../ir";
import { reportTooLong, type Output } from "../lower/output";
import { vocabularyGlobals, vocabularyPercpu } from "../primitives/vocabulary";
import { readDeclaration, type Declaration } from "../syntax/declarations";
import type { DeclItem } from "../syntax/items";
import { isScalar, sized, type Constants } from "./constants";
import type { Types } from "./types";

export class Variables {
  private readonly items: DeclItem[] = [];
  private readonly declarations = new Map<string, Declaration | undefined>();
  private readonly statics = new Map<string, string>();

  constructor(
    private readonly types: Types,
    private readonly constants: Constants,
    private readonly out: Output,
  ) {}

  /** Adds a declaration of a file's top level. The first definition of a name stands. */
  add(item: DeclItem): void {
    if (!/^\s*(EXPORT_|MODULE_|module_|extern\s.*\()/.test(item.text)) this.items.push(item);
  }

  /** Does a file declare a variable of this name? */
  isDeclared(name: string): boolean {
    return this.declaration(name) !== undefined;
  }

  /** The global variable of this name, which the program uses from now on. */
  global(name: string): Variable | undefined {
    const known = this.out.globals.get(name);
    if (known) return known;
    const d = this.declaration(name);
    const type = vocabularyGlobals[name] ?? (d && !d.percpu ? (d.lock ? LOCK : this.types.resolve(d.type)) : undefined);
    if (!type) return undefined;
    const init = d && !d.lock ? this.constants.initializerOf(d.item, name) : undefined;
    const variable: Variable = {
      name,
      type: d && init ? sized(type, d.type, init, (e) => this.constants.value(e)?.n) : type,
      init: [],
    };
    // Known before its initializer is read, which may take its address.
    this.out.globals.set(name, variable);
    this.initialize(variable, init, d?.item);
    return variable;
  }

  /** Works out the values that a variable begins with; what is unknown of them, each use of the variable rests on. */
  private initialize(variable: Variable, init: Expr | undefined, item: DeclItem | undefined): void {
    const unknowns = this.out.gatherUnknowns(() => {
      if (item) reportTooLong(this.out, variable.type, item);
      if (!init) return;
      variable.init = this.constants.initials(init, variable.type);
      if (isNoConstant(init, variable))
        this.out.error(
          init,
          `${variable.name} begins with a constant: TLBscope doesn't know this as one, and it begins with 0.`,
        );
    });
    if (unknowns.length) this.out.unknownsOf.set(variable.name, unknowns);
  }

  /** The per-CPU variable of this name, which the program uses from now on. */
  percpu(name: string): Variable | undefined {
    const known = this.out.percpus.get(name);
    if (known) return known;
    const d = this.declaration(name);
    const type = vocabularyPercpu[name] ?? (d?.percpu ? this.types.resolve(d.type) : undefined);
    if (!type) return undefined;
    const variable: Variable = { name, type, init: [] };
    this.out.percpus.set(name, variable);
    this.initialize(variable, d && this.constants.initializerOf(d.item, name), d?.item);
    return variable;
  }

  /**
   * A static variable of a function: one for all calls and CPUs, with its value before anything runs. Gives its name
   * among the globals, as gdb writes it. `use` is the macro's use where a macro declares it.
   */
  staticLocal(fn: string, d: LocalDecl, type: CType, use: Node): string {
    // Each use of a macro that declares one has its own; a place that is lowered twice has the same.
    const key = `${fn} ${d.file.path} ${d.start} ${use.start}`;
    const known = this.statics.get(key);
    if (known !== undefined && this.out.globals.has(known)) return known;
    let name = `${fn}::${d.name}`;
    for (let n = 2; this.out.globals.has(name); n++) name = `${fn}::${d.name}#${n}`;
    this.statics.set(key, name);
    const variable = { name, type, init: d.init ? this.constants.initials(d.init, type) : [], fn };
    this.out.globals.set(name, variable);
    if (d.init && isNoConstant(d.init, variable))
      this.out.error(
        d,
        `${d.name} is static, so it begins with a constant: TLBscope doesn't know this as one, and it begins with 0.`,
      );
    return name;
  }

  /** Is a static key defined as true? Source: include/linux/jump_label.h. */
  isTrueKey(name: string): boolean {
    const defined = new RegExp(`\\bDEFINE_STATIC_KEY_(TRUE|FALSE)(?:_RO)?\\s*\\(\\s*${name}\\s*\\)`);
    return this.items.some((d) => defined.exec(d.text)?.[1] === "TRUE");
  }

  /** The declaration of a variable: its definition if there is one, else the first that names it. */
  private declaration(name: string): Declaration | undefined {
    if (this.declarations.has(name)) return this.declarations.get(name);
    let found: Declaration | undefined;
    for (const item of this.items) {
      if (!item.text.includes(name)) continue;
      const d = readDeclaration(item, name);
      // What one file declares per CPU is per CPU, also where another defines it plainly.
      if (d && (!found || (d.percpu === found.percpu ? !found.defines && d.defines : d.percpu))) found = d;
    }
    this.declarations.set(name, found);
    return found;
  }
}

/**
 * Does a number or pointer begin with something that isn't known? Of structures this is asked member by member: most of
 * what they begin with, no program uses.
 */
const isNoConstant = (init: Expr, { type, init: values }: Variable): boolean =>
  init.k !== "init" && init.k !== "str" && values.length === 0 && isScalar(type);
