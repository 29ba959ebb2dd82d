/** A tour as one web page that needs nothing else: no script, no font, no picture. */
import type { Excerpt, Page, Pages, Table } from "../tour/play/pages";
import { escapeHtml, inlineHtml, proseHtml } from "./prose";
import { style } from "./style";
import { commitUrl, phrases } from "./export-words";

/** The page's whole text. */
export function tourHtml({ tour, notes, pages }: Pages): string {
  const about = [tour.about, ...(tour.minutes === undefined ? [] : [phrases.minutes(tour.minutes)])].join(" ");
  return `<!doctype html>
<html lang="${escapeHtml(phrases.language())}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="TLBscope">
<title>${escapeHtml(tour.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(tour.title)}</h1>
<p>${inlineHtml(about)}</p>
<p class="soft">${escapeHtml(phrases.runBy(tour))}</p>
${notes.map(note).join("\n")}
<nav aria-label="${escapeHtml(phrases.contents())}">
${contents(pages)}
</nav>
${pages.map(pageHtml).join("\n")}
</main>
</body>
</html>
`;
}

function contents(pages: Page[]): string {
  const link = (p: Page): string => `<a href="#${p.id}">${escapeHtml(p.title)}</a>`;
  const main = pages.filter((p) => p.number !== undefined);
  const items = main.map((p) => {
    const from = pages.indexOf(p) + 1;
    const until = pages.findIndex((q, i) => i >= from && q.number !== undefined);
    const side = pages.slice(from, until < 0 ? undefined : until);
    return `<li>${link(p)}${side.length ? list(side.map(link)) : ""}</li>`;
  });
  return `<ol>${items.join("")}</ol>`;
}

const list = (items: string[]): string => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;

const note = (text: string): string => `<p class="note" role="note">${inlineHtml(text)}</p>`;

function pageHtml(p: Page): string {
  const parts = [`<h2>${p.number === undefined ? "" : `${p.number}. `}${escapeHtml(p.title)}</h2>`];
  if (p.under)
    parts.push(`<p class="soft"><a href="#${p.under.id}">${escapeHtml(phrases.under(p.under.title))}</a></p>`);
  parts.push(...p.notes.map(note), proseHtml(p.words));
  if (p.place && p.excerpt) {
    const caption = phrases.line(p.place.path, p.place.line, p.place.fn);
    parts.push(`<figure>${captionHtml(caption)}${excerptHtml(p.excerpt)}</figure>`);
  }
  if (p.cpus.length > 0) {
    const tables = `${tableHtml(p.cpus)}${tableHtml(p.mms)}`;
    parts.push(`<figure class="wide" tabindex="0">${captionHtml(phrases.state())}${tables}</figure>`);
  }
  if (p.question) parts.push(questionHtml(p.question));
  if (p.branches.length > 0)
    parts.push(
      list(p.branches.map((b) => phrases.branch(inlineHtml(b.say), `<a href="#${b.id}">${escapeHtml(b.title)}</a>`))),
    );
  if (p.refs.length > 0) {
    const refs = p.refs.map((r) => {
      const url = commitUrl(r);
      const text = escapeHtml(phrases.ref(r));
      return url ? `<a href="${escapeHtml(url)}">${text}</a>` : text;
    });
    parts.push(`<p class="soft">${escapeHtml(phrases.refs())}</p>${list(refs)}`);
  }
  return `<section id="${p.id}" aria-label="${escapeHtml(p.title)}">\n${parts.join("\n")}\n</section>`;
}

const captionHtml = (text: string): string => `<figcaption>${escapeHtml(text)}</figcaption>`;

/** The answer is folded away until the reader opens it. */
function questionHtml({ words, answers, said }: NonNullable<Page["question"]>): string {
  const right = answers
    .filter((a) => a.right)
    .map((a) => inlineHtml(a.text))
    .join("; ");
  const answer = `<p><strong>${phrases.answerIs(right)}</strong></p>${proseHtml(said)}`;
  const folded = `<details><summary>${escapeHtml(phrases.answer())}</summary>${answer}</details>`;
  return `<div class="ask">${proseHtml(words)}${list(answers.map((a) => inlineHtml(a.text)))}${folded}</div>`;
}

function excerptHtml({ first, lines, line }: Excerpt): string {
  const width = String(first + lines.length - 1).length;
  const rows = lines.map((text, i) => {
    const here = first + i === line;
    return (
      `<span${here ? ` class="here" aria-label="${escapeHtml(phrases.here())}"` : ""}><b>${here ? "▶" : " "} ` +
      `${String(first + i).padStart(width)}  </b>${escapeHtml(text)}</span>`
    );
  });
  return `<pre tabindex="0"><code class="excerpt">${rows.join("")}</code></pre>`;
}

function tableHtml([head, ...rows]: Table): string {
  const columns = head.map((h) => (h ? `<th scope="col">${escapeHtml(h)}</th>` : "<td></td>"));
  const body = rows.map(([first, ...cells]) => {
    const values = cells.map((c) => `<td>${escapeHtml(c)}</td>`);
    return `<tr><th scope="row">${escapeHtml(first)}</th>${values.join("")}</tr>`;
  });
  return `<table><thead><tr>${columns.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}
