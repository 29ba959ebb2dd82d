/**
 * What every run of a function, or of the whole program, rests on without its text saying so: text of the file that was
 * lost, the edition's function in place of the tree's, one of two definitions, a tree that is cut off.
 */
import type { Output } from "./lower/output";
import { primitiveIn } from "./primitives/table";
import type { Symbols } from "./symbols/symbols";
import type { FunctionItem } from "./syntax/items";
import type { ReadFile } from "./syntax/read-file";
import type { Diagnostic, SourceFile } from "./syntax/source";
import { tooOld } from "./tree/release";

export class Premises {
  /** Indices of the unknowns of each file's problems. */
  private readonly problems = new Map<SourceFile, { span: Diagnostic["span"]; n: number }[]>();

  /** `files` take part; `standIns` are those of the edition among them that stand in for the tree's. */
  constructor(
    private readonly symbols: Symbols,
    private readonly out: Output,
    private readonly files: readonly ReadFile[],
    private readonly standIns: readonly SourceFile[],
  ) {}

  /** Indices of the unknowns that every run of this function rests on. */
  of(item: FunctionItem): number[] {
    return [...this.problemsAt(item), ...this.standIn(item), ...this.secondDefinition(item)];
  }

  /**
   * Adds what every run of the program rests on: a release that isn't modelled, files of the tree that end in the
   * middle of something. `all`: also the files that say how the tree is built.
   */
  addAlways(all: readonly SourceFile[]): void {
    const old = tooOld(all);
    if (old !== undefined)
      this.out.addUnknown({
        kind: "tree",
        name: old,
        message:
          `This is ${old}: TLBscope models kernels from 2.6.30 to 7.1, whose protocol and names are others than ` +
          "those of older ones. Take a tree from that range.",
        always: true,
      });
    this.addUnknownBeginnings();
    for (const f of this.files) {
      if (f.file.origin !== "open" && f.file.origin !== "tree") continue;
      const last = f.items.filter((i) => i.kind === "function").at(-1);
      const cut = last && f.problems.find((p) => p.code === "unclosed" && last.end >= f.text.trimEnd().length);
      if (cut && cut.span.start >= last.start)
        this.out.addUnknown({
          kind: "tree",
          name: f.file.path,
          message: `${f.file.path} ends in the middle of ${last.name}(): what followed is lost. Open the whole file.`,
          span: cut.span,
          always: true,
        });
    }
  }

  /** Members that the program uses begin with something that isn't known: it counts as 0 from the start. */
  private addUnknownBeginnings(): void {
    for (const { variable, text, span, member } of this.out.unknownBeginnings) {
      if (member && !this.out.fields.get(member.struct)?.has(member.field)) continue;
      const message =
        `${variable} begins with ${text}, which isn't known here: what it stands for begins as 0. Open the file that ` +
        "defines it.";
      this.out.diagnostics.push({ severity: "warning", code: "not-modelled", message, span });
      this.out.addUnknown({ kind: "name", name: text, message, span, always: true });
    }
  }

  /** Calls that stand outside any function: one of them ended before its last statements. */
  private callsOutside(file: ReadFile): Diagnostic[] {
    return file.items.flatMap((item): Diagnostic[] => {
      const name = item.kind === "decl" ? /^(\w+)\s*\(/.exec(item.text)?.[1] : undefined;
      if (name === undefined || item.kind !== "decl") return [];
      if (!this.symbols.hasFunction(name) && !primitiveIn(this.symbols, name)) return [];
      const message = `${name}() is called outside any function: a brace before it may end the function too early.`;
      return [
        { severity: "error", code: "unclosed", message, span: { file: item.file, start: item.start, end: item.end } },
      ];
    });
  }

  /** Problems of the file that stand within the function; those that stand in no function concern all of them. */
  private problemsAt(item: FunctionItem): number[] {
    let problems = this.problems.get(item.file);
    if (!problems) {
      const file = this.files.find((f) => f.file === item.file);
      const outside = file ? this.callsOutside(file) : [];
      this.out.diagnostics.push(...outside);
      problems = [...(file?.problems ?? []), ...outside].map((p) => ({
        span: p.span,
        n: this.out.addUnknown({ kind: "text", name: item.file.path, message: p.message, span: p.span }),
      }));
      this.problems.set(item.file, problems);
    }
    const functions = (this.files.find((f) => f.file === item.file)?.items ?? []).filter((i) => i.kind === "function");
    const within = ({ span }: { span: Diagnostic["span"] }, i: FunctionItem) =>
      span.start >= i.start && span.start < i.end;
    return problems.filter((p) => within(p, item) || !functions.some((i) => within(p, i))).map((p) => p.n);
  }

  private standIn(item: FunctionItem): number[] {
    if (!this.standIns.includes(item.file)) return [];
    const { name, nameStart } = item;
    return [
      this.out.addUnknown({
        kind: "stand-in",
        name: `${name}()`,
        message:
          `${name}() isn't in the tree's files: that of the built-in edition's ${item.file.path} is run instead. ` +
          "Open the tree's own file.",
        span: { file: item.file, start: nameStart, end: nameStart + name.length },
      }),
    ];
  }

  private secondDefinition(item: FunctionItem): number[] {
    const second = this.symbols.secondDefinition(item.name);
    if (!second) return [];
    const message =
      `${item.name}() is defined twice in this file under the options as they are set, and the first definition is ` +
      "run. If this one is meant, set its option otherwise in the scenario's settings.";
    const span = { file: second.file, start: second.nameStart, end: second.nameStart + item.name.length };
    this.out.diagnostics.push({ severity: "warning", code: "conditional", message, span });
    return [this.out.addUnknown({ kind: "text", name: `${item.name}()`, message, span })];
  }
}
