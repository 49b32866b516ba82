import { crc32 } from "./crc32.js";

/** A member as it is written: its name in the archive, and its bytes in pieces. */
export interface ZipMember {
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
}

/** Without ZIP64, whose archives this package could not read at once anyway. */
const LARGEST = 0xffff_ffff;
const MOST_MEMBERS = 0xffff;
/** Longer pieces are handed over in stretches, so that a stream can breathe. */
const STRETCH = 2 ** 24;
/** 1980-01-01, the earliest there is: the same members are the same bytes on every day. */
const DATE = 0x0021;
const VERSION = 20;
const UTF8 = 0x0800;

interface Written {
  readonly name: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
}

/**
 * A ZIP archive of stored (uncompressed) members, in pieces that share the members' memory. The bytes depend on nothing
 * but the members. Throws RangeError where they would need more than 4 GiB.
 */
export function* zipPieces(members: readonly ZipMember[]): Generator<Uint8Array> {
  requireOrdinarySize(members);
  const written: Written[] = [];
  let offset = 0;
  for (const { name, pieces } of members) {
    const crc = pieces.reduce((sum, piece) => crc32(piece, sum), 0);
    const member = { name: new TextEncoder().encode(name), size: sizeOf(pieces), crc, offset };
    written.push(member);
    yield localHeader(member);
    for (const piece of pieces) yield* stretches(piece);
    offset += 30 + member.name.length + member.size;
  }
  const directory = written.map(centralHeader);
  yield* directory;
  yield endOfDirectory(written.length, sizeOf(directory), offset);
}

function requireOrdinarySize(members: readonly ZipMember[]): void {
  const total = members.reduce((sum, { name, pieces }) => sum + sizeOf(pieces) + 76 + 8 * name.length, 22);
  if (total > LARGEST || members.length > MOST_MEMBERS) {
    throw new RangeError(
      `an archive of ${members.length} members and ${total} bytes; at most ${MOST_MEMBERS} and 4 GiB`,
    );
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function* stretches(piece: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < piece.length; from += STRETCH) yield piece.subarray(from, from + STRETCH);
}

/** The 26 bytes that both headers of a member share, from the version on. */
function common({ name, size, crc }: Written): number[] {
  const flags = name.some((byte) => byte > 0x7f) ? UTF8 : 0;
  const [stored, time, extra] = [0, 0, 0];
  return [
    ...[VERSION, flags, stored, time, DATE].flatMap(u16),
    ...[crc, size, size].flatMap(u32),
    ...[name.length, extra].flatMap(u16),
  ];
}

function localHeader(member: Written): Uint8Array {
  return Uint8Array.from([...u32(0x04034b50), ...common(member), ...member.name]);
}

function centralHeader(member: Written): Uint8Array {
  const [comment, disk, internal, external] = [0, 0, 0, 0];
  return Uint8Array.from([
    ...u32(0x02014b50),
    ...u16(VERSION),
    ...common(member),
    ...[comment, disk, internal].flatMap(u16),
    ...[external, member.offset].flatMap(u32),
    ...member.name,
  ]);
}

function endOfDirectory(count: number, size: number, offset: number): Uint8Array {
  const [disk, comment] = [0, 0];
  return Uint8Array.from([
    ...u32(0x06054b50),
    ...[disk, disk, count, count].flatMap(u16),
    ...[size, offset].flatMap(u32),
    ...u16(comment),
  ]);
}

function u16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}
