/** The look of an exported web page: calm, readable at any width, light or dark as the reader's system is. */
export const style = `
:root {
  color-scheme: light dark;
  --text: #1f2328;
  --soft: #59636e;
  --back: #ffffff;
  --panel: #f6f8fa;
  --edge: #d1d9e0;
  --mark: #fff3c4;
  --accent: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e6e6;
    --soft: #a3adb8;
    --back: #181a1d;
    --panel: #212529;
    --edge: #3a4149;
    --mark: #4a3f14;
    --accent: #7cb7ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 17px/1.6 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { line-height: 1.2; }
h2 { margin-top: 3rem; line-height: 1.3; border-top: 1px solid var(--edge); padding-top: 2rem; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

code, pre { font: 0.86em/1.5 ui-monospace, monospace; }
code { background: var(--panel); padding: 0.1em 0.3em; border-radius: 3px; }
pre {
  background: var(--panel);
  border: 1px solid var(--edge);
  border-radius: 6px;
  padding: 0.7rem 0;
  overflow-x: auto;
}
pre code { background: none; padding: 0; }
.excerpt { width: max-content; min-width: 100%; }
.excerpt span { display: block; padding: 0 0.8rem; white-space: pre; }
.excerpt .here { background: var(--mark); font-weight: 600; }
.excerpt b { display: inline-block; font-weight: inherit; color: var(--soft); user-select: none; }

figure { margin: 1.2rem 0; }
figcaption, .soft { color: var(--soft); font-size: 0.9em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.86em; margin: 0.6rem 0; }
th, td {
  text-align: left;
  vertical-align: top;
  padding: 0.25rem 0.7rem 0.25rem 0;
  border-bottom: 1px solid var(--edge);
}
tbody th { font-weight: normal; color: var(--soft); }

.note { border-left: 4px solid var(--accent); background: var(--panel); padding: 0.5rem 1rem; }
.ask { border: 1px solid var(--edge); border-radius: 6px; padding: 0.2rem 1rem 0.8rem; margin: 1.2rem 0; }
summary { cursor: pointer; }
nav li { margin: 0.15rem 0; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--edge); }

@media print {
  details > * { display: block; }
  summary { display: none !important; }
  details::details-content { content-visibility: visible; block-size: auto; }
  pre, table, .ask { break-inside: avoid; }
  h2 { break-after: avoid; }
  body { font-size: 11pt; }
}
`;
