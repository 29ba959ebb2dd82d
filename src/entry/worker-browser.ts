/** The searching worker in the browser: a Web Worker. */
import type { ToWorker } from "../jobs/protocol";
import { JobRunner } from "../jobs/job-runner";

const runner = new JobRunner((message) => postMessage(message));
addEventListener("message", (event: MessageEvent<ToWorker>) => runner.receive(event.data));
