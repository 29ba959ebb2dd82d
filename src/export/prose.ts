/** The Markdown that tours are written in, as HTML: paragraphs, lists, code, emphasis, headings, quotes and links. */

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]!);

/** Words within a line. */
export function inlineHtml(text: string): string {
  // Code spans are taken out first, so that nothing in them is read as emphasis.
  return text
    .split(/(`+[^`]*`+)/)
    .map((part) => {
      const code = /^(`+)([^`]*)\1$/.exec(part);
      if (code) return `<code>${escapeHtml(code[2].trim())}</code>`;
      return escapeHtml(part)
        .replace(/\[([^\]]*)\]\((https?:[^)\s]*)\)/g, '<a href="$2">$1</a>')
        .replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g, "<strong>$1</strong>")
        .replace(/(?<![\w*])\*(?=\S)(.+?)(?<=\S)\*(?![\w*])/g, "<em>$1</em>");
    })
    .join("");
}

/** A text of several paragraphs. Headings become `h4` and below, for they stand within a step. */
export function proseHtml(markdown: string): string {
  const out: string[] = [];
  const lines = markdown.split(/\r?\n/);
  for (let i = 0; i < lines.length;) {
    const line = lines[i];
    if (line.trim() === "") {
      i++;
      continue;
    }
    const fence = /^\s*(```+)/.exec(line);
    if (fence) {
      const end = lines.findIndex((l, k) => k > i && l.trim().startsWith(fence[1]));
      const stop = end < 0 ? lines.length : end;
      out.push(`<pre><code>${escapeHtml(lines.slice(i + 1, stop).join("\n"))}</code></pre>`);
      i = stop + 1;
      continue;
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) {
      const level = Math.min(6, heading[1].length + 3);
      out.push(`<h${level}>${inlineHtml(heading[2])}</h${level}>`);
      i++;
      continue;
    }
    const marker = /^\s*(?:[-*]|\d+[.)])\s+/;
    const to = blockEnd(lines, i);
    const block = lines.slice(i, to);
    if (marker.test(line)) {
      const items = block.reduce<string[]>(
        (list, l) =>
          marker.test(l) ? [...list, l.replace(marker, "")] : [...list.slice(0, -1), `${list.at(-1)} ${l.trim()}`],
        [],
      );
      const tag = /^\s*\d/.test(line) ? "ol" : "ul";
      out.push(`<${tag}>${items.map((item) => `<li>${inlineHtml(item)}</li>`).join("")}</${tag}>`);
    } else if (/^\s*>/.test(line))
      out.push(`<blockquote>${inlineHtml(block.map((l) => l.replace(/^\s*>\s?/, "")).join(" "))}</blockquote>`);
    else out.push(`<p>${inlineHtml(block.map((l) => l.trim()).join(" "))}</p>`);
    i = to;
  }
  return out.join("\n");
}

/** Where the paragraph or list that begins on line `i` ends. */
function blockEnd(lines: string[], i: number): number {
  let to = i + 1;
  while (to < lines.length && lines[to].trim() !== "" && !/^\s*```|^#{1,6}\s/.test(lines[to])) to++;
  return to;
}
