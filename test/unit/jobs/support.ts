/** A worker for tests that is this very thread: messages are copied as between two, and each takes its turn. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../../src/cli/node-host";
import type { FromWorker, ToWorker } from "../../../src/jobs/protocol";
import { JobRunner } from "../../../src/jobs/job-runner";
import type { Listener, Starter, Worker } from "../../../src/jobs/workers";

const wasm = (name: string) => readFileSync(path.join(packageRoot(), "dist", name));

/** What every worker is loaded with. */
export const bytes = async () => ({ runtime: wasm("web-tree-sitter.wasm"), grammar: wasm("tree-sitter-c.wasm") });

/** Starts workers in this thread, and remembers what passed. */
export class Here implements Starter {
  readonly said: ToWorker[] = [];
  readonly heard: FromWorker[] = [];
  readonly listeners: Listener[] = [];
  /** Called for each message of a worker, before whoever asked hears it. */
  onHeard: (message: FromWorker) => void = () => undefined;

  constructor(readonly most = 1) {}

  load = bytes;

  async start(listener: Listener): Promise<Worker> {
    this.listeners.push(listener);
    const runner = new JobRunner((message) => {
      const copy = structuredClone(message);
      this.heard.push(copy);
      this.onHeard(copy);
      listener.message(copy);
    });
    return {
      post: (message) => {
        const copy = structuredClone(message);
        this.said.push(copy);
        setTimeout(() => runner.receive(copy), 0);
      },
      end: () => undefined,
    };
  }
}
