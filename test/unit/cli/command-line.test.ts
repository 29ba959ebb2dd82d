/** What the command line says to what it can't understand, its help, and what it does when nobody reads on. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import path from "node:path";
import { runCommandLine } from "../../../src/cli/command-line";
import { UsageError } from "../../../src/cli/inputs";
import { packageRoot } from "../../../src/cli/node-host";

const cli = path.join(packageRoot(), "dist/cli.js");
const run = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });

describe("the command line", () => {
  const refused: [string, string][] = [
    ["why switch_mm --json", '"tlbscope why" has no option --json. It belongs to "tlbscope check".'],
    ["check --tour the-mail", '"tlbscope check" has no option --tour. It belongs to "tlbscope tour check".'],
    ["check --scenarios lazy-return", '"tlbscope check" has no option --scenarios. Did you mean "--scenario"?'],
    ["run --frobnicate", '"tlbscope run" has no option --frobnicate. See tlbscope run --help.'],
    ["chekc", 'There is no command "chekc". Did you mean "check"?'],
    ["tour exprot the-mail", 'There is no command "tour exprot". Did you mean "export"?'],
    [
      "check one two",
      '"tlbscope check" takes [TREE]: "two" is one too many. It reads one kernel tree at a time: run it once for each.',
    ],
    ["scenarios one two", '"tlbscope scenarios" takes nothing but options: "one", "two" are too many.'],
    ["edition", '"tlbscope edition" needs DIR, the folder to write them into. See tlbscope edition --help.'],
    ["check --max-states", "--max-states <N> needs a value. See tlbscope check --help."],
    ["run -s switch-in -s lazy-return", "One scenario is run at a time: switch-in, or lazy-return."],
  ];
  for (const [args, said] of refused)
    it(`refuses: ${args}`, () =>
      assert.rejects(runCommandLine(args.split(" ")), (e) => e instanceof UsageError && e.message === said));

  it("refuses two formats at once", () =>
    assert.rejects(
      runCommandLine(["check", "--json", "--junit"]),
      /^Error: Option '--json' cannot be used with option '--junit'\. See tlbscope check --help\.$/,
    ));

  it("says what it refuses on standard error, and ends with 2", () => {
    const { status, stdout, stderr } = run(...refused[0][0].split(" "));
    assert.deepEqual([status, stdout, stderr], [2, "", `tlbscope: ${refused[0][1]}\n`]);
  });

  it("shows each command's own options and examples", () => {
    const { status, stdout } = run("why", "--help");
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: tlbscope why \[options\] <FN\[:LINE\]> \[TREE\]$/m);
    assert.match(stdout, /^Examples:\n {2}tlbscope why switch_mm:60\n/m);
    assert.doesNotMatch(stdout, /--json/);
    assert.match(run("--help").stdout, /^ {2}check .*\[TREE\] .*\n(.*\n)*Exit status: 0 done/m);
  });

  it("shows its help on standard error where no command is given", () => {
    const { status, stdout, stderr } = run();
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^Usage: tlbscope /);
  });

  for (const [command, status] of [
    ["check --scenario switch-away --order sc --trace", 1],
    ["tour list", 0],
  ] as const)
    it(`${command} ends with its exit status, and quietly, when its output is no longer read`, async () => {
      const child = spawn(process.execPath, [cli, ...command.split(" ")]);
      child.stdout.destroy();
      let said = "";
      child.stderr.on("data", (text) => (said += text));
      assert.deepEqual([await new Promise((end) => child.on("close", end)), said], [status, ""]);
    });

  if (existsSync("/dev/full"))
    it("says that a full disk doesn't take its output, and ends with 2", () => {
      const full = openSync("/dev/full", "w");
      const { status, stderr } = spawnSync(process.execPath, [cli, "tour", "list"], {
        encoding: "utf8",
        stdio: ["ignore", full, "pipe"],
      });
      closeSync(full);
      assert.equal(status, 2);
      assert.match(stderr, /^tlbscope: The output can't be written: ENOSPC.*\n$/);
    });
});
