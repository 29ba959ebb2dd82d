/** Statements: each begins a step at its own place; conditions are steps of their own. */
import type { Expr, LocalDecl, Node, Stmt } from "../ast";
import { INT, type CType } from "../ctype";
import { num } from "../ir";
import { lowerAsm } from "../primitives/assembly";
import { branchOn, isWhole } from "./expr";
import { iterate } from "./iterate";
import { hasLabel, known, neverEnds } from "./known";
import type { Lower } from "./lower";

export function lowerStmts(x: Lower, stmts: Stmt[]): void {
  let reached = true;
  for (const s of stmts) {
    reached ||= hasLabel(s);
    if (reached) lowerStmt(x, s);
    else if (s.k === "decl") for (const d of s.decls) x.b.declare(d.name, x.symbols.types.resolve(d.type, d.structBody), d.end);
    if (reached && neverEnds(x, s)) reached = false;
  }
}

function lowerStmt(x: Lower, s: Stmt): void {
  switch (s.k) {
    case "empty": return;
    case "expr":
      if (expandsToStatements(x, s.e)) return;
      x.begin(s.e);
      x.expr(s.e);
      x.b.finishStatement();
      return;
    case "decl":
      for (const d of s.decls) lowerDecl(x, d);
      return;
    case "block":
      x.b.enterScope(s.end);
      lowerStmts(x, s.body);
      x.b.leaveScope();
      return;
    case "if": {
      const then = x.b.label(), other = x.b.label(), end = x.b.label();
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
    case "while": return lowerLoop(x, s.c, s.body, false);
    case "do": return lowerLoop(x, s.c, s.body, true);
    case "for": {
      x.b.enterScope(s.end);
      if (s.init) lowerStmt(x, s.init);
      const head = x.b.label(), body = x.b.label(), next = x.b.label(), end = x.b.label();
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
    case "each": return iterate(x, s, (body, end, next) => inLoop(x, end, next, () => lowerStmt(x, body)));
    case "switch": return lowerSwitch(x, s);
    case "case": // outside a switch, which the grammar would have refused
      return lowerStmts(x, s.body);
    case "goto":
      x.begin(s);
      x.gotos.push({ label: s.label, at: s });
      x.b.jump(labelNamed(x, s.label));
      return;
    case "label":
      x.b.mark(labelNamed(x, s.label));
      if (s.body) lowerStmt(x, s.body);
      return;
    case "return":
      x.begin(s);
      x.b.emit({ op: "ret", a: s.e ? x.val(s.e) : undefined });
      return;
    case "break": return leave(x, s, x.breaks.at(-1), "break");
    case "continue": return leave(x, s, x.continues.at(-1), "continue");
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

function leave(x: Lower, s: Node, to: { at: number } | undefined, word: string): void {
  x.begin(s);
  if (to) x.b.jump(to);
  else x.symbols.cannot(s, `This ${word} stands in no loop.`);
  x.b.finishStatement();
}

function labelNamed(x: Lower, name: string): { at: number } {
  let label = x.labels.get(name);
  if (!label) x.labels.set(name, (label = x.b.label()));
  return label;
}

function inLoop(x: Lower, end: { at: number }, next: { at: number }, body: () => void): void {
  x.breaks.push(end);
  x.continues.push(next);
  body();
  x.breaks.pop();
  x.continues.pop();
}

function lowerLoop(x: Lower, c: Expr, body: Stmt, bodyFirst: boolean): void {
  const head = x.b.label(), inside = x.b.label(), next = x.b.label(), end = x.b.label();
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
  // A spin: nothing happens until the condition turns false, so the CPU waits for that.
  x.begin(c);
  x.b.condition(inside);
  branchOn(x, c, inside, end);
  x.b.mark(inside);
  x.b.emit({ op: "wait" });
  x.b.mark(end);
}

/** A body that only passes time: empty, or nothing but cpu_relax() and its like. */
function isIdle(s: Stmt): boolean {
  if (s.k === "empty") return true;
  if (s.k === "block") return s.body.every(isIdle);
  return s.k === "expr" && s.e.k === "call" && s.e.fn.k === "id" && /^(cpu_relax|rep_nop|barrier|cpu_relax_lowlatency|smp_cpu_relax)$/.test(s.e.fn.name);
}

function lowerSwitch(x: Lower, s: Stmt & { k: "switch" }): void {
  x.begin(s.e);
  const v = x.val(s.e);
  const end = x.b.label();
  const cases = s.body.k === "block" ? s.body.body : [s.body];
  const labels = cases.map(() => x.b.label());
  let fallback = end;
  cases.forEach((c, i) => {
    if (c.k !== "case") return;
    if (!c.value) { fallback = labels[i]; return; }
    const next = x.b.label();
    x.b.emit({ op: "branch", a: x.b.bin("==", v, x.val(c.value)), then: labels[i], else: next });
    x.b.mark(next);
  });
  x.b.jump(fallback);
  x.breaks.push(end);
  cases.forEach((c, i) => {
    x.b.mark(labels[i]);
    lowerStmts(x, c.k === "case" ? c.body : [c]);
  });
  x.breaks.pop();
  x.b.mark(end);
}

function lowerDecl(x: Lower, d: LocalDecl): void {
  const type = x.symbols.types.resolve(d.type, d.structBody);
  if (d.isStatic) {
    x.symbols.cannot(d, `A static local (${d.name}) isn't kept between calls: move it out of the function.`);
  }
  if (!d.init) { x.b.declare(d.name, type, d.end); return; }
  x.begin(d);
  if (d.init.k === "init") {
    x.b.declare(d.name, type, d.end);
    initialize(x, d, type, d.init);
  } else {
    const v = x.val(d.init);
    const local = x.b.declare(d.name, type, d.end);
    if (!isWhole(x, type, d)) x.b.store(local.aggregate === undefined ? { k: "slot", slot: local.slot!, t: type } : x.place({ ...d, k: "id", name: d.name }), v);
  }
  x.b.finishStatement();
}

/** `struct s v = { .a = 1, 2 };`: every member that the program uses gets its value, the others 0. */
function initialize(x: Lower, d: LocalDecl, type: CType, init: Expr & { k: "init" }): void {
  const self: Expr = { ...d, k: "id", name: d.name };
  let index = 0;
  const names = type.k === "struct" ? x.symbols.types.memberNames(type.name) : [];
  for (const item of init.items) {
    if (type.k === "struct") {
      const name = item.field ?? names[index];
      index = item.field ? names.indexOf(item.field) + 1 : index + 1;
      if (name === undefined) { x.symbols.cannot(item.value, "More values than the struct has members."); continue; }
      x.b.store(x.field(x.place(self), name, item.value), x.val(item.value));
    } else if (type.k === "array") {
      x.b.store(x.element(x.place(self), item.index ? x.val(item.index) : num(index)), x.val(item.value));
      index++;
    } else x.b.store({ k: "slot", slot: x.b.lookup(d.name)!.slot!, t: INT }, x.val(item.value));
  }
}

/** A use of a function-like macro whose body is statements: they become steps at the place of use. */
function expandsToStatements(x: Lower, e: Expr): boolean {
  if (e.k !== "call" || e.fn.k !== "id") return false;
  const macro = x.symbols.callableMacro(e.fn.name);
  if (!macro) return false;
  const stmts = x.symbols.macroBody(macro);
  if (stmts.length === 1 && stmts[0].k === "expr") return false;
  x.b.pin(e, () => {
    x.symbols.withArguments(x, macro, e.args, e, () => lowerStmts(x, stmts));
  });
  return true;
}
