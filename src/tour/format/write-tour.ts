/** A tour as the text of a tour file: what `readTour` reads back as the same tour. */
import { Document, isMap, isScalar, isSeq, Scalar, visit } from "yaml";
import type { Anchor, Ask, Claim, Condition, Patch, Ref, Step, Test, Tour, TourAction } from "./tour";
import { anchorText, readAnchor } from "./notation";

/** The YAML text. Small maps and lists stand on one line; texts of several lines are blocks. */
export function tourText(tour: Tour): string {
  const doc = new Document(plainTour(tour));
  visit(doc, {
    // Small things stand on one line, as one writes them by hand.
    Map: (_, node, path) => {
      if (
        path.length > 4 &&
        node.items.every((i) => isScalar(i.value) && !String(i.value.value).includes("\n")) &&
        JSON.stringify(node).length < 160
      )
        node.flow = true;
    },
    Scalar: (_, node) => {
      if (typeof node.value === "string" && node.value.includes("\n")) node.type = Scalar.BLOCK_LITERAL;
    },
  });
  visit(doc, {
    // A map on one line may hold others on one line.
    Map: (_, node, path) => {
      if (
        path.length > 4 &&
        node.items.every(
          (i) => (isScalar(i.value) && !String(i.value.value).includes("\n")) || (isMap(i.value) && i.value.flow),
        ) &&
        JSON.stringify(node).length < 160
      )
        node.flow = true;
    },
    Seq: (_, node, path) => {
      if (path.length > 4 && node.items.every((i) => isScalar(i) && !isSeq(i)) && JSON.stringify(node).length < 100)
        node.flow = true;
    },
  });
  return doc.toString({ lineWidth: 0, flowCollectionPadding: true });
}

const some = <T, U>(list: readonly T[], f: (x: T) => U): U[] | undefined => (list.length ? list.map(f) : undefined);

function plainTour(t: Tour): unknown {
  return defined({
    id: t.id,
    title: t.title,
    about: t.about,
    scenario: t.scenario,
    order: t.order,
    settings: t.settings,
    level: t.level,
    minutes: t.minutes,
    needs: some(t.needs, plainCondition),
    elsewhere: t.elsewhere,
    steps: t.steps.map(plainStep),
  });
}

function plainStep(s: Step): unknown {
  return defined({
    id: s.id,
    title: s.title,
    at: s.at && plainAnchor(s.at),
    cpu: s.cpu,
    from: s.from.k === "previous" ? undefined : s.from.k === "start" ? "start" : s.from.id,
    scenario: s.scenario,
    when: some(s.when, plainCondition),
    patch: some(s.patch, plainPatch),
    machine: some(s.machine, plainAction),
    words: `${s.words}\n`,
    claims: some(s.claims, plainClaim),
    ask: s.ask && plainAsk(s.ask),
    branches: some(s.branches, (b) => b),
    next: s.next,
    refs: some(s.refs, plainRef),
  });
}

/** Undefined fields don't stand in the text. */
const defined = (x: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(x).filter(([, v]) => v !== undefined));

function plainAnchor(a: Anchor): unknown {
  const short = anchorText(a);
  const back = readAnchor(short);
  if (
    a.in === undefined &&
    a.fn.length === 1 &&
    a.stmt.length <= 1 &&
    JSON.stringify(back) === JSON.stringify({ fn: a.fn, stmt: a.stmt, nth: a.nth })
  )
    return short;
  const one = (list: string[]) => (list.length === 1 ? list[0] : list);
  return defined({
    fn: one(a.fn),
    stmt: a.stmt.length ? one(a.stmt) : undefined,
    nth: a.nth > 1 ? a.nth : undefined,
    in: a.in,
  });
}

function plainAction(a: TourAction): unknown {
  switch (a.do) {
    case "run":
      return {
        run:
          "to" in a
            ? defined({ cpu: a.cpu, to: plainAnchor(a.to), times: a.times > 1 ? a.times : undefined })
            : { cpu: a.cpu, until: a.until },
      };
    case "over":
    case "into":
    case "out":
    case "atom":
      return { [a.do]: a.times > 1 ? { cpu: a.cpu, times: a.times } : a.cpu };
    case "deliver":
      return { deliver: a.sender === undefined ? a.cpu : { cpu: a.cpu, sender: a.sender } };
    case "handle":
      return { handle: a.cpu };
    case "drain":
      return { drain: a.all ? { cpu: a.cpu, all: true } : a.cpu };
    case "fill":
      return { fill: { cpu: a.cpu, page: `${a.mm}:${a.page}` } };
    case "finish":
      return { finish: "all" };
  }
}

function plainPatch(p: Patch): unknown {
  switch (p.do) {
    case "remove":
      return { remove: plainAnchor(p.at) };
    case "replace":
      return { replace: plainAnchor(p.at), with: p.text };
    case "insert":
      return { insert: p.text, [p.side]: plainAnchor(p.at) };
    case "move":
      return { move: plainAnchor(p.from), [p.side]: plainAnchor(p.at) };
  }
}

function plainCondition(c: Condition): unknown {
  return c.k === "order" ? { order: [plainAnchor(c.first), plainAnchor(c.second)] } : { [c.k]: plainAnchor(c.at) };
}

function plainClaim({ test, when }: Claim): unknown {
  const plain = plainTest(test);
  if (when.length === 0) return plain;
  const conditions = when.map(plainCondition);
  return typeof plain === "string" ? { holds: plain, when: conditions } : { ...(plain as object), when: conditions };
}

function plainTest(t: Test): unknown {
  const expression = (cpu: number | undefined, expr: string) => (cpu === undefined ? expr : `cpu${cpu}: ${expr}`);
  switch (t.k) {
    case "holds":
      return expression(t.cpu, t.expr);
    case "changed":
      return { changed: expression(t.cpu, t.expr) };
    case "property":
      return { property: t.id, is: t.is };
    case "waits":
      return defined({ waits: t.is, cpu: t.cpu });
    case "mode":
      return defined({ mode: t.is, cpu: t.cpu });
    case "runs":
      return defined({ runs: t.task, cpu: t.cpu });
    case "at":
      return defined({ at: plainAnchor(t.at), cpu: t.cpu });
    case "tlb":
      return defined({ tlb: `${t.mm}:${t.page}`, is: t.is, cpu: t.cpu });
    case "page":
      return { page: `${t.mm}:${t.page}`, is: t.is };
    case "ipi":
      return defined({ ipi: t.stage, from: t.from, to: t.to });
    case "bit":
      return defined({ bit: t.mm, is: t.is, cpu: t.cpu });
  }
}

function plainAsk(a: Ask): unknown {
  const answer = (tests: Test[]) => (tests.length === 1 ? plainTest(tests[0]) : tests.map(plainTest));
  const common = { kind: a.kind, words: a.words, then: some(a.then, plainAction) };
  const said = { right: a.right, wrong: a.wrong };
  if (a.kind !== "choice") return defined({ ...common, answer: answer(a.answer), ...said });
  return defined({
    ...common,
    choices: a.choices.map((c) => defined({ say: c.say, answer: answer(c.answer), why: c.why })),
    ...said,
  });
}

function plainRef(r: Ref): unknown {
  return r.k === "manual"
    ? { manual: r.manual, section: r.section, say: r.say }
    : defined({ commit: r.commit, project: r.project === "Linux" ? undefined : r.project, say: r.say });
}
