/** The command line's first file: the exit status, and errors on standard error. */
import { LayoutError } from "../machine/layout";
import { runCommandLine } from "./command-line";
import { UsageError } from "./inputs";

// A reader that has seen enough (`tlbscope check | head -1`) is no failure: the work goes on for its exit status.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (e: NodeJS.ErrnoException) => {
    if (e.code !== "EPIPE" && e.code !== "ERR_STREAM_DESTROYED") throw e;
  });

runCommandLine(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (e: unknown) => {
    const known = e instanceof UsageError || e instanceof LayoutError;
    console.error(`tlbscope: ${e instanceof Error ? (known ? e.message : e.stack) : String(e)}`);
    process.exitCode = 2;
  },
);
