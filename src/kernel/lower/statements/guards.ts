/**
 * guard(kind)(args), scoped_guard(kind, args), CLASS(kind, var)(args) and `v __free(kind)`: what they do where they
 * stand and at the end of their scope. Kinds are those that the open files define, and those of the kernel's headers.
 * Source: include/linux/cleanup.h.
 */
import type { Expr, LocalDecl, Node, Stmt } from "../../syntax/tree/ast";
import type { Macro } from "../../syntax/conditionals";
import { INT, type CType } from "../../ctype";
import { definitionNamed } from "../../syntax/definitions";
import { readDeclarators, readTypeName, splitTop } from "../../syntax/declarators";
import { harmlessCall } from "../../primitives/harmless";
import { guards } from "../../primitives/scoped-guards";
import type { SourceFile } from "../../syntax/source";
import type { Symbols } from "../../symbols/symbols";
import type { Lowering } from "../lowering";
import { closingBrace, scoped } from "./scopes";
import { rewrite } from "../../syntax/tree/rewrite";

/** A kind of guard, ready to be lowered: both texts are in terms of `_T`. */
interface Kind {
  enter: Macro;
  leave: Macro;
  /** Names and types of the guard's own variables. */
  variables: { name: string; type: CType }[];
  args: number;
  /** `_T` is the argument itself, not a structure with it in `lock`. */
  direct: boolean;
}

const builtIn: SourceFile = { uri: "cleanup", path: "include/linux/cleanup.h", text: "", origin: "environment" };
const known = new WeakMap<Symbols, Map<string, Kind | undefined>>();

function kindNamed(symbols: Symbols, name: string): Kind | undefined {
  let kinds = known.get(symbols);
  if (!kinds) known.set(symbols, (kinds = new Map()));
  if (!kinds.has(name)) kinds.set(name, definedKind(symbols, name) ?? builtInKind(symbols, name));
  return kinds.get(name);
}

const macroOf = (name: string, file: SourceFile, start: number, body: string): Macro => ({
  name,
  params: [],
  file,
  nameStart: start,
  start,
  end: start + body.length,
  body,
});

function builtInKind(symbols: Symbols, name: string): Kind | undefined {
  const kind = guards.get(name);
  return (
    kind && {
      enter: macroOf(name, builtIn, 0, kind.enter),
      leave: macroOf(name, builtIn, 0, kind.leave),
      variables: variablesOf(symbols, kind.variables ?? ""),
      args: kind.args,
      direct: false,
    }
  );
}

const variablesOf = (symbols: Symbols, text: string): Kind["variables"] =>
  text
    .split(";")
    .flatMap((d) => readDeclarators(d))
    .map((d) => ({ name: d.name, type: symbols.types.resolve(d.type) }));

/** A kind that a file defines by one of cleanup.h's macros. */
function definedKind(symbols: Symbols, name: string): Kind | undefined {
  const found = definitionNamed(symbols.files, name, "LOCK_GUARD_[0-2]|GUARD");
  if (!found) return undefined;
  const { file, how, args } = found;
  const macro = (i: number): Macro => macroOf(name, file, args[i].start, args[i].text);
  if (how === "LOCK_GUARD_0")
    return {
      enter: macro(1),
      leave: macro(2),
      variables: variablesOf(
        symbols,
        args
          .slice(3)
          .map((a) => a.text)
          .join(";"),
      ),
      args: 0,
      direct: false,
    };
  if (args.length < 4) return undefined;
  return {
    enter: macro(2),
    leave: macro(3),
    variables: variablesOf(
      symbols,
      args
        .slice(4)
        .map((a) => a.text)
        .join(";"),
    ),
    args: how === "LOCK_GUARD_2" ? 2 : 1,
    direct: how === "GUARD",
  };
}

/** `guard(kind)(args);` or `CLASS(kind, var)(args);` as a statement; false when it is neither. */
export function lowerGuard(x: Lowering, e: Expr): boolean {
  if (e.k !== "call" || e.fn.k !== "call" || e.fn.fn.k !== "id") return false;
  const [kind, variable] = e.fn.args;
  if (e.fn.fn.name === "guard" && kind?.k === "id" && e.fn.args.length === 1) {
    x.begin(e);
    enter(x, kind.name, e.args, e);
    x.b.finishStatement();
    return true;
  }
  if (e.fn.fn.name === "CLASS" && kind?.k === "id" && variable?.k === "id") {
    x.begin(e);
    construct(x, kind.name, variable.name, e.args, e);
    x.b.finishStatement();
    return true;
  }
  return false;
}

/** `scoped_guard(kind, args) body`: a loop that runs once, so that break leaves it. */
export function lowerScopedGuard(
  x: Lowering,
  s: Stmt & { k: "each" },
  body: (end: { at: number }, depth: number) => void,
): void {
  const depth = x.flow.scopes.length;
  const [kind, ...args] = s.args;
  const end = x.b.label();
  const inner = s.body.k === "block" ? s.body.body : [s.body];
  scoped(x, inner, s.end, closingBrace(s), () => {
    const head = { file: s.file, start: s.start, end: s.body.start };
    x.begin(head);
    if (kind?.k === "id") enter(x, kind.name, args, head);
    else x.out.error(head, "scoped_guard() needs the kind of guard in front.");
    x.b.finishStatement();
    body(end, depth);
  });
  x.b.mark(end);
}

/** Acquires the guard, and registers its release at the end of the scope. */
function enter(x: Lowering, name: string, args: Expr[], use: Node): void {
  const kind = kindNamed(x.symbols, name);
  if (!kind) {
    x.out.warnNotModelled(
      `guard(${name})`,
      use,
      x.b.item.name,
      `guard(${name}) isn't defined in the open files, nor known to TLBscope: nothing is taken here, and nothing ` +
        "given back at the end. Open the file that defines it.",
    );
    return;
  }
  if (args.length < kind.args) {
    x.out.error(
      use,
      `guard(${name}) takes ${kind.args} argument${kind.args === 1 ? "" : "s"}, ${args.length} ` +
        `${args.length === 1 ? "is" : "are"} given.`,
    );
    return;
  }
  // The guard's variables: no name in C has a dot, so they hide no other.
  const own = `${name}${x.flow.guards++ > 0 ? ` ${x.flow.guards}` : ""}`;
  const nameOf = (part: string): string => `${own}.${part}`;
  const taken = args.slice(0, kind.args).map((a, i) => {
    const value = x.expr(a);
    const local = x.b.declare(nameOf(i === 0 ? "lock" : "lock2"), value.t, use.end);
    x.b.store({ k: "slot", slot: local.slot!, t: value.t }, x.b.value(value));
    return local;
  });
  for (const v of kind.variables) x.b.declare(nameOf(v.name), v.type, use.end);
  const id = (n: Node, part: string): Expr => ({
    file: n.file,
    start: n.start,
    end: n.end,
    k: "id",
    name: nameOf(part),
  });
  const bodyOf = (macro: Macro): Stmt[] =>
    rewrite(x.symbols.macroBody(macro), (e) => {
      if (e.k === "member" && e.arrow && e.e.k === "id" && e.e.name === "_T" && !kind.direct) return id(e, e.field);
      return e.k === "id" && e.name === "_T" && taken[0] ? id(e, "lock") : undefined;
    });
  lowerInStep(x, bodyOf(kind.enter), use);
  x.flow.scopes.at(-1)?.cleanups.push(() => lowerInStep(x, bodyOf(kind.leave), use));
}

/** `CLASS(kind, var)(args)`: a variable with a constructor and a destructor. */
function construct(x: Lowering, name: string, variable: string, args: Expr[], use: Node): void {
  const found = definitionNamed(x.symbols.files, name, "CLASS");
  if (!found || found.args.length < 4) {
    x.b.declare(variable, INT, use.end);
    x.out.warnNotModelled(
      `CLASS(${name})`,
      use,
      x.b.item.name,
      `CLASS(${name}) isn't defined in the open files: ${variable} is 0, and nothing is done at its end. Open ` +
        "the file that defines it.",
    );
    return;
  }
  const [, type, leave, init, ...params] = found.args;
  const names = params.flatMap((p) =>
    splitTop(p.text, ",")
      .flatMap((d) => readDeclarators(d))
      .map((d) => d.name),
  );
  const body = x.symbols.macroBody(macroOf(name, found.file, init.start, init.text));
  const given = rewrite(body, (e) =>
    e.k === "id" && names.includes(e.name) ? args[names.indexOf(e.name)] : undefined,
  );
  const value = x.b.pin(use, () => (given[0]?.k === "expr" ? x.expr(given[0].e) : undefined));
  const local = x.b.declare(variable, x.symbols.types.resolve(readTypeName(type.text)), use.end);
  if (value && local.slot !== undefined) x.b.store({ k: "slot", slot: local.slot, t: local.type }, x.b.value(value));
  destroyAtEnd(x, variable, macroOf(name, found.file, leave.start, leave.text), use);
}

/** `v __free(kind)`: cleaned up where its scope ends. */
export function freeAtEnd(x: Lowering, d: LocalDecl & { free: string }): void {
  if (harmlessCall(d.free)) return;
  const found = definitionNamed(x.symbols.files, d.free, "FREE");
  if (found && found.args.length >= 3)
    return destroyAtEnd(x, d.name, macroOf(d.free, found.file, found.args[2].start, found.args[2].text), d);
  x.out.warnNotModelled(
    `__free(${d.free})`,
    d,
    x.b.item.name,
    `__free(${d.free}) isn't defined in the open files: nothing is done where ${d.name} goes. Open the file that ` +
      "defines it.",
  );
}

function destroyAtEnd(x: Lowering, variable: string, leave: Macro, use: Node): void {
  const body = rewrite(x.symbols.macroBody(leave), (e) =>
    e.k === "id" && e.name === "_T" ? { ...e, name: variable } : undefined,
  );
  x.flow.scopes.at(-1)?.cleanups.push(() => lowerInStep(x, body, use));
}

/** Lowers statements from elsewhere (a macro's body) as part of the present step. */
function lowerInStep(x: Lowering, stmts: Stmt[], use: Node): void {
  // At the end of a scope the step's place is the brace, or the statement that leaves; else it is the guard's own.
  x.withinStep(() => x.b.pin(x.b.here ?? use, () => x.stmts(stmts)));
}
