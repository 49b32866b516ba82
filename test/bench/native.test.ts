import { describe, expect, test } from "vitest";
import { findCompiler, prototypes, prototypesIn, tableOf, versionOf } from "../../bench/native/compiler.js";
import { measureNative } from "../../bench/native/measure.js";
import { standardEconomy } from "../../bench/peers/standard.js";
import { requireOrSkip } from "../support/require.js";

const SOURCE = `static void no(int x) {}
void EXPORT(shift)(u32 q, real by, i32 from) {
}
real EXPORT(least)(const Plan *plan, u32 q) {
}`;

test("prototypes of kernels become a table of calls with numbers", () => {
  const kernels = prototypesIn(SOURCE);
  expect(kernels).toEqual([
    { name: "shift", result: "void", types: ["u32", "real", "i32"] },
    { name: "least", result: "real", types: ["const Plan *", "u32"] },
  ]);
  expect(tableOf(kernels)).toContain(
    "static double call_least(const double *x) { return least((const Plan *)AT((u32)x[0]), (u32)x[1]); }",
  );
  expect(tableOf(kernels)).toContain('{"shift", 3, call_shift},');
  expect(prototypes().map(({ name }) => name)).toContain("residual_rows");
});

const compiler = findCompiler();
describe("the kernels natively", () => {
  if (!requireOrSkip("C compiler", compiler !== null)) return;

  test("make the f of the wasm backend", async () => {
    const economy = standardEconomy({ agents: 12, metrics: 3, nodes: 33, layers: 3, outDegree: 2 });
    const found = await measureNative(economy, compiler as string, 0);
    expect(found.apart).toBeLessThan(1e-12);
    expect(found.prices).toBe(12 * 3 * 33);
    expect(Math.min(found.native, found.kernels)).toBeGreaterThan(0);
    expect(versionOf(compiler as string)).toMatch(/\d/);
  });
});
