import { expect, it } from "vitest";
import { hostArray } from "../../src/time/host-array.js";

it("hostArray views its data in row-major order", () => {
  const data = Float64Array.of(1, 2, 3, 4, 5, 6);
  const array = hostArray(data, [2, 3]);
  expect(array.shape).toEqual([2, 3]);
  expect(array.get(1, 0)).toBe(4);
  array.set(0, 2, 9);
  expect(data[2]).toBe(9);
  expect(() => hostArray(data, [2, 2])).toThrow("6 values do not fill shape [2, 2]");
});
