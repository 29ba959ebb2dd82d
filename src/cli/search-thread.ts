/** Starts the searching worker as a thread of Node's. */
import { Worker as Thread } from "node:worker_threads";
import type { FromWorker } from "../jobs/protocol";
import type { Listener, Worker } from "../jobs/workers";

/** `script` is the bundle of worker-desktop.ts; `megabytes` what its objects may take, beside the states. */
export function startThread(script: string, listener: Listener, megabytes: number): Worker {
  const thread = new Thread(script, { resourceLimits: { maxOldGenerationSizeMb: megabytes } });
  let over = false;
  const died = (why: string, outOfMemory: boolean): void => {
    if (over) return;
    over = true;
    listener.died(why, outOfMemory);
  };
  thread.on("message", (message: FromWorker) => listener.message(message));
  thread.on("error", (e: Error & { code?: string }) => died(e.message, e.code === "ERR_WORKER_OUT_OF_MEMORY"));
  thread.on("exit", (code) => died(`it ended with code ${code}`, false));
  return {
    post: (message) => thread.postMessage(message),
    end: () => {
      over = true;
      void thread.terminate();
    },
  };
}
