/** Reads text files of the user's from the disk, whatever stands where a file is expected. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { decodeText, MOST_BYTES } from "../kernel/syntax/decode-text";
import { UsageError } from "./usage-error";

/** The text of a file; undefined where there is none. Throws a UsageError that says why it can't be read. */
export function readTextIfThere(file: string): string | undefined {
  try {
    // Opening a device may do something already, and opening a pipe waits for a writer.
    mustBeFile(file, statSync(file));
    const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      mustBeFile(file, fstatSync(fd));
      return decodeText(readAll(fd), file);
    } finally {
      closeSync(fd);
    }
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (e instanceof UsageError || !(e instanceof Error)) throw e;
    throw new UsageError(code === undefined ? e.message : `${file} can't be read: ${why(code)}.`);
  }
}

/** Up to one byte more than a text may have: what claims to be a file may have no end. */
function readAll(fd: number): Uint8Array {
  const pieces: Buffer[] = [];
  for (let size = 0; size <= MOST_BYTES;) {
    const piece = Buffer.allocUnsafe(64 * 1024);
    const n = readSync(fd, piece);
    if (n === 0) break;
    pieces.push(piece.subarray(0, n));
    size += n;
  }
  return Buffer.concat(pieces);
}

function mustBeFile(file: string, stats: Stats): void {
  if (stats.isFile()) {
    if (stats.size > MOST_BYTES) throw new UsageError(`${file} is too large to be read: it has ${stats.size} bytes.`);
    return;
  }
  const kind = stats.isDirectory()
    ? "a folder"
    : stats.isFIFO()
      ? "a pipe"
      : stats.isSocket()
        ? "a socket"
        : "a device";
  throw new UsageError(`${file} is ${kind}, where a text file is expected.`);
}

const why = (code: string): string =>
  code === "EACCES" || code === "EPERM"
    ? "you may not read it"
    : code === "ELOOP"
      ? "its symbolic links go round in a circle"
      : code;
