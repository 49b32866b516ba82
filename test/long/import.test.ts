import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadEconomy } from "../../src/io/read-economy.js";
import { folder, walras } from "../cli/harness.js";
import { correlation } from "../io/import/correlation.js";
import { sharedPath } from "../support/require.js";

const data = sharedPath("data");

/** Runs a step and says how long it took. */
async function timed<T>(what: string, step: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const value = await step();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return value;
}

describe.runIf(data !== null)("109 models under two weeks of traffic, window by window", () => {
  const files = [
    join(data ?? "", "bfcl_data_overall.csv"),
    "--demand",
    join(data ?? "", "servegen_total_rate.csv"),
  ];

  test.each([
    ["each for itself", [], 327 * 2016],
    ["sharing a capacity", ["--compute", "auto"], 328 * 2016],
  ])("%s: solved, certified, and certify agrees", async (_, sharing, prices) => {
    const [json, npz, result] = ["economy.json", "economy.npz", "result.json"].map((name) =>
      join(folder(), name),
    );
    await timed("import", () => walras(["import", "bfcl", ...files, ...sharing, "--out", npz]));
    await walras(["import", "bfcl", ...files, ...sharing, "--out", json]);
    const economy = await timed("load", () => loadEconomy(npz));
    expect(economy.commodities.length * economy.grid.nodes).toBe(prices);
    expect((await timed("solve and write", () => walras(["solve", npz, "--out", result]))).code).toBe(0);
    const { status, certificate } = JSON.parse(readFileSync(result, "utf8"));
    expect(status).toBe("solved");
    expect(certificate.clearing).toBeLessThanOrEqual(1e-8);
    expect((await timed("certify", () => walras(["certify", npz, result]))).code).toBe(0);
    if (sharing.length === 0) return;
    const { discount } = JSON.parse(readFileSync(json, "utf8")).orchestrators.router;
    const price = JSON.parse(readFileSync(result, "utf8")).prices.compute;
    expect(correlation(price, discount)).toBeGreaterThan(0.99);
    expect(price.indexOf(Math.max(...price))).toBe(discount.indexOf(Math.max(...discount)));
  });
});
