/** The webview's entry. */
import "./language";
import { startPanel } from "./panel";
import type { PanelHost } from "./saved";

declare function acquireVsCodeApi(): PanelHost;

const root = document.getElementById("root");
if (root) startPanel(root, acquireVsCodeApi());
