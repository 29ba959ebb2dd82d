/** The small file `tlbscope` in a folder of the user's, which starts the command line that comes with the extension. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** How a launcher of ours begins. */
const MARK = 'Written by "TLBscope: Install the Command Line"';

const GONE =
  "tlbscope: The extension that this ran isn't there any more. Open VS Code once, so that it finds a newer one; or " +
  'run "TLBscope: Install the Command Line" again.';

export class Launcher {
  /**
   * `cli`: the packed dist/cli.js. `own`: the program that runs us, Node or Electron, which stands in where the user
   * has no Node.
   */
  constructor(
    private readonly cli: string,
    private readonly own = process.execPath,
    private readonly platform: NodeJS.Platform = process.platform,
  ) {}

  /** Where programs of one user usually are. */
  readonly usualFolder = path.join(os.homedir(), ".local", "bin");

  /** The launcher's file in a folder. */
  fileIn = (folder: string): string => path.join(folder, this.platform === "win32" ? "tlbscope.cmd" : "tlbscope");

  /** Is there a file already, and is it one of ours? */
  found(file: string): "nothing" | "ours" | "another's" {
    if (!existsSync(file)) return "nothing";
    try {
      return readFileSync(file, "utf8").slice(0, 200).includes(MARK) ? "ours" : "another's";
    } catch {
      return "another's"; // a folder, or one that may not be read
    }
  }

  /** Writes it, and the folder if need be. Throws Node's error where that can't be. */
  write(file: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, this.text());
    chmodSync(file, 0o755);
  }

  /** After an update of the extension, a launcher that was written before it leads to what is gone. */
  refresh(file: string): void {
    if (this.found(file) === "ours" && readFileSync(file, "utf8") !== this.text()) this.write(file);
  }

  /** Will a shell find what is in this folder? By the PATH that we were started with. */
  isOnPath(folder: string): boolean {
    const dirs = (process.env.PATH ?? process.env.Path ?? "").split(path.delimiter);
    return dirs.some((dir) => dir !== "" && path.resolve(dir) === path.resolve(folder));
  }

  /** The version of the user's Node, as `v20.9.0`, where it can run the command line. */
  node(): string | undefined {
    const { stdout } = spawnSync("node", ["--version"], { encoding: "utf8" });
    const version = stdout?.trim();
    return version && /^v([2-9]\d|\d{3,})\./.test(version) ? version : undefined;
  }

  private text(): string {
    return this.platform === "win32" ? this.batch() : this.shellScript();
  }

  private shellScript(): string {
    const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
    return `#!/bin/sh
# ${MARK} in VS Code. Delete it to be rid of it.
cli=${quoted(this.cli)}
if [ ! -f "$cli" ]; then
  echo ${quoted(GONE)} >&2
  exit 2
fi
case "$(node --version 2>/dev/null)" in
  v[2-9][0-9].* | v[1-9][0-9][0-9].*) exec node "$cli" "$@" ;;
esac
# No Node, or one that is too old: the one that runs VS Code's extensions.
ELECTRON_RUN_AS_NODE=1 exec ${quoted(this.own)} "$cli" "$@"
`;
  }

  private batch(): string {
    const quoted = (text: string) => `"${text.replaceAll("%", "%%")}"`;
    return `@echo off
rem ${MARK} in VS Code. Delete it to be rid of it.
setlocal
if not exist ${quoted(this.cli)} goto gone
for /f "tokens=1 delims=v." %%m in ('node --version 2^>nul') do if %%m geq 20 goto node
rem No Node, or one that is too old: the one that runs VS Code's extensions.
set ELECTRON_RUN_AS_NODE=1
${quoted(this.own)} ${quoted(this.cli)} %*
exit /b %errorlevel%
:node
node ${quoted(this.cli)} %*
exit /b %errorlevel%
:gone
echo ${GONE} 1>&2
exit /b 2
`.replaceAll("\n", "\r\n");
  }
}
