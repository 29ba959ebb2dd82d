/**
 * Reads the Kconfig language: which options there are, what each depends on, its defaults, and who selects it. Source:
 * Documentation/kbuild/kconfig-language.rst.
 */
import type { SourceFile } from "../syntax/source";

/** One way for an option to be on or to have a value. */
export interface KconfigClause {
  /** For a default: the value, an expression. For a select: empty. */
  value: string;
  /** An expression that must be true for the clause to count, or empty. */
  condition: string;
  /** The option that the clause stands under: for a select, the one that selects. */
  at: string;
  /** The file that the clause stands in. */
  path: string;
}

export interface Kconfig {
  /** For each option that is declared: its defaults in their order. */
  defaults: Map<string, KconfigClause[]>;
  /** For each option: the clauses that select it, whether or not it is declared. */
  selects: Map<string, KconfigClause[]>;
}

/** Longer lines are left out: none of a kernel's is. */
const LINE_LIMIT = 4000;

/** Strings, macro calls, operators, names and numbers; anything else is left out. */
const token = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\$\((?:[^()]|\([^()]*\))*\)|&&|\|\||!=|<=|>=|[=!<>()]|[\w./-]+|#.*/g;

/** The tokens of a line or expression, without its comment. */
export const kconfigTokens = (text: string): string[] => (text.match(token) ?? []).filter((t) => t[0] !== "#");

/** Reads files; an option that several of them declare has all its clauses. Never throws. */
export function readKconfig(files: readonly SourceFile[]): Kconfig {
  const kconfig: Kconfig = { defaults: new Map(), selects: new Map() };
  for (const file of files) new Reader(kconfig, file).read();
  return kconfig;
}

const both = (...conditions: string[]): string =>
  conditions
    .filter(Boolean)
    .map((c) => `(${c})`)
    .join(" && ");

interface Entry {
  name: string;
  choice: boolean;
  depends: string[];
  defaults: { value: string; condition: string }[];
  selects: { target: string; condition: string }[];
}

class Reader {
  /** Conditions of the `if`s and menus around. */
  private readonly around: { kind: string; conditions: string[] }[] = [];
  private entry: Entry | undefined;

  constructor(
    private readonly kconfig: Kconfig,
    private readonly file: SourceFile,
  ) {}

  read(): void {
    let help: "before" | number | undefined;
    for (const line of this.file.text.replace(/\\\r?\n/g, " ").split(/\r?\n/)) {
      if (line.length > LINE_LIMIT) continue;
      if (help !== undefined && line.trim() === "") continue;
      const indent = line.replace(/\t/g, "        ").search(/\S/);
      if (help === "before" && indent > 0) help = indent;
      if (typeof help === "number" && indent >= help) continue;
      help = undefined;
      if (/^\s*(---)?help(---)?\s*$/.test(line)) help = "before";
      else this.line(kconfigTokens(line));
    }
    this.endEntry();
  }

  private line([word, ...rest]: string[]): void {
    switch (word) {
      case "config":
      case "menuconfig":
      case "choice":
        this.endEntry();
        this.entry = { name: rest[0] ?? "", choice: word === "choice", depends: [], defaults: [], selects: [] };
        return;
      case "if":
      case "menu":
        this.endEntry();
        this.around.push({ kind: word, conditions: word === "if" ? [rest.join(" ")] : [] });
        return;
      case "endif":
      case "endmenu":
        this.endEntry();
        if (this.around.at(-1)?.kind === word.slice(3)) this.around.pop();
        return;
      case "endchoice":
      case "source":
      case "comment":
      case "mainmenu":
        return this.endEntry();
      default:
        this.attribute(word, rest);
    }
  }

  private attribute(word: string, rest: string[]): void {
    const at = rest.indexOf("if");
    const value = (at < 0 ? rest : rest.slice(0, at)).join(" "),
      condition = at < 0 ? "" : rest.slice(at + 1).join(" ");
    if (word === "depends") {
      const conditions = this.entry?.depends ?? this.around.at(-1)?.conditions;
      conditions?.push(rest.slice(1).join(" "));
    } else if (word === "default" || word === "def_bool" || word === "def_tristate")
      this.entry?.defaults.push({ value, condition });
    else if (word === "select") this.entry?.selects.push({ target: value, condition });
  }

  private endEntry(): void {
    const { entry } = this;
    this.entry = undefined;
    if (!entry) return;
    const depends = [...this.around.flatMap((a) => a.conditions), ...entry.depends];
    const clause = (value: string, condition: string): KconfigClause => ({
      value,
      condition: both(...depends, condition),
      at: entry.name,
      path: this.file.path,
    });
    if (entry.choice) {
      // The first default that counts is the member that is on.
      for (const [i, { value, condition }] of entry.defaults.entries()) {
        const earlier = entry.defaults.slice(0, i).map((d) => (d.condition ? `!(${d.condition})` : "n"));
        add(this.kconfig.defaults, value, clause("y", both(...earlier, condition)));
      }
      return;
    }
    if (!this.kconfig.defaults.has(entry.name)) this.kconfig.defaults.set(entry.name, []);
    for (const { value, condition } of entry.defaults) add(this.kconfig.defaults, entry.name, clause(value, condition));
    for (const { target, condition } of entry.selects) add(this.kconfig.selects, target, clause("", condition));
  }
}

function add(to: Map<string, KconfigClause[]>, name: string, clause: KconfigClause): void {
  const list = to.get(name);
  if (list) list.push(clause);
  else to.set(name, [clause]);
}
