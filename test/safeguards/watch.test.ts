import { expect, test } from "vitest";
import { Watch } from "../../src/solvers/parts/watch.js";
import { Winding } from "../../src/solvers/parts/winding.js";
import { ORDINARY } from "./fakes.js";

type Point = readonly [number, number];

/** The first verdict within so many steps at λ = 1, where patience lasts 200, or null. */
function verdict(steps: number, probe: (k: number) => Point, residual: (k: number) => number = () => 0.1) {
  const watch = new Watch(1);
  for (let k = 0; k < steps; k++) {
    const complementarity = residual(k);
    const said = watch.observe({ ...ORDINARY, probe: probe(k), complementarity });
    if (said !== null) return said;
  }
  return null;
}

const circle =
  (period: number) =>
  (k: number): Point => [Math.cos((2 * Math.PI * k) / period), Math.sin((2 * Math.PI * k) / period)];

test("an orbit that takes longer than patience is waited for, and is a cycle", () => {
  expect(verdict(2000, circle(250))).toBe("cycling");
});

test("what has turned a little and then rests has stalled", () => {
  expect(verdict(2000, (k) => circle(100)(Math.min(k, 70)))).toBe("stalled");
});

test("prices that turn while the residual falls noticeably with every step do not cycle", () => {
  expect(verdict(1000, circle(40), (k) => 0.99 ** k)).toBe(null);
});

test("a residual that falls by rounding makes no progress", () => {
  expect(
    verdict(
      5000,
      () => [0.1, 0.2],
      (k) => 0.1 * (1 - 1e-9 * k),
    ),
  ).toBe("stalled");
});

test("creeping by rounding goes nowhere", () => {
  expect(verdict(5000, (k) => [0.5 + 1e-13 * k, 0.5])).toBe("stalled");
});

test("zigzag is no winding, however often it turns", () => {
  const winding = new Winding();
  // To the left by 100°, to the right by 100°, and so on.
  let [x, y, direction] = [0, 0, 0];
  for (let k = 0; k < 2000; k++) {
    direction += ((k % 2 === 0 ? 1 : -1) * 100 * Math.PI) / 180;
    [x, y] = [x + 0.01 * Math.cos(direction), y + 0.01 * Math.sin(direction)];
    winding.observe([x, y]);
  }
  expect(winding.cycling).toBe(false);
});
