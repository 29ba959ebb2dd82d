/** Statements: each begins a step at its own place; conditions are steps of their own. */
import type { Expr, LocalDecl, Node, Stmt } from "../syntax/ast";
import type { CType } from "../ctype";
import type { Instr, Label } from "../ir";
import { lowerAsm } from "../primitives/assembly";
import { copyStruct, initializeLocal } from "./aggregates";
import { branchOn } from "./expr";
import { freeAtEnd, lowerGuard, lowerScopedGuard } from "./guards";
import { iterate } from "./iterate";
import { hasLabel, known, neverEnds } from "./known";
import type { Lower } from "./lower";
import { withArguments } from "./macros";
import { cleansUp, closingBrace, depthOfLabel, scoped, unwind } from "./scopes";
import { typeOfDeclaration } from "./lower-types";

export function lowerStmts(x: Lower, stmts: Stmt[]): void {
  let reached = true;
  for (const s of stmts) {
    reached ||= hasLabel(s);
    if (reached) lowerStmt(x, s);
    else if (s.k === "decl") for (const d of s.decls) declare(x, d, typeOfDeclaration(x, d));
    if (reached && neverEnds(x, s)) reached = false;
  }
}

function lowerStmt(x: Lower, s: Stmt): void {
  switch (s.k) {
    case "empty":
      return;
    case "expr":
      if (lowerGuard(x, s.e) || expandsToStatements(x, s.e)) return;
      x.begin(s.e);
      x.expr(s.e);
      x.b.finishStatement();
      return;
    case "decl":
      for (const d of s.decls) lowerDecl(x, d);
      return;
    case "block":
      scoped(x, s.body, s.end, closingBrace(s), () => lowerStmts(x, s.body));
      return;
    case "if": {
      const then = x.b.label(),
        other = x.b.label(),
        end = x.b.label();
      const holds = known(x, s.c);
      const dead = holds === undefined ? undefined : holds !== 0 ? s.else : s.then;
      if (holds !== undefined && !(dead && hasLabel(dead))) {
        if (!isAboutTree(s.c)) {
          x.begin(s.c);
          x.b.finishStatement();
        }
        const alive = holds !== 0 ? s.then : s.else;
        if (alive) lowerStmt(x, alive);
        return;
      }
      x.begin(s.c);
      x.b.condition(then);
      branchOn(x, s.c, then, s.else ? other : end);
      x.b.mark(then);
      lowerStmt(x, s.then);
      if (s.else) {
        x.b.finishStatement();
        x.b.jump(end);
        x.b.mark(other);
        lowerStmt(x, s.else);
      }
      x.b.mark(end);
      return;
    }
    case "while":
      return lowerLoop(x, s.c, s.body, false);
    case "do":
      return lowerLoop(x, s.c, s.body, true);
    case "for": {
      x.b.enterScope(s.end);
      if (s.init) lowerStmt(x, s.init);
      const head = x.b.label(),
        body = x.b.label(),
        next = x.b.label(),
        end = x.b.label();
      x.b.mark(head);
      if (s.c) {
        x.begin(s.c);
        x.b.condition(body);
        branchOn(x, s.c, body, end);
      } else if (!s.step && isIdle(s.body)) x.begin(s);
      x.b.mark(body);
      inLoop(x, end, next, () => lowerStmt(x, s.body));
      x.b.mark(next);
      if (s.step) {
        x.begin(s.step);
        x.expr(s.step);
      }
      x.b.jump(head);
      x.b.mark(end);
      x.b.leaveScope();
      return;
    }
    case "each":
      if (s.macro === "scoped_guard")
        return lowerScopedGuard(x, s, (end, depth) => inLoop(x, end, end, () => lowerStmt(x, s.body), depth));
      return iterate(x, s, (body, end, next) => inLoop(x, end, next, () => lowerStmt(x, body)));
    case "switch":
      return lowerSwitch(x, s);
    case "case": {
      const label = x.cases.at(-1)?.get(s);
      if (label) x.b.mark(label);
      return lowerStmts(x, s.body);
    }
    case "goto":
      x.begin(s);
      x.gotos.push({ label: s.label, at: s });
      unwind(x, depthOfLabel(x, s.label));
      x.b.jump(labelNamed(x, s.label));
      return;
    case "label":
      x.b.mark(labelNamed(x, s.label));
      if (s.body) lowerStmt(x, s.body);
      return;
    case "return":
      x.begin(s);
      lowerReturn(x, s.e);
      return;
    case "break":
      return leave(x, s, x.breaks.at(-1), "break");
    case "continue":
      return leave(x, s, x.continues.at(-1), "continue");
    case "asm":
      x.begin(s);
      lowerAsm(x, s);
      x.b.finishStatement();
      return;
    case "bad":
      x.begin(s);
      x.b.finishStatement();
      return;
  }
}

/** A question of the environment about the tree: no step of its own, for no kernel has it. */
const isAboutTree = (e: Expr): boolean => e.k === "call" && e.fn.k === "id" && e.fn.name === "tlbscope_defined";

function lowerReturn(x: Lower, e: Expr | undefined): void {
  let a = undefined;
  if (e && x.resultAt) copyStruct(x, x.resultAt, x.expr(e), e);
  else if (e) a = x.val(e);
  if (cleansUp(x)) {
    // The value is worked out before what is guarded is given back.
    if (a && a.k !== "const") {
      const kept = x.b.newTemp();
      x.b.emit({ op: "move", dst: kept, a });
      a = kept;
    }
    unwind(x, 0);
  }
  x.b.emit({ op: "ret", a });
}

function leave(x: Lower, s: Node, out: { to: Label; depth: number } | undefined, word: string): void {
  x.begin(s);
  if (out) {
    unwind(x, out.depth);
    x.b.jump(out.to);
  } else x.out.error(s, `This ${word} stands in no loop.`);
  x.b.finishStatement();
}

function labelNamed(x: Lower, name: string): { at: number } {
  let label = x.labels.get(name);
  if (!label) x.labels.set(name, (label = x.b.label()));
  return label;
}

function inLoop(x: Lower, end: { at: number }, next: { at: number }, body: () => void, depth = x.scopes.length): void {
  x.breaks.push({ to: end, depth });
  x.continues.push({ to: next, depth });
  body();
  x.breaks.pop();
  x.continues.pop();
}

function lowerLoop(x: Lower, c: Expr, body: Stmt, bodyFirst: boolean): void {
  const head = x.b.label(),
    inside = x.b.label(),
    next = x.b.label(),
    end = x.b.label();
  // `do { … } while (0)` is a block, the usual shape of a macro.
  if (bodyFirst && c.k === "num" && c.value === 0) {
    inLoop(x, end, end, () => lowerStmt(x, body));
    x.b.mark(end);
    return;
  }
  if (!isIdle(body)) {
    if (bodyFirst) {
      x.b.mark(inside);
      inLoop(x, end, next, () => lowerStmt(x, body));
      x.b.mark(next);
      x.begin(c);
      x.b.condition(inside);
      branchOn(x, c, inside, end);
    } else {
      x.b.mark(head);
      x.begin(c);
      x.b.condition(inside);
      branchOn(x, c, inside, end);
      x.b.mark(inside);
      inLoop(x, end, head, () => lowerStmt(x, body));
      x.b.jump(head);
    }
    x.b.mark(end);
    return;
  }
  // A spin: nothing happens until the condition turns false, so the CPU waits for that. One that looks at several
  // things goes round, to see each anew.
  x.b.mark(head);
  x.begin(c);
  const first = x.b.code.length;
  x.b.condition(inside);
  branchOn(x, c, inside, end);
  x.b.mark(inside);
  if (x.b.code.slice(first).filter(looks).length > 1) x.b.jump(head);
  else x.b.emit({ op: "wait" });
  x.b.mark(end);
}

/** Does this instruction look at something that others may change? */
const looks = (i: Instr): boolean =>
  i.op === "load" || i.op === "rmw" || i.op === "hw" || i.op === "call" || i.op === "icall";

/** A body that only passes time: empty, or nothing but cpu_relax() and its like. */
function isIdle(s: Stmt): boolean {
  if (s.k === "empty") return true;
  if (s.k === "block") return s.body.every(isIdle);
  return (
    s.k === "expr" &&
    s.e.k === "call" &&
    s.e.fn.k === "id" &&
    /^(cpu_relax|rep_nop|barrier|cpu_relax_lowlatency|smp_cpu_relax)$/.test(s.e.fn.name)
  );
}

function lowerSwitch(x: Lower, s: Stmt & { k: "switch" }): void {
  x.begin(s.e);
  const v = x.val(s.e);
  const end = x.b.label();
  const labels = new Map(casesIn(s.body).map((c) => [c as Stmt, x.b.label()]));
  let fallback = end;
  for (const [c, label] of labels) {
    if (c.k !== "case") continue;
    if (!c.value) {
      fallback = label;
      continue;
    }
    const next = x.b.label();
    const low = x.val(c.value);
    const matches = c.last
      ? x.b.bin("&", x.b.bin(">=", v, low), x.b.bin("<=", v, x.val(c.last)))
      : x.b.bin("==", v, low);
    x.b.emit({ op: "branch", a: matches, then: label, else: next });
    x.b.mark(next);
  }
  x.b.jump(fallback);
  x.breaks.push({ to: end, depth: x.scopes.length });
  x.cases.push(labels);
  lowerStmt(x, s.body);
  x.cases.pop();
  x.breaks.pop();
  x.b.mark(end);
}

/** The cases of a switch, however deep they stand in its statements; those of a switch inside are its own. */
function casesIn(s: Stmt): (Stmt & { k: "case" })[] {
  switch (s.k) {
    case "case":
      return [s, ...s.body.flatMap(casesIn)];
    case "block":
      return s.body.flatMap(casesIn);
    case "label":
      return s.body ? casesIn(s.body) : [];
    case "if":
      return [...casesIn(s.then), ...(s.else ? casesIn(s.else) : [])];
    case "while":
    case "do":
    case "for":
    case "each":
      return casesIn(s.body);
    default:
      return [];
  }
}

/** The variable comes into scope. A static one is initialised before anything runs, so it is no step. */
function declare(x: Lower, d: LocalDecl, type: CType): void {
  if (d.isStatic)
    x.b.declareStatic(d.name, type, d.end, x.symbols.variables.staticLocal(x.b.item.name, d, type, x.b.pinnedAt ?? d));
  else x.b.declare(d.name, type, d.end);
}

function lowerDecl(x: Lower, d: LocalDecl): void {
  const type = typeOfDeclaration(x, d);
  if (d.init && !d.isStatic) {
    x.begin(d);
    if (d.init.k === "init") {
      x.b.declare(d.name, type, d.end);
      initializeLocal(x, d, type, d.init);
    } else {
      const o = x.expr(d.init);
      const v = type.k === "struct" ? undefined : x.b.value(o);
      const local = x.b.declare(d.name, type, d.end);
      const place =
        local.aggregate === undefined
          ? { k: "slot" as const, slot: local.slot!, t: type }
          : x.place({ ...d, k: "id", name: d.name });
      if (v) x.b.store(place, v);
      else copyStruct(x, place, o, d);
    }
    x.b.finishStatement();
  } else declare(x, d, type);
  if (d.free !== undefined) freeAtEnd(x, { ...d, free: d.free });
}

/** A use of a function-like macro whose body is statements: they become steps at the place of use. */
function expandsToStatements(x: Lower, e: Expr): boolean {
  if (e.k !== "call" || e.fn.k !== "id") return false;
  const macro = x.symbols.callableMacro(e.fn.name);
  if (!macro) return false;
  const stmts = x.symbols.macroBody(macro);
  if (stmts.length === 1 && stmts[0].k === "expr") return false;
  x.b.pin(e, () => {
    withArguments(x, macro, e.args, e, () => lowerStmts(x, stmts));
  });
  return true;
}
