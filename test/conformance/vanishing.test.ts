import { describe, expect, test } from "vitest";
import type { EconomyDefinition } from "../../src/economy/build.js";
import { defineEconomy } from "../../src/index.js";
import { hostileSpec } from "../support/hostile.js";
import { SUBJECTS } from "./backends.js";
import { CASES } from "./economies.js";
import { FALLING } from "./fall.js";
import { Pair } from "./pair.js";
import { askEverything, forgetPrices } from "./walk.js";

const specOf = (name: string) =>
  [...CASES, ...FALLING].find((one) => one.name === name)?.spec() as EconomyDefinition;

describe.each(SUBJECTS)("$name, where demand vanishes and f is −700", (subject) => {
  const compare = async (spec: EconomyDefinition, ask: (pair: Pair) => Promise<void>) => {
    const pair = new Pair(defineEconomy(spec), subject, new Map(), true);
    await ask(pair);
    expect(pair.complaints().join("\n")).toBe("");
    pair.dispose();
  };

  test("instants at which nothing is wanted", () =>
    compare(specOf("instants at which nothing is wanted"), (pair) => askEverything(pair, 0.5, 3)));

  test.each([
    ["every elasticity 50", 40, 0],
    ["every elasticity 8", 1, 0.3],
    ["a DAG of ellipsoids", 1, 0.3],
    ["a DAG of frontiers", 1, 0.3],
  ])("%s", (name, width, frozen) =>
    compare(specOf(name), (pair) => askEverything(pair, width, frozen > 0 ? 7 : 3, frozen)),
  );
  test("a share of 3e-308 counts for a good nobody buys (hostile 91)", () =>
    compare(hostileSpec(91), (pair) => askEverything(pair, 3, 91)));

  test("neither supply nor demand (hostile 25)", () =>
    compare(hostileSpec(25), (pair) => askEverything(pair, 3, 25)));

  test("the last residual's q may be written over while goods fall", () =>
    compare(specOf("idle capacity"), forgetPrices));
});
