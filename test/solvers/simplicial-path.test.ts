import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { heldUp, labelOf, logShares, lowered } from "../../src/solvers/parts/labels.js";
import {
  beginLevel,
  followLevel,
  type Level,
  logPricesAt,
  nextLevel,
  type Turn,
  wantedPoint,
} from "../../src/solvers/parts/simplicial-level.js";
import { type Complete, inverseMap } from "../../src/solvers/parts/simplicial-path.js";
import { exhausted, NO_PROGRESS, progressAfter } from "../../src/solvers/parts/simplicial-progress.js";
import { across, type Simplex, vertexOf } from "../../src/solvers/parts/triangulation.js";

const seeds = fc.integer({ min: 0, max: 1e6 });
const vertices = (simplex: Simplex): number[][] =>
  Array.from({ length: simplex.order.length + 1 }, (_, i) => vertexOf(simplex, i));
const key = (simplex: Simplex): string =>
  vertices(simplex)
    .map((y) => y.join(","))
    .sort()
    .join(" ");
const largestGap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, k) => Math.abs(x - b[k])));

/** A t-simplex of the cone of a random T ≠ {1 … n}. */
function randomSimplex(seed: number, n: number): Simplex {
  const uniform = uniformSource(seed);
  const shuffled = Array.from({ length: n }, (_, j) => ({ j, at: uniform() })).sort((a, b) => a.at - b.at);
  const order = shuffled.slice(0, 1 + Math.floor(uniform() * (n - 1))).map(({ j }) => j);
  const base = Array.from({ length: n }, (_, j) => (order.includes(j) ? Math.floor(3 * uniform()) : 0));
  return { base, order };
}

describe("the triangulation", () => {
  test("a facet is shared by two simplices of its cone, or lies in the boundary", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 7 }), (seed, n) => {
        const simplex = randomSimplex(seed, n);
        const off = Array.from({ length: n }, (_, j) => j).filter((j) => !simplex.order.includes(j));
        vertices(simplex).forEach((y, i) => {
          const facet = vertices(simplex).filter((_, k) => k !== i);
          const beyond = across(simplex, i);
          if (beyond === null) {
            // In the boundary: the whole facet has a coordinate 0 that the cone does not force to be.
            expect(simplex.order.some((j) => facet.every((v) => v[j] === 0))).toBe(true);
            return;
          }
          const others = vertices(beyond.simplex).filter((_, k) => k !== beyond.fresh);
          expect(others).toEqual(facet);
          const fresh = vertexOf(beyond.simplex, beyond.fresh);
          expect(fresh).not.toEqual(y);
          expect(fresh.every((x, j) => (off.includes(j) ? x === 0 : x >= 0))).toBe(true);
          expect(across(beyond.simplex, beyond.fresh)).toEqual({ simplex, fresh: i });
        });
      }),
      { numRuns: 300 },
    );
  });

  test("the simplices of all cones cover the log prices once", () => {
    // A point with least coordinate 0 lies in the cone of its other coordinates, in the simplex that sorts its fractional parts.
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 6 }), (seed, n) => {
        const uniform = uniformSource(seed);
        const drawn = Array.from({ length: n }, () => 4 * uniform());
        const point = drawn.map((x) => x - Math.min(...drawn));
        const order = Array.from({ length: n }, (_, j) => j)
          .filter((j) => point[j] > 0)
          .sort((a, b) => (point[b] % 1) - (point[a] % 1));
        const simplex = { base: point.map(Math.floor), order };
        const parts = [1, ...order.map((j) => point[j] % 1), 0];
        const weights = parts.slice(0, n).map((x, i) => x - parts[i + 1]);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        const sum = point.map((_, h) => vertices(simplex).reduce((s, y, i) => s + weights[i] * y[h], 0));
        expect(largestGap(sum, point)).toBeLessThan(1e-12);
      }),
    );
  });
});

type Field = (q: readonly number[]) => number[];

/** Random fields of log prices up to a constant, inward far out: rotating, with several zeros, or with ties everywhere. */
function randomField(seed: number, n: number, kind: "smooth" | "rotating" | "tied" | "kinked"): Field {
  const uniform = uniformSource(seed);
  const draw = (): number => 2 * uniform() - 1;
  const A = Array.from({ length: n }, () => Array.from({ length: n }, draw));
  const c = Array.from({ length: n }, draw);
  return (q) => {
    const mean = q.reduce((sum, x) => sum + x, 0) / n;
    const x = q.map((value) => value - mean);
    const mixed = A.map((row) => row.reduce((sum, a, k) => sum + a * x[k], 0));
    switch (kind) {
      case "smooth":
        return x.map((value, k) => c[k] - value + 3 * Math.sin(mixed[k]));
      case "rotating":
        return x.map((value, k) => c[k] - 0.1 * value + 2 * Math.tanh(x[(k + 1) % n] - x[(k + n - 1) % n]));
      case "tied":
        return x.map((value) => -Math.round(value));
      case "kinked":
        return x.map((value, k) => Math.max(c[k] - value, -0.3) + Math.sign(mixed[k]));
    }
  };
}

interface Followed {
  readonly level: Level;
  readonly visited: readonly string[];
}

/** Follows one level of a field to its turn, or as far as any path of these fields should go. */
function follow(field: Field, start: readonly number[], mesh: number, reach = Infinity): Followed {
  let level = beginLevel(start, field(start), mesh);
  const visited: string[] = [];
  while (level.turn === null && visited.length < 10_000) {
    visited.push(key(level.path.simplex));
    level = followLevel(level, field(logPricesAt(level, wantedPoint(level))), reach);
  }
  return { level, visited };
}

describe("a path", () => {
  const kinds = fc.constantFrom("smooth" as const, "rotating" as const, "tied" as const, "kinked" as const);

  test("ends in a simplex whose labels are completed, and passes none twice", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 7 }), kinds, (seed, n, kind) => {
        const field = randomField(seed, n, kind);
        const start = Array.from({ length: n }, (_, k) => Math.sin(seed + 3 * k));
        const { level, visited } = follow(field, start, 0.5);
        expect(new Set(visited).size).toBe(visited.length);
        const turn = level.turn as Turn;
        expect(turn.why).toBe("complete");
        const { simplex, weights, point } = turn.simplex as Complete;
        expect(simplex.order.length).toBe(n - 1);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(weights.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 9);
        // The labels once more, from the field, and their combination: equal in all entries.
        const labels = vertices(simplex).map((y) => field(start.map((s, k) => s + 0.5 * y[k])));
        const mixed = point.map((_, h) => labels.reduce((sum, F, i) => sum + weights[i] * F[h], 0));
        expect(Math.max(...mixed) - Math.min(...mixed)).toBeLessThan(1e-7);
        const combined = point.map((_, h) => vertices(simplex).reduce((s, y, i) => s + weights[i] * y[h], 0));
        expect(largestGap(combined, point)).toBeLessThan(1e-9);
      }),
      { numRuns: 300 },
    );
  });

  test("in a linear field finds its zero from anywhere, and the simplex's map is the field's", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 7 }), (seed, n) => {
        const uniform = uniformSource(seed);
        const zero = Array.from({ length: n }, () => 4 * uniform());
        // Diagonally dominant with respect to the constants: gross substitutes.
        const A = Array.from({ length: n }, () => Array.from({ length: n }, () => uniform()));
        const field: Field = (q) =>
          A.map((row, k) => row.reduce((sum, a, l) => sum + a * (q[l] - zero[l] - (q[k] - zero[k])), 0));
        const { level } = follow(
          field,
          zero.map(() => 0),
          0.3,
        );
        const complete = level.turn?.simplex as Complete;
        const found = logPricesAt(level, complete.point);
        const shift = found[0] - zero[0];
        expect(
          largestGap(
            found,
            zero.map((x) => x + shift),
          ),
        ).toBeLessThan(1e-7);
        const N = inverseMap(complete) as number[][];
        const probe = zero.map((x) => x + uniform());
        const F = field(probe);
        const step = N.map((row) => row.reduce((sum, a, k) => sum + a * F[k], 0));
        const reached = probe.map((x, k) => x + 0.3 * step[k] - zero[k]);
        expect(Math.max(...reached) - Math.min(...reached)).toBeLessThan(1e-6);
      }),
      { numRuns: 100 },
    );
  });

  test("that goes beyond its reach turns there, and no earlier", () => {
    const field: Field = (q) => [3 - q[0] + q[1], 0];
    expect(follow(field, [0, 0], 0.1, 31).level.turn?.why).toBe("complete");
    const { turn } = follow(field, [0, 0], 0.1, 20).level;
    expect(turn?.why).toBe("far");
    expect(turn?.point[0]).toBeGreaterThan(20);
    expect(turn?.point[0]).toBeLessThanOrEqual(22);
  });
});

describe("a local level", () => {
  const field: Field = ([x, y]) => [1 - x + y, 0];
  const local = (scale: number): Level =>
    beginLevel([0, 0], field([0, 0]), 0.1, {
      N: [
        [scale, -scale],
        [0, 0],
      ],
      above: 0.5,
    });
  const end = (from: Level): Level => {
    let level = from;
    for (let k = 0; level.turn === null && k < 1000; k++)
      level = followLevel(level, field(logPricesAt(level, wantedPoint(level))), Infinity);
    return level;
  };

  test("goes by the way to where F vanishes", () => {
    const { turn } = end(local(1));
    expect(turn?.why).toBe("complete");
    expect((turn?.point[0] as number) - (turn?.point[1] as number)).toBeCloseTo(10, 6);
  });

  test("that was led astray goes back to its centre, and on by F itself with half the mesh above", () => {
    const astray = end(local(-1));
    expect(astray.turn).toMatchObject({ why: "far", point: [0, 0] });
    const next = nextLevel(astray, [0, 0], field([0, 0]));
    expect(next.local).toBe(null);
    expect(next.mesh).toBe(0.25);
    expect(end(next).turn?.why).toBe("complete");
  });
});

describe("labels", () => {
  test("are excess demand above the floors and the way up to them below", () => {
    const shares = logShares([0, -10, -40]);
    expect(shares.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 12);
    const floors = [-30, -30, -30];
    const f = [0.1, -0.2, -0.5];
    const F = labelOf(f, shares, floors);
    expect(F.slice(0, 2)).toEqual([0.1, -0.2]);
    expect(F[2]).toBeCloseTo(10, 3);
    expect(heldUp(f, shares, floors)).toEqual([false, false, true]);
    // A price below its floor in excess demand is not held up by it.
    expect(heldUp([0, 0, 0.5], shares, floors)).toEqual([false, false, false]);
  });

  test("are finite whatever f is", () => {
    const F = labelOf([Number.NaN, Infinity, -Infinity, 700], [-1, -1, -1, -1], [-30, -30, -30, -30]);
    expect(F.every(Number.isFinite)).toBe(true);
    expect(F[0]).toBe(F[2]);
    expect(F[1]).toBe(F[3]);
  });

  test("have floors that fall by doubling, and end", () => {
    const path = [-30];
    while (lowered(path[path.length - 1]) < path[path.length - 1]) path.push(lowered(path[path.length - 1]));
    expect(path.slice(0, 4)).toEqual([-30, -60, -120, -240]);
    expect(path[path.length - 1]).toBeLessThan(-600);
    expect(path[path.length - 1]).toBeGreaterThan(-700);
  });
});

test("finest levels that find nothing better are idle, also when their labels are equal to the last bit", () => {
  const first = progressAfter(NO_PROGRESS, 1e-7, "complete", 0);
  expect(first.idle).toBe(0);
  const second = progressAfter(first, 1e-7, "complete", 0);
  expect(second.idle).toBe(1);
  expect(exhausted(second)).toBe(null);
  const last = progressAfter(progressAfter(second, 1e-7, "complete", 1e-9), 1e-7, "complete", 0);
  expect(exhausted(last)).toBe("idle");
  expect(progressAfter(second, 1e-3, "complete", 0).idle).toBe(0);
});

test("the reach grows once a journey, so that every refinement comes in time", () => {
  const far = progressAfter(NO_PROGRESS, 1e-3, "far", 1);
  expect(far.reach).toBeGreaterThan(NO_PROGRESS.reach);
  expect(progressAfter(far, 1e-2, "far", 1).reach).toBe(far.reach);
  const arrived = progressAfter(far, 1e-1, "complete", 1);
  expect(progressAfter(arrived, 1e-3, "far", 1).reach).toBeGreaterThan(far.reach);
});
