/** switch statements. */
import type { Stmt } from "../../syntax/tree/ast";
import type { Lowering } from "../lowering";

export function lowerSwitch(x: Lowering, s: Stmt & { k: "switch" }): void {
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
  x.flow.breaks.push({ to: end, depth: x.flow.scopes.length });
  x.flow.cases.push(labels);
  x.stmt(s.body);
  x.flow.cases.pop();
  x.flow.breaks.pop();
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
