import assert from "node:assert/strict";
import { Window, type HTMLElement } from "happy-dom";
import { codeTour } from "../../../src/export/codetour";
import { importCodeTour } from "../../../src/export/codetour-import";
import { tourHtml } from "../../../src/export/html";
import { tourMarkdown } from "../../../src/export/markdown";
import { inlineHtml, proseHtml } from "../../../src/export/prose";
import { pagesOf, type Pages } from "../../../src/tour/play/pages";
import { Statements } from "../../../src/tour/anchor/source-statements";
import { tourText } from "../../../src/tour/format/write-tour";
import { build, edition, parser } from "../../support/kernel";
import { files } from "../../support/machine";
import { filesWith, play, playerOn, stateOf, tourOf, tourTexts } from "../tour/support";

const firstLook = () => tourOf(tourTexts.get("first-look")!);
const pages = (): Pages => pagesOf(playerOn(edition(), firstLook()));
const text = (e: { textContent: string } | null): string => (e?.textContent ?? "").replace(/\s+/g, " ").trim();

function page(html: string): HTMLElement {
  const { document } = new Window();
  document.write(html);
  return document.documentElement as unknown as HTMLElement;
}

describe("a tour as a web page", () => {
  it("has a section for each step, in the order of its contents, and links that lead somewhere", () => {
    const root = page(tourHtml(pages()));
    const ids = [...root.querySelectorAll("section")].map((s) => s.id);
    assert.deepEqual(ids, ["two-cpus", "lazy", "flushed", "back"]);
    const links = [...root.querySelectorAll("a[href^='#']")].map((a) => a.getAttribute("href")!.slice(1));
    assert.deepEqual(
      links.filter((id) => !ids.includes(id)),
      [],
    );
    assert.deepEqual(links.slice(0, 4), ids);
  });

  it("shows the source that the tour ran on, with its line marked by more than colour", () => {
    const root = page(tourHtml(pages()));
    assert.equal(
      text(root.querySelector("#back figcaption")),
      "arch/x86/include/asm/mmu_context.h, line 60, in switch_mm()",
    );
    assert.match(
      root.querySelector("#back .here")!.textContent,
      /^▶ 60 .*percpu_write\(cpu_tlbstate\.state, TLBSTATE_OK\);$/,
    );
    const edited = {
      [files.mmuContext]: (t: string) =>
        t.replace(
          "struct task_struct *tsk)\n{\n\tunsigned int cpu",
          "struct task_struct *tsk)\n{ /* mine */\n\tunsigned int cpu",
        ),
    };
    const other = pagesOf(playerOn(filesWith(edited), tourOf(tourTexts.get("the-mail")!)));
    assert.ok(tourHtml(other).includes("/* mine */"));
  });

  it("has each CPU's state in a table, and the answer folded away", () => {
    const root = page(tourHtml(pages()));
    const rows = [...root.querySelectorAll("#lazy table tr")].map((r) => [...r.children].map((c) => text(c)));
    assert.deepEqual(rows[0], ["", "CPU0", "CPU1"]);
    assert.deepEqual(
      rows.find((r) => r[0] === "TLB"),
      ["TLB", "A:page0 → frame1", "empty"],
    );
    assert.deepEqual(
      rows.find((r) => r[0] === "A"),
      ["A", "CPU0, CPU1", "2", "2", "page0 → frame1"],
    );
    assert.match(
      text(root.querySelector("#lazy details")),
      /^Show the answerRight: CPU0\.Yes\. CPU0 is TLBSTATE_LAZY now; CPU1 is TLBSTATE_OK\.$/,
    );
  });

  it("needs nothing from elsewhere, runs no script, and follows the reader's light or dark", () => {
    const html = tourHtml(pages());
    assert.doesNotMatch(html, /<script|<link|<img|@import|url\(/);
    assert.match(html, /prefers-color-scheme: dark/);
    assert.match(html, /<html lang="en">/);
  });

  it("takes words as words, whatever is in them", () => {
    const p = play(
      "- id: a\n  title: <b>a & b</b>\n  from: start\n  words: 'x <script>alert(1)</script> `<i>` " +
        "[y](javascript:alert)'",
    );
    const html = tourHtml(pagesOf(p));
    assert.doesNotMatch(html, /<script|<b>a|<i>|href="javascript/);
    assert.ok(html.includes("&lt;script&gt;"));
  });

  it("says what was changed in the source, and what has drifted", () => {
    const p = play(
      '- id: a\n  title: A\n  from: start\n  at: "switch_mm_irqs_off"\n  patch: [{ remove: "switch_mm: ' +
        'load_cr3(next->pgd)" }]\n  words: A.',
    );
    const notes = [...page(tourHtml(pagesOf(p))).querySelectorAll(".note")].map((n) => text(n));
    assert.equal(notes.length, 2);
    assert.match(notes[0], /changed copy of your source: line 50, load_cr3\(next->pgd\), is taken out/);
    assert.match(notes[1], /drifted too far/);
  });
});

describe("Markdown as HTML", () => {
  const cases: [string, string][] = [
    ["a *b* **c** `d*e*`", "<p>a <em>b</em> <strong>c</strong> <code>d*e*</code></p>"],
    ["one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>"],
    ["- a\n- b\n  c", "<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>"],
    ["- a\n  1. b", "<ul>\n<li>a\n<ol>\n<li>b</li>\n</ol>\n</li>\n</ul>"],
    ["1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"],
    ["```c\nif (a < b)\n```", '<pre><code class="language-c">if (a &lt; b)\n</code></pre>'],
    ["# A\n\n## Title\n\n###### F", "<h4>A</h4>\n<h5>Title</h5>\n<h6>F</h6>"],
    ["> said", "<blockquote>\n<p>said</p>\n</blockquote>"],
    ["[x](https://example.org/?a=1&b=2)", '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>'],
    ["mm_cpumask(A) and a * b * c", "<p>mm_cpumask(A) and a * b * c</p>"],
    ["`` a`b ``", "<p><code>a`b</code></p>"],
    [
      "| a | b |\n| --- | --- |\n| `1` | 2 |",
      "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n" +
        "<tbody>\n<tr>\n<td><code>1</code></td>\n<td>2</td>\n</tr>\n</tbody>\n</table>",
    ],
  ];
  for (const [markdown, html] of cases) it(markdown.replace(/\n/g, "⏎"), () => assert.equal(proseHtml(markdown), html));

  it("in a line only, whatever the line begins with", () => {
    assert.equal(inlineHtml("`a` & b"), "<code>a</code> &amp; b");
    assert.equal(inlineHtml("1. a"), "1. a");
    assert.equal(inlineHtml("- a\n\n# b"), "- a # b");
    assert.equal(inlineHtml("<b>x</b>"), "&lt;b&gt;x&lt;/b&gt;");
  });

  it("lets no HTML through, loads nothing, and links only where it is safe", () => {
    const hostile: [string, string][] = [
      ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
      ["a <i onclick=x>b</i>", "<p>a &lt;i onclick=x&gt;b&lt;/i&gt;</p>"],
      ["[y](javascript:alert(1))", "<p>y</p>"],
      ["[*y*](DATA:text/html,x 'title') z", "<p><em>y</em> z</p>"],
      ["<javascript:alert(1)>", "<p>javascript:alert(1)</p>"],
      ["[y][1]\n\n[1]: vbscript:x", "<p>y</p>\n"],
      ["![p](https://example.org/p.png)", '<p>!<a href="https://example.org/p.png">p</a></p>'],
      ['[q](https://example.org/" onclick="x)', "<p>[q](https://example.org/&quot; onclick=&quot;x)</p>"],
    ];
    for (const [markdown, html] of hostile) assert.equal(proseHtml(markdown), html);
  });
});

describe("a tour as Markdown", () => {
  it("has the words, the excerpt with its line marked, the tables and the folded answer", () => {
    const md = tourMarkdown(pages());
    assert.match(md, /^# A first look\n/);
    assert.match(md, /\n> +3018 {2} +enter_lazy_tlb\(oldmm, next\);\n/);
    assert.match(md, /\n\| CR3 \| A \| A \|\n/);
    assert.match(md, /<details><summary>Show the answer<\/summary>\n\nRight: CPU0\./);
    assert.match(md, /- What if the flush comes now\? See \[A flush meets the lazy CPU\]\(#flushed\)\./);
    assert.doesNotMatch(md, /undefined|\$\{/);
  });
});

describe("CodeTour", () => {
  const statements = () => new Statements(parser(), build(edition()));
  const imported = (json: unknown) =>
    importCodeTour({
      text: typeof json === "string" ? json : JSON.stringify(json),
      id: "mine",
      scenario: "lazy-return",
      statements: statements(),
    });

  it("gets files and lines of the source that the tour ran on", () => {
    const made = codeTour(pages());
    assert.deepEqual(
      made.steps.map((s) => [s.file, s.line]),
      [
        ["kernel/sched.c", 2999],
        ["kernel/sched.c", 3018],
        ["arch/x86/mm/tlb.c", 35],
        ["arch/x86/include/asm/mmu_context.h", 60],
      ],
    );
    assert.match(made.steps[1].description, /What if the flush comes now\? See \[A flush meets the lazy CPU\]\[#3\]\./);
  });

  it("comes back with the same places, as a tour that plays", () => {
    const { tour, problems } = imported(codeTour(pages()));
    assert.deepEqual(problems, []);
    const player = playerOn(edition(), tourOf(tourText(tour!)));
    assert.deepEqual(
      player.contents.items.map(({ id }) => stateOf(player, id).place).map((p) => [p!.fn, p!.line]),
      [
        ["context_switch", 2999],
        ["context_switch", 3018],
        ["leave_mm", 35],
        ["switch_mm", 60],
      ],
    );
    assert.deepEqual(tour!.steps[3].at, {
      fn: ["switch_mm"],
      stmt: ["percpu_write(cpu_tlbstate.state, TLBSTATE_OK)"],
      nth: 2,
    });
  });

  it("tells what doesn't come over: a line without a statement, an unknown file, a step without a place", () => {
    const { tour, problems } = imported({
      title: "T",
      steps: [
        { description: "# One\n\n${x}", file: "linux/kernel/sched.c", line: 3009 },
        { description: "Two", file: "mm/slab.c", line: 1 },
        { description: "Three" },
      ],
    });
    assert.equal(problems.length, 3);
    assert.match(
      problems[0],
      /^Step 1: line 3009 of linux\/kernel\/sched\.c holds no statement here\. The code has drifted/,
    );
    assert.match(problems[1], /^Step 2 is in mm\/slab\.c, which isn't among/);
    assert.match(problems[2], /^Step 3 names no line/);
    assert.deepEqual(
      tour!.steps.map((s) => s.title),
      ["One", "Step 2", "Step 3"],
    );
    assert.equal(stateOf(playerOn(edition(), tour!), "one").words, "# One\n\n${x}");
  });

  it("refuses what isn't one, in words", () => {
    assert.match(imported("{").problems[0], /isn't JSON/);
    for (const json of [null, [], {}, { steps: [] }, { steps: [3] }])
      assert.match(imported(json).problems[0], /no list of steps/);
  });
});
