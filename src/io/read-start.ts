import { z } from "zod";
import type { Economy } from "../economy/economy.js";
import { quote } from "../economy/found.js";
import { requireReasonableGrid } from "../economy/grid-limits.js";
import { nearest } from "../economy/near.js";
import { valueAt } from "../economy/path.js";
import { Problems } from "../economy/problems.js";
import { parseWith } from "../economy/zod-issues.js";
import { parseResult } from "../solve/result.js";
import { arraysOf, type ResultArrays } from "../solve/result-arrays.js";
import type { StartPrices } from "../solve/start.js";
import { createGrid, type Grid } from "../time/grid.js";
import { readResultArchive } from "./npz/result-archive.js";
import { nameOf, readBytes } from "./read-bytes.js";
import { isArchive, parseJsonBytes } from "./read-result.js";

const price = z.number("a number ≥ 0").nonnegative("a number ≥ 0");
const startSchema = z.strictObject(
  {
    prices: z.record(
      z.string(),
      z.union([price, z.array(price)], "a number ≥ 0, or an array of them"),
      "an object",
    ),
  },
  "a result, or an object with prices",
);

type Named = Record<string, number | number[]>;

/**
 * Prices to start from: a result in JSON or NPZ, on its own grid, or `{ "prices": { … } }`, each a constant or one value per node of
 * the economy. A price of 0 means free. Throws InputError for commodities the economy does not have.
 */
export async function readStart(source: string | URL, economy: Economy): Promise<StartPrices> {
  const subject = nameOf(source);
  const bytes = await readBytes(source);
  const start = isArchive(bytes, subject)
    ? ofResult(readResultArchive(bytes, { subject, economy }), subject, economy)
    : ofJson(parseJsonBytes(bytes, subject, "a result, or prices in JSON"), subject, economy);
  checkNames(start.prices, subject, economy);
  return start;
}

function ofJson(data: unknown, subject: string, economy: Economy): StartPrices {
  const isResult = valueAt(data, ["format"]) !== undefined;
  if (!isResult) return ofPrices(data, subject, economy.grid);
  return ofResult(arraysOf(parseResult(data, subject)), subject, economy);
}

function ofResult({ head, prices }: ResultArrays, subject: string, economy: Economy): StartPrices {
  const { time } = head;
  const { nodes } = time;
  requireReasonableGrid(time, prices.labels[0].length, subject);
  const problems = new Problems();
  if (Math.abs(time.horizon - economy.grid.horizon) > 1e-9 * economy.grid.horizon) {
    problems.add(["time", "horizon"], String(time.horizon), `the economy's horizon, ${economy.grid.horizon}`);
  }
  problems.throwIfAny(subject);
  const row = (k: number) => prices.values.subarray(k * nodes, (k + 1) * nodes);
  return { grid: createGrid(time), prices: new Map(prices.labels[0].map((name, k) => [name, row(k)])) };
}

function ofPrices(data: unknown, subject: string, grid: Grid): StartPrices {
  const problems = new Problems();
  const prices = parseWith(startSchema, data, problems)?.prices ?? {};
  for (const [name, values] of Object.entries(prices)) {
    if (!Array.isArray(values) || values.length === grid.nodes) continue;
    const expected = `a number, or one value for each of the economy's ${grid.nodes} nodes`;
    problems.add(["prices", name], `${values.length} values`, expected);
  }
  problems.throwIfAny(subject);
  return { grid: null, prices: rows(prices, grid.nodes) };
}

function rows(prices: Named, nodes: number): Map<string, Float64Array> {
  const row = (values: number | number[]) =>
    Array.isArray(values) ? Float64Array.from(values) : new Float64Array(nodes).fill(values);
  return new Map(Object.entries(prices).map(([name, values]) => [name, row(values)]));
}

function checkNames(prices: StartPrices["prices"], subject: string, { commodities }: Economy): void {
  const names = commodities.map(({ name }) => name);
  const known = new Set(names);
  const problems = new Problems();
  for (const name of prices.keys()) {
    if (known.has(name)) continue;
    problems.add(["prices", name], `the name ${quote(name)}`, "a commodity of the economy", () =>
      nearest(name, names),
    );
  }
  const positive = Array.from(prices.values()).some((row) => row.some((p) => p > 0));
  if (problems.count === 0 && !positive) problems.add(["prices"], "no price above 0", "at least one");
  problems.throwIfAny(subject);
}
