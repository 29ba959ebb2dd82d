/** A story as text: in lines, and in the two columns in which mails to kernel lists show a race. */
import { t } from "@vscode/l10n";
import type { PropertyId } from "../machine/effects";
import type { Machine, Move } from "../machine/machine";
import { describeAction } from "../machine/view/names";
import type { Point } from "./points";
import { storyOf, type Story } from "./story";
import { isInKernel, placeAt, statementOf, tell } from "./tell";

/** What the CPUs do in a line, then a line for each point: its step, its CPU, where that is, what it does and why. */
export function storyLines(story: Story): string[] {
  const rows = story.points.map((p) => ({
    step: String(p.step),
    cpu: `CPU${p.cpu}`,
    place: placeText(story, p),
    text: tell(story.execution, p),
  }));
  const wide = (of: "step" | "place") => Math.max(0, ...rows.map((r) => r[of].length));
  return [
    actionsText(story),
    ...rows.map((r) => `${r.step.padStart(wide("step"))}  ${r.cpu}  ${r.place.padEnd(wide("place"))}  ${r.text}`),
  ];
}

/**
 * Tells the stories of a machine's executions, as lines below what they break; nothing where an execution has none. A
 * workload says already what the CPUs do.
 */
export const toldOf =
  (machine: Machine) =>
  ({ id }: { id: PropertyId }, { moves, workload }: { moves: readonly Move[]; workload?: string }): string[] => {
    const story = storyOf(machine, moves, id);
    return story ? storyLines(story).slice(workload === undefined ? 0 : 1) : [];
  };

/** `switch_mm:40`; a dash between two actions. */
function placeText({ execution }: Story, point: Point): string {
  const place = placeAt(execution, point);
  return place ? `${place.fn}:${place.line}` : "-";
}

/** `CPU0, on A/1: schedule B/1. CPU1, on A/2: munmap page0.` */
function actionsText({ execution: { machine, steps } }: Story): string {
  return machine.scenario.cpus
    .flatMap(({ starts, does }, c) => {
      const begun = steps.flatMap((s) => (s.cpu === c ? s.effects : [])).filter((e) => e.k === "action");
      return begun.length
        ? [t("CPU{0}, on {1}: {2}.", c, starts, begun.map((e) => describeAction(does[e.index].action)).join(", "))]
        : [];
    })
    .join(" ");
}

/** Columns of a mail's text, and those between two CPUs'. */
const WIDTH = 72;
const GAP = 2;

/**
 * The same as plain text of at most 72 columns: a column for each of two CPUs, else a list. Each point is the kernel's
 * statement, and below it what that does and why.
 */
export function mailText(story: Story): string {
  const { execution, points, violation } = story;
  const cpus = [...new Set(points.map((p) => p.cpu))].sort((a, b) => a - b);
  const two = cpus.length === 2;
  const wide = two ? (WIDTH - GAP) / 2 : WIDTH;
  const rows = points.flatMap((p) => {
    const statement = statementOf(execution, p);
    const lines = [
      ...(two ? [] : [`CPU${p.cpu}:`]),
      ...(statement === undefined ? [] : atMost(2, wrapped(statement, wide), wide)),
      ...wrapped(`${tell(execution, p)} (${placeInMail(story, p)})`, wide - 2).map((l) => `  ${l}`),
    ];
    const column = two && p.cpu === cpus[1] ? wide + GAP : 0;
    return ["", ...lines.map((l) => " ".repeat(column) + l)];
  });
  const heads = two
    ? [
        "",
        cpus
          .map((c) => `CPU${c}`.padEnd(wide + GAP))
          .join("")
          .trimEnd(),
      ]
    : [];
  const intro = [...wrapped(violation.why, WIDTH), "", ...wrapped(actionsText(story), WIDTH)];
  return plain([...intro, ...heads, ...rows].join("\n"));
}

/** `switch_mm:40`; of what stands for the rest of the kernel just what it is. */
function placeInMail(story: Story, point: Point): string {
  if (isInKernel(story.execution, point)) return placeText(story, point);
  const fn = placeAt(story.execution, point)?.fn;
  return fn === undefined ? t("in user mode") : fn.replace(/^scenario_/, "");
}

/** Mails are read in terminals of all kinds. */
const plain = (text: string): string => text.replaceAll("→", "->").replace(/[“”]/g, '"');

function atMost(most: number, lines: string[], width: number): string[] {
  if (lines.length <= most) return lines;
  const last = lines[most - 1];
  return [...lines.slice(0, most - 1), `${last.slice(0, width - 4)} ...`];
}

/** Lines of at most `width` characters, broken at blanks; a longer word is broken too, behind a `(`, `.` or `>`. */
function wrapped(text: string, width: number): string[] {
  const piece = new RegExp(`.{1,${width}}$|.{0,${width - 1}}[(.>]|.{1,${width}}`, "g");
  const lines: string[] = [];
  for (const word of text.split(" "))
    for (const [i, part] of (word.match(piece) ?? []).entries()) {
      const last = lines.at(-1);
      if (i > 0 || last === undefined || last.length + 1 + part.length > width) lines.push(part);
      else lines[lines.length - 1] = `${last} ${part}`;
    }
  return lines;
}
