/** From files to a program: everything reachable from what a scenario can ask for, lowered. */
import { wrappers, type Program } from "./ir";
import { lowerExpression } from "./lower/watch";
import { expandCopies } from "./lower/expressions/aggregates";
import { lowerFunction } from "./lower/function";
import { Output } from "./lower/output";
import type { CParser } from "./syntax/tree/parse";
import { usualHeader } from "./primitives/usual-header";
import { vectors } from "./primitives/vocabulary";
import { readFile, type ReadFile } from "./syntax/read-file";
import { Premises } from "./premises";
import { FLUSH_SETTING, flushPromise, generationsOf } from "./promise";
import { featureOf, isolates, type Settings } from "./settings";
import { configurationOf, optionsNamedIn } from "./configuration";
import type { SourceFile } from "./syntax/source";
import { Symbols } from "./symbols/symbols";
import { MAKEFILE } from "./tree/release";

interface ProgramInput {
  parser: CParser;
  /** Open documents first, then their tree; then the scenario's environment and the built-in edition. */
  files: SourceFile[];
  platform: "native" | "xen";
  /** What the session decides otherwise than the defaults do. */
  settings?: Settings;
}

/** Functions of the environment that a scenario's actions call begin with this. */
export const ENTRY_PREFIX = "scenario_";

/** Builds the program. Never throws on what the files hold: that becomes diagnostics. */
export function buildProgram({ parser, files, platform, settings = {} }: ProgramInput): Program {
  const { config, ofTree, sourceOf } = configurationOf(files, platform, settings);
  const { used, standIns } = chooseFiles(
    files.filter((f) => f.origin !== "build" && f.path !== MAKEFILE).map((f) => readFile(f, config)),
  );
  const out = new Output(sourceOf);
  const symbols = new Symbols(parser, [...used, readFile(usualHeader, config)], config, platform, settings, out);
  const premises = new Premises(symbols, out, used, standIns);
  const fns: Program["fns"] = new Map();
  const entries = used
    .filter((f) => f.file.origin === "environment")
    .flatMap((f) => f.items)
    .flatMap((i) => (i.kind === "function" && i.name.startsWith(ENTRY_PREFIX) ? [i.name] : []));
  const handlers = vectors.map((v) => v.handler);
  const handlerFiles = new Set(handlers.map((h) => symbols.functionNamed(h)?.file));
  const initcalls = used
    .filter((f) => handlerFiles.has(f.file))
    .flatMap((f) => f.items)
    .flatMap((i) => {
      const m = i.kind === "decl" ? /^\s*\w+_initcall\s*\(\s*(\w+)\s*\)/.exec(i.text) : null;
      return m && symbols.hasFunction(m[1]) ? [m[1]] : [];
    });
  out.functionsToLower.push(...entries, ...handlers.filter((h) => symbols.hasFunction(h)), ...initcalls);
  const isolated = isolates(settings, platform) && symbols.hasFunction("invalidate_user_asid");
  if (isolated) out.functionsToLower.push(...Object.values(wrappers).filter((w) => symbols.hasFunction(w)));
  for (let name = out.functionsToLower.pop(); name !== undefined; name = out.functionsToLower.pop()) {
    const item = symbols.functionNamed(name);
    if (!item || fns.has(name)) continue;
    fns.set(name, lowerFunction(symbols, out, item, premises.of(item)));
  }
  premises.addAlways(files);
  const noHandler = handlers.some((h) => fns.has(h)) ? undefined : missingHandler(out, handlers);
  const reached = new Set([...fns.values()].map((f) => f.file));
  const problems = used
    .filter((f) => reached.has(f.file) || f.file.origin === "open" || f.file.origin === "tree")
    .flatMap((f) => f.problems);
  // Every program has the fields that the machine itself sets up or shows.
  for (const [struct, field] of machineFields) symbols.useField(struct, field);
  symbols.variables.percpu("xen_current_cr3");
  for (const name of ["init_mm", "swapper_pg_dir", "cpu_online_bits", "cpu_bit_bitmap"]) symbols.variables.global(name);
  // What files are read under leaves no trace in the code, other than what is asked while it runs.
  for (const name of new Set([...fns.values()].flatMap((f) => optionsNamedIn(f.file.text.slice(f.start, f.end)))))
    if (ofTree.has(name) || Object.hasOwn(settings, name)) out.useSetting(name, "option", config.get(name) ?? 0);
  const promise = flushPromise(fns, settings);
  if (generationsOf(fns) || Object.hasOwn(settings, FLUSH_SETTING))
    out.useSetting(FLUSH_SETTING, "option", +(promise.kind === "at once"));
  expandCopies(out.copies, fns.values(), out.places, out.fields);
  return {
    fns,
    places: out.places,
    globals: out.globals,
    percpu: out.percpus,
    fields: out.fields,
    enumerators: out.enumerators,
    notModelled: out.notModelled,
    diagnostics: [...problems, ...out.diagnostics],
    unknowns: out.unknowns,
    noHandler,
    pcids:
      1 +
      (featureOf("X86_FEATURE_PCID", settings, platform)
        ? (symbols.constants.numberNamed("TLB_NR_DYN_ASIDS") ?? 0)
        : 0),
    globalAsids: fns.has("use_global_asid"),
    isolated,
    lacks: out.lacks,
    timePasses: symbols.timePasses,
    settings: [...out.settings.values()],
    config,
    promise,
    initcalls,
    vectorBase: symbols.constants.numberNamed(vectors[0].start) ?? 0,
    files: used.map((f) => f.file),
    standIns: standIns.filter((f) => reached.has(f)),
    expression: (fn, offset, text) => lowerExpression(symbols, out, fn, offset, text),
  };
}

/** Flush interrupts have no handler: this kernel sends none, or the file that holds it isn't there. */
const missingHandler = (out: Output, handlers: readonly string[]): number =>
  out.addUnknown({
    kind: "name",
    name: `${handlers[0]}()`,
    message:
      `No open file defines ${handlers.join("(), ")}(), which handles flush interrupts: open the file that ` + "does.",
  });

const machineFields: [string, string][] = [
  ["mm_struct", "pgd"],
  ["mm_struct", "cpumask"],
  ["mm_struct", "mm_users"],
  ["mm_struct", "mm_count"],
  ["mm_struct", "context"],
  ["mm_context", "ldt"],
  ["task_struct", "mm"],
  ["task_struct", "active_mm"],
  ["vm_area_struct", "vm_mm"],
  ["vm_area_struct", "tlbscope_rmap"],
  ["pt_regs", "orig_ax"],
];

/**
 * Which files take part: the environment first, then the tree's; a file of the edition only if nothing it defines is
 * defined elsewhere.
 */
function chooseFiles(all: ReadFile[]): { used: ReadFile[]; standIns: SourceFile[] } {
  const of = (origin: SourceFile["origin"]) => all.filter((f) => f.file.origin === origin);
  const tree = [...of("environment"), ...of("open"), ...of("tree")];
  const defined = new Set(tree.flatMap(definedNames));
  const standing = of("edition").filter((f) => !definedNames(f).some((n) => defined.has(n)));
  return {
    used: [...tree, ...standing],
    standIns: tree.length > of("environment").length ? standing.map((f) => f.file) : [],
  };
}

function definedNames(f: ReadFile): string[] {
  const functions = f.items.flatMap((i) => (i.kind === "function" ? [i.name] : []));
  // An include guard is a macro too, but an empty one.
  return [...functions, ...[...f.macros.values()].filter((m) => m.body !== "").map((m) => m.name)];
}
