import fc from "fast-check";
import { expect, test } from "vitest";
import { observedRate } from "../../src/contraction/observed.js";

test("a geometric history has its rate, whatever came before and however far it sinks into rounding", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.integer({ min: 8, max: 200 }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      (rate, steps, scale) => {
        const history = Array.from({ length: steps }, (_, k) => scale * rate ** k + 1e-16 * (k % 2));
        const above = history.filter((r) => r > 1e-13 * Math.max(1, scale)).length;
        fc.pre(above > 8);
        expect(observedRate(history)).toBeCloseTo(rate, 2);
      },
    ),
  );
});

test("an iteration that grows has a rate above 1", () => {
  expect(observedRate(Array.from({ length: 20 }, (_, k) => 1.1 ** k))).toBeCloseTo(1.1, 10);
});

test("too short a history says nothing", () => {
  expect(observedRate([])).toBeNull();
  expect(observedRate([0.5, 0.25, 0.125])).toBeNull();
  expect(observedRate([1, 0.1, 0, 0, 0, 0, 0, 0])).toBeNull();
  expect(observedRate([Number.NaN, 1, 1, 1, 1, 1, 1])).toBeNull();
});
