/** Reads a YAML file of ours: its value, or what is wrong with it and where. Scenarios and tours are read this way. */
import type { z } from "zod";
import type { ScenarioProblem } from "./scenario";
import { tooDeep } from "./nesting";
import { Located } from "./nodes";

/** One kind of file. */
interface Format<File, Out> {
  /** What such a file is called: `scenario`. */
  noun: string;
  /** What it has to hold, for an empty one. */
  holds: string;
  schema: z.ZodType<File>;
  /** Words for what the schema refuses. */
  explain(issue: z.core.$ZodIssue, located: Located): ScenarioProblem[];
  /** What the schema can't know. */
  meaning(file: File, located: Located): ScenarioProblem[];
  make(file: File, located: Located): Out;
}

interface Reading<Out> {
  /** Absent when any of the problems is an error. */
  value?: Out;
  /** In the order of the text. */
  problems: ScenarioProblem[];
}

/** Never throws, whatever the text. */
export function readYaml<File, Out>(text: string, format: Format<File, Out>): Reading<Out> {
  try {
    const reading = read(text, format);
    reading.problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
    return reading;
  } catch (e) {
    // No text is known that gets here; a fault of the YAML parser would.
    return {
      problems: [
        {
          message: `This file could not be read (${String(e)}). Undo the last change.`,
          severity: "error",
          range: { start: 0, end: text.length },
        },
      ],
    };
  }
}

function read<File, Out>(text: string, format: Format<File, Out>): Reading<Out> {
  const deep = tooDeep(text);
  if (deep)
    return {
      problems: [
        {
          message: "Lists and maps are nested too deeply here to be read. Close the brackets before, or indent less.",
          severity: "error",
          range: deep,
        },
      ],
    };
  const located = new Located(text, format.noun);
  const problems = [...located.problems];
  if (problems.some((p) => p.severity === "error")) return { problems };
  const parsed = format.schema.safeParse(located.value ?? undefined);
  if (!parsed.success) {
    if (located.value === null || located.value === undefined)
      return {
        problems: [
          ...problems,
          {
            message: `This file is empty. Write a ${format.noun}: ${format.holds}.`,
            severity: "error",
            range: located.at([]),
          },
        ],
      };
    return { problems: [...problems, ...parsed.error.issues.flatMap((issue) => format.explain(issue, located))] };
  }
  problems.push(...format.meaning(parsed.data, located));
  if (problems.some((p) => p.severity === "error")) return { problems };
  return { value: format.make(parsed.data, located), problems };
}
