import { describe, expect, test } from "vitest";
import { InputError, type Problem } from "../../src/core/errors.js";
import { buildEconomy } from "../../src/economy/build.js";
import { parseEconomy } from "../../src/io/read-economy.js";
import type { Malformed } from "./malformed/malformed.js";
import { MEANING } from "./malformed/meaning.js";
import { STRUCTURE } from "./malformed/structure.js";
import { TEXTS } from "./malformed/texts.js";
import { exchange, pipeline } from "./samples.js";

function problemsOf({ text, change, of = pipeline }: Malformed): readonly Problem[] {
  try {
    if (text !== undefined) parseEconomy(text);
    else {
      const economy = of();
      change?.(economy);
      buildEconomy(economy);
    }
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

function check(malformed: Malformed): void {
  const problems = problemsOf(malformed);
  const { path, found, expected, near, count = 1 } = malformed;
  const problem = problems.find((one) => one.path === path);
  expect(problem, `a problem at "${path}" among ${JSON.stringify(problems, null, 1)}`).toBeDefined();
  for (const part of found) expect(problem?.found).toContain(part);
  for (const part of expected) expect(problem?.expected).toContain(part);
  expect(problem?.suggestion).toBe(near);
  expect(problems.length, JSON.stringify(problems, null, 1)).toBe(count);
}

test("the economies that are broken below are sound", () => {
  expect(buildEconomy(pipeline()).warnings).toEqual([]);
  expect(buildEconomy(exchange()).warnings).toEqual([]);
});

describe("refused, with path, found and expected:", () => {
  describe("texts", () => {
    test.each(TEXTS)("$label", check);
  });
  describe("structure", () => {
    test.each(STRUCTURE)("$label", check);
  });
  describe("meaning", () => {
    test.each(MEANING)("$label", check);
  });
});
