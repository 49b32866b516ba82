import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { createGrid, type GridOptions, sameNodes } from "../../src/time/grid.js";
import { integrate } from "../../src/time/projection.js";

describe("createGrid", () => {
  it("is static by default", () => {
    expect(createGrid()).toEqual({
      horizon: 1,
      unit: null,
      rule: "midpoint",
      nodes: 1,
      t: Float64Array.of(0.5),
      weights: Float64Array.of(1),
    });
  });

  it("has equal cells with their middles on midpoint", () => {
    const grid = createGrid({ horizon: 24, unit: "h", nodes: 4 });
    expect(grid.unit).toBe("h");
    expect(Array.from(grid.t)).toEqual([3, 9, 15, 21]);
    expect(Array.from(grid.weights)).toEqual([6, 6, 6, 6]);
  });

  it("keeps its nodes when midpoint cells are cut in three", () => {
    const coarse = createGrid({ horizon: 7, nodes: 10 });
    const fine = createGrid({ horizon: 7, nodes: 30 });
    for (let n = 0; n < 10; n++) expect(fine.t[3 * n + 1]).toBeCloseTo(coarse.t[n], 14);
  });

  it("has weights that sum to the horizon and nodes inside it, increasing", () => {
    for (const rule of ["midpoint", "gauss-legendre"] as const) {
      for (const nodes of [1, 2, 9, 96, 1000]) {
        const grid = createGrid({ horizon: 3.7, nodes, rule });
        expect(integrate(new Float64Array(nodes).fill(1), grid)).toBeCloseTo(3.7, 12);
        const points = [0, ...grid.t, 3.7];
        expect(points.every((t, n) => n === 0 || t > points[n - 1])).toBe(true);
      }
    }
  });

  it("integrates to second order on midpoint, spectrally on gauss-legendre", () => {
    const error = (nodes: number, rule: "midpoint" | "gauss-legendre") => {
      const grid = createGrid({ horizon: 2, nodes, rule });
      return Math.abs(integrate(grid.t.map(Math.exp), grid) - (Math.E ** 2 - 1));
    };
    expect(error(30, "midpoint") / error(90, "midpoint")).toBeCloseTo(9, 1);
    expect(error(10, "gauss-legendre")).toBeLessThan(1e-14);
  });

  it("refuses what is no grid, every field at once", () => {
    const options = { horizon: 0, nodes: 2.5, rule: "simpson" } as unknown as GridOptions;
    expect(() => createGrid(options)).toThrow(InputError);
    try {
      createGrid(options);
    } catch (error) {
      expect((error as InputError).problems.map(({ path, found }) => [path, found])).toEqual([
        ["time.horizon", "0"],
        ["time.nodes", "2.5"],
        ["time.rule", "simpson"],
      ]);
    }
    expect(() => createGrid({ horizon: Infinity })).toThrow(InputError);
  });

  it("tells grids with the same nodes", () => {
    const grid = createGrid({ horizon: 2, nodes: 5 });
    expect(sameNodes(grid, createGrid({ horizon: 2, unit: "s", nodes: 5 }))).toBe(true);
    expect(sameNodes(grid, createGrid({ horizon: 2, nodes: 6 }))).toBe(false);
    expect(sameNodes(grid, createGrid({ horizon: 3, nodes: 5 }))).toBe(false);
    expect(sameNodes(grid, createGrid({ horizon: 2, nodes: 5, rule: "gauss-legendre" }))).toBe(false);
  });
});
