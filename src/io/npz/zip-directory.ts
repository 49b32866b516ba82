import { quote } from "../../economy/found.js";
import { unreadable } from "../syntax.js";

/** A member of a ZIP archive, as its directory and its own header agree that it is. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  /** Bytes in the archive, still packed. */
  readonly packed: Uint8Array;
  /** Bytes it says it unpacks to. */
  readonly size: number;
  readonly crc: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const FULL_16 = 0xffff;
const FULL_32 = 0xffff_ffff;
const ENCRYPTED = 0x2041;
const UTF8 = 0x0800;
const STORED = 0;
const DEFLATED = 8;
/** Deflate packs no more than this many bytes into one. */
const BEST_RATIO = 1032;

/**
 * The members of a ZIP archive, ZIP64 too; nothing is unpacked. Throws InputError for an archive that is cut off or
 * damaged, that uses more of ZIP than numpy does (encryption, other compression, several disks), or that could
 * deceive: names given twice, names with a path, members that overlap, sizes that deflate could not reach.
 */
export function readZipDirectory(bytes: Uint8Array, subject: string, most: number): Map<string, ZipEntry> {
  return new Directory(bytes, subject).read(most);
}

class Directory {
  readonly #view: DataView;
  readonly #entries = new Map<string, ZipEntry>();
  /** From where to where each member lies, its header included. */
  readonly #ranges: [from: number, to: number, name: string][] = [];

  constructor(
    private readonly bytes: Uint8Array,
    private readonly subject: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(most: number): Map<string, ZipEntry> {
    const { count, offset, end } = this.#end();
    if (count > most) this.#refuse("", `${count} members`, `at most ${most}`);
    let at = offset;
    for (let k = 0; k < count; k++) at = this.#member(at, end, offset);
    if (at !== end) this.#damaged("a directory with bytes that belong to no member");
    this.#checkOverlaps();
    return this.#entries;
  }

  /** The end record, its comment reaching to the last byte: how many members, and where the directory lies. */
  #end(): { count: number; offset: number; end: number } {
    const { length } = this.bytes;
    for (let at = length - 22; at >= Math.max(0, length - 22 - FULL_16); at--) {
      if (this.#u32(at) === END && at + 22 + this.#u16(at + 20) === length) return this.#endAt(at);
    }
    return this.#damaged("no directory at its end");
  }

  #endAt(at: number): { count: number; offset: number; end: number } {
    const [disk, first, here, count] = [4, 6, 8, 10].map((field) => this.#u16(at + field));
    const [size, offset] = [12, 16].map((field) => this.#u32(at + field));
    const large = [count, here].includes(FULL_16) || [size, offset].includes(FULL_32);
    if (large && at >= 20 && this.#u32(at - 20) === LOCATOR_64)
      return this.#end64(this.#u64(at - 12), at - 20);
    if (disk !== 0 || first !== 0 || here !== count) this.#damaged("one of several parts");
    return this.#extent(count, offset, size, at);
  }

  #end64(at: number, locator: number): { count: number; offset: number; end: number } {
    this.#need(at, 56, locator);
    if (this.#u32(at) !== END_64) this.#damaged("a ZIP64 end record that is none");
    const [here, count, size, offset] = [24, 32, 40, 48].map((field) => this.#u64(at + field));
    if (this.#u32(at + 16) !== 0 || this.#u32(at + 20) !== 0 || here !== count) {
      this.#damaged("one of several parts");
    }
    return this.#extent(count, offset, size, at);
  }

  #extent(count: number, offset: number, size: number, limit: number) {
    this.#need(offset, size, limit);
    return { count, offset, end: offset + size };
  }

  /** Reads the directory's entry at `at`; returns where the next one begins. */
  #member(at: number, end: number, directory: number): number {
    this.#need(at, 46, end);
    if (this.#u32(at) !== CENTRAL) this.#damaged("a directory entry that is none");
    const [flags, method] = [this.#u16(at + 8), this.#u16(at + 10)];
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => this.#u16(at + field));
    const next = at + 46 + nameLength + extraLength + commentLength;
    this.#need(at, next - at, end);
    const raw = this.bytes.subarray(at + 46, at + 46 + nameLength);
    const name = this.#name(raw, flags);
    const extra = this.#zip64Extra(at + 46 + nameLength, extraLength);
    const large = (value: number) =>
      value === FULL_32 ? (extra.shift() ?? this.#damaged(LIES(name))) : value;
    const size = large(this.#u32(at + 24));
    const packedSize = large(this.#u32(at + 20));
    const offset = large(this.#u32(at + 42));
    if ((flags & ENCRYPTED) !== 0) this.#refuse(name, "an encrypted member", "an archive without a password");
    if (method !== STORED && method !== DEFLATED) {
      this.#refuse(name, `compression method ${method}`, "stored or deflated, as np.savez writes");
    }
    const packed = this.#packed(name, raw, offset, packedSize, method, directory);
    if (method === STORED ? size !== packedSize : size > BEST_RATIO * packedSize) {
      this.#refuse(name, `${packedSize} bytes that claim to unpack to ${size}`, "a true size");
    }
    if (this.#entries.has(name)) this.#refuse(name, "a second member of that name", "every name once");
    this.#entries.set(name, { name, deflated: method === DEFLATED, packed, size, crc: this.#u32(at + 16) });
    return next;
  }

  /** The member's bytes, behind its own header, which must be of the same name and method. */
  #packed(name: string, raw: Uint8Array, at: number, size: number, method: number, directory: number) {
    this.#need(at, 30, directory);
    const same = this.#u32(at) === LOCAL && this.#u16(at + 8) === method && this.#u16(at + 26) === raw.length;
    if (!same || raw.some((byte, k) => byte !== this.bytes[at + 30 + k])) this.#damaged(LIES(name));
    const from = at + 30 + raw.length + this.#u16(at + 28);
    this.#need(from, size, directory);
    this.#ranges.push([at, from + size, name]);
    return this.bytes.subarray(from, from + size);
  }

  /** The 64-bit values that stand for fields that were too small for them, in order. */
  #zip64Extra(from: number, length: number): number[] {
    for (let at = from; at + 4 <= from + length; at += 4 + this.#u16(at + 2)) {
      const count = Math.floor(this.#u16(at + 2) / 8);
      if (this.#u16(at) !== 1) continue;
      this.#need(at + 4, 8 * count, from + length);
      return Array.from({ length: Math.min(3, count) }, (_, k) => this.#u64(at + 4 + 8 * k));
    }
    return [];
  }

  /** A name is a name, not a way to somewhere: `/`, `\`, `..`, drives and control characters are refused. */
  #name(raw: Uint8Array, flags: number): string {
    const ascii = raw.every((byte) => byte < 0x80);
    const name = new TextDecoder().decode(raw);
    if (!ascii && ((flags & UTF8) === 0 || name.includes("\ufffd"))) {
      this.#refuse(name, "a name that is not marked as UTF-8", "a name in ASCII or UTF-8");
    }
    if (/^$|[/\\:\p{Cc}]|^\.\.?$/u.test(name)) {
      this.#refuse(
        "",
        `a member called ${quote(name)}`,
        "plain names, without folders: nothing is looked for elsewhere",
      );
    }
    return name;
  }

  #checkOverlaps(): void {
    this.#ranges.sort(([a], [b]) => a - b);
    for (let k = 1; k < this.#ranges.length; k++) {
      if (this.#ranges[k][0] < this.#ranges[k - 1][1]) {
        this.#damaged(
          `members ${quote(this.#ranges[k - 1][2])} and ${quote(this.#ranges[k][2])} that overlap`,
        );
      }
    }
  }

  #u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** Rounded beyond 2^53, where no file is. */
  #u64(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }

  #need(at: number, length: number, limit: number): void {
    if (at < 0 || at + length > limit) this.#damaged("parts that lie outside it");
  }

  #damaged(found: string): never {
    return this.#refuse("", `a damaged archive: ${found}`, "a whole archive, as numpy writes it");
  }

  #refuse(path: string, found: string, expected: string): never {
    throw unreadable(this.subject, path, found, expected);
  }
}

const LIES = (name: string) => `a member ${quote(name)} whose headers disagree`;
