import { expect, test } from "vitest";
import { shown, shownFactor } from "../../src/core/shown.js";

test.each([
  [0, "0"],
  [2, "2"],
  [1 / 3, "0.3333"],
  [1.0005, "1.0005"],
  [0.99995, "0.99995"],
  [1234.5, "1234.5"],
  [1 + 2 ** -52, "1.0000000000000002"],
  [-0.123456, "-0.1235"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
])("shown(%s): what is not whole does not read as whole", (x, text) => expect(shown(x)).toBe(text));

test.each([
  [0.75, "0.75"],
  [0.99, "0.99"],
  [1 - 5e-5, "1 − 5e-5"],
  [1 - 2.5e-9, "1 − 2.5e-9"],
  [1, "1"],
  [1.0005, "1.0005"],
])("shownFactor(%s)", (x, text) => expect(shownFactor(x)).toBe(text));
