// The command that a newcomer types first: npm start, with and without a tree.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";

/** Starts it, waits for the address that it prints, asks that address for its page, and ends it as Ctrl-C would. */
async function started(...args: string[]): Promise<{ printed: string; status: number }> {
  const child = spawn(process.execPath, ["scripts/start.mjs", "--web", "--no-open", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const look = (chunk: Buffer) => {
        printed += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\S+/.exec(printed);
        if (found) resolve(found[0]);
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.on("close", () => reject(new Error(`It ended before it printed an address:\n${printed}`)));
    });
    const { status } = await fetch(address);
    return { printed, status };
  } finally {
    child.kill("SIGINT");
    await ended;
  }
}

describe("npm start", () => {
  it("opens the built-in edition at context_switch", async () => {
    const { printed, status } = await started();
    assert.equal(status, 200);
    assert.match(decodeURIComponent(printed), /built-in-edition\/kernel\/sched\.c:3015/);
  });

  it("-- PATH opens a kernel tree", async () => {
    const { edition } = JSON.parse(process.env.TLBSCOPE_WORKBENCH!) as { edition: string };
    const { printed, status } = await started(edition);
    assert.equal(status, 200);
    assert.ok(decodeURIComponent(printed).includes(`folder=${edition}`));
    assert.match(decodeURIComponent(printed), /kernel\/sched\.c:2999/, "at context_switch");
  });
});
