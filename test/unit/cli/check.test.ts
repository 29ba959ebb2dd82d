/** tlbscope check, as a script would call it: exit status 0 holds, 1 fails, 2 can't say; text, JSON and JUnit. */
import assert from "node:assert/strict";
import { tlbscope } from "../../support/command-line";

const check = (...args: string[]) => tlbscope("check", ...args);

/** However long the lines are. */
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

describe("tlbscope check", () => {
  it("exits with 0 where all holds, and says within which bounds", async () => {
    const { status, stdout } = await check("--scenario", "lazy-return", "--order", "tso");
    assert.equal(status, 0);
    assert.match(stdout, /^lazy-return, TSO: holds\n/);
    assert.match(
      inOneLine(stdout),
      /Every interleaving of the scenario's actions was looked at: 2 CPUs, 1 mm, 1 page, native, memory order TSO/,
    );
  });

  it("exits with 1 on a failure; as JSON it gives the execution, step by step", async () => {
    const { status, stdout } = await check("--scenario", "switch-away", "--json");
    assert.equal(status, 1);
    const [verdict] = JSON.parse(stdout) as {
      outcome: string;
      properties: { id: string; standing: string; counterexamples: { steps: number; execution: string[] }[] }[];
    }[];
    const stale = verdict.properties.find((p) => p.id === "stale-translation")!;
    assert.deepEqual(
      [verdict.outcome, stale.standing, stale.counterexamples[0].steps, stale.counterexamples[0].execution.length],
      ["fails", "fails", 34, 34],
    );
  });

  it("exits with 2 where the bounds come first; JUnit calls what is open skipped", async () => {
    const { status, stdout } = await check("--scenario", "two-lazy-cpus", "--max-states", "100", "--junit");
    assert.equal(status, 2);
    assert.match(stdout, /<testcase classname="two-lazy-cpus\.sc" name="bug"><skipped message="The search ended early/);
  });

  it("says of a scenario that doesn't apply to this kernel why not, without counting it", async () => {
    const { status, stdout } = await check("--scenario", "reclaim-batched", "--order", "tso");
    assert.deepEqual(
      [status, stdout],
      [
        0,
        "reclaim-batched, TSO: doesn't apply\n  This kernel flushes each page by itself. Flushes that are " +
          "gathered for many pages (try_to_unmap_flush, arch_tlbbatch_flush) came with 4.3.\n",
      ],
    );
    assert.match(
      (await check("--scenario", "reclaim-batched", "--order", "tso", "--junit")).stdout,
      /<testcase classname="reclaim-batched\.tso" name="doesn&#39;t apply"><skipped message="This kernel flushes each page by itself\./,
    );
  });

  it("looks at several scenarios at a time, and tells of them in their order", async () => {
    const { status, stdout } = await check("--scenario", "two-lazy-cpus", "--scenario", "switch-in");
    assert.deepEqual(
      [status, [...stdout.matchAll(/^\S.*$/gm)].map(String)],
      [0, ["two-lazy-cpus, SC: holds", "two-lazy-cpus, TSO: holds", "switch-in, SC: holds", "switch-in, TSO: holds"]],
    );
  });

  it("lists what a build, a processor or the boot decides, with who decided it", async () => {
    const { status, stdout } = await check(
      "--settings",
      "--scenario",
      "unmap-table",
      "--set",
      "CONFIG_HAVE_RCU_TABLE_FREE=1",
    );
    assert.equal(status, 0);
    assert.match(stdout, /^Settings that this source asks for:\n/);
    assert.match(stdout, /^ {2}CONFIG_HAVE_RCU_TABLE_FREE=1 +the scenario$/m);
  });

  it("runs with settings otherwise, and says how they are written", async () => {
    const { status, stdout } = await check(
      "--scenario",
      "switch-away",
      "--set",
      "flush_at_once=0",
      "--set",
      "X86_FEATURE_PCID",
    );
    assert.equal(status, 0);
    assert.match(inOneLine(stdout), /before a CPU uses the mm, as the setting flush_at_once says\./);
    const wrong = await check("--set", "PCID: off");
    assert.deepEqual(
      [wrong.status, wrong.stderr],
      [
        2,
        "tlbscope: --set takes a setting's name, or its name and a number, as in X86_FEATURE_PCID=0; not \"PCID: " +
          'off".\n',
      ],
    );
  });

  it("answers what is asked, fails what should occur and doesn't, and says what is wrong with a typo", async () => {
    const asked = await check(
      "--scenario",
      "lazy-return",
      "--can",
      "cpu_tlbstate.state == TLBSTATE_OK in smp_invalidate_interrupt()",
    );
    assert.equal(asked.status, 0);
    assert.match(asked.stdout, /yes, it happens \(\d+ steps\)/);
    assert.equal((await check("--scenario", "lazy-return", "--occurs", "cpu_tlbstate.state == 7")).status, 1);
    const typo = await check("--scenario", "lazy-return", "--always", "cpu_tlbstat.state == 1");
    assert.equal(typo.status, 2);
    assert.match(typo.stderr, /^tlbscope: lazy-return: .*cpu_tlbstat/);
  });
});
