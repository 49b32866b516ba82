import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Curves, Draw } from "../../../src/io/generate/draw.js";
import { layeredGraph } from "../../../src/io/generate/layers.js";
import { createGrid } from "../../../src/time/grid.js";

describe("the layered graph", () => {
  const sizes = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.integer({ min: 1, max: 6 }), fc.nat())
    .map(([agents, layers, outDegree, seed]) => ({ agents, layers: 1 + (layers % agents), outDegree, seed }));

  test("every agent is reached, edges go one layer on, and successors are as many as asked or as there are", () => {
    fc.assert(
      fc.property(sizes, ({ agents, layers, outDegree, seed }) => {
        const { layer, entry, from, to } = layeredGraph(agents, layers, outDegree, new Draw(seed));
        const reached = new Set(entry);
        const successors = Array.from({ length: agents }, () => new Set<number>());
        from.forEach((agent, e) => {
          expect(layer[to[e]]).toBe(layer[agent] + 1);
          expect(successors[agent].has(to[e])).toBe(false);
          successors[agent].add(to[e]);
        });
        for (const agent of reached) for (const next of successors[agent]) reached.add(next);
        expect(reached.size).toBe(agents);
        const sizes = Array.from({ length: layers }, (_, l) => layer.filter((x) => x === l).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        successors.forEach(({ size }, agent) => {
          const following = sizes[layer[agent] + 1] ?? 0;
          expect(size).toBeGreaterThanOrEqual(Math.min(outDegree, following));
          const forced = Math.ceil(following / sizes[layer[agent]]);
          expect(size).toBeLessThanOrEqual(Math.max(Math.min(outDegree, following), forced));
        });
      }),
    );
  });
});

describe("draws", () => {
  test("stay in their range, and fill it", () => {
    const draw = new Draw(3);
    const values = Array.from({ length: 4000 }, () => draw.logarithmic(0.1, 8));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...values)).toBeLessThanOrEqual(8);
    // Seven octaves, the last one cut short.
    for (let k = 0; k < 7; k++) {
      const inOctave = values.filter((x) => x >= 0.1 * 2 ** k && x < 0.2 * 2 ** k).length;
      expect(inOctave / values.length).toBeCloseTo(1 / 7, 1);
    }
    const counts = [0, 0, 0];
    for (let k = 0; k < 3000; k++) counts[draw.index(3)]++;
    for (const count of counts) expect(count / 3000).toBeCloseTo(1 / 3, 1);
  });

  test("a permutation has everything once, and every order comes up", () => {
    const draw = new Draw(4);
    const orders = new Set<string>();
    for (let k = 0; k < 200; k++) orders.add([...draw.permutation(3)].join());
    expect(orders.size).toBe(6);
    expect([...draw.permutation(50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, k) => k));
  });
});

describe("curves", () => {
  const N = 960;
  const curve = (seed: number) => {
    const out = new Float64Array(N);
    new Curves(new Draw(seed), createGrid({ horizon: 24, nodes: N })).fill(out, 0.5, 2);
    return out;
  };

  test("stay between their bounds, move, and are smooth, also across the end of the day", () => {
    for (let seed = 0; seed < 20; seed++) {
      const values = curve(seed);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0.5);
      expect(Math.max(...values)).toBeLessThanOrEqual(2);
      expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.05);
      // Second differences of a cubic spline with control values in a range of 1.5: at most (6/N)²·4·1.5, and rounding.
      for (let n = 0; n < N; n++) {
        const [a, b, c] = [values[n], values[(n + 1) % N], values[(n + 2) % N]];
        expect(Math.abs(a - 2 * b + c)).toBeLessThan((6 / N) ** 2 * 6 + 4e-6);
      }
    }
  });

  test("through equal control values: that value; through one that differs: more where it stands", () => {
    const curves = new Curves(new Draw(0), createGrid({ horizon: 24, nodes: 24 }));
    const out = new Float64Array(24);
    curves.through([0.7, 0.7, 0.7, 0.7, 0.7, 0.7], out);
    expect(out).toEqual(new Float64Array(24).fill(0.7));
    curves.through([0, 0, 0, 1, 0, 0], out);
    expect(Math.min(...out)).toBe(0);
    // The uniform cubic B-spline is 2/3 at its knot, which lies two cells of four hours after the first of its four.
    expect(Math.max(...out)).toBeGreaterThan(0.6);
    expect(Math.max(...out)).toBeLessThanOrEqual(0.666667);
  });
});
