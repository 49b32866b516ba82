import type { Economy } from "../../economy/economy.js";
import { quote } from "../../economy/found.js";
import { MOST_PRICES } from "../../economy/grid-limits.js";
import { Problems } from "../../economy/problems.js";
import { ResultArrays, type Rows } from "../../solve/result-arrays.js";
import { parseResultHead } from "../../solve/result-schema.js";
import { decodeText } from "../decode.js";
import { parseJson } from "../json.js";
import { jsonPieces } from "../json-pieces.js";
import { type Archive, type NpyArray, readArchive, writeArchive } from "./archive.js";
import { jsonMember } from "./json-member.js";
import { describeShape, itemBytes } from "./npy-header.js";

/** The matrices of a result's archive, each with the arrays that name its rows (formats.md, "--out x.npz"). */
const MATRICES = {
  prices: ["commodities"],
  supply: ["supply_agent", "supply_commodity"],
  demand: ["demand_orchestrator", "demand_commodity"],
  routing: ["routing_orchestrator", "routing_from", "routing_to"],
} as const;
type Matrix = keyof typeof MATRICES;
const NAMES = Object.keys(MATRICES) as Matrix[];

/** Writes a result as an archive that numpy reads; readers see the old file or the new one, whole. */
export async function writeResultArchive(path: string, result: ResultArrays): Promise<void> {
  await writeArchive(path, resultMembers(result));
}

/** The members of a result's archive, sharing its memory. */
export function resultMembers(result: ResultArrays): Map<string, Uint8Array | NpyArray> {
  const json = `${[...jsonPieces(result.head)].join("")}\n`;
  const members = new Map<string, Uint8Array | NpyArray>([
    ["result.json", new TextEncoder().encode(json)],
    ["t", vector(result.t)],
    ["weights", vector(result.weights)],
  ]);
  const nodes = result.t.length;
  for (const name of NAMES) {
    const { labels, values } = result[name];
    members.set(name, { data: values, shape: [values.length / nodes, nodes] });
    MATRICES[name].forEach((column, c) => {
      members.set(column, { data: labels[c], shape: [labels[c].length] });
    });
  }
  return members;
}

function vector(data: Float64Array): NpyArray {
  return { data, shape: [data.length] };
}

export interface ResultArchiveOptions {
  /** What to call the archive in messages; default "result". */
  readonly subject?: string;
  /** That the result is of: an archive with far more rows than the economy has is refused before it is unpacked. */
  readonly economy?: Economy | undefined;
}

/**
 * Reads a result's archive, numbers not finite being unknown. Members that the format does not have are never unpacked.
 * Throws InputError with every problem found.
 */
export function readResultArchive(bytes: Uint8Array, options: ResultArchiveOptions = {}): ResultArrays {
  const { subject = "result", economy } = options;
  const archive = readArchive(bytes, { subject });
  const json = jsonMember(archive, "result.json");
  const head = parseResultHead(parseJson(decodeText(json.bytes, subject), subject), subject);
  const problems = new Problems();
  checkShapes(archive, head.time.nodes, mostRows(economy), problems);
  problems.throwIfAny(subject);
  const [t, weights] = ["t", "weights"].map((name) => archive.numbers(`${name}.npy`));
  const [prices, supply, demand, routing] = NAMES.map((name) => readRows(archive, name, problems));
  checkNumbers("t", t, Number.isFinite, "a number", problems);
  checkNumbers("weights", weights, (w) => w > 0 && w < Infinity, "a number > 0", problems);
  checkNumbers("prices", prices.values, (p) => p >= 0 && p < Infinity, "a number ≥ 0", problems);
  problems.throwIfAny(subject);
  return new ResultArrays({ head, t, weights, prices, supply, demand, routing });
}

/** Rows a matrix may have: some more than the economy's own, so that what is too much can be named. */
function mostRows(economy: Economy | undefined): Readonly<Record<Matrix, number>> {
  const { commodities = [], agents = [], orchestrators = [] } = economy ?? {};
  const most = (rows: number) => (economy === undefined ? MOST_PRICES : 2 * rows + 1000);
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    prices: most(commodities.length),
    supply: most(sum(agents.map(({ metrics }) => metrics.length))),
    demand: most(commodities.length * orchestrators.length),
    routing: most(sum(orchestrators.map(({ preferences }) => preferences.routing.length))),
  };
}

/** From the arrays' headers alone. */
function checkShapes(
  archive: Archive,
  nodes: number,
  most: Readonly<Record<Matrix, number>>,
  problems: Problems,
): void {
  const header = (name: string) => {
    if (archive.entries.has(`${name}.npy`)) return archive.header(`${name}.npy`);
    problems.addMember(`${name}.npy`, "nothing", "an array of this name");
    return null;
  };
  const check = (name: string, wanted: RegExp, shape: readonly number[], holds = true): void => {
    const found = header(name);
    if (found === null) return;
    const same =
      found.shape.length === shape.length && found.shape.every((length, axis) => length === shape[axis]);
    if (same && holds && wanted.test(found.type) && itemBytes(found.type) <= LONGEST_NAME) return;
    const what = wanted === NUMBERS ? "numbers" : `names of at most ${LONGEST_NAME / 4} characters`;
    problems.addMember(
      `${name}.npy`,
      `${found.type} of shape ${describeShape(found.shape)}`,
      `${what} of shape ${describeShape(shape)}`,
    );
  };
  check("t", NUMBERS, [nodes]);
  check("weights", NUMBERS, [nodes]);
  for (const name of NAMES) {
    const rows = header(name)?.shape[0] ?? 0;
    if (rows > most[name] || rows * nodes > MOST_PRICES) {
      problems.addMember(`${name}.npy`, `${rows} rows of ${nodes} nodes`, `at most ${most[name]} rows`);
    } else {
      check(name, NUMBERS, [rows, nodes]);
      for (const column of MATRICES[name]) check(column, NAMES_TYPE, [rows]);
    }
  }
}

const NUMBERS = /^[fiu]/u;
const NAMES_TYPE = /^U/u;
/** In bytes of UTF-32. */
const LONGEST_NAME = 4 * 2 ** 12;

function readRows(archive: Archive, name: Matrix, problems: Problems): Rows {
  const labels = MATRICES[name].map((column) => archive.texts(`${column}.npy`, MOST_NAME_BYTES));
  const seen = new Set<string>();
  labels[0].forEach((_, row) => {
    const label = labels.map((column) => column[row]);
    const key = label.join("\n");
    if (seen.has(key))
      problems.addMember(`${name}.npy`, `${label.map(quote).join(", ")} in two rows`, "every row once");
    seen.add(key);
  });
  const values = archive.numbers(`${name}.npy`);
  for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) values[k] = Number.NaN;
  return { labels, values };
}

const MOST_NAME_BYTES = 2 ** 28;

function checkNumbers(
  name: string,
  values: Float64Array,
  holds: (value: number) => boolean,
  expected: string,
  problems: Problems,
): void {
  values.forEach((value, k) => {
    if (!holds(value)) problems.addAt({ path: [name], member: `number ${k}` }, String(value), expected);
  });
}
