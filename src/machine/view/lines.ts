/** Which steps belong to which line: where breakpoints can be set, and where a line leads. */
import { offsetOfLine, positionAt, type SourceFile } from "../../kernel/syntax/source";
import { readFile } from "../../kernel/syntax/read-file";
import type { Machine } from "../machine";

/** A line that has steps, and the program counters at which its statements begin. */
export interface Line {
  file: SourceFile;
  line: number;
  column: number;
  pcs: ReadonlySet<number>;
}

export class Lines {
  private readonly byFile = new Map<SourceFile, Map<number, { column: number; pcs: Set<number> }>>();

  constructor(private readonly machine: Machine) {
    const { begins, instrs } = machine.code;
    for (let pc = 1; pc < instrs.length; pc++) {
      if (!begins[pc]) continue;
      const place = machine.program.places[instrs[pc].src];
      const { line, column } = positionAt(place.file, place.start);
      let lines = this.byFile.get(place.file);
      if (!lines) this.byFile.set(place.file, (lines = new Map()));
      const known = lines.get(line);
      if (known) known.pcs.add(pc);
      else lines.set(line, { column, pcs: new Set([pc]) });
    }
  }

  /** The steps of exactly this line. */
  at(file: SourceFile, line: number): Line | undefined {
    const found = this.byFile.get(file)?.get(line);
    return found && { file, line, ...found };
  }

  /** All lines of a stretch that have steps. */
  between(file: SourceFile, from: number, to: number): Line[] {
    return [...(this.byFile.get(file) ?? [])]
      .filter(([line]) => line >= from && line <= to)
      .sort(([a], [b]) => a - b)
      .map(([line, l]) => ({ file, line, ...l }));
  }

  /** This line's steps, or those of the nearest line below in the same function; else why there are none. */
  nearest(file: SourceFile, line: number): Line | { why: string } {
    const exact = this.at(file, line);
    if (exact) return exact;
    const range = this.functionAround(file, line);
    if (!range)
      return {
        why: `No step stands on line ${line}: it is outside of every function. Set the breakpoint on a statement.`,
      };
    const next = this.between(file, line, range.to)[0];
    if (next) return next;
    if (this.between(file, range.from, range.to).length === 0)
      return {
        why:
          `${range.name}() takes no part in this simulation: nothing that the scenario asks for leads to it. Try ` +
          "another scenario.",
      };
    return {
      why:
        `No step stands on line ${line}, nor below it in ${range.name}(). Set the breakpoint on a statement ` +
        "further up.",
    };
  }

  /** The function whose text holds this line. */
  functionAround(file: SourceFile, line: number): { name: string; from: number; to: number } | undefined {
    const start = offsetOfLine(file, line),
      end = offsetOfLine(file, line + 1);
    for (const item of readFile(file, this.machine.program.config).items) {
      if (item.kind === "function" && item.start < end && item.end > start)
        return { name: item.name, from: positionAt(file, item.start).line, to: positionAt(file, item.end).line };
    }
    return undefined;
  }
}
