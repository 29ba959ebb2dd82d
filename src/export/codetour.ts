/** A tour as a `.tour` file of the CodeTour extension: files, lines and words, without the machine. */
import type { Pages } from "../tour/play/pages";
import { commitUrl, phrases } from "./export-words";

/** The part of CodeTour's format that is written and read. Source: CodeTour's own schema.json. */
export interface CodeTour {
  $schema?: string;
  title: string;
  description?: string;
  steps: CodeTourStep[];
}

export interface CodeTourStep {
  title?: string;
  description: string;
  file?: string;
  line?: number;
}

/** Paths are from the kernel tree's root, which is where the `.tours` folder belongs. */
export function codeTour({ tour, notes, pages }: Pages): CodeTour {
  return {
    $schema: "https://aka.ms/codetour-schema",
    title: tour.title,
    description: [tour.about, ...notes].join("\n\n"),
    steps: pages.map((p) => {
      const parts = [...p.notes.map((n) => `> ${n}`), p.words];
      if (p.question)
        parts.push(
          `**${p.question.words.replace(/\s+/g, " ")}**`,
          p.question.answers.map((a) => `- ${a.text}`).join("\n"),
          `${phrases.answerIs(
            p.question.answers
              .filter((a) => a.right)
              .map((a) => a.text)
              .join("; "),
          )} ${p.question.said}`,
        );
      // CodeTour counts its steps from 1 and links to them by number.
      if (p.branches.length)
        parts.push(
          p.branches
            .map((b) => `- ${phrases.branch(b.say, `[${b.title}][#${pages.findIndex((q) => q.id === b.id) + 1}]`)}`)
            .join("\n"),
        );
      if (p.refs.length)
        parts.push(
          p.refs
            .map((r) => {
              const url = commitUrl(r);
              return `- ${url ? `[${phrases.ref(r)}](${url})` : phrases.ref(r)}`;
            })
            .join("\n"),
        );
      return {
        title: p.title,
        ...(p.place ? { file: p.place.path, line: p.place.line } : {}),
        description: parts.filter((x) => x !== "").join("\n\n"),
      };
    }),
  };
}
