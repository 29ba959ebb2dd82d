/** Threads that search for a command, as many as there are cores. */
import { availableParallelism } from "node:os";
import path from "node:path";
import { Workers } from "../jobs/workers";
import { packageRoot, parserBytes } from "./node-host";
import { startThread } from "./search-thread";

/** Megabytes that a thread's objects may take, beside the states. */
const MEGABYTES = 4_096;

/** Gives a piece of work its turn. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Lets `use` give jobs to threads, and ends these. `turn` holds work back while each thread has some: the first that
 * came goes first.
 */
export async function withSearchers<T>(use: (workers: Workers, turn: Turn) => Promise<T>): Promise<T> {
  const most = availableParallelism();
  const workers = new Workers({
    most,
    load: async () => parserBytes(),
    start: async (listener) => startThread(path.join(packageRoot(), "dist/worker.js"), listener, MEGABYTES),
  });
  try {
    return await use(workers, inTurns(most));
  } finally {
    workers.dispose();
  }
}

function inTurns(most: number): Turn {
  let open = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (open < most) open++;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const go = waiting.shift();
      if (go) go();
      else open--;
    }
  };
}
