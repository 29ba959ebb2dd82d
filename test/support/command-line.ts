/** The command line within the tests' own process, which has the C grammar and the edition read already. */
import { runAndReport } from "../../src/cli/command-line";

export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs `tlbscope ARGS…`; what it prints is kept. One at a time. */
export async function tlbscope(...args: string[]): Promise<Ran> {
  const { log, error } = console;
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  const said = { stdout: "", stderr: "" };
  const keep = (where: keyof typeof said) =>
    ((text: string | Uint8Array) => ((said[where] += String(text)), true)) as typeof process.stdout.write;
  console.log = (...words: unknown[]) => void (said.stdout += `${words.join(" ")}\n`);
  console.error = (...words: unknown[]) => void (said.stderr += `${words.join(" ")}\n`);
  process.stdout.write = keep("stdout");
  process.stderr.write = keep("stderr");
  try {
    return { status: await runAndReport(args), ...said };
  } finally {
    Object.assign(console, { log, error });
    streams.forEach((stream, i) => (stream.write = writes[i]));
  }
}
