import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder, walras } from "../../cli/harness.js";
import { sharedPath } from "../../support/require.js";
import { correlation } from "./correlation.js";

/** Models, traces and prices as they were published, on the machines that have them. */
const data = sharedPath("data");

describe.runIf(data !== null)("real agents under real demand", () => {
  const at = (name: string) => join(data ?? "", name);
  const bfcl = ["import", "bfcl", at("bfcl_data_overall.csv"), "--demand", at("servegen_total_rate.csv")];

  async function solved(args: readonly string[]) {
    const [economy, result] = ["economy.npz", "result.json"].map((name) => join(folder(), name));
    const imported = await walras([...args, "--out", economy]);
    expect(imported.code, imported.err).toBe(0);
    expect((await walras(["solve", economy, "--out", result])).code).toBe(0);
    expect((await walras(["certify", economy, result])).code).toBe(0);
    return { said: imported.err, result: JSON.parse(readFileSync(result, "utf8")) };
  }

  test("109 models under a fortnight's traffic: certified, and dearer when there is more of it", async () => {
    const { said, result } = await solved([...bfcl, "--nodes", "56"]);
    expect(said).toContain('series "language/m-mid" of 5, which has most traffic');
    expect(said).toContain("84 of 2016 windows are 0, in 8 runs");
    expect(said).toContain("109 agents, 56 nodes");
    expect(result.status).toBe("solved");
    expect(result.certificate.clearing).toBeLessThanOrEqual(1e-8);
    expect(Object.keys(result.prices)).toHaveLength(327);
    expect(result.time).toMatchObject({ horizon: 336, unit: "h", nodes: 56 });
  });

  test("with a shared capacity: its price peaks with demand, and routing moves", async () => {
    const economy = join(folder(), "economy.json");
    await walras([...bfcl, "--nodes", "56", "--compute", "auto", "--out", economy]);
    const { discount } = JSON.parse(readFileSync(economy, "utf8")).orchestrators.router;
    const { result } = await solved([...bfcl, "--nodes", "56", "--compute", "auto"]);
    expect(result.status).toBe("solved");
    const price: number[] = result.prices.compute;
    expect(correlation(price, discount)).toBeGreaterThan(0.99);
    const [busiest, dearest] = [discount, price].map((series) => series.indexOf(Math.max(...series)));
    expect(dearest).toBe(busiest);
    const shares: number[][] = Object.values(result.orchestrators.router.routing).flatMap((edges) =>
      Object.values(edges as Record<string, number[]>).filter((share) => Array.isArray(share)),
    );
    const moves = shares.map((share) => Math.max(...share) / Math.min(...share) - 1);
    expect(Math.max(...moves)).toBeGreaterThan(0.05);
  });

  test("aider's polyglot board, dropped rows counted; list prices for what its runs did not say", async () => {
    const aider = ["import", "aider", at("aider_leaderboards.csv")];
    const { said } = await solved(aider);
    expect(said).toContain('dropped 17 of 69 rows, "total_cost" is 0');
    expect(said).toContain('dropped 1 of 69 rows, no "total_cost": qwen-max-2025-01-25');
    expect(said).toContain("51 agents, 1 node");
    const priced = await solved([...aider, "--prices", at("litellm_prices.csv")]);
    expect(priced.said).toContain("prices: 16 rows left out");
    expect(Number(/(\d+) agents/u.exec(priced.said)![1])).toBeGreaterThan(51);
  });

  test.each(["azure_llm_2023_code.csv", "azure_llm_2023_conv.csv", "servegen_clients_m-large.csv"])(
    "under %s",
    async (trace) => {
      const aider = ["import", "aider", at("aider_leaderboards.csv"), "--where", "board=refactor"];
      const { said } = await solved([
        ...aider,
        "--map",
        "quality=pass_rate_1",
        "--demand",
        at(trace),
        "--nodes",
        "30",
      ]);
      expect(said).toContain("30 nodes");
    },
  );
});
