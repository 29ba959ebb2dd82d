/** Real files, damaged: never a crash, never without end, and what can't be read is told at its place. */
import assert from "node:assert/strict";
import { describeSpan, type Diagnostic, type SourceFile } from "../../src/kernel/syntax/source";
import path from "node:path";
import fc from "fast-check";
import { shippedFiles, treeFiles } from "../../src/cli/node-host";
import { configOf } from "../../src/kernel/configuration";
import { readFile } from "../../src/kernel/syntax/read-file";
import { LayoutError } from "../../src/machine/layout";
import { Machine } from "../../src/machine/machine";
import { Stepper } from "../../src/trace/stepping";
import { Trace } from "../../src/trace/trace";
import { build } from "../support/kernel";
import { scenario } from "../support/machine";
import { trees } from "./trees";

const protocol =
  /^(context_switch|switch_mm|switch_mm_irqs_off|enter_lazy_tlb|leave_mm|choose_new_asid|flush_tlb_page|flush_tlb_mm_range|native_flush_tlb_others|native_flush_tlb_multi|flush_tlb_func|smp_invalidate_interrupt|exec_mmap|finish_task_switch|__mmdrop)$/;

/** The file with another text; builds it with the rest of its tree, runs it a little, and gives what is told of it. */
function damaged(files: readonly SourceFile[], file: SourceFile, text: string): Diagnostic[] {
  const changed = files.map((f) => (f === file ? { ...f, text } : f));
  const program = build(changed);
  for (const { span, message } of program.diagnostics) {
    assert.ok(
      changed.includes(span.file) && 0 <= span.start && span.start <= span.end && span.end <= span.file.text.length,
      message,
    );
    assert.match(message, /^\S.*[.?]$/s);
  }
  try {
    const trace = new Trace(new Machine(program, scenario("switch-in")));
    new Stepper(trace, { stopsOn: () => false, paused: () => trace.last > 100 }).continue();
  } catch (e) {
    if (!(e instanceof LayoutError)) throw e;
  }
  return program.diagnostics.filter((d) => d.span.file.path === file.path);
}

for (const root of trees)
  describe(`damaged files of ${path.basename(root)}`, () => {
    const tree = treeFiles(root),
      files = [...tree, ...shippedFiles()];
    const before = new Set<string>();
    /** Functions of the protocol, with the offsets at which lines of code begin in them. */
    let reached: ReadonlySet<string> | undefined;
    const places = tree.flatMap((file) => {
      const { items, text } = readFile(file, configOf("native"));
      return items.flatMap((i) => {
        if (i.kind !== "function" || !protocol.test(i.name)) return [];
        const body = text.slice(i.bodyStart, i.end),
          lines: number[] = [];
        for (let at = body.indexOf("\n"); at >= 0; at = body.indexOf("\n", at + 1))
          if (/^\n[ \t]*[A-Za-z]/.test(body.slice(at)) && at > 2) lines.push(i.bodyStart + at + 1);
        return lines.length > 1 ? [{ file, name: i.name, lines }] : [];
      });
    });
    // Numbers, so that nothing of the tree's text is printed where this fails.
    const place = fc.tuple(fc.nat(places.length - 1), fc.nat());
    const placed = ([p, line]: [number, number]) => ({
      ...places[p],
      at: places[p].lines[line % places[p].lines.length],
    });
    /** Only what runs is read to its end. */
    const runs = ([p]: [number, number]): boolean =>
      (reached ??= new Set([...build(files).fns.values()].map((f) => `${f.file.path} ${f.name}`))).has(
        `${places[p].file.path} ${places[p].name}`,
      );
    const told = (d: Diagnostic) => `${describeSpan(d.span).replace(/:\d+$/, "")} ${d.message}`;

    it("with a line less are read as far as they go", () =>
      fc.assert(
        fc.property(place, (p) => {
          const { file, at } = placed(p);
          damaged(files, file, file.text.slice(0, at) + file.text.slice(file.text.indexOf("\n", at) + 1));
        }),
        { numRuns: 25 },
      )).timeout(300_000);

    it("with a bracket too many tell it in that file", () => {
      for (const d of build(files).diagnostics) before.add(told(d));
      fc.assert(
        fc.property(place, fc.constantFrom("{", "}", "(", ")"), (p, bracket) => {
          fc.pre(runs(p));
          const { file, name, at } = placed(p);
          const fresh = damaged(files, file, file.text.slice(0, at) + bracket + file.text.slice(at)).filter(
            (d) => !before.has(told(d)),
          );
          assert.ok(
            fresh.length > 0,
            `${bracket} in ${name}() at line ${file.text.slice(0, at).split("\n").length} isn't told`,
          );
        }),
        { numRuns: 40 },
      );
    }).timeout(300_000);

    it("cut off in the middle of a function tell where", () =>
      fc.assert(
        fc.property(place, (p) => {
          const { file, name, at } = placed(p);
          const all = damaged(files, file, file.text.slice(0, at));
          assert.ok(
            all.some((d) => d.span.start <= at),
            `${name}() is cut off, and nothing is told`,
          );
        }),
        { numRuns: 25 },
      )).timeout(300_000);
  });
