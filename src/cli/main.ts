/** The command line's first file: the exit status, and what becomes of it when nobody reads on. */
import { runAndReport } from "./command-line";

// A reader that has seen enough (`tlbscope check | head -1`) is no failure: the work goes on for its exit status.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (e: NodeJS.ErrnoException) => {
    if (e.code !== "EPIPE" && e.code !== "ERR_STREAM_DESTROYED") throw e;
  });

void runAndReport(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
