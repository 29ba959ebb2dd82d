/** A tour as one Markdown document. */
import type { Page, Pages, Table } from "../tour/play/pages";
import { commitUrl, phrases } from "./export-words";

/** The whole document. The words stay as they are written; a viewer decides what of their HTML it shows. */
export function tourMarkdown({ tour, notes, pages }: Pages): string {
  const about = [
    tour.about,
    ...(tour.minutes === undefined ? [] : [phrases.minutes(tour.minutes)]),
    phrases.runBy(tour),
  ].join(" ");
  const contents = pages.map((p) => `${p.number === undefined ? "   -" : `${p.number}.`} [${p.title}](#${p.id})`);
  return (
    [
      `# ${tour.title}`,
      about,
      ...notes.map(quote),
      `## ${phrases.contents()}`,
      contents.join("\n"),
      ...pages.map(pageMarkdown),
    ].join("\n\n") + "\n"
  );
}

function pageMarkdown(p: Page): string {
  const parts = [`<a id="${p.id}"></a>`, `## ${p.number === undefined ? "" : `${p.number}. `}${p.title}`];
  if (p.under) parts.push(`*${phrases.under(p.under.title)}*`);
  parts.push(...p.notes.map(quote), p.words);
  if (p.place) parts.push(`**${phrases.line(p.place.path, p.place.line, p.place.fn)}**`);
  if (p.excerpt) {
    const { first, lines, line } = p.excerpt;
    const width = String(first + lines.length).length;
    parts.push(
      [
        "```c",
        ...lines.map((l, i) =>
          `${first + i === line ? ">" : " "} ${String(first + i).padStart(width)}  ${l}`.trimEnd(),
        ),
        "```",
      ].join("\n"),
    );
  }
  if (p.cpus.length > 0) parts.push(`${phrases.state()}:`, tableMarkdown(p.cpus), tableMarkdown(p.mms));
  if (p.question) {
    const { words, answers, said } = p.question;
    parts.push(`**${words.replace(/\s+/g, " ")}**`, answers.map((a) => `- ${a.text}`).join("\n"));
    parts.push(
      `<details><summary>${phrases.answer()}</summary>\n\n${phrases.answerIs(
        answers
          .filter((a) => a.right)
          .map((a) => a.text)
          .join("; "),
      )}\n\n${said}\n\n</details>`,
    );
  }
  if (p.branches.length > 0)
    parts.push(p.branches.map((b) => `- ${phrases.branch(b.say, `[${b.title}](#${b.id})`)}`).join("\n"));
  if (p.refs.length > 0) {
    const refs = p.refs.map((r) => {
      const url = commitUrl(r);
      return `- ${url ? `[${phrases.ref(r)}](${url})` : phrases.ref(r)}`;
    });
    parts.push(phrases.refs(), refs.join("\n"));
  }
  return parts.filter((x) => x !== "").join("\n\n");
}

const quote = (text: string): string =>
  text
    .split("\n")
    .map((l) => `> ${l}`)
    .join("\n");

function tableMarkdown([head, ...rows]: Table): string {
  const line = (cells: string[]): string => `| ${cells.map((c) => c.replace(/\|/g, "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
