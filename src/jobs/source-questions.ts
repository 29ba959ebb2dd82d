/** What the worker can say of a source without a search: whether a question can be asked of it, and its diagnostics. */
import { t } from "@vscode/l10n";
import { Asked, AskedError, type AskedProperty } from "../check/search/asked";
import type { Program } from "../kernel/ir";
import { ENTRY_PREFIX } from "../kernel/program";
import type { SourceFile } from "../kernel/syntax/source";
import { Machine } from "../machine/machine";
import { unknownSettings } from "../machine/requirements/settings-check";
import type { Scenario } from "../scenario/scenario";
import type { PlainDiagnostic, QuestionAnswer, QuestionJob } from "./protocol";
import type { SourceCache } from "./source-cache";

/** Why a machine's program can't be asked this, if it can't. */
export function refusal(machine: Machine, property: AskedProperty): AskedError | undefined {
  try {
    new Asked(machine, property);
    return undefined;
  } catch (e) {
    if (e instanceof AskedError) return e;
    throw e;
  }
}

/** A question is one when the program of some scenario can be asked it. */
export function* question(
  { files, scenarios, asked }: QuestionJob,
  texts: SourceCache,
): Generator<object, QuestionAnswer> {
  const programs = new Set<Program>();
  const refusals: AskedError[] = [];
  let possible = false;
  for (const scenario of scenarios) {
    const program = texts.program(files, scenario);
    if (programs.has(program)) continue;
    programs.add(program);
    if (asked && !possible) {
      const no = refusal(new Machine(program, scenario), asked);
      if (no) refusals.push(no);
      else possible = true;
    }
    yield {};
  }
  const functions = [...new Set([...programs].flatMap((p) => [...p.fns.keys()]))].filter(
    (name) => !name.startsWith(ENTRY_PREFIX),
  );
  // The best of several is that which knows the place.
  const why = possible ? undefined : (refusals.find((e) => e.at) ?? refusals[0]);
  return { functions, refused: why && { why: variableOf(why, asked!, programs) ?? why.message, at: why.at } };
}

/** A name that only some functions know is no mistake, but has to be asked for there. */
function variableOf(
  { at }: AskedError,
  { text, in: fn }: AskedProperty,
  programs: Iterable<Program>,
): string | undefined {
  const word = at && text.slice(at.start, at.end);
  if (!word || fn !== undefined) return undefined;
  const owners = [
    ...new Set(
      [...programs].flatMap((p) =>
        [...p.fns].flatMap(([name, f]) => (f.locals.some((l) => l.name === word) ? [`${name}()`] : [])),
      ),
    ),
  ];
  if (owners.length === 0) return undefined;
  const named = owners.slice(0, 3).join(", ");
  return owners.length > 3
    ? t("{0} is a variable of {1} and others: ask while that function runs.", word, named)
    : t("{0} is a variable of {1}: ask while that function runs.", word, named);
}

/** Names of the scenario's settings that nothing asks for, with what to say of each. */
export function* settingsWithoutEffect(
  files: SourceFile[],
  scenario: Scenario,
  texts: SourceCache,
): Generator<object, { name: string; message: string }[]> {
  const program = texts.program(files, scenario);
  yield {};
  return unknownSettings(program, Object.keys(scenario.settings ?? {}));
}

/** What each platform's program has to say about its source. */
export function* diagnose(files: SourceFile[], texts: SourceCache): Generator<object, PlainDiagnostic[]> {
  const found: PlainDiagnostic[] = [];
  for (const platform of ["native", "xen"] as const) {
    for (const { severity, message, code, span } of texts.program(files, { platform }).diagnostics)
      found.push({ severity, message, code, uri: span.file.uri, start: span.start, end: span.end });
    yield {};
  }
  return found;
}
