import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.js";
import { archiveBytes, type NpyArray, readArchive, writeArchive } from "../../../src/io/npz/archive.js";
import { crc32 } from "../../../src/io/npz/crc32.js";
import { folder } from "../../cli/harness.js";
import { type ZipPart, zipOf } from "../../support/zip.js";

const text = (words: string) => new TextEncoder().encode(words);
const MEMBERS = new Map<string, Uint8Array | NpyArray>([
  ["economy.json", text('{ "format": "walras/1" }')],
  ["center", { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }],
  ["from", { data: Int32Array.of(-1, 7), shape: [2] }],
  ["names", { data: ["planner", "größer 😀", ""], shape: [3] }],
]);

/** Everything there is in an archive. */
function contents(bytes: Uint8Array): Record<string, unknown> {
  const archive = readArchive(bytes, { subject: "x.npz" });
  return Object.fromEntries(
    Array.from(archive.entries.keys(), (name) => {
      if (!name.endsWith(".npy")) return [name, new TextDecoder().decode(archive.bytes(name, 1e7))];
      const { type, shape } = archive.header(name);
      return [name, [shape, type.startsWith("U") ? archive.texts(name, 1e6) : [...archive.numbers(name)]]];
    }),
  );
}

const CONTENTS = {
  "economy.json": '{ "format": "walras/1" }',
  "center.npy": [
    [2, 3],
    [1, 2, 3, 4, 5, 6],
  ],
  "from.npy": [[2], [-1, 7]],
  "names.npy": [[3], ["planner", "größer 😀", ""]],
};

function refusal(bytes: Uint8Array): InputError | null {
  try {
    contents(bytes);
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error;
  }
}

describe("crc32", () => {
  test.each([
    ["", 0],
    ["123456789", 0xcbf43926],
    ["The quick brown fox jumps over the lazy dog", 0x414fa339],
  ])("of %j", (words, crc) => {
    expect(crc32(text(words))).toBe(crc);
    for (let cut = 0; cut <= words.length; cut++) {
      expect(crc32(text(words.slice(cut)), crc32(text(words.slice(0, cut))))).toBe(crc);
    }
  });
});

describe("writeArchive", () => {
  test("what is written is read, whole or not at all, and is the same bytes every time", async () => {
    const path = join(folder(), "x.npz");
    await writeArchive(path, new Map([["old.json", text("{}")]]));
    await writeArchive(path, MEMBERS);
    expect(readdirSync(join(path, ".."))).toEqual(["x.npz"]);
    const bytes = readFileSync(path);
    expect(contents(bytes)).toEqual(CONTENTS);
    expect(bytes.equals(archiveBytes(MEMBERS))).toBe(true);
  });

  test("an array that does not fill its shape is a RangeError, and leaves the old file", async () => {
    const path = join(folder(), "x.npz");
    await writeArchive(path, MEMBERS);
    const wrong = new Map([["a", { data: new Float64Array(3), shape: [2, 2] }]]);
    await expect(writeArchive(path, wrong)).rejects.toThrow(RangeError);
    expect(contents(readFileSync(path))).toEqual(CONTENTS);
  });

  test("more than ZIP can hold without ZIP64 is a RangeError", () => {
    const huge = { length: 2 ** 31, byteLength: 2 ** 31 } as Uint8Array;
    Object.setPrototypeOf(huge, Uint8Array.prototype);
    Object.defineProperty(huge, "length", { value: 2 ** 32 });
    expect(() => archiveBytes(new Map([["a.bin", huge]]))).toThrow(/4 GiB/u);
  });
});

/** The members as another program would pack them. */
const parts: ZipPart[] = Array.from(
  readArchive(archiveBytes(MEMBERS)).entries.values(),
  ({ name, packed }) => ({
    name,
    data: packed,
  }),
);

describe("reads what other programs write", () => {
  test.each([
    ["stored", zipOf(parts)],
    ["deflated", zipOf(parts.map((part) => ({ ...part, deflated: true })))],
    [
      "ZIP64",
      zipOf(
        parts.map((part) => ({ ...part, deflated: true, zip64: true })),
        "",
        true,
      ),
    ],
    ["with a comment", zipOf(parts, "a comment, PK\x05\x06 and all")],
    ["sizes after the data", zipOf(parts.map((part) => ({ ...part, flags: 0x808 })))],
    ["names in ASCII not marked as UTF-8", zipOf(parts.map((part) => ({ ...part, flags: 0 })))],
  ])("%s", (_, bytes) => {
    expect(contents(bytes)).toEqual(CONTENTS);
  });

  test("a name in UTF-8", () => {
    expect(contents(zipOf([{ name: "größe.txt", data: text("x") }]))).toEqual({ "größe.txt": "x" });
  });

  test("as a view of a larger Buffer, at any offset", () => {
    const bytes = archiveBytes(MEMBERS);
    for (let shift = 0; shift < 9; shift++) {
      const buffer = Buffer.alloc(bytes.length + 20);
      buffer.set(bytes, shift);
      expect(contents(buffer.subarray(shift, shift + bytes.length))).toEqual(CONTENTS);
    }
  });
});

const a = { name: "a.txt", data: text("abc") };
const mixed = {
  name: "a.txt",
  data: Uint8Array.from({ length: 9999 }, (_, k) => 1e6 * Math.sin(k)),
  deflated: true,
};
const zeros = { name: "a.txt", data: new Uint8Array(4e6), deflated: true };

describe("refuses, saying what was found", () => {
  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(0), "no directory"],
    ["a text", text("format: walras/1, and some more words to be long enough"), "no directory"],
    ["bytes after the end", Uint8Array.from([...zipOf([a]), 0]), "no directory"],
    ["bytes before the beginning", Uint8Array.from([0, ...zipOf([a])]), "damaged archive"],
    ["a name twice", zipOf([a, a]), "a second member of that name"],
    ["a path", zipOf([{ ...a, name: "folder/a.txt" }]), '"folder/a.txt"'],
    ["a way out", zipOf([{ ...a, name: "../a.txt" }]), '"../a.txt"'],
    ["the folder above", zipOf([{ ...a, name: ".." }]), '".."'],
    ["an absolute path", zipOf([{ ...a, name: "/etc/passwd" }]), '"/etc/passwd"'],
    ["a path of Windows", zipOf([{ ...a, name: "..\\a.txt" }]), "a member called"],
    ["a drive", zipOf([{ ...a, name: "C:a.txt" }]), '"C:a.txt"'],
    ["no name", zipOf([{ ...a, name: "" }]), 'called ""'],
    ["a control character", zipOf([{ ...a, name: "a\0b" }]), "a member called"],
    ["a folder", zipOf([{ ...a, name: "folder/", data: text("") }]), '"folder/"'],
    ["a name not marked as UTF-8", zipOf([{ ...a, name: "ä", flags: 0 }]), "not marked as UTF-8"],
    ["encryption", zipOf([{ ...a, flags: 1 }]), "encrypted"],
    ["another compression", zipOf([{ ...a, method: 12 }]), "compression method 12"],
    ["another name in the member's header", zipOf([{ ...a, localName: "b.txt" }]), "headers disagree"],
    ["a wrong checksum", zipOf([{ ...a, crc: 1 }]), "checksum"],
    ["a stored member of two sizes", zipOf([{ ...a, size: 5 }]), "3 bytes that claim to unpack to 5"],
    ["a member beyond the archive", zipOf([{ ...a, packedSize: 9999, size: 9999 }]), "outside it"],
    ["a header beyond the archive", zipOf([{ ...a, offset: 9999 }]), "outside it"],
    [
      "members that overlap",
      zipOf([
        { ...a, packedSize: 20, size: 20 },
        { ...a, name: "b" },
      ]),
      "overlap",
    ],
    [
      "two names for the same bytes",
      zipOf([a, { ...a, offset: 0, localName: "a.txt", name: "b.txt" }]),
      "disagree",
    ],
    ["less than declared", zipOf([{ ...zeros, size: 4e6 + 1 }]), "fewer bytes"],
    ["more than declared", zipOf([{ ...zeros, size: 10 }]), "more bytes"],
    ["more than deflate can hold", zipOf([{ ...zeros, size: 4e9 }]), "claim to unpack to"],
    [
      "what is not deflated",
      zipOf([{ ...a, method: 8, data: text("not deflated at all") }]),
      "damaged bytes",
    ],
    ["a deflated member that is cut", zipOf([{ ...mixed, packedSize: 5000 }]), "damaged bytes"],
  ])("%s", (_, bytes, found) => {
    const error = refusal(bytes);
    expect(error, "a refusal").not.toBeNull();
    expect(error?.subject).toBe("x.npz");
    expect(error?.message).toContain(found);
  });

  test("more members than allowed", () => {
    expect(() => readArchive(zipOf([a, { ...a, name: "b" }]), { members: 1 })).toThrow("2 members");
  });

  test("more bytes than asked for, before any are unpacked", () => {
    const damaged = zipOf([{ ...zeros, crc: 1 }]);
    expect(() => readArchive(damaged).bytes("a.txt", 1000)).toThrow("4000000 bytes, expected at most 1000");
  });

  test("an array whose header and size disagree, before it is unpacked", () => {
    const array = readArchive(archiveBytes(new Map([["a", { data: new Float64Array(9), shape: [9] }]])));
    const data = Uint8Array.from(array.entries.get("a.npy")!.packed);
    const longer = zipOf([{ name: "a.npy", data: Uint8Array.from([...data, 0]), deflated: true, crc: 1 }]);
    expect(() => readArchive(longer).header("a.npy")).toThrow(
      "201 bytes, expected 200, as its header declares",
    );
  });

  test("an archive cut anywhere", () => {
    const bytes = zipOf(parts.map((part, k) => ({ ...part, deflated: k % 2 === 1 })));
    for (let length = 0; length < bytes.length; length++) {
      expect(
        refusal(bytes.subarray(0, length)),
        `of ${bytes.length}, the first ${length} bytes`,
      ).not.toBeNull();
    }
  });

  test("a byte changed anywhere is noticed, or changes nothing that is read", () => {
    for (const deflated of [false, true]) {
      const bytes = zipOf(parts.map((part) => ({ ...part, deflated })));
      let noticed = 0;
      for (let at = 0; at < bytes.length; at++) {
        const changed = Uint8Array.from(bytes);
        changed[at] ^= 1 << (at % 8);
        const error = refusal(changed);
        if (error !== null) noticed++;
        else expect(Object.values(contents(changed)), `byte ${at}`).toEqual(Object.values(CONTENTS));
      }
      expect(noticed).toBeGreaterThan(0.7 * bytes.length);
    }
  });
});

test("a bomb is put out: hardly more than what it declares is unpacked", () => {
  const bomb = { name: "a", data: new Uint8Array(2 ** 27), deflated: true };
  const seconds = (bytes: Uint8Array, most: number) => {
    const began = performance.now();
    const unpack = () => readArchive(bytes).bytes("a", most);
    if (most === 2 ** 27) expect(unpack()).toHaveLength(most);
    else expect(unpack).toThrow("more bytes than the 1024 it declares");
    return performance.now() - began;
  };
  const whole = seconds(zipOf([bomb]), 2 ** 27);
  expect(seconds(zipOf([{ ...bomb, size: 1024 }]), 1024)).toBeLessThan(whole / 5);
});
