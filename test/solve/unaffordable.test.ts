import { describe, expect, test } from "vitest";
import type { EconomyDefinition } from "../../src/economy/build.js";
import { defineEconomy, type Economy, type Solution, solve } from "../../src/index.js";
import { booksAt, neverPays, surplusOf } from "../../src/solve/affordability.js";
import { provingPrices } from "../../src/solve/unaffordable.js";
import { hostileSpec } from "../support/hostile.js";

const wants = (inputs: Record<string, number>, elasticity = 1) => ({
  root: "u",
  nodes: { u: { elasticity, inputs } },
});
const total = (x: Float64Array) => x.reduce((sum, entry) => sum + entry, 0);
const ones = ({ commodities, grid }: Economy) => new Float64Array(commodities.length * grid.nodes).fill(1);

/** ΣM° over what all earn and owe, at some prices. */
function left(economy: Economy, prices: Float64Array): number {
  const { income, cost, turnover } = booksAt(economy, prices);
  return (total(income) - total(cost)) / total(turnover);
}

/**
 * Economies whose floors can be paid up to a factor of 1, known by hand. The price that proves it beyond is at no corner of the
 * simplex in any but the first.
 */
const KNOWN: Record<string, (factor: number) => Economy> = {
  "exchange, two orchestrators: one good is short": (factor) =>
    defineEconomy({
      commodities: { a: {}, b: {} },
      orchestrators: {
        one: { endowment: { a: 1, b: 5 }, floors: { a: 2 * factor }, preferences: wants({ a: 1, b: 1 }) },
        two: { endowment: { a: 2, b: 5 }, floors: { a: factor }, preferences: wants({ a: 2, b: 1 }) },
      },
    }),
  // x² + y² ≤ 2 with radii 1: x = y = 1, which only both prices together refuse to exceed.
  "ellipsoid: a circle at 45°": (factor) =>
    defineEconomy({
      agents: { maker: { production: { set: "ellipsoid", center: { x: 0, y: 0 }, radius: { x: 1, y: 1 } } } },
      orchestrators: {
        main: { floors: { "maker/x": factor, "maker/y": factor }, preferences: wants({ "maker/x": 1 }) },
      },
    }),
  // The same circle at every instant, with floors that vary: the proof is a path of prices.
  "ellipsoid over time": (factor) =>
    defineEconomy({
      time: { nodes: 6 },
      agents: {
        maker: { production: { set: "ellipsoid", center: { x: 0 }, radius: { x: (t: number) => 1 + t } } },
      },
      orchestrators: {
        main: {
          floors: { "maker/x": (t: number) => factor * (1 + t) },
          preferences: wants({ "maker/x": 1 }),
        },
      },
    }),
  // x = √(gpu) with gpu 4 shared by two makers: 2 of gpu each, √2 of either.
  "frontiers that share an input, three orchestrators": (factor) => {
    const production = { set: "frontier" as const, inputs: { gpu: 1 }, returns: 0.5 };
    const floors = { "left/x": (factor * Math.SQRT2) / 2, "right/y": (factor * Math.SQRT2) / 2 };
    const preferences = wants({ "left/x": 1, "right/y": 1 });
    return defineEconomy({
      commodities: { gpu: {} },
      agents: {
        left: { production: { ...production, outputs: { x: 1 } } },
        right: { production: { ...production, outputs: { y: 1 } } },
      },
      orchestrators: {
        one: { shares: 0.5, endowment: { gpu: 1 }, floors, preferences },
        two: { shares: 0.5, endowment: { gpu: 1 }, floors, preferences },
        three: { shares: 0, endowment: { gpu: 2 }, preferences },
      },
    });
  },
  // A chain whose middle jumps: 1 of mid makes (2, 1), 3 make (1, 6); mid = gpu^0.9. Kinks all along the way.
  "an unsmoothed hull behind a frontier": (factor) =>
    defineEconomy({
      commodities: { gpu: {}, mid: {} },
      agents: {
        first: { production: { set: "frontier", outputs: { mid: 1 }, inputs: { gpu: 1 }, returns: 0.9 } },
        second: {
          production: {
            set: "hull",
            smoothing: 0,
            trajectories: [
              { mid: -1, x: 2, y: 1 },
              { mid: -3, x: 1, y: 6 },
              { mid: 0, x: 0, y: 0 },
            ],
          },
        },
      },
      orchestrators: {
        main: {
          endowment: { gpu: 2 },
          floors: { "second/x": 2 * factor, "second/y": 1 },
          preferences: wants({ "second/x": 1, "second/y": 1 }),
        },
      },
    }),
};

describe.each(Object.entries(KNOWN))("%s", (_name, build) => {
  test.each([1.5, 1.1, 1.01])("%s times what can be paid: prices prove that it cannot", async (factor) => {
    const economy = build(factor);
    const prices = await provingPrices(economy, ones(economy), { steps: 300 });
    expect(prices).not.toBeNull();
    for (const p of prices!) expect(p).toBeGreaterThan(0);
    expect(left(economy, prices!)).toBeLessThan(-1e-11);
  });

  test.each([0.99, 0.9, 0.5])(
    "%s times: a plan that pays is met soon, and nothing is claimed",
    async (factor) => {
      const economy = build(factor);
      expect(await provingPrices(economy, ones(economy), { steps: 300 })).toBeNull();
    },
  );

  test("solve says so with the proof, and does not just inside", async () => {
    const beyond = await solve(build(1.01));
    expect(beyond.status).toBe("slo-unaffordable");
    expect(left(beyond.economy, beyond.prices.data as Float64Array)).toBeLessThan(-1e-12);
    expect(beyond.message).toMatch(/cost more than everything owned and produced/);
    expect((await solve(build(0.99), { maxSteps: 300 })).status).not.toBe("slo-unaffordable");
  });
});

test("a plan that pays ends the search at once, whatever the prices", async () => {
  const economy = KNOWN["ellipsoid over time"](0.5);
  const { supply, use } = surplusOf(economy, booksAt(economy, ones(economy)));
  expect(supply.every((s, k) => s >= use[k])).toBe(true);
  expect(await provingPrices(economy, ones(economy), { steps: 1 })).toBeNull();
});

test("from prices of which some are 0, and over hundreds of decades", async () => {
  const economy = KNOWN["ellipsoid: a circle at 45°"](1.01);
  for (const from of [Float64Array.of(1, 0), Float64Array.of(1e-200, 1), Float64Array.of(1, 1e150)]) {
    const prices = await provingPrices(economy, from, { steps: 400 });
    expect(prices).not.toBeNull();
    expect(left(economy, prices!)).toBeLessThan(0);
  }
});

test("an aborted search claims nothing it has not seen", async () => {
  const economy = KNOWN["ellipsoid: a circle at 45°"](1.01);
  const controller = new AbortController();
  controller.abort();
  const from = Float64Array.of(1, 1e-6);
  expect(await provingPrices(economy, from, { steps: 300, signal: controller.signal })).toBeNull();
});

describe("neverPays", () => {
  const poorWith = (poor: object, share = 0.5): Economy =>
    defineEconomy({
      commodities: { a: {}, b: {} },
      agents: { maker: { production: { set: "ellipsoid", center: { x: 1 }, radius: { x: 0.5 } } } },
      orchestrators: {
        rich: { shares: 1 - share, endowment: { a: 9, b: 9 }, preferences: wants({ a: 1, b: 1 }) },
        poor: { shares: share, preferences: wants({ a: 1, b: 1 }), ...poor },
      },
    } as EconomyDefinition);

  test.each([
    [
      "owns less of the only thing it has than its floor",
      { endowment: { a: 1 }, floors: { a: 2, "maker/x": 1 } },
    ],
    ["gets less from its agent than its floor", { floors: { "maker/x": 0.76 } }],
    [
      "several things, each too little",
      { endowment: { a: 1, b: 1 }, floors: { a: 1.1, b: 1.1, "maker/x": 1 } },
    ],
  ])("%s: named, and stalled says so", async (_name, poor) => {
    const economy = poorWith(poor);
    expect(neverPays(economy)?.name).toBe("poor");
    const solution = await solve(economy);
    expect(solution.status).toBe("stalled");
    expect(solution.message).toMatch(/"poor" can pay its floors at no prices/);
  });

  test.each([
    ["a dear good pays for a cheap one", { endowment: { a: 1 }, floors: { b: 2, "maker/x": 1 } }],
    ["its share of the agent is just enough", { floors: { "maker/x": 0.74 } }],
    ["no floors", { endowment: { a: 1 } }],
  ])("%s: not named", (_name, poor) => {
    expect(neverPays(poorWith(poor))).toBeNull();
  });

  test("who owns exactly what its floors ask for can pay them, and nothing else", () => {
    expect(neverPays(poorWith({ endowment: { a: 1 }, floors: { a: 1 } }, 0))).toBeNull();
    expect(neverPays(poorWith({ endowment: { a: 1 }, floors: { a: 1 + 1e-9 } }, 0))?.name).toBe("poor");
  });
});

describe("hostile economies that cannot be paid for", () => {
  const proved = ({ economy, prices }: Solution) => left(economy, prices.data as Float64Array);

  test.each([120, 145, 247, 325, 310, 632, 750, 1188, 1875, 690, 1032, 1560])(
    "%i is proved so",
    async (seed) => {
      const solution = await solve(defineEconomy(hostileSpec(seed)), { maxSteps: 1000 });
      expect(solution.status).toBe("slo-unaffordable");
      expect(proved(solution)).toBeLessThan(-1e-12);
    },
  );
});
