/** YAML text as plain values, together with where each of them stands in the text. */
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node, type Pair } from "yaml";
import type { ScenarioProblem, TextRange } from "./scenario";

export type Path = readonly PropertyKey[];

interface Place {
  key?: TextRange;
  value: TextRange;
  collection: boolean;
}

export class Located {
  readonly problems: ScenarioProblem[] = [];
  readonly value: unknown;
  private readonly places = new Map<string, Place>();

  /** `noun` is what such a file is called in messages. */
  constructor(
    private readonly text: string,
    private readonly noun: string,
  ) {
    const doc = parseDocument(text, { prettyErrors: false, uniqueKeys: false, version: "1.2", schema: "core" });
    for (const e of doc.errors) {
      const problem: ScenarioProblem = {
        message: yamlMessage(e.code, e.message, noun),
        severity: "error",
        range: this.within(e.pos[0], e.pos[1]),
      };
      // One open bracket is reported once for each list or map around it.
      if (!this.problems.some((p) => p.message === problem.message && p.range.start === problem.range.start))
        this.problems.push(problem);
    }
    for (const w of doc.warnings)
      this.problems.push({
        message: `${sentence(w.message)} Write plain text, numbers, lists and maps only.`,
        severity: "warning",
        range: this.within(w.pos[0], w.pos[1]),
      });
    this.value = this.plain(doc.contents, [], undefined);
  }

  has(path: Path): boolean {
    return this.places.has(pathKey(path));
  }

  /** The value's own range, from its first character to its last. */
  valueRange(path: Path): TextRange {
    return this.places.get(pathKey(path))?.value ?? this.firstLine(0, this.text.length);
  }

  /** The key under which the value stands; the value itself where there is no key. */
  keyRange(path: Path): TextRange {
    return this.places.get(pathKey(path))?.key ?? this.at(path);
  }

  /** The line on which a key stands, counted from 1. */
  lineOf(path: Path): number {
    return this.text.slice(0, this.keyRange(path).start).split("\n").length;
  }

  /** Where to put a message about a value: on a scalar itself; of a list or map, on its key or its first line. */
  at(path: Path): TextRange {
    const place = this.places.get(pathKey(path));
    if (!place) return path.length ? this.keyRange(path.slice(0, -1)) : this.firstLine(0, this.text.length);
    const empty = place.value.start === place.value.end;
    if ((place.collection || empty) && place.key) return place.key;
    return this.firstLine(place.value.start, place.value.end);
  }

  /** The value at a path of the plain data. */
  get(path: Path): unknown {
    return path.reduce<unknown>(
      (v, k) =>
        typeof v === "object" && v !== null && Object.hasOwn(v, k) ? (v as Record<PropertyKey, unknown>)[k] : undefined,
      this.value,
    );
  }

  private plain(node: Node | null, path: Path, key: TextRange | undefined): unknown {
    const value = node?.range ? this.within(node.range[0], node.range[1]) : (key ?? this.within(0, 0));
    if (node) this.places.set(pathKey(path), { key, value, collection: isMap(node) || isSeq(node) });
    else if (key) this.places.set(pathKey(path), { key, value: key, collection: false });
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, i) => this.plain(item as Node | null, [...path, i], undefined));
    if (isMap(node)) return this.plainMap(node.items as Pair<Node | null, Node | null>[], path, value);
    if (isAlias(node))
      this.problems.push({
        message: `A ${this.noun} has no aliases. Write out what "*${node.source}" stands for.`,
        severity: "error",
        range: value,
      });
    return null;
  }

  private plainMap(items: Pair<Node | null, Node | null>[], path: Path, map: TextRange): unknown {
    const entries = new Map<string, unknown>();
    for (const { key, value } of items) {
      const range = key?.range ? this.within(key.range[0], key.range[1]) : this.firstLine(map.start, map.end);
      const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
      if (!name || name === "__proto__") {
        this.problems.push({
          message: "This can't be a key. Write a plain word before the colon.",
          severity: "error",
          range,
        });
      } else if (entries.has(name)) {
        this.problems.push({
          message: `"${name}" is here twice. Rename or delete one of the two.`,
          severity: "error",
          range,
        });
      } else {
        entries.set(name, this.plain(value, [...path, name], range));
      }
    }
    return Object.fromEntries(entries);
  }

  private within(start: number, end: number): TextRange {
    const s = Math.min(Math.max(start, 0), this.text.length);
    return { start: s, end: Math.min(Math.max(end, s), this.text.length) };
  }

  /** The first line of a piece of text that has anything on it. */
  private firstLine(start: number, end: number): TextRange {
    const piece = this.text.slice(start, end);
    const line = /\S[^\r\n]*/.exec(piece);
    if (!line) return this.within(start, start);
    return this.within(start + line.index, start + line.index + line[0].trimEnd().length);
  }
}

const pathKey = (path: Path) => JSON.stringify(path);
/** A message of the YAML library as a sentence: it begins some with the name of a tag. */
const sentence = (text: string) => {
  const begun = /^[a-z]/.test(text) ? `Not expected here: ${text}` : text;
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
};

/** What the YAML parser found, and what to do. */
function yamlMessage(code: string, message: string, noun: string): string {
  const advice: Record<string, string> = {
    TAB_AS_INDENT: "Indent with spaces instead of tabs.",
    BAD_INDENT: "Give all items of one list or map the same indentation, and close every bracket.",
    MISSING_CHAR: "Close the quote or bracket, or put the missing mark in.",
    MULTIPLE_DOCS: `Keep one ${noun} per file: delete the --- and what follows it.`,
    MULTILINE_IMPLICIT_KEY: "Is there a colon missing after a key, or an indentation too many?",
    BLOCK_AS_IMPLICIT_KEY:
      "A line has two colons; put what comes after the first one on a line of its own, or in quotes.",
    BAD_ALIAS: "Write the value out instead of an alias.",
    BAD_SCALAR_START: "Put the value in quotes.",
  };
  const what =
    code === "MULTIPLE_DOCS"
      ? "There is more than one document in this file."
      : `This is not YAML: ${sentence(message)}`;
  return `${what} ${advice[code] ?? "See the colons, quotes and indentation around here."}`;
}
