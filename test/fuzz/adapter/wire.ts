/** The debug adapter at the other end of a pipe, spoken to without any client's good manners. */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { afterCpuTime } from "../cpu-time";
import { packageRoot } from "../product";

export interface Request {
  command: string;
  args: unknown;
}

export type Answer =
  | { k: "answer"; success: boolean; message: string; body: Record<string, unknown> | undefined; ms: number }
  | { k: "silence" }
  | { k: "death"; how: string };

interface Response {
  type: string;
  request_seq: number;
  success: boolean;
  message?: string;
  body?: Record<string, unknown> & { error?: { variables?: Record<string, string>; format?: string } };
}

export class AdapterWire {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private seq = 1;
  private unread = Buffer.alloc(0);
  private errors = "";
  private dead: string | undefined;

  constructor() {
    const adapter = [path.join(packageRoot(), "dist/cli.js"), "dap"];
    this.process = spawn(process.execPath, ["--max-old-space-size=1024", ...adapter], { stdio: "pipe" });
    this.process.stdout!.on("data", (data: Buffer) => this.read(data));
    this.process.stderr!.on("data", (data: Buffer) => (this.errors = (this.errors + data.toString()).slice(-1500)));
    this.process.stdin!.on("error", () => undefined); // it has died: told by its exit
    this.process.on("exit", (code, signal) => {
      this.dead = `exit ${code ?? signal}: ${this.errors}`;
      for (const answer of this.waiting.values()) answer({ k: "death", how: this.dead });
      this.waiting.clear();
    });
  }

  /** Sends a request, and waits for its answer: so many seconds of the adapter's time (see `afterCpuTime`). */
  async send({ command, args }: Request, patience: number): Promise<Answer> {
    if (this.dead !== undefined) return { k: "death", how: this.dead };
    const seq = this.seq++;
    const began = performance.now();
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    this.process.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return new Promise((resolve) => {
      const cancel = afterCpuTime(this.process.pid, patience, () => {
        this.waiting.delete(seq);
        resolve({ k: "silence" });
      });
      this.waiting.set(seq, (answer) => {
        cancel();
        resolve(answer.k === "answer" ? { ...answer, ms: performance.now() - began } : answer);
      });
    });
  }

  private read(data: Buffer): void {
    this.unread = Buffer.concat([this.unread, data]);
    for (;;) {
      const head = this.unread.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.unread.subarray(0, head).toString())?.[1]);
      if (this.unread.length < head + 4 + length) return;
      this.take(JSON.parse(this.unread.subarray(head + 4, head + 4 + length).toString()) as Response);
      this.unread = this.unread.subarray(head + 4 + length);
    }
  }

  private take(message: Response): void {
    if (message.type !== "response") return;
    const { success, body } = message;
    const why = Object.values(body?.error?.variables ?? {}).join(" ") || body?.error?.format || message.message || "";
    this.waiting.get(message.request_seq)?.({ k: "answer", success, message: why, body, ms: 0 });
    this.waiting.delete(message.request_seq);
  }

  end(): void {
    this.process.kill("SIGKILL");
  }
}
