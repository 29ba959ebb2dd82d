/** The file that "Install the Command Line" puts where a shell finds it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Launcher } from "../../../src/cli/launcher";

describe("the launcher of the command line", () => {
  let folder = "";
  let cli = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-launcher-"));
    const extension = path.join(folder, "somebody's extensions");
    mkdirSync(extension);
    // Says what runs it, and what it was given.
    cli = path.join(extension, "cli.js");
    writeFileSync(cli, "console.log(process.env.ELECTRON_RUN_AS_NODE ?? 'node', ...process.argv.slice(2));");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const installed = (own = process.execPath): string => {
    const launcher = new Launcher(cli, own);
    const file = launcher.fileIn(path.join(folder, "new/bin"));
    launcher.write(file);
    return file;
  };
  /** Runs it where PATH has the shell's own commands, and a `node` of this version if one is given. */
  const run = (file: string, version: string | undefined, ...args: string[]) => {
    const bin = mkdtempSync(path.join(folder, "bin-"));
    if (version !== undefined) {
      const node = `#!/bin/sh\n[ "$1" = --version ] && echo ${version} || exec '${process.execPath}' "$@"\n`;
      writeFileSync(path.join(bin, "node"), node, { mode: 0o755 });
    }
    symlinkSync("/bin/sh", path.join(bin, "sh"));
    return spawnSync(file, args, { encoding: "utf8", cwd: "/", env: { PATH: bin } });
  };

  it("runs the user's Node, and hands on what it is given as it is", () => {
    const { status, stdout } = run(installed(), "v20.9.0", "check", "a b", "$HOME");
    assert.deepEqual([status, stdout], [0, "node check a b $HOME\n"]);
  });

  for (const [what, version] of [
    ["there is no Node", undefined],
    ["Node is too old", "v18.20.1"],
  ])
    it(`runs VS Code's own where ${what}`, () => assert.equal(run(installed(), version, "check").stdout, "1 check\n"));

  it("says what to do when the extension is gone, and leads to the new one when that has started", () => {
    const file = installed();
    rmSync(cli);
    const { status, stderr } = run(file, "v20.9.0");
    assert.equal(status, 2);
    assert.match(stderr, /^tlbscope: The extension that this ran isn't there any more\. Open VS Code once/);
    const updated = path.join(folder, "cli-of-the-next-version.js");
    writeFileSync(updated, "console.log('new')");
    new Launcher(updated).refresh(file);
    assert.equal(run(file, "v20.9.0").stdout, "new\n");
  });

  it("knows its own file from another's, and leaves that alone", () => {
    const launcher = new Launcher(cli);
    const file = launcher.fileIn(folder);
    assert.equal(launcher.found(file), "nothing");
    launcher.write(file);
    assert.equal(launcher.found(file), "ours");
    writeFileSync(file, "#!/bin/sh\necho mine\n");
    assert.equal(launcher.found(file), "another's");
    launcher.refresh(file);
    assert.match(readFileSync(file, "utf8"), /echo mine/);
  });

  it("is a batch file on Windows, in which a percent sign of a path stays one", () => {
    const launcher = new Launcher("C:\\100%\\cli.js", "C:\\Code.exe", "win32");
    const file = launcher.fileIn(folder);
    assert.equal(path.basename(file), "tlbscope.cmd");
    launcher.write(file);
    const lines = readFileSync(file, "utf8").split("\r\n");
    assert.ok(lines.includes('node "C:\\100%%\\cli.js" %*'));
    assert.ok(lines.includes('"C:\\Code.exe" "C:\\100%%\\cli.js" %*'));
  });
});
