import { describe, expect, test } from "vitest";
import type { Readout } from "../../src/market/market.js";
import { Watch } from "../../src/solvers/parts/watch.js";
import { Winding } from "../../src/solvers/parts/winding.js";

/** A spiral in the probe's plane: radius factor a turn, steps a turn. */
function spiral(factor: number, period: number, turns: number, radius = 0.1): [number, number][] {
  return Array.from({ length: Math.ceil(turns * period) }, (_, k) => {
    const r = radius * factor ** (k / period);
    const angle = (2 * Math.PI * k) / period;
    return [r * Math.cos(angle), 0.3 * r * Math.sin(angle)];
  });
}

function windingOf(points: readonly (readonly [number, number])[]): Winding {
  const winding = new Winding();
  for (const point of points) winding.observe(point);
  return winding;
}

describe("a cycle is winding that does not shrink", () => {
  test.each([2, 3, 7, 40, 900])("an orbit of %d steps, its period estimated", (period) => {
    const winding = windingOf(spiral(1, period, 12));
    expect(winding.cycling).toBe(true);
    expect(Math.abs((winding.period as number) - period)).toBeLessThanOrEqual(Math.max(1, 0.1 * period));
  });

  test("a spiral outward, however slow, and at whatever amplitude", () => {
    expect(windingOf(spiral(1.07, 290, 8)).cycling).toBe(true);
    expect(windingOf(spiral(1.07, 290, 8, 1e-8)).cycling).toBe(true);
  });

  test.each([3, 40, 900])("not a spiral inward by a twentieth a turn, at %d steps a turn", (period) => {
    expect(windingOf(spiral(0.95, period, 50)).cycling).toBe(false);
  });

  test("not a straight path, not rounding noise, not rest", () => {
    expect(windingOf(Array.from({ length: 5000 }, (_, k) => [k * 1e-3, k * 2e-3] as const)).cycling).toBe(
      false,
    );
    expect(windingOf(spiral(1, 7, 100, 1e-15)).cycling).toBe(false);
    expect(windingOf(Array.from({ length: 5000 }, () => [1, 1] as const)).cycling).toBe(false);
  });
});

describe("verdicts on a solve that gets nowhere", () => {
  const readout = (probe: readonly [number, number], clearing: number, spread = 1): Readout => ({
    level: 0,
    probe,
    clearing,
    complementarity: clearing,
    spread,
    worst: 0,
    oscillation: 1,
    norm: 1,
    potential: null,
    afford: 1,
    poorest: 0,
    affordAll: 1,
    finite: true,
  });
  const verdict = (step: number, count: number, at: (k: number) => Readout): string | null => {
    const watch = new Watch(step);
    for (let k = 0; k < count; k++) {
      const said = watch.observe(at(k));
      if (said !== null) return said;
    }
    return null;
  };

  test("at rest with a residual: stalled; damping only makes it more patient", () => {
    expect(verdict(1, 1000, () => readout([0.1, 0.2], 1e-3))).toBe("stalled");
    expect(verdict(1e-3, 1000, () => readout([0.1, 0.2], 1e-3))).toBe(null);
    expect(verdict(1e-3, 50_000, () => readout([0.1, 0.2], 1e-3))).toBe("stalled");
  });

  test("a drift of tiny steps is no rest, once and for many stretches; when it ends, it is", () => {
    const drift = (k: number) => readout([1e-10 * k, 0], 0.1);
    expect(verdict(1, 5000, drift)).toBe(null);
    expect(verdict(1, 9000, (k) => (k < 5000 ? drift(k) : drift(5000)))).toBe("stalled");
  });

  test("prices that part for ever without winding: diverged", () => {
    expect(verdict(1, 1000, (k) => readout([0.5, 0.5], 0.3, 1 + 0.2 * k))).toBe("diverged");
    expect(verdict(1, 10, () => readout([0.5, 0.5], 0.3, 1000))).toBe("diverged");
  });

  test("a steady improvement, however slow, is no verdict; nor is the way over a hump of the residual", () => {
    expect(verdict(1, 20_000, (k) => readout([1 / (k + 1), 0], 1 / (k + 1)))).toBe(null);
    expect(verdict(1, 2000, (k) => readout([k * 1e-4, 0], 0.1 + 1e-5 * k))).toBe(null);
  });
});
