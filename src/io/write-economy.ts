import { extname } from "node:path";
import { Document, visit } from "yaml";
import { InputError } from "../core/errors.js";
import { type Members, writeArchive } from "./npz/archive.js";
import { writeAtomically } from "./write-atomically.js";
import { checkWritable, writeJsonAtomically } from "./write-json.js";

export const ECONOMY_EXTENSIONS = [".json", ".yaml", ".yml", ".npz"] as const;
export type EconomyExtension = (typeof ECONOMY_EXTENSIONS)[number];

/** Numbers beyond which YAML takes minutes and gigabytes to write and to read. */
const MOST_IN_YAML = 1_000_000;

/** An economy file as it is to be written: plain values, and Float64Arrays where series have one value a node. */
export interface EconomyDocument {
  readonly file: object;
  /** Arrays that the file refers to by name; in NPZ only. */
  readonly arrays?: Members;
}

/** The extension of a path at which an economy can be written. Throws InputError for others, before anything is computed. */
export async function checkEconomyPath(path: string): Promise<EconomyExtension> {
  const extension = extname(path).toLowerCase();
  const known = ECONOMY_EXTENSIONS.find((one) => one === extension);
  if (known === undefined) {
    const expected = `a name that ends in ${ECONOMY_EXTENSIONS.join(", ")}`;
    throw new InputError("the output file", [{ path, found: `the extension "${extension}"`, expected }]);
  }
  await checkWritable(path);
  return known;
}

/** Writes an economy in the format that the path's extension names; readers see the old file or the new one, whole. */
export async function writeEconomy(
  path: string,
  { file, arrays = new Map() }: EconomyDocument,
): Promise<void> {
  const extension = await checkEconomyPath(path);
  if (extension === ".npz") return writeArchive(path, archiveMembers(file, arrays));
  const plain = replaceArrays(file, (values) => Array.from(values));
  if (extension === ".json") return writeJsonAtomically(path, plain);
  return writeAtomically(path, [yamlText(plain, path)]);
}

/** economy.json, then the arrays; a Float64Array of the file becomes an array of its own, named after its key. */
function archiveMembers(file: object, given: Members): Members {
  const arrays = new Map(given);
  const moved = replaceArrays(file, (values, key) => {
    let name = key;
    for (let k = 2; arrays.has(name); k++) name = `${key}-${k}`;
    arrays.set(name, { data: values, shape: [values.length] });
    return { array: name };
  });
  return new Map([
    ["economy.json", new TextEncoder().encode(`${JSON.stringify(moved, null, 1)}\n`)],
    ...arrays,
  ]);
}

type Replace = (values: Float64Array, key: string) => unknown;

function replaceArrays(value: unknown, replace: Replace, key = ""): unknown {
  if (value instanceof Float64Array) return replace(value, key);
  if (Array.isArray(value)) return value.map((item) => replaceArrays(item, replace, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaceArrays(item, replace, name)]),
  );
}

/** YAML with lists on one line. */
function yamlText(value: unknown, path: string): string {
  const document = new Document(value, { version: "1.2", aliasDuplicateObjects: false });
  let numbers = 0;
  visit(document, {
    Seq: (_, seq) => {
      seq.flow = true;
      numbers += seq.items.length;
    },
  });
  if (numbers > MOST_IN_YAML) {
    const expected = `at most ${MOST_IN_YAML} numbers in YAML; a name that ends in .npz`;
    throw new InputError("the output file", [{ path, found: `${numbers} numbers`, expected }]);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
