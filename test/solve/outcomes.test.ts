import { describe, expect, test } from "vitest";
import { BackendFailedError } from "../../src/core/errors.js";
import { defineEconomy, type Economy, InputError, type Solution, solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import type { ProductionSet } from "../../src/production/production-set.js";
import { randomSpec } from "../support/economies.js";

const elastic = (inputs: Record<string, number>, elasticity = 1) => ({
  root: "u",
  nodes: { u: { elasticity, inputs } },
});

/** The best iterate and every number of the certificate are there and are numbers, whatever the outcome. */
function expectPresentable(solution: Solution): void {
  for (const p of solution.prices.data) expect(p).toBeGreaterThanOrEqual(0);
  const { clearing, walras, budget_gap } = solution.certificate;
  for (const x of [clearing, walras, budget_gap]) expect(Number.isNaN(x)).toBe(false);
  expect(solution.message.length).toBeGreaterThan(20);
}

/** The same economy with one agent's set replaced. */
function withSet(economy: Economy, change: (set: ProductionSet) => Partial<ProductionSet>): Economy {
  const [agent, ...others] = economy.agents;
  const { set } = agent;
  const plain: ProductionSet = {
    family: "changed",
    metrics: set.metrics,
    nodes: set.nodes,
    profit: (p) => set.profit(p),
    supply: (p, out) => set.supply(p, out),
    supplyDerivative: (p, dp, out) => set.supplyDerivative(p, dp, out),
    gap: (y) => set.gap(y),
    bounds: () => set.bounds(),
  };
  return { ...economy, agents: [{ ...agent, set: { ...plain, ...change(plain) } }, ...others] };
}

const ordinary = () => defineEconomy(randomSpec(1, { agents: 3, orchestrators: 2 }));

describe("named outcomes", () => {
  test("max-steps, and its advice works: --start from this result", async () => {
    const economy = ordinary();
    const short = await solve(economy, { solver: "tatonnement", maxSteps: 5 });
    expect(short.status).toBe("max-steps");
    expect(short.steps).toBe(5);
    expectPresentable(short);
    const N = economy.grid.nodes;
    const prices = new Map(
      economy.commodities.map(({ name }, m) => [name, short.prices.data.slice(m * N, (m + 1) * N)]),
    );
    const all = await solve(economy, { solver: "tatonnement" });
    const rest = await solve(economy, { solver: "tatonnement", start: { grid: economy.grid, prices } });
    expect(rest.status).toBe("solved");
    expect(rest.steps).toBeLessThan(all.steps);
  });

  test("cancelled returns the best iterate so far", async () => {
    const controller = new AbortController();
    const solution = await solve(ordinary(), {
      solver: "tatonnement",
      signal: controller.signal,
      onStep: ({ step }) => step === 4 && controller.abort(),
    });
    expect(solution.status).toBe("cancelled");
    expect(solution.steps).toBe(4);
    expect(Math.min(...solution.trace.map(({ residual }) => residual))).toBeLessThanOrEqual(
      solution.certificate.clearing,
    );
    expectPresentable(solution);
  });

  test("slo-unaffordable, proved by prices at which the floors cost more than everything", async () => {
    const economy = defineEconomy({
      commodities: { a: {}, b: {} },
      orchestrators: {
        main: { endowment: { a: 1, b: 3 }, floors: { a: 1.1 }, preferences: elastic({ a: 1, b: 1 }) },
      },
    });
    const solution = await solve(economy);
    expect(solution.status).toBe("slo-unaffordable");
    const [a, b] = solution.prices.data;
    expect(1.1 * a).toBeGreaterThan(a + 3 * b);
    expectPresentable(solution);
  });

  test("a floor just within reach is not", async () => {
    const economy = defineEconomy({
      commodities: { a: {}, b: {} },
      orchestrators: {
        main: { endowment: { a: 1, b: 3 }, floors: { a: 0.99 }, preferences: elastic({ a: 1, b: 1 }) },
      },
    });
    expect((await solve(economy)).status).toBe("solved");
  });

  test("where somebody cannot pay at p = 1, prices at which everybody can are found first", async () => {
    const poor = { endowment: { a: 1 }, floors: { b: 1.5 }, preferences: elastic({ a: 1, b: 1 }) };
    const rich = { endowment: { a: 0.2, b: 9 }, preferences: elastic({ a: 3, b: 1 }) };
    const economy = defineEconomy({ commodities: { a: {}, b: {} }, orchestrators: { poor, rich } });
    expect((await solve(economy)).status).toBe("solved");
  });

  test("stalled, naming the orchestrator that cannot pay its floors at any price", async () => {
    const poor = { endowment: { a: 1 }, floors: { a: 2 }, preferences: elastic({ a: 1, b: 1 }) };
    const rich = { endowment: { a: 5, b: 9 }, preferences: elastic({ a: 3, b: 1 }) };
    const economy = defineEconomy({ commodities: { a: {}, b: {} }, orchestrators: { rich, poor } });
    const solution = await solve(economy);
    expect(solution.status).toBe("stalled");
    expect(solution.message).toContain('"poor"');
    expectPresentable(solution);
  });

  test("stalled, soon, naming the orchestrator whose floors take all it earns", async () => {
    const maker = {
      production: { set: "frontier" as const, outputs: { x: 1 }, inputs: { gpu: 1 }, returns: 0.5 },
    };
    const poor = {
      endowment: { gpu: 0.5 },
      floors: { "maker/x": 2 },
      preferences: elastic({ "maker/x": 1 }),
    };
    const rich = { endowment: { gpu: 20 }, shares: 1, preferences: elastic({ "maker/x": 1, gpu: 0.2 }) };
    const economy = defineEconomy({
      commodities: { gpu: {} },
      agents: { maker },
      orchestrators: { poor: { ...poor, shares: 0 }, rich },
    });
    const solution = await solve(economy);
    expect(solution.status).toBe("stalled");
    expect(solution.message).toMatch(/floors of "poor" take all it earns/);
    expect(solution.steps).toBeLessThan(400);
  });

  test("stalled where an unsmoothed hull would have to mix at a tie; smoothing, as advised, solves it", async () => {
    const economy = (smoothing: number) =>
      defineEconomy({
        agents: {
          maker: {
            production: {
              set: "hull",
              smoothing,
              trajectories: [
                { x: 2, y: 0.5 },
                { x: 0.5, y: 1 },
              ],
            },
          },
        },
        orchestrators: { main: { preferences: elastic({ "maker/x": 1, "maker/y": 1 }, 0.5) } },
      });
    for (const solver of ["auto", "tatonnement"]) {
      const solution = await solve(economy(0), { solver });
      expect(solution.status).toBe("stalled");
      expect(solution.message).toContain("smoothing");
      expectPresentable(solution);
    }
    expect((await solve(economy(0.02))).status).toBe("solved");
  });

  test("diverged where only one owns what all want, naming the prices that part", async () => {
    const economy = defineEconomy({
      commodities: { x: {}, y: {} },
      orchestrators: {
        rich: { endowment: { x: 1, y: 1 }, preferences: elastic({ x: 1 }) },
        poor: { endowment: { y: 1 }, preferences: elastic({ x: 1, y: 1 }, 2) },
      },
    });
    const solution = await solve(economy);
    expect(solution.status).toBe("diverged");
    expect(solution.message).toContain('"x" and "y"');
    expectPresentable(solution);
  });

  test("uncertified when a set supplies what it cannot make", async () => {
    const solution = await solve(withSet(ordinary(), () => ({ gap: () => 0.25 })));
    expect(solution.status).toBe("uncertified");
    expect(solution.certificate.membership_gap).toBe(0.25);
    expect(solution.message).toContain("membership");
  });

  test("non-finite when a set breaks down; the start is the best iterate", async () => {
    const broken = withSet(ordinary(), () => ({ supply: (_p, out) => out.fill(Number.NaN) }));
    const solution = await solve(broken);
    expect(solution.status).toBe("non-finite");
    for (const p of solution.prices.data) expect(Number.isFinite(p)).toBe(true);
  });

  test("who earns nothing buys nothing, and the others clear", async () => {
    const economy = defineEconomy({
      commodities: { ore: {}, a: {}, b: {} },
      orchestrators: {
        idle: { endowment: { ore: 3 }, preferences: elastic({ a: 1, b: 1 }) },
        busy: { endowment: { a: 1, b: 2 }, preferences: elastic({ a: 1, b: 1 }) },
      },
    });
    const solution = await solve(economy);
    expect(solution.status).toBe("solved");
    expect(solution.plans.orchestrators[0].income).toBe(0);
    expectPresentable(solution);
  });
});

test("a misspelt option, and what is no economy, are refused in a sentence", async () => {
  await expect(solve(ordinary(), { tolerence: 1e-3 } as never)).rejects.toThrow(
    /tolerence.*did you mean "tolerance"/,
  );
  await expect(solve("economy.json" as never)).rejects.toThrow(
    /found "economy.json" \(string\), expected an Economy/,
  );
  await expect(solve([] as never)).rejects.toThrow(/no economy/);
});

test("a batch of one structure", async () => {
  const economies = [1, 1].map((seed) => defineEconomy(randomSpec(seed, { agents: 3 })));
  const { solutions, prices } = await solve(economies);
  const [one, other] = solutions;
  expect([one.status, other.status]).toEqual(["solved", "solved"]);
  expect(prices.shape).toEqual([2, economies[0].commodities.length, economies[0].grid.nodes]);
  expect(prices.data.slice(one.prices.data.length)).toEqual(other.prices.data);
  const larger = defineEconomy(randomSpec(1, { agents: 4 }));
  await expect(solve([economies[0], larger])).rejects.toThrow(/economy 2/);
});

test("options out of range are refused together, with what was expected", async () => {
  const attempt = solve(ordinary(), { tolerance: 2, step: -1, maxSteps: 0.5, seed: -3 });
  await expect(attempt).rejects.toThrow(InputError);
  await expect(attempt).rejects.toThrow(/step.*tolerance.*maxSteps.*seed/s);
});

test("the trace has every step, and evaluations only grow", async () => {
  const seen: number[] = [];
  const solution = await solve(ordinary(), { onStep: ({ step }) => seen.push(step) });
  expect(solution.trace.map(({ step }) => step)).toEqual(seen);
  expect(seen).toEqual(seen.map((_, k) => k));
  solution.trace.slice(1).forEach(({ evaluations }, k) => {
    expect(evaluations).toBeGreaterThan(solution.trace[k].evaluations);
  });
});

test("timers run during a long solve", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 20);
  const economy = defineEconomy(randomSpec(2, { agents: 30, metrics: 4, nodes: 200, elasticity: [0.1, 6] }));
  await solve(economy, { solver: "tatonnement", maxSteps: 200 });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(3);
});

describe("a backend that fails", () => {
  /** The reference, but for the residual of that number. */
  const failingAt = (residual: number) => ({
    name: "failing",
    device: "none",
    precision: "float64" as const,
    families: [],
    open: (economy: Economy) => {
      const market = new ReferenceMarket(economy);
      const residualOf = market.residual.bind(market);
      let count = 0;
      market.residual = (q, f) => {
        if (++count >= residual) throw new BackendFailedError("gone");
        return residualOf(q, f);
      };
      return market;
    },
  });

  test.each([1, 2, 6])("at residual %i is an outcome, with the best iterate so far", async (residual) => {
    const economy = defineEconomy(randomSpec(5, { agents: 3, nodes: 2 }));
    const solution = await solve(economy, { backend: failingAt(residual) });
    expect(solution.status).toBe("backend-failed");
    expect(solution.message).toContain("--backend reference");
    expectPresentable(solution);
  });
});
