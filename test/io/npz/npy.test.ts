import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { npyNumbers, npyPieces, npyTexts, type TypedArray } from "../../../src/io/npz/npy.js";
import { NpyError, parseNpyHeader } from "../../../src/io/npz/npy-header.js";

/** A file by a route of its own: magic, version, and the dictionary as given. */
function file(dictionary: string, version = 1, body = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(`${dictionary}\n`, version === 3 ? "utf8" : "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return new Uint8Array(
    Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from([version, 0]), length, text, body]),
  );
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

describe("headers", () => {
  test.each([
    [
      "as numpy writes it",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }",
      "f8",
      false,
      [3, 4],
    ],
    ["one axis", "{'descr': '<i4', 'fortran_order': False, 'shape': (5,), }", "i4", false, [5]],
    ["no axis", "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "f8", false, []],
    ["Fortran", "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", "f4", true, [2, 2]],
    ["Python 2", "{'descr': '<f8', 'fortran_order': False, 'shape': (3L, 4L), }", "f8", false, [3, 4]],
    ["another order", "{'shape': (1,), 'fortran_order': False, 'descr': '|u1'}", "u1", false, [1]],
    [
      "double quotes, padding",
      '{"descr": "<U7", "fortran_order": False, "shape": (2,)}     ',
      "U7",
      false,
      [2],
    ],
  ])("%s", (_, dictionary, type, fortran, shape) => {
    for (const version of [1, 2, 3]) {
      expect(parseNpyHeader(file(dictionary, version))).toMatchObject({ type, fortran, shape });
    }
  });

  test("byte order", () => {
    const order = (mark: string) =>
      parseNpyHeader(file(`{'descr': '${mark}f8', 'fortran_order': False, 'shape': (1,)}`)).littleEndian;
    expect(["<", ">", "=", "|"].map(order)).toEqual([true, false, true, true]);
  });

  const good = "'descr': '<f8', 'fortran_order': False, 'shape': (1,)";
  test.each([
    ["not numpy's", new Uint8Array(20), "something else"],
    ["nothing", new Uint8Array(0), "something else"],
    ["version 4", file(`{${good}}`, 4), "version 4.0"],
    ["cut off", file(`{${good}}`).subarray(0, 30), "cut off"],
    ["cut off at its length", file(`{${good}}`, 2).subarray(0, 11), "cut off"],
    [
      "longer than any",
      Uint8Array.from([...file(`{${good}}`, 2).subarray(0, 8), 0, 0, 1, 0, 0]),
      "65536 bytes",
    ],
    ["objects", file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"), "pickle"],
    ["structured", file("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}"), "structured"],
    ["complex", file("{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}"), "<c16"],
    ["half precision", file("{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}"), "<f2"],
    ["no bytes", file("{'descr': '<f', 'fortran_order': False, 'shape': (1,)}"), "<f"],
    ["a key missing", file("{'descr': '<f8', 'shape': (1,)}"), "cannot be read"],
    ["a key too many", file(`{${good}, 'more': True}`), "cannot be read"],
    ["a key twice", file(`{${good}, 'shape': (1,)}`), "cannot be read"],
    ["a negative length", file("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}"), "cannot be read"],
    ["an empty length", file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,,2)}"), "cannot be read"],
    [
      "a length beyond counting",
      file(`{'descr': '<f8', 'fortran_order': False, 'shape': (${"9".repeat(30)},)}`),
      "cannot be read",
    ],
    [
      "33 axes",
      file(`{'descr': '<f8', 'fortran_order': False, 'shape': (${"1,".repeat(33)})}`),
      "cannot be read",
    ],
    [
      "an expression",
      file("{'descr': '<f8', 'fortran_order': False, 'shape': __import__('os')}"),
      "cannot be read",
    ],
    ["no dictionary", file("[]"), "cannot be read"],
    ["words after it", file(`{${good}} or 1`), "cannot be read"],
  ])("refused: %s", (_, bytes, found) => {
    expect(() => parseNpyHeader(bytes)).toThrow(NpyError);
    expect(() => parseNpyHeader(bytes)).toThrow(found);
  });
});

const TYPES: Record<
  string,
  [bytes: number, write: (view: DataView, at: number, x: number, little: boolean) => void]
> = {
  f8: [8, (view, at, x, little) => view.setFloat64(at, x, little)],
  f4: [4, (view, at, x, little) => view.setFloat32(at, x, little)],
  i1: [1, (view, at, x) => view.setInt8(at, x)],
  u1: [1, (view, at, x) => view.setUint8(at, x)],
  i2: [2, (view, at, x, little) => view.setInt16(at, x, little)],
  u2: [2, (view, at, x, little) => view.setUint16(at, x, little)],
  i4: [4, (view, at, x, little) => view.setInt32(at, x, little)],
  u4: [4, (view, at, x, little) => view.setUint32(at, x, little)],
  i8: [8, (view, at, x, little) => view.setBigInt64(at, BigInt(x), little)],
  u8: [8, (view, at, x, little) => view.setBigUint64(at, BigInt(x), little)],
};

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

test("values of every type, byte order, axis order and place in a buffer", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(TYPES)),
      shapes,
      fc.boolean(),
      fc.boolean(),
      fc.nat({ max: 7 }),
      (type, shape, little, fortran, shift) => {
        const [size, write] = TYPES[type];
        const count = shape.reduce((product, length) => product * length, 1);
        const body = new Uint8Array(count * size);
        const view = new DataView(body.buffer);
        // The value says where it belongs: its place in C order. Fortran counts the first axis fastest.
        for (let place = 0; place < count; place++) {
          let [rest, at, stride] = [place, 0, 1];
          const index = [...shape].reverse().map((length) => {
            const i = rest % length;
            rest = Math.floor(rest / length);
            return i;
          });
          index.reverse().forEach((i, axis) => {
            at += i * stride;
            stride *= shape[axis];
          });
          write(view, (fortran ? at : place) * size, place % 100, little);
        }
        const order = size === 1 ? "|" : little ? "<" : ">";
        const dictionary = `{'descr': '${order}${type}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${shape.map((n) => `${n},`).join("")})}`;
        const bytes = file(dictionary, 1, body);
        const shifted = new Uint8Array(new ArrayBuffer(bytes.length + shift), shift);
        shifted.set(bytes);
        const values = npyNumbers(shifted, parseNpyHeader(shifted));
        expect(Array.from(values as Iterable<number | bigint>, Number)).toEqual(
          Array.from({ length: count }, (_, place) => place % 100),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test("what is written is read: numbers are views where they can be", () => {
  const arrays: TypedArray[] = [
    Float64Array.of(1, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324),
    Float32Array.of(1.5, -2),
    Int8Array.of(-128, 127),
    Uint8Array.of(0, 255),
    Int16Array.of(-32768, 32767),
    Uint16Array.of(65535),
    Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    Uint32Array.of(2 ** 32 - 1),
    BigInt64Array.of(-(2n ** 63n)),
    BigUint64Array.of(2n ** 64n - 1n),
    new Float64Array(0),
  ];
  for (const data of arrays) {
    const bytes = joined(npyPieces({ data, shape: [data.length] }));
    const header = parseNpyHeader(bytes);
    expect(header.offset % 64).toBe(0);
    const values = npyNumbers(bytes, header);
    expect(values).toEqual(data);
    expect(values.buffer).toBe(bytes.buffer);
  }
});

test("texts come back, whatever their characters, also none at all", () => {
  const text = fc.string({ unit: "binary" }).map((s) => s.replace(/\0+$/u, ""));
  fc.assert(
    fc.property(fc.array(text), (data) => {
      const bytes = joined(npyPieces({ data, shape: [data.length] }));
      expect(npyTexts(bytes, parseNpyHeader(bytes))).toEqual(data);
    }),
  );
});

test("a shape that the data do not fill is a RangeError", () => {
  expect(() => npyPieces({ data: new Float64Array(5), shape: [2, 3] })).toThrow(RangeError);
  expect(() => npyPieces({ data: ["a"], shape: [2] })).toThrow("1 values do not fill an array of shape (2,)");
});
