/** The command line's first file: the exit status, and what becomes of it when its output can't be written. */
import { runAndReport } from "./command-line";

/** Exit status of an answer that didn't arrive. */
const NOT_WRITTEN = 2;
let notWritten = false;

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (e: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`tlbscope check | head -1`) is no failure: the work goes on for its exit status.
    if (e.code === "EPIPE" || e.code === "ERR_STREAM_DESTROYED") return;
    if (!notWritten && stream === process.stdout) console.error(`tlbscope: The output can't be written: ${e.message}`);
    notWritten = true;
  });
process.on("exit", () => {
  if (notWritten) process.exitCode = NOT_WRITTEN;
});

void runAndReport(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
