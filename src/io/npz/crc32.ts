/** Tables[k][b]: the CRC of byte b followed by k zero bytes (IEEE 802.3, reflected polynomial 0xedb88320). */
const TABLES = makeTables();

function makeTables(): Uint32Array[] {
  const tables = Array.from({ length: 4 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[0][byte] = crc;
  }
  for (let k = 1; k < 4; k++) {
    for (let byte = 0; byte < 256; byte++) {
      const shorter = tables[k - 1][byte];
      tables[k][byte] = (shorter >>> 8) ^ tables[0][shorter & 0xff];
    }
  }
  return tables;
}

/**
 * CRC-32 as ZIP has it, four bytes at a time. (Node's own `zlib.crc32` is newer than Node 20.11.)
 * @param previous the CRC of the bytes before these
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const [t0, t1, t2, t3] = TABLES;
  const whole = bytes.length & ~3;
  let crc = ~previous;
  let k = 0;
  while (k < whole) {
    crc ^= bytes[k] | (bytes[k + 1] << 8) | (bytes[k + 2] << 16) | (bytes[k + 3] << 24);
    crc = t3[crc & 0xff] ^ t2[(crc >>> 8) & 0xff] ^ t1[(crc >>> 16) & 0xff] ^ t0[crc >>> 24];
    k += 4;
  }
  for (; k < bytes.length; k++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[k]) & 0xff];
  return ~crc >>> 0;
}
