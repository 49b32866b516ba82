import { expect, test } from "vitest";
import { InputError, solve } from "../../src/index.js";
import { parseBytes } from "../../src/io/read-economy.js";
import { fuzzInput } from "../support/fuzz.js";
import { readAndSolve } from "../support/fuzz-target.mjs";

test("damaged JSON, YAML and NPZ are refused or solved, each within seconds (more in test/long)", async () => {
  const seen = new Map<string, number>();
  for (let seed = 0; seed < 1200; seed++) {
    const began = performance.now();
    const input = fuzzInput(seed);
    const outcome = await readAndSolve({ parseBytes, solve, InputError }, input).catch((error: Error) => {
      throw new Error(`seed ${seed} (${input.name}): ${error.stack}`);
    });
    const kind = `${input.name.slice(-4)} ${outcome === "refused" ? "refused" : "solved"}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    expect(performance.now() - began, `ms of seed ${seed}`).toBeLessThan(5000);
  }
  // Neither nothing but nonsense nor nothing but sense.
  for (const kind of ["json", "yaml", ".npz"]) {
    for (const outcome of ["refused", "solved"])
      expect(seen.get(`${kind} ${outcome}`), `${kind} ${outcome}`).toBeGreaterThan(10);
  }
});

test("the same seed is the same input", () => {
  for (let seed = 0; seed < 50; seed++) expect(fuzzInput(seed)).toEqual(fuzzInput(seed));
});
