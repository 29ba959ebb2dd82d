/** A recorded execution as a Markdown table: who did what, where, and what broke. */
import { moveCpu } from "../machine/machine";
import { lineOf } from "../trace/ipis";
import type { Trace } from "../trace/trace";

const cell = (text: string): string => text.replace(/\|/g, "\\|").replace(/([_*`<>])/g, "\\$1");

/** The whole history, from the scenario's start; the trace's cursor stays. */
export function traceMarkdown(trace: Trace): string {
  const { scenario } = trace.machine;
  const rows = Array.from({ length: trace.last }, (_, i) => {
    const entry = trace.entry(i + 1);
    const who = entry.cause.k === "move" ? `CPU${moveCpu(entry.cause.move)}` : "you";
    const broken = entry.violations.map((v) => ` **${v.property}:** ${cell(v.why)}`);
    return (
      `| ${i + 1} | ${who} | ${cell(lineOf(trace, i + 1) ?? "")} | ` +
      `${cell(trace.sentence(i + 1))}${broken.join("")} |`
    );
  });
  const about =
    `${scenario.id}, ${scenario.platform === "xen" ? "under Xen" : "native"}, ${scenario.order.toUpperCase()}, ` +
    `${scenario.cpus.length} CPU${scenario.cpus.length === 1 ? "" : "s"}. ${scenario.about}`;
  return [
    `# ${scenario.id}`,
    "",
    about,
    "",
    "| step | who | where | what |",
    "| ---: | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
