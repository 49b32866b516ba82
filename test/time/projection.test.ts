import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGrid, type Grid } from "../../src/time/grid.js";
import { integrate, projectCells, prolong } from "../../src/time/projection.js";

const midpoint = (nodes: number) => createGrid({ horizon: 2, nodes });
const gauss = (nodes: number) => createGrid({ horizon: 2, nodes, rule: "gauss-legendre" });
const row = (grid: Grid, f: (t: number) => number) => grid.t.map(f);

describe("projectCells", () => {
  it("is the L² projection: what it leaves is orthogonal to every function constant on the new cells", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (values, nodes) => {
          const projected = projectCells(values, nodes);
          // On the common refinement both are constant on cells.
          const fine = values.length * nodes;
          for (let i = 0; i < nodes; i++) {
            let rest = 0;
            for (let k = i * values.length; k < (i + 1) * values.length; k++) {
              rest += values[Math.floor((k * values.length) / fine)] - projected[i];
            }
            expect(Math.abs(rest)).toBeLessThan(1e-10);
          }
        },
      ),
    );
  });

  it("is the identity on the same cells and undone by refinement", () => {
    const values = [3, -1, 4, 1, -5];
    expect(Array.from(projectCells(values, 5))).toEqual(values);
    expect(Array.from(projectCells(projectCells(values, 15), 5))).toEqual(values);
  });

  it("takes large numbers of cells", () => {
    const projected = projectCells(new Float64Array(100_003).fill(0.1), 99_991);
    expect(projected.every((value) => Math.abs(value - 0.1) < 1e-15)).toBe(true);
  });
});

describe("prolong", () => {
  it("copies where nodes coincide", () => {
    const values = Float64Array.of(1, 2, -Infinity, 4);
    const copy = prolong(values, 2, midpoint(2), midpoint(2));
    expect(copy).toEqual(values);
    expect(copy).not.toBe(values);
  });

  it("keeps the values at nodes that K and 3K have in common", () => {
    const coarse = row(midpoint(7), Math.sin);
    const fine = prolong(coarse, 1, midpoint(7), midpoint(21));
    for (let n = 0; n < 7; n++) expect(fine[3 * n + 1]).toBeCloseTo(coarse[n], 14);
  });

  it("is exact for linear functions between the end nodes and constant beyond", () => {
    const line = (t: number) => 3 * t - 1;
    for (const to of [midpoint(8), midpoint(31), gauss(13)]) {
      const fine = prolong(row(midpoint(4), line), 1, midpoint(4), to);
      to.t.forEach((t, n) => {
        expect(fine[n]).toBeCloseTo(line(Math.min(1.75, Math.max(0.25, t))), 13);
      });
    }
  });

  it("is exact for polynomials of degree N − 1 from gauss-legendre, to any grid", () => {
    const cubic = (t: number) => t ** 3 - 2 * t + 0.5;
    for (const to of [gauss(9), gauss(4), gauss(3), midpoint(10), midpoint(1)]) {
      const fine = prolong(row(gauss(4), cubic), 1, gauss(4), to);
      to.t.forEach((t, n) => {
        expect(fine[n]).toBeCloseTo(cubic(t), 13);
      });
    }
  });

  it("converges spectrally from gauss-legendre, also to nodes that coincide with old ones", () => {
    const f = (t: number) => Math.sin(5 * t);
    // Odd rules share the middle node.
    const fine = prolong(row(gauss(25), f), 1, gauss(25), gauss(51));
    fine.forEach((value, n) => {
      expect(value).toBeCloseTo(f(gauss(51).t[n]), 12);
    });
  });

  it("falls back to linear interpolation from many gauss-legendre nodes", () => {
    const fine = prolong(row(gauss(65), Math.abs), 1, gauss(65), midpoint(40));
    fine.forEach((value, n) => {
      expect(value).toBeCloseTo(midpoint(40).t[n], 2);
    });
  });

  it("keeps free commodities free nearby, the others finite, and never makes NaN", () => {
    const free = Float64Array.of(0, -Infinity, -Infinity, 3, 1, 1, 1, 1);
    const fine = prolong(free, 2, midpoint(4), midpoint(12));
    const third = -Infinity;
    expect(Array.from(fine.slice(0, 12))).toEqual([
      0,
      0,
      0,
      third,
      third,
      third,
      third,
      third,
      third,
      3,
      3,
      3,
    ]);
    expect(Array.from(fine.slice(12))).toEqual(new Array(12).fill(1));
    expect(Array.from(prolong(free, 2, midpoint(4), midpoint(8))).some(Number.isNaN)).toBe(false);
    for (const to of [gauss(9), midpoint(5)]) {
      const spectral = prolong(free, 2, gauss(4), to);
      expect(spectral.some(Number.isNaN)).toBe(false);
      expect(spectral.subarray(0, to.nodes).some((value) => value === -Infinity)).toBe(true);
      expect(Math.max(...spectral.subarray(to.nodes).map((value) => Math.abs(value - 1)))).toBeLessThan(
        1e-13,
      );
    }
  });

  it("is finite half way between a finite value and an infinite one", () => {
    expect(prolong(Float64Array.of(3, -Infinity), 1, midpoint(2), midpoint(1))[0]).toBe(3);
    expect(prolong(Float64Array.of(-Infinity, 3), 1, midpoint(2), midpoint(1))[0]).toBe(3);
  });

  it("takes a static solution anywhere", () => {
    expect(Array.from(prolong(Float64Array.of(2, -Infinity), 2, midpoint(1), gauss(2)))).toEqual([
      2,
      2,
      -Infinity,
      -Infinity,
    ]);
    expect(Array.from(prolong(Float64Array.of(2), 1, gauss(1), midpoint(3)))).toEqual([2, 2, 2]);
  });

  it("refuses rows that do not fit", () => {
    expect(() => prolong(new Float64Array(5), 2, midpoint(3), midpoint(6))).toThrow(
      "5 values for 2 rows of 3 nodes",
    );
  });
});

describe("integrate", () => {
  it("is exact for the functions its rule is exact for", () => {
    expect(
      integrate(
        row(midpoint(5), (t) => 1 + t),
        midpoint(5),
      ),
    ).toBeCloseTo(4, 14);
    expect(
      integrate(
        row(gauss(3), (t) => t ** 5),
        gauss(3),
      ),
    ).toBeCloseTo(64 / 6, 13);
  });
});
