/** The C parser, loaded once and only when it is first needed. */
import * as vscode from "vscode";
import { loadParser, type CParser } from "../../kernel/syntax/tree/parse";

export class ParserLoader {
  private parser: Promise<CParser> | undefined;

  constructor(private readonly extensionUri: vscode.Uri) {}

  load(): Promise<CParser> {
    return (this.parser ??= this.read().catch((error: unknown) => {
      this.parser = undefined;
      throw new Error(
        vscode.l10n.t(
          "The C grammar that comes with TLBscope could not be loaded ({0}). Reinstall the extension.",
          String(error),
        ),
      );
    }));
  }

  /** What it is loaded from, here or in a worker. */
  async bytes(): Promise<{ runtime: Uint8Array; grammar: Uint8Array }> {
    const [runtime, grammar] = await Promise.all(
      ["web-tree-sitter.wasm", "tree-sitter-c.wasm"].map((name) =>
        vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extensionUri, "dist", name)),
      ),
    );
    return { runtime, grammar };
  }

  private async read(): Promise<CParser> {
    const { runtime, grammar } = await this.bytes();
    return loadParser(runtime, grammar);
  }
}
