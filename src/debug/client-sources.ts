/** Source files as the protocol names them. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { SourceFile } from "../kernel/syntax/source";

/** A path or URI in a form in which two spellings of the same file are equal. */
export function fileKey(uri: string): string {
  const path = uri.startsWith("file://") ? uri.slice(7).replace(/^\/(?=[A-Za-z](:|%3A))/i, "") : uri;
  const plain = decoded(path).replace(/\\/g, "/");
  return plain.replace(/^[A-Za-z]:\//, (drive) => drive.toLowerCase());
}

/** The last part of a path or URI. */
export const baseName = (uri: string): string =>
  decoded(/[^/\\]*$/.exec(uri.replace(/[?#].*$/, ""))?.[0] ?? uri) || uri;

/** Text with its percent signs resolved; as it is where a lone one stands in a file's name. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The session's files; those that the client can't open itself have a number by which it asks for the text. */
export class Sources {
  private readonly files = new Map<string, SourceFile>();
  private readonly served: SourceFile[] = [];

  constructor(
    files: readonly SourceFile[],
    private readonly opens: (file: SourceFile) => boolean,
  ) {
    for (const f of files) {
      this.files.set(fileKey(f.uri), f);
      if (!opens(f)) this.served.push(f);
    }
  }

  get all(): SourceFile[] {
    return [...this.files.values()];
  }

  /** The file that a source of the client's means. */
  find(source: DebugProtocol.Source): SourceFile | undefined {
    if (source.sourceReference) return this.served[source.sourceReference - 1];
    return source.path === undefined ? undefined : this.byUri(source.path);
  }

  byUri(uri: string): SourceFile | undefined {
    return this.files.get(fileKey(uri));
  }

  named(file: SourceFile): DebugProtocol.Source {
    const name = baseName(file.path);
    const origin =
      file.origin === "edition"
        ? "TLBscope's own edition"
        : file.origin === "environment"
          ? "what the scenario asks, in C"
          : undefined;
    if (this.opens(file)) return { name, path: file.uri, origin };
    return { name, path: file.path, sourceReference: this.served.indexOf(file) + 1, origin };
  }

  text(reference: number): string | undefined {
    return this.served[reference - 1]?.text;
  }
}
