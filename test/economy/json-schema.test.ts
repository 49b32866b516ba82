import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { economyJsonSchema } from "../../src/economy/json-schema.js";
import { accepts } from "./json-schema-validator.js";
import { STRUCTURE } from "./malformed/structure.js";
import { twins } from "./population-twins.js";
import { exchange, pipeline } from "./samples.js";

const schema = economyJsonSchema();

test("it is a schema of draft 2020-12 that stands alone", () => {
  expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" });
  expect(JSON.stringify(schema)).not.toContain("$ref");
  // What only code can say, functions of time and typed arrays, is not mentioned.
  expect(JSON.stringify(schema)).not.toContain('"not"');
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});

test("it knows every family, the defaults and what is required", () => {
  const text = JSON.stringify(schema);
  for (const word of [
    "ellipsoid",
    "hull",
    "frontier",
    "gauss-legendre",
    "own_weight",
    "intertemporal_elasticity",
  ]) {
    expect(text).toContain(`"${word}"`);
  }
  expect(schema.required).toEqual(["format", "orchestrators"]);
  expect(text).toContain('"default":0.5');
});

describe("it accepts the examples", () => {
  test.each(readdirSync("examples").filter((file) => !file.endsWith(".mjs")))("%s", (name) => {
    const text = readFileSync(`examples/${name}`, "utf8");
    expect(accepts(schema, parse(text))).toBe(true);
  });
});

test("it accepts the file of an NPZ archive", () => {
  for (const seed of [1, 2, 3, 4, 5]) expect(accepts(schema, twins(seed).file)).toBe(true);
});

describe("it refuses what the schema in the code refuses", () => {
  const sayable = STRUCTURE.filter(({ change, of = pipeline }) => {
    const economy = of();
    change?.(economy);
    return (
      JSON.stringify(economy) === JSON.stringify(JSON.parse(JSON.stringify(economy))) &&
      !hasUnsayable(economy)
    );
  });
  test.each(sayable)("$label", ({ change, of = pipeline }) => {
    const economy = of();
    change?.(economy);
    expect(accepts(schema, economy)).toBe(false);
  });
  test("and accepts the economies that are broken there", () => {
    expect(accepts(schema, pipeline())).toBe(true);
    expect(accepts(schema, exchange())).toBe(true);
  });
});

/** NaN and infinities have no JSON. */
function hasUnsayable(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnsayable);
}
