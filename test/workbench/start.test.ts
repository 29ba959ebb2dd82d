// The command that a newcomer types first: npm start, with and without a tree.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";

interface Started {
  printed: string;
  /** Of the page at the printed address, asked for as a browser does: with the cookie that it is given. */
  status: number;
  /** Of a file of this machine, asked for by somebody who doesn't have the address. */
  stranger: number;
}

/** Starts it, waits for the address that it prints, asks that address for its page, and ends it as Ctrl-C would. */
async function started(...args: string[]): Promise<Started> {
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
    const stranger = (await fetch(new URL("/vscode-remote-resource?path=/etc/hostname", address))).status;
    const first = await fetch(address, { redirect: "manual" });
    const next = new URL(first.headers.get("location")!, address);
    const cookie = first.headers.getSetCookie()[0].split(";")[0];
    const { status } = await fetch(next, { headers: { cookie } });
    return { printed, status, stranger };
  } finally {
    child.kill("SIGINT");
    await ended;
  }
}

describe("npm start", () => {
  it("opens the built-in edition at context_switch", async () => {
    const { printed, status, stranger } = await started();
    assert.equal(status, 200);
    assert.equal(stranger, 403);
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
