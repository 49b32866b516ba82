/** What the header of an `.npy` file says (numpy.lib.format, versions 1 to 3). */
export interface NpyHeader {
  /** Kind and bytes of one value: "f8", "i4", "u1", "U12" (characters), "S40" (bytes). */
  readonly type: string;
  readonly littleEndian: boolean;
  /** Values lie with the first axis fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly offset: number;
}

/** A header that cannot be read: what was found, and what was expected. */
export class NpyError extends Error {
  override readonly name = "NpyError";
  constructor(
    readonly found: string,
    readonly expected: string,
  ) {
    super(`npy: found ${found}, expected ${expected}`);
  }
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** numpy writes 128 bytes or so, and refuses more than 10 000. */
export const LONGEST_HEADER = 2 ** 14;
const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Reads a header from the first bytes of a file, as many as there are up to LONGEST_HEADER. Throws NpyError. */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 10 || MAGIC.some((byte, k) => bytes[k] !== byte)) {
    throw new NpyError("something else", "an array as numpy writes it (.npy)");
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new NpyError(`version ${major}.${minor} of .npy`, "version 1.0, 2.0 or 3.0");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : bytes.length < 12 ? 0 : view.getUint32(8, true);
  const offset = start + length;
  if (offset > bytes.length) {
    const found = offset > LONGEST_HEADER ? `a header of ${length} bytes` : "a header that is cut off";
    throw new NpyError(found, `a whole header, of at most ${LONGEST_HEADER} bytes`);
  }
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, offset));
  return { ...parseDictionary(text), offset };
}

/** `'key': 'text' | True | False | (1, 2L, )`, then a comma unless the dictionary ends. */
const ENTRY = /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|\(([\d\s,L]*)\))\s*(?:,\s*|(?=\}))/uy;

function parseDictionary(text: string): Omit<NpyHeader, "offset"> {
  const found: Partial<Record<string, string>> = {};
  const body = text.trim();
  if (/'descr'\s*:\s*\[/u.test(body)) throw new NpyError("a structured dtype", EXPECTED_TYPE);
  ENTRY.lastIndex = 1;
  while (body.startsWith("{") && ENTRY.lastIndex < body.length - 1) {
    const [, , key, , word, truth, shape] = ENTRY.exec(body) ?? badHeader();
    if (key in found) badHeader();
    found[key] = word ?? truth ?? shape;
  }
  const { descr, fortran_order, shape, ...others } = found;
  if (descr === undefined || shape === undefined || Object.keys(others).length > 0) badHeader();
  if (fortran_order !== "True" && fortran_order !== "False") badHeader();
  return { ...parseType(descr), fortran: fortran_order === "True", shape: parseShape(shape) };
}

function badHeader(): never {
  throw new NpyError("a header that cannot be read", "{'descr': …, 'fortran_order': …, 'shape': (…)}");
}

const EXPECTED_TYPE = "float64, float32, an integer type, or text";

function parseType(descr: string): Pick<NpyHeader, "type" | "littleEndian"> {
  const [, order, type] = /^([<>|=]?)([fiubcmMOSUV]\d*)$/u.exec(descr) ?? [];
  if (type === undefined || !/^(f[48]|[iu][1248]|[SU]\d{1,9})$/u.test(type)) {
    throw new NpyError(describeType(descr), EXPECTED_TYPE);
  }
  return { type, littleEndian: order === ">" ? false : order === "<" ? true : HOST_IS_LITTLE };
}

function describeType(descr: string): string {
  if (descr.endsWith("O")) return "an array of Python objects, which only pickle can read";
  return `the dtype ${JSON.stringify(descr.slice(0, 20))}`;
}

function parseShape(text: string): number[] {
  const axes = text.split(",").map((axis) => axis.trim());
  if (axes[axes.length - 1] === "") axes.pop();
  if (axes.length > 32 || axes.some((axis) => !/^\d{1,15}L?$/u.test(axis))) badHeader();
  return axes.map((axis) => Number.parseInt(axis, 10));
}

/** As numpy calls it: `float64`, `int32`, `<U12`. */
export function typeName(type: string): string {
  const bits = 8 * Number(type.slice(1));
  const names: Record<string, string> = { f: `float${bits}`, i: `int${bits}`, u: `uint${bits}` };
  return names[type[0]] ?? `text (${type})`;
}

/** Bytes of one value. */
export function itemBytes(type: string): number {
  const size = Number(type.slice(1));
  return type.startsWith("U") ? 4 * size : size;
}

/** How many values a shape has; 1 for the empty shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** `(3, 4)`, as Python writes it. */
export function describeShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** The header of a C-ordered array in this host's byte order, version 1, padded so that values begin at 64 bytes. */
export function npyHeader(type: string, shape: readonly number[]): Uint8Array {
  const order = itemBytes(type) === 1 || type.startsWith("S") ? "|" : HOST_IS_LITTLE ? "<" : ">";
  const text = `{'descr': '${order}${type}', 'fortran_order': False, 'shape': ${describeShape(shape)}, }`;
  const length = 64 * Math.ceil((10 + text.length + 1) / 64) - 10;
  const bytes = new Uint8Array(10 + length).fill(0x20);
  bytes.set([...MAGIC, 1, 0, length & 0xff, length >>> 8]);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}
