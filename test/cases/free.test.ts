import { describe, expect, test } from "vitest";
import { defineEconomy, solve } from "../../src/index.js";

/** One maker that needs exactly 2 gpu for what it makes; `gpu` is owned in the given amount over a day. */
function capacity(gpu: number | ((t: number) => number), more: object = {}) {
  return defineEconomy({
    format: "walras/1",
    time: { horizon: 24, nodes: 12 },
    commodities: { gpu: {} },
    agents: {
      maker: {
        production: {
          set: "ellipsoid",
          center: { work: 1, speed: 0.5, gpu: -2 },
          radius: { work: 0.3, speed: 0.2 },
        },
      },
      other: { production: { set: "ellipsoid", center: { work: 1 } } },
    },
    orchestrators: {
      main: {
        endowment: { gpu },
        preferences: {
          root: "u",
          nodes: {
            u: { elasticity: 0.5, inputs: { "maker/work": 0.5, "maker/speed": 0.2, "other/work": 0.3 } },
          },
        },
        ...more,
      },
    },
  });
}

describe("free commodities", () => {
  test.each(["auto", "tatonnement", "anderson"])(
    "idle capacity is certified free with price 0 by %s",
    async (solver) => {
      for (const gpu of [20, 2.5, 2.01]) {
        const solution = await solve(capacity(gpu), { solver });
        expect(solution.status).toBe("solved");
        const free = solution.certificate.free.find(({ commodity }) => commodity === "gpu");
        expect(free?.nodes).toEqual(Array.from({ length: 12 }, (_, n) => n));
        expect(Array.from(solution.prices.data.subarray(0, 12))).toEqual(new Array(12).fill(0));
      }
    },
  );

  test("a capacity that is idle at night and scarce by day is free at night only", async () => {
    const economy = defineEconomy({
      format: "walras/1",
      time: { horizon: 24, nodes: 24 },
      commodities: { gpu: {} },
      agents: {
        small: {
          production: {
            set: "frontier",
            outputs: { work: 1 },
            inputs: { gpu: 1 },
            substitution: 0,
            returns: 0.5,
          },
        },
        large: {
          production: {
            set: "hull",
            smoothing: 0.1,
            trajectories: [
              { work: 2, gpu: -3 },
              { work: 1, gpu: -1 },
            ],
          },
        },
      },
      orchestrators: {
        main: {
          endowment: { gpu: (t: number) => (t < 8 ? 40 : 2.4) },
          preferences: {
            root: "u",
            nodes: { u: { elasticity: 2, inputs: { "small/work": 0.5, "large/work": 0.5 } } },
          },
        },
      },
    });
    const solution = await solve(economy);
    expect(solution.message).toContain("verifier agrees");
    const gpu = Array.from(solution.prices.data.subarray(0, 24));
    expect(gpu.slice(8).every((p) => p > 0)).toBe(true);
  });

  test("an agent that makes more than anybody wants of its only metric is free, at whatever center", async () => {
    for (const center of [0, 0.2, 1.5]) {
      const economy = defineEconomy({
        commodities: { bread: {} },
        agents: { a: { production: { set: "ellipsoid", center: { q: center }, radius: { q: 1.1 } } } },
        orchestrators: {
          main: {
            endowment: { bread: 1 },
            preferences: { root: "u", nodes: { u: { elasticity: 0, inputs: { bread: 1, "a/q": 1 } } } },
          },
        },
      });
      for (const backend of ["wasm", "reference"]) {
        const solution = await solve(economy, { backend });
        expect(solution.status).toBe("solved");
        expect(solution.certificate.free).toEqual([{ commodity: "a/q", nodes: [0] }]);
      }
    }
  });

  test("elasticities near 0 reach prices decades apart, and nothing of it is free", async () => {
    for (const [elasticity, plenty] of [
      [0.02, 3],
      [0.05, 12],
      [0.2, 1e4],
    ]) {
      const economy = defineEconomy({
        commodities: { x: {}, y: {} },
        orchestrators: {
          main: {
            endowment: { x: 1, y: plenty },
            preferences: { root: "u", nodes: { u: { elasticity, inputs: { x: 0.5, y: 0.5 } } } },
          },
        },
      });
      const solution = await solve(economy);
      expect(solution.status).toBe("solved");
      const [x, y] = solution.prices.data;
      expect(Math.log(x / y)).toBeCloseTo(Math.log(plenty) / elasticity, 7);
    }
  });

  test("a commodity that nobody can demand is removed, price 0", async () => {
    const economy = defineEconomy({
      format: "walras/1",
      commodities: { ore: {}, bread: {} },
      orchestrators: {
        main: {
          endowment: { ore: 3, bread: 2 },
          preferences: { root: "u", nodes: { u: { elasticity: 1, inputs: { bread: 1 } } } },
        },
      },
    });
    const solution = await solve(economy);
    expect(solution.status).toBe("solved");
    expect(solution.prices.get(0, 0)).toBe(0);
    expect(solution.certificate.free).toEqual([{ commodity: "ore", nodes: [0] }]);
  });
});
