import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brief, describeFound, listed } from "../../src/economy/found.js";
import { nearest } from "../../src/economy/near.js";
import { formatPath, valueAt } from "../../src/economy/path.js";

test("paths are read as they are written in JavaScript", () => {
  expect(formatPath([])).toBe("");
  expect(formatPath(["agents", "planner", "production", "trajectories", 0, "gpu"])).toBe(
    "agents.planner.production.trajectories[0].gpu",
  );
  expect(formatPath(["floors", "planner/quality"])).toBe("floors.planner/quality");
  expect(formatPath(["agents", "gpt-4.1", "x y", ""])).toBe('agents["gpt-4.1"]["x y"][""]');
});

test("values are found by path among own properties only", () => {
  expect(valueAt({ a: [{ b: 1 }] }, ["a", 0, "b"])).toBe(1);
  expect(valueAt({ a: 1 }, ["constructor"])).toBeUndefined();
  expect(valueAt({ a: 1 }, ["a", "b", "c"])).toBeUndefined();
});

test.each([
  [undefined, "nothing"],
  [null, "null"],
  [-1, "-1"],
  [Number.NaN, "NaN"],
  [true, "true (boolean)"],
  ["abc", '"abc" (string)'],
  ["a\nb", '"a\\nb" (string)'],
  [[], "an empty array"],
  [[1, 2], "an array of 2"],
  [{}, "an empty object"],
  [{ a: 1 }, 'an object with key "a"'],
  [{ a: 1, b: 2, c: 3, d: 4 }, 'an object with keys "a", "b", "c", …'],
  [new Float64Array(3), "a Float64Array of 3"],
  [() => 1, "a function"],
  [5n, "5 (bigint)"],
])("%s is described as %s", (value, text) => {
  expect(describeFound(value)).toBe(text);
});

test("no description is long, and none fails", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(describeFound(value).length).toBeLessThan(1300);
    }),
  );
  expect(describeFound("x".repeat(1e6)).length).toBeLessThan(80);
});

test("lists and numbers are for people", () => {
  expect(listed(["a"])).toBe("a");
  expect(listed(["a", "b", "c"])).toBe("a, b or c");
  expect(listed(["a", "b", "c", "d"], "and", 2)).toBe("a, b and 2 more");
  expect(brief(0.75)).toBe("0.75");
  expect(brief(1 / 3)).toBe("0.333333");
});

describe("near matches", () => {
  const names = ["planner", "planner/quality", "coder", "gpu", "quality"];
  test.each([
    ["planer", "planner"],
    ["Planner", "planner"],
    ["gup", "gpu"],
    ["cpu", "gpu"],
    ["planner/qualty", "planner/quality"],
    ["codre", "coder"],
    ["coder/quality", "planner/quality"],
    ["x", undefined],
    ["", undefined],
    ["elephant", undefined],
  ])("%j means %j", (name, meant) => {
    expect(nearest(name, names)).toBe(meant);
  });

  test("a name that is there is its own match", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 2 }), { minLength: 1 }), fc.nat(), (all, k) => {
        const name = all[k % all.length];
        expect(nearest(name, all)?.trim().toLowerCase()).toBe(
          name.trim() === "" ? undefined : name.trim().toLowerCase(),
        );
      }),
    );
  });
});
