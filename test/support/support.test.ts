import { describe, expect, test } from "vitest";
import { isRequired } from "./require.js";
import { formatSkips, formatTable } from "./seconds-reporter.js";

describe("WALRAS_REQUIRE", () => {
  test.each([
    [undefined, false],
    ["", false],
    ["TensorFlow", false],
    ["TensorFlow, browser", true],
    ["all", true],
  ])("%s requires a browser: %s", (value, required) => {
    expect(isRequired("browser", value)).toBe(required);
  });
});

test("the table of seconds has the slowest suite first and the totals last", () => {
  const rows = [
    { suite: "test/time/grid.test.ts", tests: 7, seconds: 0.25 },
    { suite: "test/cases.test.ts", tests: 12, seconds: 31.5 },
  ];
  expect(formatTable(rows, 20).split("\n")).toEqual([
    "  suite                         tests   seconds",
    "  test/cases.test.ts               12     31.50",
    "  test/time/grid.test.ts            7      0.25",
    "  total (20.0 s by the clock)      19     31.75",
  ]);
});

test("skipped tests stand under the reason they share", () => {
  const skipped = [
    { suite: "a.test.ts", name: "one", reason: "no browser" },
    { suite: "b.test.ts", name: "two", reason: "no browser" },
    { suite: "a.test.ts", name: "three", reason: "no compiler" },
  ];
  expect(
    formatSkips(skipped)
      .split("\n")
      .map((line) => line.trim()),
  ).toEqual([
    "skipped: 3",
    "no browser",
    "a.test.ts > one",
    "b.test.ts > two",
    "no compiler",
    "a.test.ts > three",
  ]);
});
