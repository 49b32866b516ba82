import { Inflate } from "fflate";
import { unreadable } from "../syntax.js";
import { crc32 } from "./crc32.js";
import type { ZipEntry } from "./zip-directory.js";

/** Packed bytes are fed in pieces, no longer than what is still missing: a bomb goes off in one of them at most. */
const SHORTEST = 2 ** 10;
const LONGEST = 2 ** 16;

/**
 * A member's bytes: a view of the archive where it is stored. What is deflated is never unpacked beyond the size it says it
 * has, which the caller has found reasonable. Throws InputError where size or checksum turn out otherwise.
 */
export function unpack(entry: ZipEntry, subject: string): Uint8Array {
  const bytes = entry.deflated ? inflated(entry, entry.size, subject) : entry.packed;
  if (bytes.length !== entry.size)
    throw refusal(entry, subject, `fewer bytes than the ${entry.size} it declares`);
  if (crc32(bytes) !== entry.crc) throw refusal(entry, subject, "bytes that do not match their checksum");
  return bytes;
}

/** The first bytes of a member, at most `length`, unchecked. */
export function unpackFirst(entry: ZipEntry, length: number, subject: string): Uint8Array {
  const wanted = Math.min(length, entry.size);
  return entry.deflated ? inflated(entry, wanted, subject, true) : entry.packed.subarray(0, wanted);
}

/** At most `size` bytes; more are refused, or with `cut` left out. */
function inflated(entry: ZipEntry, size: number, subject: string, cut = false): Uint8Array {
  const out = new Uint8Array(size);
  let filled = 0;
  let over = false;
  const inflate = new Inflate((chunk) => {
    const room = out.length - filled;
    over ||= chunk.length > room;
    out.set(over ? chunk.subarray(0, room) : chunk, filled);
    filled += Math.min(room, chunk.length);
  });
  const { packed } = entry;
  try {
    for (let from = 0; from < packed.length && !over && !(cut && filled === size); ) {
      const to = from + Math.min(LONGEST, Math.max(SHORTEST, size - filled));
      inflate.push(packed.subarray(from, to), to >= packed.length);
      from = to;
    }
  } catch (error) {
    throw refusal(entry, subject, `damaged bytes (${error instanceof Error ? error.message : error})`);
  }
  if (over && !cut) throw refusal(entry, subject, `more bytes than the ${entry.size} it declares`);
  return out.subarray(0, filled);
}

function refusal({ name }: ZipEntry, subject: string, found: string) {
  return unreadable(subject, name, found, "a whole member, as numpy writes it");
}
