import { describe, expect, test } from "vitest";
import { buildEconomy } from "../../../src/economy/build.js";
import type { Economy } from "../../../src/economy/economy.js";
import { type ImportOptions, importEconomy } from "../../../src/io/import/import.js";
import { solve } from "../../../src/solve/solve.js";
import { correlation } from "./correlation.js";
import { fixture } from "./fixtures.js";

const DEFAULTS: ImportOptions = {
  weights: new Map(),
  elasticities: { time: 1, entry: 2, routing: 4, metric: 1 },
  spread: 1,
  compute: null,
  blend: 3,
};
const bfcl = (options: Partial<ImportOptions> = {}) =>
  importEconomy("bfcl", [fixture("bfcl.csv")], { ...DEFAULTS, ...options });

// biome-ignore lint/suspicious/noExplicitAny: the economy as a file has it, to look anywhere.
const file = async (options?: Partial<ImportOptions>): Promise<any> => (await bfcl(options)).economy;

/** An agent's supply at prices by metric, constant in time. */
function supplyOf(economy: Economy, name: string, prices: Record<string, number>): Record<string, number> {
  const { set, metrics } = economy.agents.find((agent) => agent.name === name)!;
  const p = Float64Array.from(metrics, (metric) => prices[metric]);
  const supply = new Float64Array(p.length);
  set.supply(p, supply);
  return Object.fromEntries(metrics.map((metric, r) => [metric, supply[r]]));
}

describe("an economy of a leaderboard", () => {
  test("agents of the rows that are whole, the others counted by reason", async () => {
    const { economy, notes } = await bfcl();
    expect(Object.keys(economy.agents!)).toEqual([
      "Alpha-2025-01-02 (FC)",
      "Beta (Prompt) (Acme)",
      "Gamma, small-7B",
      "Beta (Prompt) (Other Labs)",
    ]);
    expect(notes).toEqual([
      'dropped 1 of 7 rows, no "Total Cost ($)": Delta',
      'dropped 1 of 7 rows, "Overall Acc" is 0: Epsilon',
      'dropped 1 of 7 rows, "Total Cost ($)" is 0: Zeta',
      "4 agents, 1 node",
    ]);
  });

  test("ellipsoids of the table's levels; a radius only where something strays", async () => {
    const { agents } = await file();
    expect(agents["Alpha-2025-01-02 (FC)"].production).toEqual({
      set: "ellipsoid",
      center: { quality: 0.5, thrift: 0.25, speed: 0.5 },
      radius: { quality: 0.09258201, speed: 0.416277306 },
    });
    expect(agents["Gamma, small-7B"].production.radius).toEqual({});
    const wider = (await file({ spread: 2 })).agents["Beta (Prompt) (Acme)"].production;
    expect(wider.radius).toEqual({ quality: 0.2 });
    expect((await file({ spread: 0 })).agents["Beta (Prompt) (Acme)"].production.radius).toEqual({});
  });

  test("a router of two levels, every agent of the same weight", async () => {
    const { dag } = (await file()).orchestrators.router.preferences;
    expect(dag.entry).toEqual({ Acme: 2, "Other Labs": 2 });
    expect(dag.steps.Acme).toEqual({
      next: { "Alpha-2025-01-02 (FC)": 1, "Beta (Prompt) (Acme)": 1 },
      routing_elasticity: 4,
    });
    expect(dag.steps["Gamma, small-7B"]).toEqual({
      metrics: { quality: 0.6, thrift: 0.2, speed: 0.2 },
      metric_elasticity: 1,
    });
  });

  test("weights, elasticities and name as asked", async () => {
    const elasticities = { time: 0.5, entry: 3, routing: 5, metric: 0.7 };
    const { name, orchestrators } = await file({ name: "n", elasticities, weights: new Map([["speed", 1]]) });
    expect(name).toBe("n");
    expect(orchestrators.router.intertemporal_elasticity).toBe(0.5);
    const { dag } = orchestrators.router.preferences;
    expect(dag.entry_elasticity).toBe(3);
    expect(dag.steps["Gamma, small-7B"].metrics.speed).toBe(1);
    await expect(bfcl({ weights: new Map([["sped", 1]]) })).rejects.toThrow(/--weights: found "sped"/u);
  });

  test("under a trace: its time and its demand", async () => {
    const { time, orchestrators, name } = await file({ demand: fixture("servegen.csv"), nodes: 3 });
    expect(name).toBe("bfcl under servegen.csv");
    expect(time).toEqual({ horizon: 60, unit: "min", nodes: 3, rule: "midpoint" });
    expect([...orchestrators.router.discount]).toEqual([20, 80, 55]);
  });

  test("several files are one table", async () => {
    const files = [fixture("bfcl.csv"), fixture("bfcl.csv")];
    const { economy } = await importEconomy("bfcl", files, DEFAULTS);
    expect(Object.keys(economy.agents!)).toHaveLength(8);
    expect(Object.keys(economy.agents!)).toContain("Alpha-2025-01-02 (FC) (Acme) #2");
  });

  test("nothing left is refused with the reasons; so is a source that is none", async () => {
    await expect(bfcl({ where: [{ key: "Model", value: "Delta" }] })).rejects.toThrow(
      /no row with all.*Delta/u,
    );
    await expect(bfcl({ where: [{ key: "Model", value: "Omega" }] })).rejects.toThrow(/no row at all/u);
    await expect(bfcl({ map: "quality=;thrift=;speed=" })).rejects.toThrow(/no metric left/u);
    await expect(importEconomy("bfclx", [fixture("bfcl.csv")], DEFAULTS)).rejects.toThrow(
      /did you mean "bfcl"/u,
    );
  });

  test("solves, and is certified", async () => {
    const economy = buildEconomy(await file({ demand: fixture("servegen.csv") }));
    const { status, certificate } = await solve(economy);
    expect(status).toBe("solved");
    expect(certificate.clearing).toBeLessThan(1e-8);
  });
});

describe("a shared capacity", () => {
  const shared = { compute: { capacity: "auto", others: 0.3 } } as const;

  test("auto is what all models take at the table's level; others own a part of it", async () => {
    const { commodities, orchestrators } = await file(shared);
    expect(Object.keys(commodities)).toEqual(["compute"]);
    const total = 4 + 0.5 + 10 + 2;
    expect(orchestrators.router.endowment.compute).toBeCloseTo(0.7 * total, 9);
    expect(orchestrators.others.endowment.compute).toBeCloseTo(0.3 * total, 9);
    const own = await file({ compute: { capacity: 7, others: 0 } });
    expect(own.orchestrators.router.endowment).toEqual({ compute: 7 });
    expect(Object.keys(own.orchestrators)).toEqual(["router"]);
  });

  test("at prices inverse to the levels and the price of compute that makes F = 1, a model makes the table's levels", async () => {
    const spec = await file(shared);
    const economy = buildEconomy(spec);
    const levels = { quality: 0.5, thrift: 0.25, speed: 0.5 };
    const { returns } = spec.agents["Alpha-2025-01-02 (FC)"].production;
    // R̂ = 3 at prices 1/ȳ of three metrics, and F = (ν R̂/(use·p))^{1/(1−ν)} = 1; a run costs 4.
    const prices = { quality: 1 / 0.5, thrift: 1 / 0.25, speed: 1 / 0.5, compute: (returns * 3) / 4 };
    const supply = supplyOf(economy, "Alpha-2025-01-02 (FC)", prices);
    for (const [metric, level] of Object.entries(levels)) expect(supply[metric]).toBeCloseTo(level, 7);
    expect(supply.compute).toBeCloseTo(-4, 7);
  });

  test("returns fall with what strays most, within bounds", async () => {
    const returns = async (spread: number) =>
      Object.values((await file({ ...shared, spread })).agents).map(
        // biome-ignore lint/suspicious/noExplicitAny: as above.
        (agent: any) => agent.production.returns,
      );
    expect((await returns(1))[0]).toBeCloseTo(1 / (1 + Math.sqrt(Math.LN2)), 8);
    expect(new Set(await returns(0))).toEqual(new Set([0.8]));
    expect((await returns(1000))[0]).toBe(0.2);
  });

  test("its price follows demand, and routing moves with it; not where all of it is the router's own", async () => {
    const demand = fixture("servegen.csv");
    const moved = await routingOf(buildEconomy(await file({ ...shared, demand })));
    expect(moved.status).toBe("solved");
    // p·C = spending on it by the agents, which follows ρ, and by the others, which is constant: linear in ρ.
    expect(correlation(moved.price, [10, 30, 60, 100, 70, 40])).toBeGreaterThan(0.999);
    expect(moved.shift).toBeGreaterThan(0.02);
    const alone = await routingOf(
      buildEconomy(await file({ compute: { capacity: "auto", others: 0 }, demand })),
    );
    expect(alone.status).toBe("solved");
    expect(alone.shift).toBeLessThan(1e-7);
  });

  test("needs a cost, and its name for itself", async () => {
    await expect(bfcl({ ...shared, map: "thrift=" })).rejects.toThrow(/--compute: found no metric "thrift"/u);
    await expect(bfcl({ ...shared, map: "compute=Live Acc" })).rejects.toThrow(/a metric "compute"/u);
  });
});

async function routingOf(economy: Economy) {
  const { status, prices, plans } = await solve(economy);
  const N = economy.grid.nodes;
  const price = Array.from({ length: N }, (_, n) => prices.get(0, n));
  const { routing } = plans.orchestrators[0];
  const shares = routing.filter((series) => Math.max(...series) < 0.999);
  const shift = Math.max(...shares.map((series) => Math.max(...series) / Math.min(...series) - 1));
  return { status, price, shift };
}
