import { crc32, deflateRawSync } from "node:zlib";

/** A member as an archive of the tests writes it; what is not given is what is true. */
export interface ZipPart {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflated?: boolean;
  /** Lies. */
  readonly size?: number;
  readonly packedSize?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly localName?: string;
  readonly offset?: number;
  /** Sizes and offset in a ZIP64 extra field of the directory. */
  readonly zip64?: boolean;
}

/** A ZIP archive, written by a route of its own: true or lying, as a test wants it. */
export function zipOf(parts: readonly ZipPart[], comment = "", zip64End = false): Uint8Array {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const packed = part.deflated ? deflateRawSync(part.data) : Buffer.from(part.data);
    const method = (part.method ?? (part.deflated ? 8 : 0)) & 0xffff;
    const flags = (part.flags ?? 0x800) & 0xffff;
    const crc = part.crc ?? checksum(part.data);
    const [size, packedSize] = [part.size ?? part.data.length, part.packedSize ?? packed.length];
    const localName = Buffer.from(part.localName ?? part.name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    [20, flags, method, 0, 0].forEach((value, k) => void local.writeUInt16LE(value, 4 + 2 * k));
    [crc, packedSize, size].forEach((value, k) => void local.writeUInt32LE(value >>> 0, 14 + 4 * k));
    local.writeUInt16LE(localName.length, 26);
    directory.push(central({ ...part, method, flags, crc, size, packedSize, offset: part.offset ?? offset }));
    chunks.push(local, localName, packed);
    offset += local.length + localName.length + packed.length;
  }
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  return Buffer.concat([...chunks, ...directory, endOf(parts.length, length, offset, comment, zip64End)]);
}

function central(
  part: Required<Omit<ZipPart, "data" | "deflated" | "localName" | "zip64">> & ZipPart,
): Buffer {
  const name = Buffer.from(part.name);
  const extra = part.zip64 ? Buffer.alloc(28) : Buffer.alloc(0);
  if (part.zip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    [part.size, part.packedSize, part.offset].forEach(
      (value, k) => void extra.writeBigUInt64LE(BigInt(value), 4 + 8 * k),
    );
  }
  const shown = (value: number) => (part.zip64 ? 0xffffffff : value >>> 0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  [20, 20, part.flags, part.method, 0, 0].forEach((value, k) => void header.writeUInt16LE(value, 4 + 2 * k));
  header.writeUInt32LE(part.crc >>> 0, 16);
  header.writeUInt32LE(shown(part.packedSize), 20);
  header.writeUInt32LE(shown(part.size), 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(shown(part.offset), 42);
  return Buffer.concat([header, name, extra]);
}

function endOf(count: number, size: number, offset: number, comment: string, zip64: boolean): Buffer {
  const text = Buffer.from(comment);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const small = (value: number, full: number) => (zip64 ? full : value);
  for (const at of [8, 10]) end.writeUInt16LE(small(count, 0xffff), at);
  end.writeUInt32LE(small(size, 0xffffffff), 12);
  end.writeUInt32LE(small(offset, 0xffffffff), 16);
  end.writeUInt16LE(text.length, 20);
  if (!zip64) return Buffer.concat([end, text]);
  const large = Buffer.alloc(56);
  large.writeUInt32LE(0x06064b50, 0);
  [44, 0, 0, count, count, size, offset].forEach((value, k) => {
    const at = [4, 12, 16, 24, 32, 40, 48][k];
    if (at === 12 || at === 16) large.writeUInt32LE(0, at === 12 ? 16 : 20);
    else large.writeBigUInt64LE(BigInt(value), at);
  });
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([large, locator, end, text]);
}

/** CRC-32 by definition, a bit at a time. */
function checksum(bytes: Uint8Array): number {
  if (typeof crc32 === "function") return crc32(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
