// @ts-check
// The only way into code-server, which itself answers to anyone: it listens on a Unix socket, and this reverse proxy
// passes on what comes from the browser that opened the printed address.
//
// The address carries a token. It is exchanged for a cookie, and leaves the address bar and the browser's history.
// A browser sends a cookie to every port of a host, so to the server of another user of this machine, too; but only
// below the cookie's path. Hence code-server is served below a random path, which no other server can make the browser
// ask for.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import http from "node:http";

const host = "127.0.0.1";
const cookieName = "tlbscope";
/** The name that VS Code's own server gives the token in its addresses. */
const tokenName = "tkn";

const refusal =
  "403 Forbidden\n\nThis VS Code is open only to the browser of whoever started it. Open the whole address that was " +
  "printed at its start, with its token.\n";

/** What concerns a connection, not what is carried over it (RFC 9110, section 7.6.1). */
const perConnection = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * What becomes of a request: it is passed on with this path, or sent to this place with a cookie, or refused.
 * @typedef {{ pass: string } | { redirect: string } | undefined} Admission
 *
 * @typedef {Awaited<ReturnType<typeof startGate>>} Gate
 */

/**
 * Listens on 127.0.0.1 and passes HTTP and WebSockets on to a server on a Unix socket. Throws if the port is taken.
 * @param {{ socket: string, port?: number }} options The server's socket; the port, by default a free one.
 */
export async function startGate({ socket, port: wanted = 0 }) {
  const token = secret();
  const session = secret();
  const base = `/${secret()}`;
  const server = http.createServer();
  const port = await listen(server, wanted);
  const authority = `${host}:${port}`;

  /** @type {Set<import("node:stream").Duplex>} WebSockets that are open. */
  const open = new Set();
  const cookie = `${cookieName}=${session}; Path=${base}/; HttpOnly; SameSite=Lax`;
  const admit = (/** @type {http.IncomingMessage} */ request) =>
    admission(request, { authority, token, session, base });

  server.on("request", (request, response) => {
    const admitted = admit(request);
    const plain = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
    if (admitted === undefined) response.writeHead(403, plain).end(refusal);
    else if ("pass" in admitted) forward(request, response, { socket, path: admitted.pass });
    else
      response
        .writeHead(302, {
          ...plain,
          Location: admitted.redirect,
          "Set-Cookie": cookie,
          "Referrer-Policy": "no-referrer",
        })
        .end();
  });
  server.on("upgrade", (request, client, head) => {
    open.add(client);
    client.on("close", () => open.delete(client)).on("error", () => client.destroy());
    const admitted = admit(request);
    const webSocket = request.headers.upgrade?.toLowerCase() === "websocket";
    if (webSocket && admitted && "pass" in admitted)
      forwardUpgrade(request, client, head, { socket, path: admitted.pass });
    else refuseUpgrade(client, 403);
  });

  return {
    port,
    /**
     * The address that opens the server's first page.
     * @param {Record<string, string>} query
     */
    address: (query) => `http://${authority}/?${new URLSearchParams({ ...query, [tokenName]: token })}`,
    token,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      for (const client of open) client.destroy();
      await closed;
    },
  };
}

const secret = () => randomBytes(24).toString("base64url");

/**
 * Decides about a request before anything is done with it.
 * @param {http.IncomingMessage} request
 * @param {{ authority: string, token: string, session: string, base: string }} own
 * @returns {Admission}
 */
function admission({ method, url = "", headers }, { authority, token, session, base }) {
  // A foreign name that was made to point to 127.0.0.1 (DNS rebinding) is still the name that the browser sends.
  if (headers.host !== authority) return undefined;
  // Browsers name the page that asks, wherever it isn't a plain GET of the same origin.
  if (headers.origin !== undefined && headers.origin !== `http://${authority}`) return undefined;
  const [path, ...rest] = url.split("?");
  if (path === "/" && method === "GET") {
    const query = new URLSearchParams(rest.join("?"));
    if (!same(query.get(tokenName) ?? "", token)) return undefined;
    query.delete(tokenName);
    return { redirect: `${base}/?${query}` };
  }
  if (!path.startsWith(`${base}/`)) return undefined;
  return cookies(headers.cookie).some((value) => same(value, session)) ? { pass: url.slice(base.length) } : undefined;
}

/**
 * Compares in a time that doesn't depend on where they differ.
 * @param {string} given
 * @param {string} expected
 */
function same(given, expected) {
  const digest = (/** @type {string} */ text) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * The values of all cookies of our name.
 * @param {string | undefined} header
 */
function cookies(header = "") {
  const prefix = `${cookieName}=`;
  return header
    .split(/;\s*/)
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
}

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {{ socket: string, path: string }} to
 */
function forward(request, response, to) {
  const upstream = ask(request, to);
  upstream.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers));
    // What breaks off on one side is broken off on the other, so that nobody takes a part for the whole.
    answer.on("error", () => response.destroy()).pipe(response);
  });
  upstream.on("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end("502: code-server does not answer.\n");
  });
  response.on("close", () => upstream.destroy());
  request.on("error", () => upstream.destroy()).pipe(upstream);
}

/**
 * @param {http.IncomingMessage} request
 * @param {import("node:stream").Duplex} client
 * @param {Buffer} head
 * @param {{ socket: string, path: string }} to
 */
function forwardUpgrade(request, client, head, to) {
  const upstream = ask(request, to, { connection: "Upgrade", upgrade: "websocket" });
  upstream.on("upgrade", (answer, server, serverHead) => {
    server.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => server.destroy());
    client.write(statusAndHeaders(answer));
    client.write(serverHead);
    server.write(head);
    server.pipe(client).pipe(server);
  });
  // Not a WebSocket after all.
  upstream.on("response", (answer) => refuseUpgrade(client, answer.statusCode ?? 502));
  upstream.on("error", () => refuseUpgrade(client, 502));
  client.on("close", () => upstream.destroy());
  upstream.end();
}

/**
 * The same request to the server; each on a connection of its own, so that none finds one that was just closed.
 * @param {http.IncomingMessage} request
 * @param {{ socket: string, path: string }} to
 * @param {http.OutgoingHttpHeaders} [more]
 */
function ask({ method, headers }, { socket, path }, more) {
  return http.request({
    socketPath: socket,
    path,
    method,
    headers: { ...endToEnd(headers), ...more },
    agent: false,
  });
}

/**
 * @param {http.IncomingHttpHeaders} headers
 * @returns {http.OutgoingHttpHeaders}
 */
function endToEnd(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !perConnection.has(name)));
}

/** @param {http.IncomingMessage} answer */
function statusAndHeaders({ statusCode, statusMessage, rawHeaders }) {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/**
 * @param {import("node:stream").Duplex} client
 * @param {number} status
 */
function refuseUpgrade(client, status) {
  client.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/**
 * @param {http.Server} server
 * @param {number} port
 * @returns {Promise<number>} The port that it listens on.
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} is taken by another program. Leave --port out to get a free one, or name another.`)
          : error,
      ),
    );
    server.listen(port, host, () => resolve(/** @type {import("node:net").AddressInfo} */ (server.address()).port));
  });
}
