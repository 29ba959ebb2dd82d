/** Works out whether something is true of a state: claims of a step, and the right answers of a question. */
import { properties } from "../../machine/effects";
import { describe, waitsFor } from "../../machine/view/describe";
import { ipisAt } from "../../trace/ipis";
import { propertiesAt } from "../../trace/property-status";
import { standsAt } from "./arrive";
import type { StateContext } from "./state-context";
import type { Test } from "../format/tour";
import { anchorText } from "../format/notation";
import { say } from "../say";
import { entryText, valueOf, whereIs } from "./state-values";

export interface TestResult {
  ok: boolean;
  /** The test in short: `cpu0: cpu_tlbstate.state == TLBSTATE_OK`. */
  text: string;
  /** What is so instead, when it isn't true. */
  why?: string;
  /** There is no such value at all. */
  missing?: boolean;
}

/** The test in short; `cpu` is meant where it names none. */
function testText(t: Test, cpu: number): string {
  const who = "cpu" in t && t.cpu !== undefined ? t.cpu : cpu;
  switch (t.k) {
    case "holds":
      return `cpu${who}: ${t.expr}`;
    case "changed":
      return `cpu${who}: ${t.expr} changed`;
    case "property":
      return `${properties[t.id].label}: ${t.is}`;
    case "waits":
      return `CPU${who} ${t.is ? "waits" : "doesn't wait"}`;
    case "mode":
      return `CPU${who} is ${t.is === "kernel" || t.is === "user" || t.is === "interrupt" ? `in ${t.is} mode` : t.is}`;
    case "runs":
      return `CPU${who} runs ${t.task}`;
    case "at":
      return `CPU${who} is about to execute ${anchorText(t.at)}`;
    case "tlb":
      return `CPU${who}'s TLB: ${t.mm}:${t.page} ${t.is}`;
    case "page":
      return `${t.mm}:${t.page} is ${t.is}`;
    case "ipi":
      return (
        `interrupt${t.from === undefined ? "" : ` from CPU${t.from}`}${t.to === undefined ? "" : ` to CPU${t.to}`}: ` +
        `${t.stage}`
      );
    case "bit":
      return `CPU${who}'s bit in mm_cpumask(${t.mm}): ${t.is}`;
  }
}

/** Tries a test on the state. Never throws: what has no value is `missing`. */
export function evaluateTest(t: Test, x: StateContext): TestResult {
  const cpu = "cpu" in t && t.cpu !== undefined ? t.cpu : x.cpu;
  const text = testText(t, x.cpu);
  const result = (ok: boolean, why?: string): TestResult => (ok ? { ok, text } : { ok, text, why });
  const missing = (why: string): TestResult => ({ ok: false, text, why, missing: true });
  const { machine, trace } = x;
  if (cpu >= machine.layout.cpuCount) return missing(say.noCpu(cpu));
  const s = trace.state;
  switch (t.k) {
    case "holds": {
      const v = valueOf(machine, s, cpu, t.expr);
      return "error" in v
        ? missing(say.noValue(t.expr, v.error))
        : result(v.value !== 0, `it is ${v.shown}${sides(x, cpu, t.expr)}`);
    }
    case "changed": {
      const now = valueOf(machine, s, cpu, t.expr),
        was = valueOf(machine, x.before, cpu, t.expr);
      if ("error" in now) return missing(say.noValue(t.expr, now.error));
      // A variable that the CPU couldn't see before is a new value.
      return result("error" in was || was.value !== now.value, `it is ${now.shown}, as before`);
    }
    case "property": {
      const p = propertiesAt(trace).find((q) => q.id === t.id)!;
      return result(p.ok === (t.is === "ok"), p.why ?? "it has been kept so far");
    }
    case "waits": {
      const why = waitsFor(machine, s, cpu);
      return result((why !== undefined) === t.is, why ?? `it can go on from ${whereIs(machine, s, cpu)}`);
    }
    case "at": {
      const found = x.find(t.at);
      return "lost" in found
        ? missing(found.lost)
        : result(standsAt(machine, cpu, found)(s), `it is at ${whereIs(machine, s, cpu)}`);
    }
    case "mode":
    case "runs":
    case "tlb":
      return cpuTest(t, cpu, x, result, missing);
    case "page": {
      const mm = describe(machine, s).mms.find((m) => m.name === t.mm);
      const page = mm?.pages.find((p) => p.name === t.page);
      if (!page) return missing(say.noPage(`${t.mm}:${t.page}`));
      return result(
        (page.frame !== undefined) === (t.is === "mapped"),
        page.frame === undefined ? "it maps nothing" : `it maps ${page.frame}`,
      );
    }
    case "ipi": {
      const some = ipisAt(trace).filter(
        (i) => (t.from === undefined || i.from === t.from) && (t.to === undefined || i.to === t.to),
      );
      const ok =
        t.stage === "none"
          ? some.every((i) => i.stage === "acknowledged")
          : t.stage === "held"
            ? some.some((i) => i.held)
            : some.some((i) => i.stage === t.stage);
      return result(
        ok,
        some.length === 0
          ? "there is none"
          : some.map((i) => `CPU${i.from} → CPU${i.to}: ${i.stage}${i.held ? ", held" : ""}`).join("; "),
      );
    }
    case "bit": {
      const m = machine.scenario.mms.findIndex((mm) => mm.name === t.mm);
      if (m < 0) return missing(say.noMm(t.mm));
      const at = machine.layout.fieldAt(machine.layout.mms[m], "mm_struct", "cpumask");
      const now = (s[at] >> cpu) & 1,
        was = (x.before[at] >> cpu) & 1;
      return result(
        t.is === "changed" ? now !== was : (now === 1) === (t.is === "set"),
        now ? "it is set" : "it is clear",
      );
    }
  }
}

function cpuTest(
  t: Test & { k: "mode" | "runs" | "tlb" },
  cpu: number,
  { machine, trace }: StateContext,
  result: (ok: boolean, why?: string) => TestResult,
  missing: (why: string) => TestResult,
): TestResult {
  const view = describe(machine, trace.state).cpus[cpu];
  switch (t.k) {
    case "mode":
      return result(view.mode === t.is, `it is: ${view.mode}`);
    case "runs":
      if (!machine.layout.tasks.has(t.task)) return missing(say.noTask(t.task));
      return result(view.task === t.task, `it runs ${view.task}`);
    case "tlb": {
      if (!machine.scenario.mms.some((m) => m.name === t.mm && m.pages.includes(t.page)))
        return missing(say.noPage(`${t.mm}:${t.page}`));
      const e = view.tlb.find((entry) => entry.mm === t.mm && entry.page === t.page && !entry.dropped);
      const ok =
        t.is === "held"
          ? e !== undefined
          : t.is === "absent"
            ? e === undefined
            : t.is === "stale"
              ? e?.stale === true
              : e?.freed === true;
      return result(ok, e ? `it holds ${entryText(e)}` : "it doesn't hold it");
    }
  }
}

/** The two sides of a comparison, to say why it doesn't hold. */
function sides(x: StateContext, cpu: number, expr: string): string {
  const m = /^([^=!<>&|]+)(==|!=|<=|>=|<|>)([^=!<>&|]+)$/.exec(expr);
  if (!m) return "";
  const texts = [m[1].trim(), m[3].trim()].map((part) => {
    if (/^[A-Z_][A-Z\d_]*$/.test(part)) return part; // a constant, or an mm: its name says more
    const v = valueOf(x.machine, x.trace.state, cpu, part);
    return "error" in v ? "?" : v.shown;
  });
  return ` (${texts.join(` ${m[2]} `)})`;
}

/** The test with a cell of the cpumask matrix, or a CPU, put in. */
export function instantiate(t: Test, cpu: number, mm?: string): Test {
  const put = (text: string): string =>
    (mm === undefined ? text : text.replaceAll("$mm", mm)).replaceAll("$cpu", String(cpu));
  const own = "cpu" in t && t.cpu !== undefined ? t.cpu : cpu;
  switch (t.k) {
    case "holds":
    case "changed":
      return { ...t, cpu: own, expr: put(t.expr) };
    case "tlb":
    case "bit":
      return { ...t, cpu: own, mm: put(t.mm) };
    case "page":
      return { ...t, mm: put(t.mm) };
    case "property":
    case "ipi":
      return t;
    default:
      return { ...t, cpu: own };
  }
}
