import { unreadable } from "../syntax.js";
import { writeAtomically } from "../write-atomically.js";
import { type NpyArray, npyNumbers, npyPieces, npyTexts } from "./npy.js";
import {
  describeShape,
  itemBytes,
  LONGEST_HEADER,
  NpyError,
  type NpyHeader,
  parseNpyHeader,
  sizeOf,
  typeName,
} from "./npy-header.js";
import { unpack, unpackFirst } from "./unpack.js";
import { readZipDirectory, type ZipEntry } from "./zip-directory.js";
import { zipPieces } from "./zip-write.js";

export type { NpyArray, TypedArray } from "./npy.js";
export type { NpyHeader } from "./npy-header.js";

export interface ArchiveLimits {
  /** What to call the archive in messages; default "archive". */
  readonly subject?: string;
  /** How many members there may be; default 65 535, which is all that a plain ZIP archive can have. */
  readonly members?: number;
}

/** Members of an NPZ archive by name, an array `center` being the member `center.npy`, as numpy has it. */
export type Members = ReadonlyMap<string, Uint8Array | NpyArray>;

/**
 * Writes an NPZ archive that numpy reads: bytes as members of the name given (`economy.json`), arrays as `<name>.npy`; all
 * stored uncompressed and in this order, so that the same members are the same file everywhere. Readers see the old file or the
 * new one, whole. Throws RangeError where an array's shape does not fit its data, or for more than 4 GiB.
 */
export async function writeArchive(path: string, members: Members): Promise<void> {
  await writeAtomically(path, archivePieces(members));
}

/** The same, as one array of bytes. */
export function archiveBytes(members: Members): Uint8Array {
  const pieces = [...archivePieces(members)];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function archivePieces(members: Members): Generator<Uint8Array> {
  const packed = Array.from(members, ([name, member]) =>
    member instanceof Uint8Array
      ? { name, pieces: [member] }
      : { name: `${name}.npy`, pieces: npyPieces(member) },
  );
  return zipPieces(packed);
}

/** The directory of an NPZ archive. Nothing is unpacked until it is asked for. Throws InputError for what is no sound archive. */
export function readArchive(bytes: Uint8Array, limits: ArchiveLimits = {}): Archive {
  const { subject = "archive", members = 0xffff } = limits;
  // A Buffer's own slice would be a view where the readers count on a copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Archive(readZipDirectory(plain, subject, members), subject);
}

/** An archive's members. Every method throws InputError, with the member's name, where that member is not what it should be. */
export class Archive {
  constructor(
    readonly entries: ReadonlyMap<string, ZipEntry>,
    readonly subject: string,
  ) {}

  /** A member's bytes; refused without unpacking where it declares more than `most` of them. */
  bytes(name: string, most: number): Uint8Array {
    const entry = this.#entry(name);
    if (entry.size > most) throw unreadable(this.subject, name, `${entry.size} bytes`, `at most ${most}`);
    return unpack(entry, this.subject);
  }

  /** What the `.npy` member says it holds, which its size confirms; only its first bytes are unpacked. */
  header(name: string): NpyHeader {
    const entry = this.#entry(name);
    const header = this.#parsed(entry);
    const expected = header.offset + itemBytes(header.type) * sizeOf(header.shape);
    if (entry.size === expected) return header;
    const found = `${entry.size} bytes`;
    throw unreadable(this.subject, name, found, `${expected}, as its header declares`);
  }

  /** The values of a numeric `.npy` member, the last axis fastest. The caller has found its size reasonable. */
  numbers(name: string): Float64Array {
    const header = this.header(name);
    this.#require(/^[fiu]/u.test(header.type), name, header, "numbers, such as float64");
    const values = npyNumbers(unpack(this.#entry(name), this.subject), header);
    if (values instanceof Float64Array) return values;
    const wide = values instanceof BigInt64Array || values instanceof BigUint64Array;
    return wide ? Float64Array.from(values, Number) : new Float64Array(values);
  }

  /** The texts of an `.npy` member of dtype `<U…`; refused without unpacking where it holds more than `most` bytes. */
  texts(name: string, most: number): string[] {
    const header = this.header(name);
    this.#require(header.type.startsWith("U"), name, header, "text, such as <U12");
    const bytes = this.bytes(name, most);
    try {
      return npyTexts(bytes, header);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw unreadable(this.subject, name, "numbers that are no characters", "text, such as <U12");
    }
  }

  /** The bytes of a single text or of a list of bytes: what numpy makes of `bytes`, of `str` and of uint8. */
  text(name: string, most: number): Uint8Array {
    const header = this.header(name);
    const { type, shape } = header;
    const one = type === "u1" ? shape.length === 1 : sizeOf(shape) === 1;
    this.#require(one && /^(u1|S|U)/u.test(type), name, header, "bytes, one text, or a list of uint8");
    if (type.startsWith("U")) return new TextEncoder().encode(this.texts(name, most)[0]);
    return this.bytes(name, most).subarray(header.offset);
  }

  #require(holds: boolean, name: string, { type, shape }: NpyHeader, expected: string): void {
    if (holds) return;
    const found = `an array of ${typeName(type)} of shape ${describeShape(shape)}`;
    throw unreadable(this.subject, name, found, expected);
  }

  #parsed(entry: ZipEntry): NpyHeader {
    try {
      return parseNpyHeader(unpackFirst(entry, LONGEST_HEADER, this.subject));
    } catch (error) {
      if (!(error instanceof NpyError)) throw error;
      throw unreadable(this.subject, entry.name, error.found, error.expected);
    }
  }

  #entry(name: string): ZipEntry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw unreadable(this.subject, name, "no such member", "one of the archive's");
    return entry;
  }
}
