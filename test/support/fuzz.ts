import { readFileSync } from "node:fs";
import { uniformSource } from "../../src/core/rng.js";
import { readArchive } from "../../src/io/npz/archive.js";
import { twins } from "../economy/population-twins.js";
import { exchange, pipeline } from "../economy/samples.js";
import { npz } from "./npz.js";
import { type ZipPart, zipOf } from "./zip.js";

/** A file to be read: its name says what it claims to be. */
export interface FuzzInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Uniform = () => number;

const TWO_STEPS = readFileSync("examples/two-step-pipeline.json", "utf8").replace(
  '"nodes": 96',
  '"nodes": 4',
);
const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ["a.json", TWO_STEPS],
  ["b.json", JSON.stringify(pipeline())],
  ["c.json", JSON.stringify(exchange(), null, 1)],
  ["d.yaml", readFileSync("examples/two-step-pipeline.yaml", "utf8").replace("nodes: 96", "nodes: 4")],
];
const ARCHIVES: readonly ZipPart[][] = Array.from({ length: 8 }, (_, seed) => {
  const { file, arrays } = twins(seed, 3);
  const { entries } = readArchive(npz(file, arrays));
  return Array.from(entries.values(), ({ name, packed }) => ({ name, data: Uint8Array.from(packed) }));
});

/** A valid file with one to three changes, the same for the same seed: JSON, YAML and NPZ in turn. */
export function fuzzInput(seed: number): FuzzInput {
  const uniform = uniformSource(seed);
  if (seed % 2 === 0) {
    const [name, text] = pick(uniform, TEXTS);
    return { name, bytes: new TextEncoder().encode(boundNodes(repeatedly(uniform, text, changeText))) };
  }
  const parts = pick(uniform, ARCHIVES).map((part) => ({ ...part, deflated: uniform() < 0.3 }));
  const changed = uniform() < 0.7 ? repeatedly(uniform, parts, changeParts) : parts;
  const bytes = zipOf(changed, "", uniform() < 0.1);
  return { name: "e.npz", bytes: uniform() < 0.3 ? repeatedly(uniform, bytes, changeBytes) : bytes };
}

function repeatedly<T>(uniform: Uniform, value: T, change: (uniform: Uniform, value: T) => T): T {
  let changed = value;
  for (let k = 1 + Math.floor(3 * uniform()); k > 0; k--) changed = change(uniform, changed);
  return changed;
}

function pick<T>(uniform: Uniform, choices: readonly T[]): T {
  return choices[Math.floor(uniform() * choices.length)];
}

const PIECES = [
  ..."{}[],:\"'\\-#&*!|>%@`\n\t\0 0123456789.eE",
  "\r\n",
  "null",
  "true",
  "NaN",
  "-1",
  "1e999",
  "1e308",
  "5e-324",
  "-0",
  "0.1",
  "/*",
  "//",
  "...",
  "---",
  "&a ",
  "*a",
  "!!set",
  "<<: ",
  "\ufeff",
  "😀",
  "\ud800",
  '"__proto__": ',
  '"constructor": ',
  '"array": "center0"',
  '{ "array": "number0", "at": [0] }',
  "[[[[[[[[",
];
const KEY = /"([\w /-]+)"(?=\s*:)/gu;

/** Cuts, doubles, replaces, or puts a piece somewhere; exchanges the values of keys. */
function changeText(uniform: Uniform, text: string): string {
  const at = Math.floor(uniform() * text.length);
  const length = Math.floor(uniform() ** 3 * 40);
  const [before, piece, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (Math.floor(uniform() * 6)) {
    case 0:
      return before + after;
    case 1:
      return before + piece + piece + after;
    case 2:
      return before + pick(uniform, PIECES) + after;
    case 3:
      return before + pick(uniform, PIECES) + piece + after;
    case 4:
      return before + text.slice(Math.floor(uniform() * text.length)).slice(0, length) + after;
    default: {
      const keys = Array.from(text.matchAll(KEY), ([key]) => key);
      if (keys.length === 0) return before;
      return text.replace(pick(uniform, keys), pick(uniform, keys));
    }
  }
}

/** An economy of 10^8 prices is valid, and takes as long as it takes: none of those. */
function boundNodes(text: string): string {
  return text.replace(/((?:nodes|count)["']?\s*:\s*)(\d{3,}|\d[\d.]*[eE]\+?\d+)/gu, "$1 9");
}

const DTYPES = ["<f8", ">f8", "<f4", "<i4", ">i8", "|u1", "<U3", "|S8", "|O", "<c16", "|b1", "<f2", "x"];

/** One member with another content, name or place. */
function changeParts(uniform: Uniform, parts: readonly ZipPart[]): ZipPart[] {
  const which = Math.floor(uniform() * parts.length);
  const part = parts[which];
  const other = pick(uniform, parts);
  const others = parts.filter((_, k) => k !== which);
  const lie = Math.floor(2 ** (32 * uniform()));
  switch (Math.floor(uniform() * 9)) {
    case 0:
      return others;
    case 1:
      return [
        ...parts,
        { ...part, name: pick(uniform, [part.name, `${part.name}x`, "../x.npy", "größe.npy"]) },
      ];
    case 2:
      return [...others, { ...part, data: other.data }];
    case 3:
      return [
        ...others,
        { ...part, [pick(uniform, ["size", "packedSize", "crc", "offset", "method", "flags"])]: lie },
      ];
    case 4:
      return [...others, { ...part, zip64: true }];
    case 5:
    case 6:
      return [...others, { ...part, data: changedMember(uniform, part) }];
    default:
      // More often than any array, the text that says what they are.
      return parts.map((one) =>
        one.name === "economy.json" ? { ...one, data: changedMember(uniform, one) } : one,
      );
  }
}

function changedMember(uniform: Uniform, { name, data }: ZipPart): Uint8Array {
  const text = Buffer.from(data).toString("latin1");
  if (name.endsWith(".json")) {
    return Buffer.from(boundNodes(repeatedly(uniform, Buffer.from(data).toString(), changeText)));
  }
  switch (Math.floor(uniform() * 6)) {
    case 0:
      return Buffer.from(text.replace(/'descr': '[^']*'/u, `'descr': '${pick(uniform, DTYPES)}'`), "latin1");
    case 1:
      return Buffer.from(text.replace("False", "True "), "latin1");
    case 2: {
      const shape = Array.from({ length: Math.floor(4 * uniform()) }, () =>
        Math.floor(2 ** (40 * uniform() ** 4)),
      );
      return Buffer.from(text.replace(/\([^)]*\)/u, `(${shape.map((n) => `${n},`).join("")})`), "latin1");
    }
    case 3:
      return withNumber(
        data,
        pick(uniform, [0, -1, 1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY]),
        uniform,
      );
    default:
      return changeBytes(uniform, data);
  }
}

/** One of the eight-byte values behind a header of 128 bytes replaced. */
function withNumber(data: Uint8Array, value: number, uniform: Uniform): Uint8Array {
  const copy = Uint8Array.from(data);
  const count = Math.floor((copy.length - 128) / 8);
  const view = new DataView(copy.buffer);
  if (count > 0) view.setFloat64(128 + 8 * Math.floor(uniform() * count), value, true);
  return copy;
}

function changeBytes(uniform: Uniform, bytes: Uint8Array): Uint8Array {
  const at = Math.floor(uniform() * bytes.length);
  const length = Math.floor(uniform() ** 3 * 60);
  if (uniform() < 0.2) return bytes.slice(0, at);
  if (uniform() < 0.2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  const copy = Uint8Array.from(bytes);
  if (at < copy.length)
    copy[at] = uniform() < 0.5 ? Math.floor(256 * uniform()) : copy[at] ^ (1 << Math.floor(8 * uniform()));
  return copy;
}
