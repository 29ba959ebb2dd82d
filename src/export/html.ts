/** A tour as one web page that needs nothing else: no script, no font, no picture. */
import type { Excerpt, Page, Pages, Table } from "../tour/play/pages";
import { escapeHtml, inlineHtml, proseHtml } from "./prose";
import { style } from "./style";
import { commitUrl, phrases } from "./export-words";

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
    return `<li>${link(p)}${side.length ? `<ul>${side.map((q) => `<li>${link(q)}</li>`).join("")}</ul>` : ""}</li>`;
  });
  return `<ol>${items.join("")}</ol>`;
}

const note = (text: string): string => `<p class="note" role="note">${inlineHtml(text)}</p>`;

function pageHtml(p: Page): string {
  const parts = [`<h2>${p.number === undefined ? "" : `${p.number}. `}${escapeHtml(p.title)}</h2>`];
  if (p.under)
    parts.push(`<p class="soft"><a href="#${p.under.id}">${escapeHtml(phrases.under(p.under.title))}</a></p>`);
  parts.push(...p.notes.map(note), proseHtml(p.words));
  if (p.place && p.excerpt)
    parts.push(
      `<figure><figcaption>${escapeHtml(phrases.line(p.place.path, p.place.line, p.place.fn))}</figcaption>${excerptHtml(p.excerpt)}</figure>`,
    );
  if (p.cpus.length > 0)
    parts.push(
      `<figure class="wide" ` +
        `tabindex="0"><figcaption>${escapeHtml(phrases.state())}</figcaption>${tableHtml(p.cpus)}${tableHtml(p.mms)}</figure>`,
    );
  if (p.question) {
    const { words, answers, said } = p.question;
    const right = answers
      .filter((a) => a.right)
      .map((a) => inlineHtml(a.text))
      .join("; ");
    parts.push(
      "<div " +
        `class="ask">${proseHtml(words)}<ul>${answers.map((a) => `<li>${inlineHtml(a.text)}</li>`).join("")}</ul><details><summary>${escapeHtml(phrases.answer())}</summary><p><strong>${phrases.answerIs(right)}</strong></p>${proseHtml(said)}</details></div>`,
    );
  }
  if (p.branches.length > 0)
    parts.push(
      `<ul>${p.branches.map((b) => `<li>${phrases.branch(inlineHtml(b.say), `<a href="#${b.id}">${escapeHtml(b.title)}</a>`)}</li>`).join("")}</ul>`,
    );
  if (p.refs.length > 0) {
    const refs = p.refs.map((r) => {
      const url = commitUrl(r);
      return `<li>${url ? `<a href="${escapeHtml(url)}">${escapeHtml(phrases.ref(r))}</a>` : escapeHtml(phrases.ref(r))}</li>`;
    });
    parts.push(`<p class="soft">${escapeHtml(phrases.refs())}</p><ul>${refs.join("")}</ul>`);
  }
  return `<section id="${p.id}" aria-label="${escapeHtml(p.title)}">\n${parts.join("\n")}\n</section>`;
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
  const body = rows.map(
    ([first, ...cells]) =>
      `<tr><th scope="row">${escapeHtml(first)}</th>${cells.map((c) => `<td>${escapeHtml(c)}</td>`).join("")}</tr>`,
  );
  return `<table><thead><tr>${head.map((h) => (h ? `<th scope="col">${escapeHtml(h)}</th>` : "<td></td>")).join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}
