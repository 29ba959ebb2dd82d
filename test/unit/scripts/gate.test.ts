// The gate in front of code-server lets in whoever has the token, and nobody else. Behind it stands a small server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** What scripts/vscode-web/gate.mjs gives; TypeScript reads no types from a script that isn't bundled. */
interface Gate {
  port: number;
  token: string;
  address(query: Record<string, string>): string;
  close(): Promise<void>;
}
interface GateModule {
  startGate(options: { socket: string; port?: number }): Promise<Gate>;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

describe("the gate in front of code-server", () => {
  let startGate: GateModule["startGate"];
  let folder: string;
  let socket: string;
  let upstream: http.Server;
  let gate: Gate;
  /** What came through to the server behind the gate. */
  let seen: string[];
  let authority: string;

  before(async () => {
    ({ startGate } = (await import(
      pathToFileURL(path.resolve("scripts/vscode-web/gate.mjs")).href
    )) as unknown as GateModule);
    folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-gate-"));
    socket = path.join(folder, "s");
    upstream = http.createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => response.writeHead(200, { "X-Behind": "yes" }).end(`${request.url} ${body}`));
    });
    upstream.on("upgrade", (request, client) => {
      seen.push(`upgrade ${request.url}`);
      if (request.url === "/no-such-socket") {
        client.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      client.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      client.on("data", (chunk) => client.write(`echo ${chunk}`));
      client.on("end", () => client.end());
    });
    await new Promise<void>((resolve) => upstream.listen(socket, resolve));
    gate = await startGate({ socket });
    authority = `127.0.0.1:${gate.port}`;
  });

  beforeEach(() => {
    seen = [];
  });

  after(async () => {
    await gate.close();
    await new Promise((resolve) => upstream.close(resolve));
    rmSync(folder, { recursive: true });
  });

  function ask(target: string, headers: http.OutgoingHttpHeaders = {}, method = "GET", body = ""): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port: gate.port, path: target, method, headers, agent: false });
      request.on("response", (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
      });
      request.on("error", reject).end(body);
    });
  }

  /** Asks for a WebSocket; gives the status, and what came back for a "hello" if it was opened. */
  function upgrade(target: string, headers: http.OutgoingHttpHeaders = {}): Promise<{ status: number; said?: string }> {
    return new Promise((resolve, reject) => {
      const request = http.request({
        host: "127.0.0.1",
        port: gate.port,
        path: target,
        headers: { Connection: "Upgrade", Upgrade: "websocket", ...headers },
        agent: false,
      });
      request.on("response", (response) => {
        response.resume();
        resolve({ status: response.statusCode! });
      });
      request.on("upgrade", (response, client) => {
        client.once("data", (chunk) => {
          client.destroy();
          resolve({ status: response.statusCode!, said: String(chunk) });
        });
        client.write("hello");
      });
      request.on("error", reject).end();
    });
  }

  /** Opens the printed address as a browser does: the cookie, and the path below which it is sent. */
  async function opened(): Promise<{ base: string; cookie: string; location: string; setCookie: string }> {
    const printed = new URL(gate.address({ folder: "/tree", payload: '[["openFile","a b&c"]]' }));
    const { status, headers } = await ask(printed.pathname + printed.search);
    assert.equal(status, 302);
    const setCookie = headers["set-cookie"]![0];
    const location = headers.location!;
    return { base: location.slice(0, location.indexOf("/?")), cookie: setCookie.split(";")[0], location, setCookie };
  }

  it("refuses whoever has no token", async () => {
    for (const target of [
      "/",
      "/?folder=/tree",
      "/vscode-remote-resource?path=/etc/hostname",
      "/healthz",
      "/?tkn=",
      `/?tkn=${gate.token.slice(0, -1)}`,
      `/vscode-remote-resource?path=/etc/hostname&tkn=${gate.token}`,
      `http://127.0.0.1/?tkn=${gate.token}`,
    ])
      assert.equal((await ask(target)).status, 403, target);
    assert.equal((await ask(`/?tkn=${gate.token}`, {}, "POST")).status, 403, "POST");
    assert.deepEqual(seen, []);
  });

  it("exchanges the token for a cookie, and takes it out of the address", async () => {
    const { location, setCookie, base } = await opened();
    assert.ok(!location.includes(gate.token));
    const query = new URL(location, `http://${authority}`).searchParams;
    assert.deepEqual(
      [...query],
      [
        ["folder", "/tree"],
        ["payload", '[["openFile","a b&c"]]'],
      ],
    );
    assert.match(setCookie, /; HttpOnly/);
    assert.match(setCookie, /; SameSite=Lax/);
    // Without a path, the browser would send it to every port of 127.0.0.1.
    assert.ok(setCookie.includes(`; Path=${base}/;`), setCookie);
    assert.ok(base.length > 20, base);
    assert.ok(!setCookie.includes(gate.token));
  });

  it("passes on what comes with the cookie, and what is answered", async () => {
    const { base, cookie } = await opened();
    const page = await ask(`${base}/vscode-remote-resource?path=/a%20b`, { Cookie: `other=1; ${cookie}` });
    assert.equal(page.status, 200);
    assert.equal(page.headers["x-behind"], "yes");
    assert.equal(page.body, "/vscode-remote-resource?path=/a%20b ");
    const sent = await ask(`${base}/mint-key`, { Cookie: cookie, Origin: `http://${authority}` }, "POST", "some text");
    assert.equal(sent.body, "/mint-key some text");
    assert.deepEqual(seen, ["GET /vscode-remote-resource?path=/a%20b", "POST /mint-key"]);
  });

  it("refuses the path without the cookie, and the cookie on another path", async () => {
    const { base, cookie } = await opened();
    assert.equal((await ask(`${base}/`)).status, 403);
    assert.equal((await ask(`${base}/`, { Cookie: "tlbscope=guess" })).status, 403);
    assert.equal((await ask("/healthz", { Cookie: cookie })).status, 403);
    assert.deepEqual(seen, []);
  });

  it("refuses foreign names of this machine and pages of other origins", async () => {
    const { base, cookie } = await opened();
    for (const [name, value] of [
      ["Host", "evil.example"],
      ["Host", `evil.example:${gate.port}`],
      ["Host", "127.0.0.1"],
      ["Host", `localhost:${gate.port}`],
      ["Origin", "http://evil.example"],
      ["Origin", `http://127.0.0.1:${gate.port + 1}`],
      ["Origin", "null"],
    ]) {
      const headers = { Cookie: cookie, [name]: value };
      assert.equal((await ask(`${base}/`, headers)).status, 403, value);
      assert.equal((await ask(`/?tkn=${gate.token}`, headers)).status, 403, value);
      assert.equal((await upgrade(`${base}/socket`, headers)).status, 403, value);
    }
    assert.deepEqual(seen, []);
  });

  it("opens WebSockets with the cookie only", async () => {
    const { base, cookie } = await opened();
    assert.equal((await upgrade("/socket")).status, 403);
    assert.equal((await upgrade(`/?tkn=${gate.token}`)).status, 403);
    assert.equal((await upgrade(`${base}/socket`)).status, 403);
    assert.equal((await upgrade(`${base}/socket`, { Cookie: cookie, Upgrade: "h2c" })).status, 403);
    assert.deepEqual(seen, []);
    const own = { Cookie: cookie, Origin: `http://${authority}` };
    assert.deepEqual(await upgrade(`${base}/socket?x=1`, own), { status: 101, said: "echo hello" });
    assert.equal((await upgrade(`${base}/no-such-socket`, own)).status, 404);
    assert.deepEqual(seen, ["upgrade /socket?x=1", "upgrade /no-such-socket"]);
  });

  it("says when its server doesn't answer, and when its port is taken", async () => {
    const other = http.createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    try {
      await assert.rejects(startGate({ socket, port }), new RegExp(`Port ${port} is taken by another program`));
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
    const orphan = await startGate({ socket: path.join(folder, "nobody"), port });
    try {
      const first = await fetch(orphan.address({}), { redirect: "manual" });
      const cookie = first.headers.getSetCookie()[0].split(";")[0];
      const next = new URL(first.headers.get("location")!, `http://127.0.0.1:${port}`);
      assert.equal((await fetch(next, { headers: { cookie } })).status, 502);
    } finally {
      await orphan.close();
    }
  });

  it("has another token each time, and ends with its WebSockets", async () => {
    const other = await startGate({ socket });
    assert.notEqual(other.token, gate.token);
    const printed = await fetch(other.address({}), { redirect: "manual" });
    const base = new URL(printed.headers.get("location")!, `http://127.0.0.1:${other.port}`).pathname;
    const request = http.request({
      host: "127.0.0.1",
      port: other.port,
      path: base,
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        Cookie: printed.headers.getSetCookie()[0].split(";")[0],
      },
    });
    request.end();
    const ended = new Promise<void>((resolve) =>
      request.on("upgrade", (_response, client) => {
        client.on("close", () => resolve()).on("error", () => {});
        void other.close();
      }),
    );
    await ended;
  });
});
