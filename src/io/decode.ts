import { unreadable } from "./syntax.js";

/** Bytes to text: UTF-8, with or without a byte order mark. Throws InputError for other encodings. */
export function decodeText(bytes: Uint8Array, subject: string): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (!utf16) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw unreadable(subject, "", utf16 ? "a text in UTF-16" : "bytes that are not UTF-8", "a text in UTF-8");
}

/** Whether the bytes are a ZIP archive, as NPZ files are. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}
