import { describe, expect, it } from "vitest";
import type { ProductionInput } from "../../src/production/families.js";
import { createGrid, type Rule } from "../../src/time/grid.js";
import { build, derivativeAt, supplyAt } from "./random-sets.js";

const close = (a: ArrayLike<number>, b: number[], digits = 13) => {
  expect(Array.from(a)).toEqual(b.map((v) => expect.closeTo(v, digits)));
};

describe("ellipsoid", () => {
  it("supplies √T s along equal prices, whatever the grid: a static ball with two metrics", () => {
    const sample = build(
      { set: "ellipsoid", center: { a: 1 }, radius: { a: 3, b: 4 } },
      createGrid({ horizon: 2 }),
    );
    // ‖p‖_s = √2·5, √(R·T) = 2.
    close(supplyAt(sample, Float64Array.of(1, 1)), [
      1 + (2 * 9) / (5 * Math.SQRT2),
      (2 * 16) / (5 * Math.SQRT2),
    ]);
    expect(sample.set.profit(Float64Array.of(1, 1))).toBeCloseTo(2 + 10 * Math.SQRT2, 13);
  });

  it("supplies the whole reach of one metric at one instant to a lone price: its bound", () => {
    const grid = createGrid({ horizon: 3, nodes: 2 });
    const sample = build({ set: "ellipsoid", center: { a: 1 }, radius: { a: 2, b: 1 } }, grid);
    const supply = supplyAt(sample, Float64Array.of(0, 7, 0, 0));
    close(supply, [1, 1 + 2 * Math.sqrt(6 / 1.5), 0, 0]);
    expect(sample.set.bounds().upper[1]).toBe(supply[1]);
    expect(sample.set.bounds().upper[2]).toBeCloseTo(2, 14);
    expect(Array.from(sample.set.bounds().lower)).toEqual([1, 1, 0, 0]);
  });

  it("supplies its center where no price that it responds to is positive", () => {
    const sample = build({ set: "ellipsoid", center: { a: 1, b: 2 }, radius: { a: 1 }, modes: [{ a: 1 }] });
    close(supplyAt(sample, Float64Array.of(0, 0)), [1, 2]);
    const ball = build({ set: "ellipsoid", center: { a: 1, b: 2 }, radius: { a: 1 } });
    close(supplyAt(ball, Float64Array.of(0, 5)), [1, 2]);
    close(derivativeAt(ball, Float64Array.of(0, 5), Float64Array.of(1, 1)), [0, 0]);
  });

  it("adds the sets of radius and modes around one center", () => {
    const parts: [ProductionInput, ProductionInput, ProductionInput] = [
      { set: "ellipsoid", center: { a: 1, b: 2 }, radius: { a: 0.5, b: 0.1 } },
      { set: "ellipsoid", center: { a: 1, b: 2 }, modes: [{ a: 0.2, b: -0.3 }] },
      { set: "ellipsoid", center: { a: 1, b: 2 }, radius: { a: 0.5, b: 0.1 }, modes: [{ a: 0.2, b: -0.3 }] },
    ];
    const p = Float64Array.of(0.7, 1.9);
    const [ball, modes, sum] = parts.map((spec) => supplyAt(build(spec), p));
    close(sum, [ball[0] + modes[0] - 1, ball[1] + modes[1] - 2]);
  });
});

describe("modes", () => {
  it("follow the formula: one mode, δ = ½, g = |ȳ|", () => {
    const sample = build({
      set: "ellipsoid",
      center: { a: 4, b: -2 },
      modes: [{ a: 1, b: 2 }],
      smoothing: 0.5,
    });
    // p = (1, 1): a = 3, ν = 6, δν = 3, r = 3√2.
    const [away, drop] = [1 / Math.SQRT2, 1 - 1 / Math.SQRT2];
    close(supplyAt(sample, Float64Array.of(1, 1)), [4 + away - 2 * drop, -2 + 2 * away - drop]);
    expect(sample.set.profit(Float64Array.of(1, 1))).toBeCloseTo(2 + 3 * Math.SQRT2 - 3, 13);
  });

  it("without smoothing are the ellipsoid itself, with at most δν less profit otherwise", () => {
    const p = Float64Array.of(2, 1);
    const profit = (smoothing: number) =>
      build({ set: "ellipsoid", center: { a: 1, b: 1 }, modes: [{ a: 1 }, { b: 1 }], smoothing }).set.profit(
        p,
      );
    expect(profit(0)).toBeCloseTo(3 + Math.sqrt(5), 14);
    expect(profit(0.1)).toBeLessThan(profit(0));
    expect(profit(0.1)).toBeGreaterThan(profit(0) - 0.3);
  });

  it("keep their digits where modes are small against smoothing", () => {
    const set = build({ set: "ellipsoid", modes: [{ a: 1e-9 }], reference: { a: 1 }, smoothing: 1 }).set;
    expect(set.profit(Float64Array.of(1)) / 0.5e-18).toBeCloseTo(1, 12);
  });
});

describe("hull", () => {
  const trajectories: Record<string, number>[] = [{ a: 1, b: 3 }, { a: 2, b: -1 }, { a: 1 }];

  it("follows the formula, its profit between those of the hull and of the hull less εν log J", () => {
    const sample = build({ set: "hull", trajectories, smoothing: 0.5 });
    // g = (4/3, 4/3); p = (3/4, 0): ν = 1, ⟨p,y⟩ = (¾, 1½, ¾).
    const p = Float64Array.of(0.75, 0);
    const e = [Math.exp(1.5), Math.exp(3), Math.exp(1.5)];
    const total = e[0] + e[1] + e[2];
    const s = e.map((x) => x / total);
    const divergence = s.reduce((sum, x) => sum + x * Math.log(3 * x), 0);
    const disposed = (0.5 * divergence * 4) / 3;
    close(supplyAt(sample, p), [s[0] + 2 * s[1] + s[2] - disposed, 3 * s[0] - s[1] - disposed]);
    expect(sample.set.profit(p)).toBeCloseTo(0.5 * Math.log(total / 3), 14);
    expect(sample.set.profit(p)).toBeLessThanOrEqual(1.5);
    expect(sample.set.profit(p)).toBeGreaterThanOrEqual(1.5 - 0.5 * Math.log(3));
  });

  it("without smoothing supplies the best trajectory, the average of those that tie", () => {
    const sample = build({ set: "hull", trajectories, smoothing: 0 });
    close(supplyAt(sample, Float64Array.of(1, 1)), [1, 3]);
    close(supplyAt(sample, Float64Array.of(4, 1)), [1.5, 1]);
    close(supplyAt(sample, Float64Array.of(0, 0)), [4 / 3, 2 / 3]);
    expect(sample.set.profit(Float64Array.of(4, 1))).toBe(7);
    close(derivativeAt(sample, Float64Array.of(1, 1), Float64Array.of(1, 0)), [0, 0]);
  });

  it("supplies the mean where all is free, and does not lose its way at tiny smoothing", () => {
    close(supplyAt(build({ set: "hull", trajectories }), Float64Array.of(0, 0)), [4 / 3, 2 / 3]);
    close(supplyAt(build({ set: "hull", trajectories, smoothing: 1e-300 }), Float64Array.of(1, 1)), [1, 3]);
  });

  it("is a point when there is one trajectory", () => {
    const sample = build({ set: "hull", trajectories: [{ a: 2, b: -3 }] });
    close(supplyAt(sample, Float64Array.of(5, 1)), [2, -3], 15);
  });
});

describe("frontier", () => {
  const one = (spec: Omit<Extract<ProductionInput, { set: "frontier" }>, "set">) =>
    build({ set: "frontier", ...spec });

  it("without inputs splits a fixed capacity: proportions at τ = 0, a circle at τ = 1", () => {
    const leontief = one({ outputs: { a: 2, b: 3 }, scale: 5 });
    close(supplyAt(leontief, Float64Array.of(0.1, 7)), [10, 15]);
    close(supplyAt(leontief, Float64Array.of(0, 7)), [10, 15]);
    close(supplyAt(leontief, Float64Array.of(0, 0)), [10, 15]);
    const circle = one({ outputs: { a: 1, b: 1 }, transformation: 1, scale: 5 });
    close(supplyAt(circle, Float64Array.of(3, 4)), [3, 4]);
    close(supplyAt(circle, Float64Array.of(0, 2)), [0, 5]);
    close(supplyAt(circle, Float64Array.of(0, 0)), [5 * Math.SQRT1_2, 5 * Math.SQRT1_2]);
    expect(Array.from(circle.set.bounds().upper)).toEqual([5, 5]);
    expect(Array.from(circle.set.bounds().lower)).toEqual([0, 0]);
  });

  it("with one input makes y = φ x^ν where the marginal product pays for it", () => {
    const sample = one({ outputs: { a: 1 }, inputs: { g: 1 }, returns: 0.5, scale: 3 });
    // max 3 p √x − c x at p = 2, c = 1: x = 9, y = 9.
    close(supplyAt(sample, Float64Array.of(2, 1)), [9, -9]);
    expect(sample.set.profit(Float64Array.of(2, 1))).toBeCloseTo(9, 13);
    expect(Array.from(sample.set.bounds().upper)).toEqual([Infinity, 0]);
    expect(Array.from(sample.set.bounds().lower)).toEqual([0, -Infinity]);
  });

  it("is Cobb–Douglas at σ = 1 with normalised weights, Leontief at σ = 0 with weights as given", () => {
    const cobb = one({ outputs: { a: 1 }, inputs: { g: 3, h: 1 } });
    const [, g, h] = supplyAt(cobb, Float64Array.of(1, 2, 5));
    expect((g * 2) / (h * 5)).toBeCloseTo(3, 12);
    const leontief = one({ outputs: { a: 1 }, inputs: { g: 3, h: 1 }, substitution: 0 });
    const [y, i, j] = supplyAt(leontief, Float64Array.of(14, 2, 1));
    // Ĉ = 7, F = (½·14/7)² = 1.
    close([y, i, j], [1, -3, -1]);
  });

  it("is continuous at σ = 1 and τ = 0, to the last digits", () => {
    const spec = { outputs: { a: 0.3, b: 0.5 }, inputs: { g: 0.7, h: 0.2, i: 0.1 } };
    const p = Float64Array.of(2, 0.3, 1.5, 0.2, 0.9);
    const supply = (substitution: number, transformation: number) =>
      supplyAt(one({ ...spec, substitution, transformation }), p);
    const exact = supply(1, 0);
    for (const step of [1e-15, 1e-12, 1e-9, 1e-7, 1e-5]) {
      for (const near of [supply(1 + step, step), supply(1 - step, 0)]) {
        near.forEach((y, k) => {
          expect(Math.abs(y / exact[k] - 1)).toBeLessThan(10 * step + 1e-14);
        });
      }
    }
  });

  it("makes nothing of free outputs, and buys without bound what is free", () => {
    const sample = one({
      outputs: { a: 1, b: 1 },
      transformation: 2,
      inputs: { g: 1, h: 1 },
      substitution: 0.5,
    });
    close(supplyAt(sample, Float64Array.of(0, 0, 1, 1)), [0, 0, 0, 0]);
    close(supplyAt(sample, Float64Array.of(0, 0, 0, 0)), [0, 0, 0, 0]);
    const [, , g, h] = supplyAt(sample, Float64Array.of(1, 1, 0, 1));
    expect(g).toBeLessThan(-1e290);
    expect(Number.isFinite(h) && h < 0).toBe(true);
    const fixed = one({ outputs: { a: 1 }, inputs: { g: 1, h: 2 }, substitution: 0 });
    close(supplyAt(fixed, Float64Array.of(4, 0, 1)), [1, -1, -2]);
    close(derivativeAt(fixed, Float64Array.of(4, 0, 1), Float64Array.of(1, 0, 0)), [0.25, -0.5, -1]);
  });

  it("makes nothing at scale 0", () => {
    const idle = one({ outputs: { a: 1 }, inputs: { g: 1 }, scale: 0 });
    for (const p of [Float64Array.of(1, 1), Float64Array.of(1, 0), Float64Array.of(0, 0)]) {
      close(supplyAt(idle, p), [0, 0]);
      expect(idle.set.profit(p)).toBe(0);
      expect(derivativeAt(idle, p, Float64Array.of(1, 1)).some(Number.isNaN)).toBe(false);
    }
  });
});

describe("refinement", () => {
  const wave = (mean: number, phase: number) => (t: number) => mean + 0.3 * Math.sin(t + phase);
  const specs: Record<string, ProductionInput> = {
    ball: {
      set: "ellipsoid",
      center: { a: wave(1, 0), b: wave(-1, 1) },
      radius: { a: wave(0.5, 2), b: 0.4 },
    },
    modes: { set: "ellipsoid", center: { a: 1, b: 2 }, modes: [{ a: wave(0, 1) }, { b: wave(1, 0) }] },
    hull: { set: "hull", trajectories: [{ a: wave(1, 0), b: 1 }, { a: wave(2, 3) }, { b: wave(1.5, 1) }] },
    frontier: { set: "frontier", outputs: { a: 1, b: 0.5 }, transformation: 2, scale: wave(1, 1) },
    factory: { set: "frontier", outputs: { a: 1 }, inputs: { b: 1 }, scale: wave(2, 0) },
  };

  const profit = (spec: ProductionInput, nodes: number, rule: Rule) => {
    const grid = createGrid({ horizon: 4, nodes, rule });
    const prices = [wave(1, 0.5), wave(2, 2)].flatMap((p) => Array.from(grid.t, p));
    return build(spec, grid).set.profit(Float64Array.from(prices));
  };

  it.each(Object.keys(specs))(
    "of %s: order 2 from K to 3K on midpoint, spectral on gauss-legendre",
    (name) => {
      const exact = profit(specs[name], 60, "gauss-legendre");
      expect(Math.abs(profit(specs[name], 20, "gauss-legendre") / exact - 1)).toBeLessThan(1e-12);
      const [coarse, fine] = [30, 90].map((nodes) =>
        Math.abs(profit(specs[name], nodes, "midpoint") - exact),
      );
      expect(fine).toBeGreaterThan(0);
      expect(coarse / fine).toBeCloseTo(9, 0);
    },
  );
});
