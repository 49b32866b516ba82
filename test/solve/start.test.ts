import { describe, expect, test } from "vitest";
import type { EconomyDefinition } from "../../src/economy/build.js";
import { defineEconomy } from "../../src/index.js";
import { affordableStart, isAffordable, startPrices } from "../../src/solve/start.js";
import { createGrid } from "../../src/time/grid.js";

const wants = (inputs: Record<string, number>) => ({
  root: "u",
  nodes: { u: { elasticity: 1, inputs } },
});
const ones = (count: number) => new Float64Array(count).fill(1);

describe("affordableStart", () => {
  const poor = { endowment: { a: 1 }, floors: { b: 1.5 }, preferences: wants({ a: 1, b: 1 }) };
  const rich = { endowment: { a: 0.2, b: 9 }, preferences: wants({ a: 3, b: 1 }) };
  const economy = defineEconomy({ commodities: { a: {}, b: {} }, orchestrators: { poor, rich } });

  test("leaves prices alone at which everybody can pay", () => {
    const prices = Float64Array.of(2, 1);
    expect(affordableStart(economy, prices)).toEqual(prices);
    expect(isAffordable(economy, prices)).toBe(true);
  });

  test("finds prices at which everybody can, the highest 1", () => {
    expect(isAffordable(economy, ones(2))).toBe(false);
    const prices = affordableStart(economy, ones(2));
    expect(isAffordable(economy, prices)).toBe(true);
    expect(prices[0]).toBeGreaterThan(1.5 * prices[1]);
    expect(Math.max(...prices)).toBe(1);
  });

  test("also where 5000 steps lead nowhere, over hundreds of decades, no price is NaN and some price is above 0", () => {
    // Nobody can pay a floor of a hundred times all there is: every step makes prices smaller.
    const economy = defineEconomy({
      time: { horizon: 1e-3, nodes: 12, rule: "gauss-legendre" },
      agents: {
        maker: {
          production: {
            set: "frontier",
            outputs: { x: 0.7 },
            transformation: 50,
            scale: { t: [0, 3e-4, 6e-4], values: [2.1, 1.8, 0.13] },
          },
        },
      },
      orchestrators: {
        greedy: {
          shares: 0.5,
          endowment: { "maker/x": { t: [0, 3e-4, 6e-4], values: [7.1, 2.3, 1] } },
          floors: { "maker/x": (t: number) => 500 + 1e6 * t },
          intertemporal_elasticity: 50,
          preferences: wants({ "maker/x": 1 }),
        },
        other: { shares: 0.5, endowment: { "maker/x": 1 }, preferences: wants({ "maker/x": 1 }) },
      },
    } as EconomyDefinition);
    const prices = affordableStart(economy, ones(12));
    for (const p of prices) expect(p).toBeGreaterThan(0);
    expect(Math.max(...prices)).toBe(1);
  });

  test("a price of 0 stays 0", () => {
    expect(affordableStart(economy, Float64Array.of(1, 0))[1]).toBe(0);
  });
});

describe("startPrices", () => {
  const economy = defineEconomy({
    time: { nodes: 6 },
    commodities: { a: {}, b: {} },
    orchestrators: { one: { endowment: { a: 1, b: 1 }, preferences: wants({ a: 1, b: 1 }) } },
  });

  test("1 where nothing is said; constants; a coarser solution prolonged", () => {
    expect(startPrices(economy, undefined)).toEqual(ones(12));
    const grid = createGrid({ nodes: 2 });
    const prices = new Map([["b", Float64Array.of(1, Math.E)]]);
    const start = startPrices(economy, { grid, prices });
    expect(start.subarray(0, 6)).toEqual(ones(6));
    // Nodes of a grid three times as fine: t = 1/4 and 3/4 are its second and fifth.
    expect(start[7]).toBeCloseTo(1, 14);
    expect(start[10]).toBeCloseTo(Math.E, 14);
    expect(start[8]).toBeCloseTo(Math.exp(1 / 3), 14);
  });

  test("values that fit no grid are refused", () => {
    const prices = new Map([["a", Float64Array.of(1, 2, 3)]]);
    expect(() => startPrices(economy, { grid: null, prices })).toThrow(/3 values.*6 \(nodes\)/s);
  });
});
