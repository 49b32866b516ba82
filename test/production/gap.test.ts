import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { createGrid } from "../../src/time/grid.js";
import { hullData } from "./definition.js";
import { build, KINDS, largest, pricesFor, type Sample, samples, supplyAt, value } from "./random-sets.js";

/** The member that is best at p without smoothing's disposal, for hulls, whose gap credits any disposal along g. */
function boundaryPoint(sample: Sample, p: Float64Array): Float64Array {
  if (sample.kind !== "hull") return supplyAt(sample, p);
  const { members } = hullData(sample);
  return members.reduce((best, y) => (value(sample, p, y) > value(sample, p, best) ? y : best));
}

describe.each(KINDS)("gap of %s", (kind) => {
  it("sees a change of 1e-6 outwards in the direction of prices", () => {
    const withPrices = samples(kind).chain((sample) => fc.tuple(fc.constant(sample), pricesFor(sample)));
    fc.assert(
      fc.property(withPrices, ([sample, p]) => {
        const y = boundaryPoint(sample, p);
        const size = largest(y);
        const outside = y.map((v, k) => v + (1e-6 * size * p[k]) / largest(p));
        const gap = sample.set.gap(outside);
        // ⟨p, y'⟩ > h(p) proves that y' is outside, by this much relative to all turnover.
        expect(gap).toBeGreaterThan(1e-10);
      }),
    );
  });
});

describe("gap of an ellipsoid", () => {
  const grid = createGrid({ horizon: 2, nodes: 4 });
  const ball = build({ set: "ellipsoid", center: { a: 1, b: 5 }, radius: { a: 0.5 } }, grid).set;
  const at = (a: number[], b: number[]) => ball.gap(Float64Array.of(...a, ...b));

  it("is the excess of the root-mean-square deviation, in units of the radius", () => {
    expect(at([1, 1, 1, 1], [5, 5, 5, 5])).toBe(0);
    expect(at([1.5, 0.5, 1.5, 0.5], [5, 5, 5, 5])).toBe(0);
    expect(at([2, 1, 1, 1], [5, 5, 5, 5])).toBe(0);
    expect(at([3, 1, 1, 1], [5, 5, 5, 5])).toBeCloseTo(1, 14);
  });

  it("allows no deviation in a metric without radius, and measures it against that metric", () => {
    expect(at([1, 1, 1, 1], [5, 5, 5, 5 + 1e-6])).toBeCloseTo(2e-7, 13);
    expect(at([1, 1, 1, 1], [5, 5, 5, 5 * (1 + 1e-15)])).toBeLessThan(1e-14);
    const point = build({ set: "ellipsoid", center: { a: 0, b: 3 } }, grid).set;
    expect(point.gap(Float64Array.of(0, 0, 0, 1e-9, 3, 3, 3, 3))).toBe(1);
  });

  it("does not take rounding of a large center for a deviation", () => {
    const set = build({ set: "ellipsoid", center: { a: 1e9 }, radius: { a: 1e-6 } }, grid);
    for (const last of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(set.set.gap(supplyAt(set, Float64Array.of(1, 2, 3, last)))).toBe(0);
    }
    expect(set.set.gap(Float64Array.of(1e9, 1e9, 1e9, 1e9 + 1e-5))).toBeGreaterThan(1);
  });

  it("finds the witness among modes of very different size, beside a radius on part of the metrics", () => {
    const fine = createGrid({ horizon: 24, nodes: 96 });
    const draw = uniformSource(3);
    const noise = (size: number) => Array.from({ length: 96 }, () => size * (2 * draw() - 1));
    const modes = [1, 0.3, 1e-2, 1e-4, 1e-6, 1e-9].map((size) => ({
      a: noise(size),
      b: noise(1),
      c: noise(size),
    }));
    const radii: Record<string, number>[] = [{}, { a: 0.1 }, { a: 1e-7, b: 2 }];
    for (const radius of radii) {
      for (const smoothing of [0, 0.02]) {
        const sample = build(
          { set: "ellipsoid", center: { a: 2, b: 10, c: 3 }, radius, modes, smoothing },
          fine,
        );
        const p = Float64Array.from({ length: 3 * 96 }, () => 10 ** (2 * draw() - 1));
        const y = supplyAt(sample, p);
        expect(sample.set.gap(y)).toBeLessThan(1e-11);
        expect(sample.set.gap(y.map((v, k) => v + 1e-6 * Math.sign(p[k])))).toBeGreaterThan(1e-9);
        y[200] *= 1 + 1e-6;
        expect(sample.set.gap(y)).toBeGreaterThan(1e-9);
      }
    }
  });

  it("takes modes that depend on each other, or are 0", () => {
    const modes = [{ a: 1 }, { a: 2 }, { a: 0 }];
    const sample = build({ set: "ellipsoid", center: { a: 3 }, modes, smoothing: 0 });
    expect(sample.set.gap(Float64Array.of(3 + Math.sqrt(5)))).toBeLessThan(1e-15);
    expect(sample.set.gap(Float64Array.of(3.1 + Math.sqrt(5)))).toBeCloseTo(0.1 / (3 + Math.sqrt(5)), 12);
    const still = build({ set: "ellipsoid", center: { a: 3 }, modes: [{ a: 0 }], smoothing: 0 }).set;
    expect(still.gap(Float64Array.of(3))).toBe(0);
    expect(still.gap(Float64Array.of(3.3))).toBeCloseTo(0.1, 14);
  });
});

describe("gap of a hull", () => {
  it("is the distance from a segment, a triangle and its edges", () => {
    const triangle = build({
      set: "hull",
      trajectories: [{ a: 0, b: 0 }, { a: 2 }, { b: 2 }],
      smoothing: 0,
    }).set;
    const gap = (a: number, b: number) => triangle.gap(Float64Array.of(a, b));
    expect(gap(0.5, 0.5)).toBeLessThan(1e-15);
    expect(gap(1, 1)).toBeLessThan(1e-15);
    expect(gap(-1, 1)).toBeCloseTo(0.5, 14);
    expect(gap(1.1, 1.1)).toBeCloseTo(0.05, 14);
    expect(gap(1 + 1e-6, 1 + 1e-6)).toBeCloseTo(5e-7, 13);
    expect(gap(4, -1)).toBeCloseTo(1, 14);
  });

  it("credits disposal along the reference bundle, and only there, and only when smoothed", () => {
    const trajectories = [
      { a: 2, b: 1 },
      { a: 1, b: 2 },
    ];
    const hull = (smoothing: number) =>
      build({ set: "hull", trajectories, smoothing, reference: { a: 1, b: 1 } }).set;
    const below = Float64Array.of(1.2, 1.2);
    expect(hull(0.1).gap(below)).toBeLessThan(1e-15);
    expect(hull(0).gap(below)).toBeCloseTo(0.15, 14);
    expect(hull(0.1).gap(Float64Array.of(1, 1.5))).toBeLessThan(1e-15);
    expect(hull(0.1).gap(Float64Array.of(0.5, 1.8))).toBeGreaterThan(0.05);
  });

  it("knows its supplies among many trajectories, few dimensions, copies and near copies", () => {
    const draw = uniformSource(11);
    const cases = [
      { count: 30, nodes: 48 },
      { count: 40, nodes: 2 },
      { count: 12, nodes: 1 },
      { count: 1, nodes: 5 },
    ];
    for (const { count, nodes } of cases) {
      const grid = createGrid({ nodes });
      const series = () => Array.from({ length: nodes }, () => 4 * draw() - 2);
      const trajectories = Array.from({ length: count }, () => ({ a: series(), b: series() }));
      trajectories.push(
        { ...trajectories[0] },
        { ...trajectories[0], a: trajectories[0].a.map((v) => v + 1e-9) },
      );
      for (const smoothing of [0, 1e-3, 0.02, 1]) {
        const sample = build({ set: "hull", trajectories, smoothing }, grid);
        const p = Float64Array.from({ length: 2 * nodes }, () => 10 ** (2 * draw() - 1));
        expect(sample.set.gap(supplyAt(sample, p))).toBeLessThan(1e-11);
        const best = boundaryPoint({ ...sample, kind: "hull" }, p);
        expect(sample.set.gap(best)).toBeLessThan(1e-11);
        expect(sample.set.gap(best.map((v, k) => v + 1e-6 * p[k]))).toBeGreaterThan(1e-8);
      }
    }
  });

  it("measures a metric that no trajectory touches against what can be disposed of", () => {
    const sample = build({
      set: "hull",
      trajectories: [{ a: 2, b: 0 }, { a: 1 }],
      reference: { a: 1, b: 2 },
    });
    expect(sample.set.gap(supplyAt(sample, Float64Array.of(1, 0.001)))).toBeLessThan(1e-14);
  });
});

describe("gap of a frontier", () => {
  const grid = createGrid({ nodes: 2 });
  const factory = build(
    { set: "frontier", outputs: { a: 1, b: 1 }, transformation: 1, inputs: { g: 1 }, scale: [1, 2] },
    grid,
  ).set;
  const gap = (...y: number[]) => factory.gap(Float64Array.of(...y));

  it("is the worst excess of output over what the inputs yield", () => {
    // √(a² + b²) ≤ φ √g.
    expect(gap(3, 6, 4, 8, -25, -25)).toBeLessThan(1e-15);
    expect(gap(3, 6, 4, 8, -25, -36)).toBeLessThan(1e-15);
    expect(gap(3, 6, 4, 8, -25, -16)).toBeCloseTo(1 - 8 / 10, 14);
    expect(gap(3, 6, 4, 8, 0, -25)).toBe(1);
    expect(gap(0, 0, 0, 0, 0, 0)).toBe(0);
    expect(gap(3, 1e-20, 4, 0, -25, 0)).toBeLessThan(1e-8);
  });

  it("refuses outputs used up and inputs made", () => {
    expect(gap(-3, 1, 0, 0, -25, -25)).toBe(1);
    expect(gap(1, 1, 1, 1, -4, 1)).toBeGreaterThan(0.2);
  });

  it("takes proportions at τ = 0 and σ = 0, and normalised weights at σ = 1", () => {
    const fixed = build({
      set: "frontier",
      outputs: { a: 2, b: 1 },
      inputs: { g: 1, h: 3 },
      substitution: 0,
    }).set;
    expect(fixed.gap(Float64Array.of(2, 1, -1, -3))).toBeLessThan(1e-15);
    expect(fixed.gap(Float64Array.of(2, 1, -1, -2.9))).toBeGreaterThan(0.01);
    expect(fixed.gap(Float64Array.of(2.1, 0.5, -1, -3))).toBeGreaterThan(0.01);
    const cobb = build({ set: "frontier", outputs: { a: 1 }, inputs: { g: 3, h: 1 } });
    expect(cobb.set.gap(supplyAt(cobb, Float64Array.of(2, 1, 5)))).toBeLessThan(1e-14);
  });

  it("allows nothing of a metric that has weight 0", () => {
    const set = build({ set: "frontier", outputs: { a: 1, b: 0 } }).set;
    expect(set.gap(Float64Array.of(1, 0))).toBe(0);
    expect(set.gap(Float64Array.of(0.5, 1e-9))).toBe(1);
  });
});
