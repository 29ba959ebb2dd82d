/**
 * What lowering produces beside instructions: places, diagnostics, the variables and fields that the program uses, and
 * functions that are still to be lowered.
 */
import type { Node } from "../syntax/tree/ast";
import { INT, tooLong, type CType } from "../ctype";
import type { Const, Dst, Instr, NotModelled, Place, Value, Variable } from "../ir";
import type { Unknown, UnknownKind } from "../unknown";
import type { UnknownBeginning } from "../symbols/constants";
import type { Setting } from "../settings";
import type { Diagnostic, Span } from "../syntax/source";

/** Characters of a name that is a piece of the source. */
const NAME_LENGTH = 40;

/** An address: a value, and a constant to be added to it. */
export interface Address {
  base: Value;
  off: Const;
}

/** A copy (or, without a source, a clearing) that waits until all members that the program uses are known. */
export interface PendingCopy {
  code: Instr[];
  /** Stands where the loads and stores will. */
  mark: Instr;
  type: CType;
  to: Address;
  from?: Address;
  temp: Dst;
}

/** What an expression that isn't part of the program may have added, to be taken back. */
interface Snapshot {
  diagnostics: number;
  notModelled: number;
  unknowns: number;
  places: number;
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  globals: ReadonlySet<string>;
  percpus: ReadonlySet<string>;
}

export class Output {
  /** `sourceOf` says who decided a setting. */
  constructor(private readonly sourceOf: (name: string) => string) {}

  readonly places: Place[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly notModelled: NotModelled[] = [];
  readonly unknowns: Unknown[] = [];
  /** Puts an `unknown` instruction where the code being lowered stands; undefined while nothing is lowered. */
  mark: ((n: number) => void) | undefined;
  /** For each variable: indices of the unknowns that its declaration or initial value rests on. */
  readonly unknownsOf = new Map<string, number[]>();
  private readonly unknownIndex = new Map<string, number>();
  /** Members of variables that begin with something unknown; it matters where the program uses them. */
  readonly unknownBeginnings: UnknownBeginning[] = [];
  /** Fields that the program uses, by struct, in the order of their first use. */
  readonly fields = new Map<string, Map<string, CType>>();
  /** For each union that is used, the part of it that was used first. */
  private readonly parts = new Map<object, number>();
  /** Names for the values of a cell: key `struct.field` or `variable`, then value → name. */
  readonly enumerators = new Map<string, Map<number, string>>();
  readonly globals = new Map<string, Variable>();
  readonly percpus = new Map<string, Variable>();
  /** Functions that the lowered code calls or takes the address of; the last one is lowered next. */
  readonly functionsToLower: string[] = [];
  /** Copies of structures, to be expanded once all used members are known. */
  readonly copies: PendingCopy[] = [];
  /** Settings that the source asked for. */
  readonly settings = new Map<string, Setting>();
  /** Variables that no open file declares; a diagnostic stands at the first use. */
  readonly undeclared = new Set<string>();
  /** Functions of the environment that this kernel has nothing for, and what it lacks. */
  readonly lacks = new Map<string, string>();
  /** For each struct that no open file declares: its diagnostic, and the fields that are asked of its members. */
  private readonly undeclaredMembers = new Map<
    string,
    { diagnostic: Diagnostic; unknown: number; members: Map<string, Set<string>> }
  >();

  /** Has a function lowered, if an open file defines it. */
  useFunction(name: string): void {
    this.functionsToLower.push(name);
  }

  useField(struct: string, field: string, type: CType): void {
    let used = this.fields.get(struct);
    if (!used) this.fields.set(struct, (used = new Map()));
    if (!used.has(field)) used.set(field, type);
  }

  /** The program uses one part of a union. False when it uses another part already. */
  usePart({ union, part }: { union: object; part: number }): boolean {
    const first = this.parts.get(union);
    if (first === undefined) this.parts.set(union, part);
    return first === undefined || first === part;
  }

  /** Remembers that the source asked for a setting, and gives its value. */
  useSetting(name: string, kind: Setting["kind"], value: number): number {
    if (!this.settings.has(name)) this.settings.set(name, { name, value, kind, source: this.sourceOf(name) });
    return value;
  }

  /** A global variable that no open file declares: a number that begins as 0. Each use rests on `unknown`. */
  addUndeclaredGlobal(name: string, unknown: number): string {
    this.addUndeclared(name, unknown);
    this.globals.set(name, { name, type: INT, init: [] });
    return name;
  }

  /** A per-CPU variable that no open file declares: a number that begins as 0. Each use rests on `unknown`. */
  addUndeclaredPercpu(name: string, unknown: number): string {
    this.addUndeclared(name, unknown);
    this.percpus.set(name, { name, type: INT, init: [] });
    return name;
  }

  private addUndeclared(name: string, unknown: number): void {
    this.undeclared.add(name);
    this.unknownsOf.set(name, [unknown]);
  }

  /** Names a value of the cells with this key, for showing it. The first name that is given stays. */
  nameValue(key: string, value: number, name: string): void {
    let names = this.enumerators.get(key);
    if (!names) this.enumerators.set(key, (names = new Map()));
    if (!names.has(value)) names.set(value, name);
  }

  // --- messages, and what rests on them ---

  /** Adds something unknown, and marks the place in the code where a run comes to rest on it. Gives its index. */
  addUnknown(unknown: Unknown): number {
    const key = keyOf(unknown);
    let n = this.unknownIndex.get(key);
    if (n === undefined) this.unknownIndex.set(key, (n = this.unknowns.push(unknown) - 1));
    this.mark?.(n);
    return n;
  }

  /** Runs `body`, and gives the indices of what it found unknown without marking any place. */
  gatherUnknowns(body: () => void): number[] {
    const { mark } = this;
    const found: number[] = [];
    this.mark = (n) => found.push(n);
    try {
      body();
    } finally {
      this.mark = mark;
    }
    return found;
  }

  /** The source can't be lowered here: what it says is lost. */
  error(node: Node, message: string, kind: UnknownKind = "c"): void {
    const span = { file: node.file, start: node.start, end: node.end };
    this.diagnostics.push({ severity: "error", code: "cannot-lower", message, span });
    this.addUnknown({ kind, name: nameAt(span), message, span });
  }

  /** The same for a declaration, which each use of what it declares asks for: it is told once. */
  errorInDeclaration(span: Span, message: string): void {
    if (this.unknownIndex.has(keyOf({ kind: "c", name: nameAt(span), span }))) {
      this.addUnknown({ kind: "c", name: nameAt(span), message, span });
    } else this.error(span, message);
  }

  /** What a run rests on where a number that is computed here is wider than a cell: an index into the unknowns. */
  noteWide({ file, start, end }: Node): number {
    const span = { file, start, end };
    const message =
      "A number comes out here that is wider than the 32 bits that TLBscope computes with: what follows from it " +
      "isn't what C computes.";
    return this.gatherUnknowns(() => this.addUnknown({ kind: "number", name: nameAt(span), message, span }))[0];
  }

  /** Text of a function or macro that the C reader can't account for. */
  reportLostText(problems: readonly Diagnostic[]): void {
    this.diagnostics.push(...problems);
    for (const { message, span } of problems) this.addUnknown({ kind: "text", name: nameAt(span), message, span });
  }

  /** Nothing happens here. `fn` is the function that `node` stands in. Gives the index of what is unknown. */
  warnNotModelled(name: string, node: Node, fn: string, message: string, kind: UnknownKind = "name"): number {
    const diagnostic: Diagnostic = {
      severity: "warning",
      code: "not-modelled",
      message,
      span: { file: node.file, start: node.start, end: node.end },
    };
    this.notModelled.push({ name, diagnostic, fn });
    this.diagnostics.push(diagnostic);
    return this.addUnknown({ kind, name, message, span: diagnostic.span });
  }

  /** A field of a member that no open file declares: one diagnostic for each struct, which lists all such fields. */
  warnUndeclaredMember(
    { struct, member }: { struct: string; member: string },
    field: string,
    node: Node,
    fn: string,
  ): void {
    let known = this.undeclaredMembers.get(struct);
    if (!known) {
      const unknown = this.warnNotModelled(`struct ${struct}`, node, fn, "", "field");
      known = { diagnostic: this.diagnostics.at(-1)!, unknown, members: new Map() };
      this.undeclaredMembers.set(struct, known);
    } else this.mark?.(known.unknown);
    known.members.set(member, (known.members.get(member) ?? new Set()).add(field));
    const members = [...known.members]
      .map(([name, fields]) => `${name} (${[...fields].map((f) => `.${f}`).join(", ")})`)
      .join(", ");
    known.diagnostic.message =
      `struct ${struct} isn't declared in the open files: what its members hold isn't told apart, and begins as 0: ` +
      `${members}. Open the header that declares it.`;
    this.unknowns[known.unknown].message = known.diagnostic.message;
  }

  // --- taking back ---

  snapshot(): Snapshot {
    return {
      diagnostics: this.diagnostics.length,
      notModelled: this.notModelled.length,
      unknowns: this.unknowns.length,
      places: this.places.length,
      fields: new Map([...this.fields].map(([k, v]) => [k, new Set(v.keys())])),
      globals: new Set(this.globals.keys()),
      percpus: new Set(this.percpus.keys()),
    };
  }

  /** Variables and fields (`struct.field`) that have come into use since, fields first. */
  usedSince(before: Snapshot): string[] {
    return [
      ...[...this.fields].flatMap(([struct, fields]) =>
        [...fields.keys()].filter((f) => !before.fields.get(struct)?.has(f)).map((f) => `${struct}.${f}`),
      ),
      ...[...this.globals.keys()].filter((g) => !before.globals.has(g)),
      ...[...this.percpus.keys()].filter((p) => !before.percpus.has(p)),
    ];
  }

  restore(before: Snapshot): void {
    this.diagnostics.length = before.diagnostics;
    this.notModelled.length = before.notModelled;
    this.unknowns.length = before.unknowns;
    const isGone = (n: number): boolean => n >= before.unknowns;
    for (const [key, n] of this.unknownIndex) if (isGone(n)) this.unknownIndex.delete(key);
    for (const [struct, { unknown }] of this.undeclaredMembers)
      if (isGone(unknown)) this.undeclaredMembers.delete(struct);
    for (const [name, list] of this.unknownsOf) if (list.some(isGone)) this.unknownsOf.delete(name);
    this.places.length = before.places;
    this.functionsToLower.length = 0;
    for (const [struct, fields] of this.fields) {
      const had = before.fields.get(struct);
      if (!had) this.fields.delete(struct);
      else for (const f of fields.keys()) if (!had.has(f)) fields.delete(f);
    }
    for (const g of this.globals.keys()) if (!before.globals.has(g)) this.globals.delete(g);
    for (const p of this.percpus.keys()) if (!before.percpus.has(p)) this.percpus.delete(p);
  }
}

/** An array that is longer than what is modelled, if this type is one. */
export function reportTooLong(out: Output, t: CType, at: Node): void {
  const n = tooLong(t);
  if (n !== undefined)
    out.errorInDeclaration(at, `An array of ${n} elements is more than TLBscope models: it has one here.`);
}

/** Elements beyond the first are asked for of an array whose length isn't known. */
export function reportUnsized(out: Output, at: Node): void {
  out.error(at, "How long this array is isn't known, so it has one element here: open the file that says so.");
}

/** The size of something isn't known. */
export function reportSize(out: Output, at: Node): void {
  out.error(at, "How many bytes this takes isn't known: open the files that declare all types in it.");
}

/** A number that has more bits than a cell: what is computed with it isn't what C computes. */
export function reportWide(out: Output, e: Node): void {
  out.error(e, "This number is wider than the 32 bits that TLBscope computes with: only those are kept.", "number");
}

/** What makes something unknown one with another. */
const keyOf = ({ kind, name, span }: Omit<Unknown, "message">): string =>
  `${kind} ${name} ${span ? `${span.file.uri} ${span.start}` : ""}`;

/** The text of a span, as a name for it: its first line, cut short. */
function nameAt({ file, start, end }: Span): string {
  const [line] = file.text.slice(start, end).trim().split("\n");
  return line.length > NAME_LENGTH ? `${line.slice(0, NAME_LENGTH)}…` : line;
}
