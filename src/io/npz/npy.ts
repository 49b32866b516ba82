import { describeShape, itemBytes, type NpyHeader, npyHeader, sizeOf } from "./npy-header.js";

export type TypedArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** An array in C order (the last axis fastest): numbers, or texts. */
export interface NpyArray {
  readonly data: TypedArray | readonly string[];
  /** Lengths of the axes; their product is data.length. */
  readonly shape: readonly number[];
}

const KINDS = {
  f8: Float64Array,
  f4: Float32Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
} as const;

/** The array as an `.npy` file, in pieces that share its memory. Throws RangeError where the shape does not fit. */
export function npyPieces({ data, shape }: NpyArray): Uint8Array[] {
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(`${data.length} values do not fill an array of shape ${describeShape(shape)}`);
  }
  if (!ArrayBuffer.isView(data)) return textPieces(data, shape);
  const [type] = Object.entries(KINDS).find(([, kind]) => data instanceof kind)!;
  return [npyHeader(type, shape), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}

/** Texts as numpy's fixed-width unicode: UTF-32 in this host's byte order, padded with zeros. */
function textPieces(texts: readonly string[], shape: readonly number[]): Uint8Array[] {
  const width = texts.reduce((most, text) => Math.max(most, [...text].length), 1);
  const codes = new Uint32Array(width * texts.length);
  texts.forEach((text, row) => {
    let at = row * width;
    for (const character of text) codes[at++] = character.codePointAt(0)!;
  });
  return [npyHeader(`U${width}`, shape), new Uint8Array(codes.buffer)];
}

/** The values of an `.npy` file, in C order; a view of `bytes` where that is what they hold already. */
export function npyNumbers(bytes: Uint8Array, header: NpyHeader): TypedArray {
  const kind = KINDS[header.type as keyof typeof KINDS];
  const plain = aligned(bytes.subarray(header.offset), kind.BYTES_PER_ELEMENT);
  const body = isHostOrder(header) ? plain : swapped(plain, kind.BYTES_PER_ELEMENT);
  const values = new kind(body.buffer as ArrayBuffer, body.byteOffset, sizeOf(header.shape));
  return header.fortran && header.shape.length > 1 ? transposed(values, header.shape) : values;
}

/** The texts of an `.npy` file of dtype `<U…`, in C order, without the zeros that pad them. */
export function npyTexts(bytes: Uint8Array, header: NpyHeader): string[] {
  const width = itemBytes(header.type) / 4;
  const codes = npyNumbers(bytes, {
    ...header,
    type: "u4",
    fortran: false,
    shape: [sizeOf(header.shape) * width],
  }) as Uint32Array;
  return Array.from({ length: sizeOf(header.shape) }, (_, row) =>
    textOf(codes.subarray(row * width, (row + 1) * width)),
  );
}

/** Throws RangeError on a number that is no character. */
function textOf(codes: Uint32Array): string {
  let length = codes.length;
  while (length > 0 && codes[length - 1] === 0) length--;
  let text = "";
  for (let k = 0; k < length; k++) text += String.fromCodePoint(codes[k]);
  return text;
}

function isHostOrder({ littleEndian, type }: NpyHeader): boolean {
  return type.endsWith("1") || littleEndian === HOST_IS_LITTLE;
}

const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function aligned(bytes: Uint8Array, to: number): Uint8Array {
  return bytes.byteOffset % to === 0 ? bytes : bytes.slice();
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const copy = bytes.slice();
  for (let at = 0; at + size <= copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy;
}

/** From Fortran order (the first axis fastest) to C order. */
function transposed<T extends TypedArray>(values: T, shape: readonly number[]): T {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const out = values.slice() as T;
  const index = shape.map(() => 0);
  const last = shape.length - 1;
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from];
    let axis = last;
    from += strides[axis];
    while (++index[axis] === shape[axis] && axis > 0) {
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
      from += strides[--axis];
    }
  }
  return out;
}
