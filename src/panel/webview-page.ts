/** The page that the webview loads. Everything it may load is named here; all else is refused. */

interface PanelPage {
  /** The webview's own `cspSource`. */
  cspSource: string;
  /** A fresh random word: only the script that carries it runs. */
  nonce: string;
  /** URIs that the webview can load: dist/panel.js, media/panel.css and dist/codicon.css. */
  script: string;
  style: string;
  codicons: string;
  /** The language of the words, and the words in it by the English ones; none for English itself. */
  language?: string;
  words?: Record<string, string>;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Data and no script: what the page reads before it draws. See view/language.ts. */
const dataBlock = (words: Record<string, string>) =>
  `<script type="application/json" id="words">${JSON.stringify(words).replaceAll("<", "\\u003c")}</script>\n`;

export function panelHtml(page: PanelPage): string {
  const { cspSource, nonce, script, style, codicons, language = "en", words } = page;
  const policy = `default-src 'none'; style-src ${cspSource}; font-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escape(codicons)}">
<link rel="stylesheet" href="${escape(style)}">
<title>TLBscope</title>
</head>
<body>
<div id="root"></div>
${words ? dataBlock(words) : ""}<script nonce="${escape(nonce)}" src="${escape(script)}"></script>
</body>
</html>
`;
}
