// @ts-check
// Puts PNG files together into one that moves (APNG, as the PNG specification's third edition has it). All are of one
// colour type.
import { crc32 } from "node:zlib";

/**
 * @param {{ png: Buffer, x: number, y: number, delay: number }[]} frames the first one has the size of all; others are
 * laid over it.
 *   `delay` in milliseconds.
 */
export function animated(frames) {
  let sequence = 0;
  const [first] = frames;
  const head = chunks(first.png).find((c) => c.type === "IHDR");
  if (!head) throw new Error("The first frame is no PNG file.");
  const out = [first.png.subarray(0, 8), chunk("IHDR", head.data), chunk("acTL", numbers(frames.length, 0))];
  for (const [i, frame] of frames.entries()) {
    const parts = chunks(frame.png),
      own = parts.find((c) => c.type === "IHDR");
    if (!own || !own.data.subarray(8).equals(head.data.subarray(8)))
      throw new Error(`Frame ${i} has another colour type than the first.`);
    const control = Buffer.alloc(26);
    [sequence++, own.data.readUInt32BE(0), own.data.readUInt32BE(4), frame.x, frame.y].forEach((n, at) =>
      control.writeUInt32BE(n, at * 4),
    );
    control.writeUInt16BE(frame.delay, 20);
    control.writeUInt16BE(1000, 22);
    out.push(chunk("fcTL", control));
    for (const { data } of parts.filter((c) => c.type === "IDAT"))
      out.push(i === 0 ? chunk("IDAT", data) : chunk("fdAT", Buffer.concat([numbers(sequence++), data])));
  }
  return Buffer.concat([...out, chunk("IEND", Buffer.alloc(0))]);
}

/** @param {Buffer} png */
function chunks(png) {
  const all = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    all.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return all;
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([numbers(data.length), body, numbers(crc32(body))]);
}

/** @param {number[]} list */
function numbers(...list) {
  const out = Buffer.alloc(list.length * 4);
  list.forEach((n, i) => out.writeUInt32BE(n >>> 0, i * 4));
  return out;
}
