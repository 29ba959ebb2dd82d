/** for, while and do loops, and the spins that are a wait. */
import type { Expr, Stmt } from "../../syntax/tree/ast";
import type { Instr, Label } from "../../ir";
import { branchOn } from "../expressions/branch";
import type { Lowering } from "../lowering";

export function lowerFor(x: Lowering, s: Stmt & { k: "for" }): void {
  x.b.enterScope(s.end);
  if (s.init) x.stmt(s.init);
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
  inLoop(x, end, next, () => x.stmt(s.body));
  x.b.mark(next);
  if (s.step) {
    x.begin(s.step);
    x.expr(s.step);
  }
  x.b.jump(head);
  x.b.mark(end);
  x.b.leaveScope();
}

/** Lowers a loop's body: break goes to `end`, continue to `next`, and both leave the blocks deeper than `depth`. */
export function inLoop(x: Lowering, end: Label, next: Label, body: () => void, depth = x.flow.scopes.length): void {
  x.flow.breaks.push({ to: end, depth });
  x.flow.continues.push({ to: next, depth });
  body();
  x.flow.breaks.pop();
  x.flow.continues.pop();
}

/** A while loop, or a do loop whose body comes first. */
export function lowerLoop(x: Lowering, c: Expr, body: Stmt, bodyFirst: boolean): void {
  const head = x.b.label(),
    inside = x.b.label(),
    next = x.b.label(),
    end = x.b.label();
  // `do { … } while (0)` is a block, the usual shape of a macro.
  if (bodyFirst && c.k === "num" && c.value === 0) {
    inLoop(x, end, end, () => x.stmt(body));
    x.b.mark(end);
    return;
  }
  if (!isIdle(body)) {
    if (bodyFirst) {
      x.b.mark(inside);
      inLoop(x, end, next, () => x.stmt(body));
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
      inLoop(x, end, head, () => x.stmt(body));
      x.b.jump(head);
    }
    x.b.mark(end);
    return;
  }
  // A spin loop: nothing happens until the condition turns false, so the CPU waits for that. A condition with several
  // accesses is a loop all the same: each is a step of its own, and all must be made again. So is one that counts.
  x.b.mark(head);
  x.begin(c);
  const first = x.b.code.length;
  x.b.condition(inside);
  branchOn(x, c, inside, end);
  x.b.mark(inside);
  const condition = x.b.code.slice(first);
  if (condition.some(changes) || condition.filter(looks).length > 1) x.b.jump(head);
  else x.b.emit({ op: "wait", again: head });
  x.b.mark(end);
}

/** Does this instruction look at something that others may change? */
const looks = (i: Instr): boolean =>
  i.op === "load" || i.op === "rmw" || i.op === "hw" || i.op === "call" || i.op === "icall";

/**
 * Does this instruction change what the next round begins with, or may it? What a locked operation changes is known
 * once it is carried out.
 */
const changes = (i: Instr): boolean =>
  i.op === "store" || i.op === "call" || i.op === "icall" || ("dst" in i && i.dst?.k === "slot");

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
