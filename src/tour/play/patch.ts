/**
 * Changes of the source for a step: made in copies of the files, so that lines stay where they are and nothing of the
 * reader's is touched.
 */
import type { SourceFile } from "../../kernel/syntax/source";
import { find, isThere } from "../anchor/anchor";
import type { Anchor, Patch } from "../format/tour";
import { say } from "../say";
import type { Statement, Statements } from "../anchor/source-statements";

export interface Patched {
  files: SourceFile[];
  /** The files that differ, each with what it was. */
  changed: { file: SourceFile; original: SourceFile }[];
  /** What was changed, in phrases. */
  phrases: string[];
}

/**
 * Makes the changes one after the other; `read` parses the files after each. An error says which change can't be made,
 * and why.
 */
export function applyPatches(
  files: SourceFile[],
  patches: readonly Patch[],
  read: (files: SourceFile[]) => Statements,
): Patched | { error: string } {
  const original = new Map(files.map((f) => [f, f]));
  const phrases: string[] = [];
  let now = files;
  for (const p of patches) {
    const source = read(now);
    const at = wanted(p.at, source);
    if ("error" in at) return at;
    const moved = p.do === "move" ? wanted(p.from, source) : undefined;
    if (moved && "error" in moved) return moved;
    const edits = editsOf(p, at, moved);
    const byFile = new Map<SourceFile, Edit[]>();
    for (const e of edits) byFile.set(e.file, [...(byFile.get(e.file) ?? []), e]);
    now = now.map((f) => {
      const own = byFile.get(f);
      if (!own) return f;
      const changed = { ...f, text: applied(f.text, own) };
      original.set(changed, original.get(f)!);
      return changed;
    });
    phrases.push(phraseOf(p, at, moved));
  }
  return {
    files: now,
    phrases,
    changed: now.filter((f) => original.get(f) !== f).map((file) => ({ file, original: original.get(file)! })),
  };
}

interface Edit {
  file: SourceFile;
  start: number;
  end: number;
  text: string;
}

function wanted(a: Anchor, source: Statements): Statement | { error: string } {
  const found = find(a, source);
  if ("lost" in found) return { error: say.cantPatch(found.lost) };
  if (!isThere(found)) return { error: say.cantPatch(found.drift!.message) };
  return found.statement ?? { error: say.cantPatch(say.badAnchor(a.fn[0])) };
}

function editsOf(p: Patch, at: Statement, moved: Statement | undefined): Edit[] {
  const { file, whole } = at;
  switch (p.do) {
    case "remove":
      return [taken(at)];
    case "replace":
      return [
        {
          file,
          start: at.condition ? at.start : whole.start,
          end: at.condition ? at.end : whole.end,
          text: at.condition ? p.text.trim() : ended(p.text),
        },
      ];
    case "insert":
      return inserted(at, p.side, ended(p.text));
    case "move":
      return [
        taken(moved!),
        ...inserted(
          at,
          p.side,
          ended(moved!.file.text.slice(moved!.whole.start, moved!.whole.end).replace(/\s+/g, " ")),
        ),
      ];
  }
}

/** The statement gone: an empty one stands in its place, for it may be all that an `if` has. */
function taken({ file, whole }: Statement): Edit {
  const lines = file.text.slice(whole.start, whole.end).split("\n");
  // Directives between its lines stay.
  return {
    file,
    start: whole.start,
    end: whole.end,
    text: lines.map((l, i) => (i > 0 && /^\s*#/.test(l) ? l : i === 0 ? ";" : "")).join("\n"),
  };
}

/** On the statement's own line, so that all lines keep their numbers; in braces where the statement stands without. */
function inserted({ file, whole, single }: Statement, side: "before" | "after", text: string): Edit[] {
  const flat = text.replace(/\s*\n\s*/g, " ");
  const at = side === "before" ? whole.start : whole.end;
  const own: Edit = { file, start: at, end: at, text: side === "before" ? `${flat} ` : ` ${flat}` };
  if (!single) return [own];
  const open: Edit = { file, start: whole.start, end: whole.start, text: "{ " };
  const close: Edit = { file, start: whole.end, end: whole.end, text: " }" };
  return side === "before" ? [{ ...own, text: `{ ${own.text}` }, close] : [open, { ...own, text: `${own.text} }` }];
}

const ended = (text: string): string => (/[;}]\s*$/.test(text) ? text.trim() : `${text.trim()};`);

function applied(text: string, edits: Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
}

function phraseOf(p: Patch, at: Statement, moved: Statement | undefined): string {
  switch (p.do) {
    case "remove":
      return say.removed(at);
    case "replace":
      return say.replaced(at, p.text);
    case "insert":
      return say.inserted(at, p.text, p.side);
    case "move":
      return say.moved(moved!, at, p.side);
  }
}
