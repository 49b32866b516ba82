import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budgetGap, expenditureGap } from "../../src/certificates/budget.js";
import type { Plans } from "../../src/certificates/certificate.js";
import { clearing } from "../../src/certificates/clearing.js";
import { type Outcome, outcomeOf } from "../../src/certificates/outcome.js";
import { plansAt } from "../../src/certificates/plans.js";
import { membershipGap, profitGap } from "../../src/certificates/profit.js";
import { verify } from "../../src/certificates/verify.js";
import { walras } from "../../src/certificates/walras.js";
import { utilization } from "../../src/certificates/welfare.js";
import { defineEconomy } from "../../src/economy/build.js";
import { closedFormEconomy, type Known, normalized, patience, workshop } from "./economies.js";

const seeds = fc.integer({ min: 0, max: 1e6 });
const shapes = fc.record({
  agents: fc.integer({ min: 1, max: 6 }),
  metrics: fc.integer({ min: 1, max: 3 }),
  nodes: fc.integer({ min: 1, max: 12 }),
  rule: fc.constantFrom("midpoint" as const, "gauss-legendre" as const),
  fixed: fc.boolean(),
});

const half = { root: "u", nodes: { u: { elasticity: 1, inputs: { x: 1, y: 1 } } } };

const EDIT = 1e-6;
/** What an edit of EDIT must show, and rounding must not. */
const SEEN = 1e-8;

/** The outcome with one agent's or one orchestrator's plan changed. */
function editAgent(known: Known, a: number, change: (plan: Plans["agents"][number]) => object): Outcome {
  const plans = plansAt(known.economy, known.prices);
  const agents = plans.agents.map((plan, b) => (a === b ? { ...plan, ...change(plan) } : plan));
  return outcomeOf(known.economy, known.prices, { ...plans, agents });
}

function editOwner(known: Known, change: (plan: Plans["orchestrators"][number]) => object): Outcome {
  const plans = plansAt(known.economy, known.prices);
  const orchestrators = plans.orchestrators.map((plan, i) => (i === 0 ? { ...plan, ...change(plan) } : plan));
  return outcomeOf(known.economy, known.prices, { ...plans, orchestrators });
}

function expectExact(known: Known): void {
  const { certificate, failures } = verify(known.economy, known.prices);
  expect(failures(1e-10)).toEqual([]);
  expect(certificate.utilization).toBeLessThanOrEqual(1 + 1e-13);
}

describe("at equilibria known in closed form every item is rounding", () => {
  test("one orchestrator with all elasticities 1: any size, any seed, both grids", () => {
    fc.assert(
      fc.property(seeds, shapes, (seed, shape) => expectExact(closedFormEconomy(seed, shape))),
      { numRuns: 60 },
    );
  });

  test("two orchestrators trading one good over continuous time", () => {
    expectExact(patience("midpoint"));
    expectExact(patience("gauss-legendre"));
  });

  test("a firm with inputs, a floor and a free good", () => {
    const known = workshop();
    expectExact(known);
    expect(verify(known.economy, known.prices).certificate.free).toEqual([{ commodity: "idle", nodes: [0] }]);
  });
});

describe("clearing", () => {
  test("sees a price that is wrong by 1e-6", () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, fixed) => {
        const { economy, prices } = closedFormEconomy(seed, { agents: 3, metrics: 2, nodes: 4, fixed });
        prices[seed % prices.length] *= 1 + EDIT;
        expect(clearing(outcomeOf(economy, prices)).value).toBeGreaterThan(SEEN);
      }),
      { numRuns: 40 },
    );
  });

  test("says where", () => {
    const { economy, prices } = closedFormEconomy(1, { agents: 3, metrics: 2, nodes: 4 });
    prices[9] *= 1.01;
    expect(clearing(outcomeOf(economy, prices)).place).toEqual({ commodity: "a1/m0", node: 1 });
  });

  test("at a free instant counts only excess demand", () => {
    const { economy, prices } = workshop();
    const plans = plansAt(economy, prices);
    const idle = [...plans.orchestrators[0].commodities].indexOf(2);
    plans.orchestrators[0].demand[idle] = 1;
    expect(clearing(outcomeOf(economy, prices, plans)).value).toBeLessThan(1e-12);
    plans.orchestrators[0].demand[idle] = 9.09;
    const { value, place } = clearing(outcomeOf(economy, prices, plans));
    expect(value).toBeCloseTo(0.01, 12);
    expect(place).toEqual({ commodity: "idle", node: 0 });
  });

  test("an idle good with a price is not cleared", () => {
    const { economy } = workshop();
    expect(
      clearing(outcomeOf(economy, normalized(economy, Float64Array.of(1, 0.5, 1e-9)))).value,
    ).toBeGreaterThan(0.5);
  });
});

describe("Walras' law", () => {
  test("sees quantities that are worth more than incomes", () => {
    const known = closedFormEconomy(3, { agents: 2 });
    const edited = editOwner(known, ({ demand }) => ({ demand: demand.map((c) => c * (1 + EDIT)) }));
    expect(walras(edited).value).toBeCloseTo(EDIT, 10);
  });
});

describe("profit and membership", () => {
  const edits = fc.tuple(seeds, fc.boolean());

  test("more than an agent can supply is outside its set", () => {
    fc.assert(
      fc.property(edits, ([seed, fixed]) => {
        const known = closedFormEconomy(seed, { agents: 3, fixed });
        const edited = editAgent(known, 1, ({ supply }) => ({ supply: supply.map((y) => y * (1 + EDIT)) }));
        expect(membershipGap(edited).value).toBeGreaterThan(SEEN);
        expect(membershipGap(edited).place).toEqual({ agent: "a1" });
        expect(profitGap(edited).value).toBeGreaterThan(SEEN);
      }),
      { numRuns: 30 },
    );
  });

  test("less is inside an ellipsoid, but forgoes profit", () => {
    const known = closedFormEconomy(4, { agents: 3 });
    const edited = editAgent(known, 2, ({ supply }) => ({ supply: supply.map((y) => y * (1 - EDIT)) }));
    expect(membershipGap(edited).value).toBe(0);
    expect(profitGap(edited).value).toBeCloseTo(EDIT, 10);
    expect(profitGap(edited).place).toEqual({ agent: "a2" });
  });

  test("a profit that the supply does not earn", () => {
    const edited = editAgent(closedFormEconomy(5), 0, ({ profit }) => ({ profit: profit * 1.001 }));
    expect(profitGap(edited).value).toBeCloseTo(0.001, 10);
  });
});

describe("budget and expenditure", () => {
  test("spending more than one's income breaks the budget", () => {
    const known = patience("midpoint");
    const edited = editOwner(known, ({ demand }) => ({ demand: demand.map((c) => c * (1 + EDIT)) }));
    expect(budgetGap(edited).value).toBeCloseTo(EDIT, 10);
    expect(budgetGap(edited).place).toEqual({ orchestrator: "o0" });
  });

  test("an income that endowments and profits do not bring breaks the budget", () => {
    const edited = editOwner(workshop(), ({ income }) => ({ income: income * (1 + EDIT) }));
    expect(budgetGap(edited).value).toBeCloseTo(EDIT, 10);
  });

  test("the same spending on another bundle buys less utility", () => {
    const known = closedFormEconomy(6, { agents: 2, metrics: 2, nodes: 3 });
    const edited = editOwner(known, ({ demand }) => {
      const moved = demand.slice();
      const shift = 0.01 * Math.min(moved[0], moved[1]);
      const { weights } = known.economy.grid;
      moved[0] += shift;
      moved[1] -= (shift * known.prices[0] * weights[0]) / (known.prices[1] * weights[1]);
      return { demand: moved };
    });
    expect(budgetGap(edited).value).toBeLessThan(1e-12);
    expect(expenditureGap(edited).value).toBeGreaterThan(1e-7);
    expect(expenditureGap(edited).place).toEqual({ orchestrator: "main" });
  });

  test("a utility that the quantities do not give", () => {
    const edited = editOwner(workshop(), ({ utility }) => ({ utility: utility * 1.001 }));
    expect(expenditureGap(edited).value).toBeGreaterThan(1e-4);
  });

  test("floors that the income does not pay: only the floors are demanded, and the budget says by how much", () => {
    const economy = defineEconomy({
      commodities: { x: {}, y: {} },
      orchestrators: {
        poor: { endowment: { x: 1 }, floors: { y: 1 }, preferences: half },
        rich: { endowment: { y: 3 }, preferences: half },
      },
    });
    const prices = normalized(economy, Float64Array.of(0.1, 1));
    const { plans, certificate, places } = verify(economy, prices);
    expect(plans.orchestrators[0].utility).toBe(0);
    expect([...plans.orchestrators[0].demand]).toEqual([0, 1]);
    expect(certificate.budget_gap).toBeCloseTo(9, 10);
    expect(places.budget_gap).toEqual({ orchestrator: "poor" });
  });

  test("without income nothing is bought, which is best unless what is free is of use alone", () => {
    const certificateWanting = (wanted: string, elasticity: number) => {
      const economy = defineEconomy({
        commodities: { x: {}, y: {}, idle: {} },
        orchestrators: {
          poor: {
            endowment: { idle: 1 },
            preferences: { root: "u", nodes: { u: { elasticity, inputs: { x: 1, [wanted]: 1 } } } },
          },
          rich: { endowment: { x: 1, y: 1 }, preferences: half },
        },
      });
      return verify(economy, Float64Array.of(1, 1, 0));
    };
    expect(certificateWanting("y", 2).failures(1e-12)).toEqual([]);
    expect(certificateWanting("idle", 1).failures(1e-12)).toEqual([]);
    const { certificate, places } = certificateWanting("idle", 2);
    expect(certificate.budget_gap).toBe(Infinity);
    expect(places.budget_gap).toEqual({ orchestrator: "poor" });
  });
});

describe("utilisation", () => {
  test("falls short by what a wrong allocation wastes", () => {
    const known = closedFormEconomy(7, { agents: 3 });
    const edited = editAgent(known, 1, ({ supply }) => ({ supply: supply.map((y) => y / 2) }));
    const { value } = utilization(edited);
    expect(value).toBeLessThan(0.95);
    expect(value).toBeGreaterThan(0);
  });

  test("is unknown, and where, when what there is does not cover the floors", () => {
    const edited = editAgent(workshop(), 0, () => ({ supply: Float64Array.of(1.9, -1) }));
    expect(utilization(edited)).toEqual({ value: null, place: { commodity: "work", node: 0 } });
  });

  test("charges a shortage of rounding at its price instead of giving up", () => {
    const { economy, prices } = workshop();
    const plans = plansAt(economy, prices);
    plans.agents[0].supply[0] = 2 * (1 - 1e-9);
    const { value } = utilization(outcomeOf(economy, prices, plans));
    expect(value).not.toBeNull();
    expect(value).toBeLessThan(0.5);
  });
});
