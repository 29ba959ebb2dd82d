/** The page that the webview loads. Everything it may load is named here; all else is refused. */
import { strings } from "./view/strings";

export interface PanelPage {
  /** The webview's own `cspSource`. */
  cspSource: string;
  /** A fresh random word: only the script that carries it runs. */
  nonce: string;
  /** URIs that the webview can load: dist/panel.js, media/panel.css and dist/codicon.css. */
  script: string;
  style: string;
  codicons: string;
  /** The language of the words: VS Code's `env.language`. */
  language?: string;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export function panelHtml(page: PanelPage): string {
  const { cspSource, nonce, script, style, codicons, language = "en" } = page;
  const policy = `default-src 'none'; style-src ${cspSource}; font-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escape(codicons)}">
<link rel="stylesheet" href="${escape(style)}">
<title>${escape(strings.title)}</title>
</head>
<body>
<div id="root"></div>
<script nonce="${escape(nonce)}" src="${escape(script)}"></script>
</body>
</html>
`;
}
