import { describe, expect, test } from "vitest";
import { distance, type MapOptions, runNearby, runPlainMap } from "../../src/convergence/plain-map.js";
import type { EconomyDefinition } from "../../src/economy/build.js";
import { defineEconomy } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { ces, exchange } from "../contraction/economies.js";

function marketOf(definition: EconomyDefinition): ReferenceMarket {
  return new ReferenceMarket(defineEconomy(definition));
}

/** Fixed supply and one node: log p* = −(log D's share) is known, and κ = |1 − λσ|. */
const FIXED = exchange({ a: { endowment: { x: 1, y: 1 }, preferences: ces(2, { x: 1, y: 1 }) } }, ["x", "y"]);

const options = (more: Partial<MapOptions>): MapOptions => ({
  step: 0.2,
  star: new Float64Array(2),
  active: Int32Array.of(0, 1),
  error: 1e-15,
  farthest: 100,
  target: 1e-6,
  maxSteps: 1000,
  turn: 0,
  ...more,
});
const at = (difference: number) => Float64Array.of(difference / 2, -difference / 2);

describe("a run of the plain map", () => {
  test("shrinks the distance by |1 − λσ| at every step", async () => {
    const run = await runPlainMap(marketOf(FIXED), at(1), options({}));
    expect(run.status).toBe("converged");
    run.distances.forEach(([k, d]) => {
      expect(Math.abs(d - 0.6 ** k)).toBeLessThan(1e-12);
    });
    expect(run.rate).toBeCloseTo(0.6, 5);
    expect(run.worst).toBeCloseTo(0.6, 3);
    expect(run.worst).toBeLessThanOrEqual(0.6 + 1e-9);
    expect(run.reached).toBe(Math.ceil(Math.log(1e-6) / Math.log(0.6)));
  });

  test("departs where λ is too large, and says how fast", async () => {
    const run = await runPlainMap(marketOf(FIXED), at(1e-6), options({ step: 1.2, farthest: 1e-3 }));
    expect(run).toMatchObject({ status: "departed", reached: 0 });
    expect(run.rate).toBeCloseTo(1.4, 9);
  });

  test("may swing for ever: λσ = 2", async () => {
    const run = await runPlainMap(marketOf(FIXED), at(0.5), options({ step: 1, maxSteps: 50 }));
    expect(run).toMatchObject({ status: "max-steps", steps: 50, reached: null });
    expect(run.rate).toBeCloseTo(1, 12);
  });

  test("ends where numbers do", async () => {
    const run = await runPlainMap(marketOf(FIXED), at(1), options({ step: 1e9, farthest: Infinity }));
    expect(run.status).toBe("non-finite");
    expect(run.rate === null || Number.isFinite(run.rate)).toBe(true);
  });

  test("rests at another equilibrium: elsewhere", async () => {
    // A. A. Toda and K. J. Walsh, J. Math. Econ. 71 (2017): three equilibria, the middle one unstable.
    const three = exchange(
      {
        a: { endowment: { x: 12, y: 1 }, preferences: ces(0.2, { x: 4, y: 1 }) },
        b: { endowment: { x: 1, y: 12 }, preferences: ces(0.2, { x: 1, y: 4 }) },
      },
      ["x", "y"],
    );
    const market = marketOf(three);
    expect(market.residual(at(0), market.create()).oscillation).toBeLessThan(1e-14);
    const run = await runPlainMap(market, at(0.01), options({ step: 4 }));
    expect(run.status).toBe("elsewhere");
    expect(run.distances[run.distances.length - 1][1]).toBeGreaterThan(0.5);
  });

  test("stops where somebody cannot pay the floors", async () => {
    const floors = exchange(
      {
        a: { endowment: { x: 1 }, floors: { y: 0.9 }, preferences: ces(1, { x: 1, y: 1 }) },
        b: { endowment: { y: 1 }, preferences: ces(1, { x: 1, y: 1 }) },
      },
      ["x", "y"],
    );
    expect((await runPlainMap(marketOf(floors), at(-1), options({}))).status).toBe("unaffordable");
  });

  test("is cancelled by its signal", async () => {
    const run = await runPlainMap(marketOf(FIXED), at(1), options({ signal: AbortSignal.abort() }));
    expect(run).toMatchObject({ status: "cancelled", steps: 0, rate: null, worst: null });
  });

  test("distances are Hilbert's metric over the active instants", () => {
    const [q, star] = [Float64Array.of(1, 5, 2), Float64Array.of(0, -9, 3)];
    expect(distance(q, star, Int32Array.of(0, 2))).toBe(2);
    expect(distance(q, star, Int32Array.of(1))).toBe(0);
    expect(distance(q, star, new Int32Array(0))).toBe(0);
    expect(distance(Float64Array.of(Number.NaN, 0), star, Int32Array.of(0, 1))).toBeNaN();
  });
});

describe("a deviation that hides the slowest mode", () => {
  // Two nests: within them σ = 4, between them 1. With λ = 0.2 the modes shrink by 0.2 and by 0.8.
  const nested: EconomyDefinition = {
    commodities: { a: {}, b: {}, c: {}, d: {} },
    orchestrators: {
      main: {
        endowment: { a: 1, b: 1, c: 1, d: 1 },
        preferences: {
          root: "u",
          nodes: {
            u: { elasticity: 1, inputs: { left: 1, right: 1 } },
            left: { elasticity: 4, inputs: { a: 0.5, b: 0.5 } },
            right: { elasticity: 4, inputs: { c: 0.5, d: 0.5 } },
          },
        },
      },
    },
  };
  const hidden = Float64Array.of(5e-4 + 1e-9, -5e-4 + 1e-9, -1e-9, -1e-9);
  const active = Int32Array.of(0, 1, 2, 3);

  test("shows it after all, and the first run is reported as it was", async () => {
    const more = { star: new Float64Array(4), active };
    const once = await runPlainMap(marketOf(nested), hidden, options(more));
    const often = await runNearby(marketOf(nested), hidden, options(more));
    expect(once.distances[1][1] / once.distances[0][1]).toBeCloseTo(0.2, 3);
    expect(often.rate).toBeCloseTo(0.8, 5);
    expect(often.settled).toBe(true);
    expect(often.distances).toEqual(once.distances);
  });
});
