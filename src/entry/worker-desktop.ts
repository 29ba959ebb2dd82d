/** The searching worker on the desktop: a thread of Node's. */
import { parentPort } from "node:worker_threads";
import type { ToWorker } from "../jobs/protocol";
import { JobRunner } from "../jobs/job-runner";

if (!parentPort) throw new Error("This runs as a worker only.");
const port = parentPort;
const runner = new JobRunner((message) => port.postMessage(message));
port.on("message", (message: ToWorker) => runner.receive(message));
