/** The extension in the browser, where it runs in a Web Worker and starts another one. */
import * as vscode from "vscode";
import { activateWith } from "../extension/extension";
import type { FromWorker } from "../jobs/protocol";
import { BUNDLE, workerScript } from "./worker-script";

export function activate(context: vscode.ExtensionContext): void {
  activateWith(context, {
    most: 1,
    start: async (listener) => {
      // The extension may come from elsewhere than the page; a worker's script may not.
      const bundle = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, BUNDLE));
      const script = workerScript(new TextDecoder().decode(bundle));
      const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      const worker = new Worker(url);
      worker.onmessage = (event: MessageEvent<FromWorker>) => listener.message(event.data);
      worker.onerror = (event) => listener.died(event.message ?? "", /memory/i.test(event.message ?? ""));
      return {
        post: (message) => worker.postMessage(message),
        end: () => {
          worker.terminate();
          URL.revokeObjectURL(url);
        },
      };
    },
  });
}
