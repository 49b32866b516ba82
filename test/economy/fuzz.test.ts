import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { buildEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { parseEconomy } from "../../src/io/read-economy.js";
import { exchange, type Json, pipeline } from "./samples.js";

const JSON_TEXT = readFileSync("examples/two-step-pipeline.json", "utf8");
const YAML_TEXT = readFileSync("examples/two-step-pipeline.yaml", "utf8");
const SAMPLES: readonly (() => Json)[] = [pipeline, exchange, () => JSON.parse(JSON_TEXT)];

const KEYS = [
  "gpu",
  "quality",
  "set",
  "t",
  "values",
  "array",
  "next",
  "constructor",
  "__proto__",
  "",
  "0",
  "dag",
];
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    0,
    -1,
    1e308,
    5e-324,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    "abc",
    true,
    7n,
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [1, 2, 3, 4],
    [null],
    { t: [0, 1], values: [1, 2] },
    { array: "x" },
    new Date(0),
  ),
  fc.constantFrom<unknown>(
    () => 1,
    () => "x",
    Float64Array.of(1, 2, 3, 4),
    new Float64Array(0),
    Symbol("s"),
    new Map(),
  ),
  fc.double(),
  fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(fc.double(), fc.constant({}), fc.constant(null)), {
    maxKeys: 3,
  }),
);

/** Works, or is refused with problems that say something; never fails in another way. */
function worksOrIsRefused(make: () => Economy): void {
  try {
    const { grid, agents, orchestrators } = make();
    for (const { intensity } of orchestrators) expect(intensity.every(Number.isFinite)).toBe(true);
    for (const { commodities, set } of agents)
      expect(set.metrics * set.nodes).toBe(commodities.length * grid.nodes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { found, expected } of error.problems)
      expect(found.length * expected.length).toBeGreaterThan(0);
  }
}

/** Junk is drawn again and again, so what later changes write into must be a copy. */
function copy(value: unknown): unknown {
  return typeof value === "function" || typeof value === "symbol" ? value : structuredClone(value);
}

/** Every place in a plain value: the object or array that holds it, and its key. */
function places(value: Json): { holder: Json; key: string }[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.keys(value).flatMap((key) => [{ holder: value, key }, ...places(value[key])]);
}

test("anything put anywhere in an economy is used or refused", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SAMPLES),
      fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 3 }),
      (sample, changes) => {
        const economy = sample();
        for (const [where, value] of changes) {
          const all = places(economy);
          if (all.length === 0) continue;
          const { holder, key } = all[where % all.length];
          holder[key] = copy(value);
        }
        worksOrIsRefused(() => buildEconomy(economy));
      },
    ),
    { numRuns: 1500 },
  );
});

test("any key renamed or any two places exchanged is used or refused", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SAMPLES),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(...KEYS),
      (sample, one, other, name) => {
        const renamed = sample();
        const { holder, key } = places(renamed)[one % places(renamed).length];
        const value = holder[key];
        delete holder[key];
        Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
        worksOrIsRefused(() => buildEconomy(renamed));

        const exchanged = sample();
        const all = places(exchanged);
        const [a, b] = [all[one % all.length], all[other % all.length]];
        [a.holder[a.key], b.holder[b.key]] = [b.holder[b.key], a.holder[a.key]];
        worksOrIsRefused(() => buildEconomy(exchanged));
      },
    ),
    { numRuns: 1000 },
  );
});

test("a text damaged anywhere is used or refused", () => {
  const damage = fc.constantFrom(
    "",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\",
    "-",
    "#",
    "&a ",
    "*a",
    "!",
    "\n",
    "\t",
    "\u0000",
    "|",
    "1e999",
  );
  fc.assert(
    fc.property(
      fc.constantFrom(JSON_TEXT, YAML_TEXT),
      fc.nat(),
      fc.nat({ max: 5 }),
      damage,
      (text, where, length, piece) => {
        const at = where % text.length;
        worksOrIsRefused(() => parseEconomy(text.slice(0, at) + piece + text.slice(at + length)));
      },
    ),
    { numRuns: 1000 },
  );
});
