/** Threads of Node for a parallel search. */
import os from "node:os";
import { parentPort, Worker } from "node:worker_threads";
import type { Port, Team } from "../check/parallel/team";

/** Threads that run `file`, as many as there are cores unless `size` says otherwise. */
export function nodeTeam(file: string, size = os.availableParallelism()): Team {
  return {
    size,
    start() {
      const worker = new Worker(file);
      let asked = false,
        why: string | undefined;
      worker.on("error", (e) => {
        why = e instanceof Error ? e.message : String(e);
      });
      return {
        post: (m) => worker.postMessage(m),
        onMessage: (show) => void worker.on("message", show),
        onEnd: (show) =>
          void worker.on("exit", (code) => {
            if (!asked) show(why ?? `exit status ${code}`);
          }),
        end() {
          asked = true;
          void worker.terminate();
        },
      };
    },
  };
}

/** The thread's own end, in the file that it runs. */
export function nodePort(): Port {
  const port = parentPort;
  if (!port) throw new Error("This file runs in a worker thread.");
  return { post: (m) => port.postMessage(m), onMessage: (show) => void port.on("message", show) };
}
