/** The bytes of a source file as text. */

/** More than any file of the kernel's that takes part, by far. */
export const MOST_BYTES = 16 * 2 ** 20;

/**
 * UTF-8, or UTF-16 where a byte order mark says so. The mark is no part of the text, as in an editor, so that columns
 * are the same. Bytes that are no UTF-8 become U+FFFD: comments of old kernels are in Latin-1. Throws an Error, a
 * sentence about `name`, for what is no text.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.length > MOST_BYTES) throw new Error(`${name} is too large to be read: it has ${bytes.length} bytes.`);
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : "utf-8";
  // A decoder that isn't told otherwise drops the mark of its own encoding.
  const text = new TextDecoder(encoding).decode(bytes);
  const at = text.indexOf("\0");
  if (at >= 0)
    throw new Error(
      `${name} is no text: character ${at + 1} is a NUL. Save it as UTF-8, or as UTF-16 with a byte order mark.`,
    );
  return text;
}
