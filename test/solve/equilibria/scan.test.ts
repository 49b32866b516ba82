import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Scalar, scan } from "../../../src/solve/equilibria/scan.js";

const points = (count: number, range = 10) =>
  Array.from({ length: count }, (_, k) => -range + (2 * range * (k + 0.123)) / count);

const options = { points: points(40), finest: 1e-8, noise: 1e-15, most: 20_000 };
const known =
  (g: (s: number) => number): Scalar =>
  async (s) =>
    g(s);

describe("zeros of a function of one variable", () => {
  test("any number, anywhere, however close to each other down to 1e-4", async () => {
    const zeros = fc
      .array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 7 })
      .map((xs) => [...xs].sort((a, b) => a - b))
      .filter((xs) => xs.every((x, i) => i === 0 || x - xs[i - 1] > 1e-4));
    await fc.assert(
      fc.asyncProperty(zeros, async (wanted) => {
        // tanh: as in an economy, g is of order 1 and bends where its zeros are.
        const found = await scan(
          known((s) => wanted.reduce((product, x) => product * Math.tanh(s - x), 1)),
          options,
        );
        expect(found.complete).toBe(true);
        expect(found.zeros).toHaveLength(wanted.length);
        for (const [k, zero] of found.zeros.entries()) expect(Math.abs(zero - wanted[k])).toBeLessThan(1e-7);
      }),
      { numRuns: 60 },
    );
  });

  test.each([1e-2, 1e-4, 1e-6])("a pair %s apart, on one side of 0 all around it", async (distance) => {
    const { zeros } = await scan(
      known((s) => (s - 1) ** 2 - (distance / 2) ** 2),
      options,
    );
    expect(zeros).toHaveLength(2);
    expect(Math.abs(zeros[1] - zeros[0] - distance)).toBeLessThan(1e-3 * distance);
  });

  test.each([1e-2, 1e-4])("three, %s apart, between ends of opposite signs", async (distance) => {
    const wanted = [1 - distance, 1, 1 + distance];
    const { zeros } = await scan(
      known((s) => wanted.reduce((product, x) => product * Math.tanh(s - x), 1)),
      options,
    );
    expect(zeros).toHaveLength(3);
    for (const [k, zero] of zeros.entries()) expect(Math.abs(zero - wanted[k])).toBeLessThan(1e-7);
  });

  test("a double zero is seen; a near miss is none", async () => {
    const touching = await scan(
      known((s) => (s - 1) ** 2),
      options,
    );
    expect(touching.zeros.length).toBeGreaterThan(0);
    for (const zero of touching.zeros) expect(Math.abs(zero - 1)).toBeLessThan(1e-6);
    const missing = await scan(
      known((s) => (s - 1) ** 2 + 1e-10),
      options,
    );
    expect(missing.zeros).toEqual([]);
  });

  test("few evaluations where there is nothing to see", async () => {
    let evaluations = 0;
    const count: Scalar = async (s) => {
      evaluations++;
      return s + 20;
    };
    expect((await scan(count, options)).zeros).toEqual([]);
    expect(evaluations).toBe(2 * options.points.length - 1);
  });

  test("says where the function is not known, and when evaluations run out", async () => {
    const gap = await scan(
      known((s) => (Math.abs(s) < 1 ? Number.NaN : s - 3)),
      options,
    );
    expect(gap.complete).toBe(false);
    expect(gap.zeros).toHaveLength(1);
    expect(gap.zeros[0]).toBeCloseTo(3, 7);
    const spent = await scan(
      known((s) => Math.sin(200 * s)),
      { ...options, most: 100 },
    );
    expect(spent.complete).toBe(false);
  });

  test("a stretch of zeros gives some, not endlessly many", async () => {
    const { zeros } = await scan(
      known((s) => (Math.abs(s) < 2 ? 0 : s)),
      options,
    );
    expect(zeros.length).toBeGreaterThan(0);
    expect(zeros.length).toBeLessThan(200);
  });
});
