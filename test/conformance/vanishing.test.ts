import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/index.js";
import { SUBJECTS } from "./backends.js";
import { CASES } from "./economies.js";
import { Pair } from "./pair.js";
import { askEverything } from "./walk.js";

/** Demand that vanishes, where f is −700; `test` in place of `test.fails` once the kernels have it. */
describe.each(SUBJECTS)("$name, where demand vanishes", (subject) => {
  test.fails.each([
    ["every elasticity 50", 40, 0],
    ["every elasticity 8", 1, 0.3],
    ["a DAG of ellipsoids", 1, 0.3],
    ["a DAG of frontiers", 1, 0.3],
    ["instants at which nothing is wanted", 0.5, 0],
  ])("%s", async (name, width, frozen) => {
    const spec = CASES.find((one) => one.name === name)?.spec;
    const pair = new Pair(defineEconomy((spec as NonNullable<typeof spec>)()), subject, new Map(), true);
    await askEverything(pair, width, frozen > 0 ? 7 : 3, frozen);
    expect(pair.complaints().join("\n")).toBe("");
    pair.dispose();
  });
});
