/** Statements: each begins a step at its own place; conditions are steps of their own. */
import type { Expr, Node, Stmt } from "../../syntax/tree/ast";
import type { Label } from "../../ir";
import { lowerAsm } from "../../primitives/assembly";
import { copyStruct } from "../expressions/aggregates";
import { branchOn } from "../expressions/branch";
import type { LoopExit } from "./control-flow";
import { lowerGuard, lowerScopedGuard } from "./guards";
import { converted } from "../expressions/integers";
import { iterate } from "./iterate";
import { declare, lowerDecl } from "./locals";
import { inLoop, lowerFor, lowerLoop } from "./loops";
import type { Lowering } from "../lowering";
import { typeOfDeclaration } from "../expressions/lower-types";
import { withArguments } from "../expressions/macros";
import { hasLabel, neverEnds } from "./reach";
import { declarationIn } from "./reread";
import { hasCleanups, closingBrace, depthOfLabel, scoped, unwind } from "./scopes";
import { lowerSwitch } from "./switch";

export function lowerStmts(x: Lowering, stmts: readonly Stmt[]): void {
  let reached = true;
  for (const s of stmts) {
    reached ||= hasLabel(s);
    if (reached) x.stmt(s);
    else if (s.k === "decl") for (const d of s.decls) declare(x, d, typeOfDeclaration(x, d));
    if (reached && neverEnds(x, s)) reached = false;
  }
}

export function lowerStmt(x: Lowering, s: Stmt): void {
  switch (s.k) {
    case "empty":
      return;
    case "expr": {
      const declared = declarationIn(x, s.e);
      if (declared) return lowerDecl(x, declared);
      if (lowerGuard(x, s.e) || expandsToStatements(x, s.e)) return;
      x.begin(s.e);
      x.expr(s.e);
      x.b.finishStatement();
      return;
    }
    case "decl":
      for (const d of s.decls) lowerDecl(x, d);
      return;
    case "block":
      scoped(x, s.body, s.end, closingBrace(s), () => x.stmts(s.body));
      return;
    case "if": {
      const then = x.b.label(),
        other = x.b.label(),
        end = x.b.label();
      const holds = x.known(s.c);
      const dead = holds === undefined ? undefined : holds !== 0 ? s.else : s.then;
      if (holds !== undefined && !(dead && hasLabel(dead))) {
        if (!isAboutTree(s.c)) {
          x.begin(s.c);
          x.b.finishStatement();
        }
        const alive = holds !== 0 ? s.then : s.else;
        if (alive) x.stmt(alive);
        return;
      }
      x.begin(s.c);
      x.b.condition(then);
      branchOn(x, s.c, then, s.else ? other : end);
      x.b.mark(then);
      x.stmt(s.then);
      if (s.else) {
        x.b.finishStatement();
        x.b.jump(end);
        x.b.mark(other);
        x.stmt(s.else);
      }
      x.b.mark(end);
      return;
    }
    case "while":
      return lowerLoop(x, s.c, s.body, false);
    case "do":
      return lowerLoop(x, s.c, s.body, true);
    case "for":
      return lowerFor(x, s);
    case "each":
      if (s.macro === "scoped_guard")
        return lowerScopedGuard(x, s, (end, depth) => inLoop(x, end, end, () => x.stmt(s.body), depth));
      return iterate(x, s, (body, end, next) => inLoop(x, end, next, () => x.stmt(body)));
    case "switch":
      return lowerSwitch(x, s);
    case "case": {
      const label = x.flow.cases.at(-1)?.get(s);
      if (label) x.b.mark(label);
      else x.out.error({ ...s, end: s.value?.end ?? s.start + "default".length }, "This case stands in no switch.");
      return x.stmts(s.body);
    }
    case "goto":
      x.begin(s);
      x.flow.gotos.push({ label: s.label, at: s });
      unwind(x, depthOfLabel(x, s.label));
      x.b.jump(labelNamed(x, s.label));
      return;
    case "label":
      x.b.mark(labelNamed(x, s.label));
      if (s.body) x.stmt(s.body);
      return;
    case "return":
      x.begin(s);
      lowerReturn(x, s.e);
      return;
    case "break":
      return leave(x, s, x.flow.breaks.at(-1), "break");
    case "continue":
      return leave(x, s, x.flow.continues.at(-1), "continue");
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

/** A query of the environment about the tree: no step of its own, since no kernel has it. */
const isAboutTree = (e: Expr): boolean => e.k === "call" && e.fn.k === "id" && e.fn.name === "tlbscope_defined";

function lowerReturn(x: Lowering, e: Expr | undefined): void {
  let a = undefined;
  if (e && x.resultAt) copyStruct(x, x.resultAt, x.expr(e), e);
  else if (e) {
    const o = x.expr(e);
    a = converted(x, x.b.value(o), o.t, x.b.returns);
  }
  if (hasCleanups(x)) {
    // The value is computed before guards are released.
    if (a && a.k !== "const") {
      const kept = x.b.newTemp();
      x.b.emit({ op: "move", dst: kept, a });
      a = kept;
    }
    unwind(x, 0);
  }
  x.b.emit({ op: "ret", a });
}

function leave(x: Lowering, s: Node, exit: LoopExit | undefined, word: string): void {
  x.begin(s);
  if (exit) {
    unwind(x, exit.depth);
    x.b.jump(exit.to);
  } else x.out.error(s, `This ${word} stands in no loop.`);
  x.b.finishStatement();
}

function labelNamed(x: Lowering, name: string): Label {
  let label = x.flow.labels.get(name);
  if (!label) x.flow.labels.set(name, (label = x.b.label()));
  return label;
}

/** A use of a function-like macro whose body is statements: they become steps at the place of use. */
function expandsToStatements(x: Lowering, e: Expr): boolean {
  if (e.k !== "call" || e.fn.k !== "id") return false;
  const macro = x.symbols.callableMacro(e.fn.name);
  if (!macro) return false;
  const stmts = x.symbols.macroBody(macro);
  if (stmts.length === 1 && stmts[0].k === "expr") return false;
  x.b.pin(e, () => {
    withArguments(x, macro, e.args, e, () => x.stmts(stmts));
  });
  return true;
}
