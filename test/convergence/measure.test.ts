import { beforeAll, describe, expect, test } from "vitest";
import { spectralInterval } from "../../src/contraction/interval.js";
import { candidates } from "../../src/convergence/candidates.js";
import type { Convergence } from "../../src/convergence/convergence.js";
import { measureConvergence } from "../../src/convergence/measure.js";
import { onesOf, stepsFor } from "../../src/convergence/solver-runs.js";
import { defineEconomy, loadEconomy, SOLVER_NAMES, solve } from "../../src/index.js";
import { findings } from "../../src/report/convergence-reading.js";
import { example } from "../cli/harness.js";
import { ces, exchange, type Loose, t1Spec } from "../contraction/economies.js";

/** No number is NaN, and none is infinite, so that JSON keeps them all. */
function expectFinite(value: unknown, path = ""): void {
  if (typeof value === "number") expect(Number.isFinite(value), `${path} is ${value}`).toBe(true);
  else if (typeof value === "object" && value !== null) {
    for (const [key, entry] of Object.entries(value)) expectFinite(entry, `${path}.${key}`);
  } else expect(value, path).not.toBe(undefined);
}

describe("an economy under T1", () => {
  let measured: Convergence;
  beforeAll(async () => {
    measured = await measureConvergence(defineEconomy(t1Spec(5, { agents: 3, nodes: 4, first: 1.3 })));
  });

  test("each λ has all its constants, in their order: observed = local ≤ sampled ≤ bound, and no step above the bound", () => {
    const covered = measured.maps.filter(({ bound }) => bound !== null);
    expect(covered.length).toBeGreaterThanOrEqual(3);
    for (const { step, bound, sampled, local, near, far } of covered) {
      expect(bound).toBeCloseTo(1 - 1.3 * step, 12);
      expect(sampled).toBeLessThanOrEqual((bound as number) + 1e-9);
      expect(local).toBeLessThanOrEqual((sampled as number) + 1e-9);
      expect(near.worst).toBeLessThanOrEqual((bound as number) + 1e-9);
      expect(far.worst).toBeLessThanOrEqual((bound as number) + 1e-9);
      expect(near.settled).toBe(true);
      expect(Math.abs((near.rate as number) - (local as number))).toBeLessThan(2e-3);
      expect(far).toMatchObject({ status: "converged", reached: expect.any(Number) });
    }
  });

  test("from p = 1 it takes no more steps than the bound allows, and about as many as the local constant says", () => {
    for (const { bound, local, target, far, guaranteed, expected } of measured.maps) {
      const epsilon = target / far.distances[0][1];
      expect(expected).toBeCloseTo(Math.log(epsilon) / Math.log(local as number), 9);
      if (bound !== null) expect(guaranteed).toBeCloseTo(Math.log(epsilon) / Math.log(bound), 9);
      expect(target).toBe(1e-8);
      if (guaranteed !== null) expect(far.reached).toBeLessThanOrEqual(Math.ceil(guaranteed));
      if (far.reached !== null && far.reached > 20) {
        expect(far.reached / (expected as number)).toBeGreaterThan(0.7);
        expect(far.reached / (expected as number)).toBeLessThan(1.3);
      }
    }
  });

  test("the λ said to be best is: no other has a smaller constant, and runs are fastest there", () => {
    const best = measured.maps.find(({ origin }) => origin === "best");
    for (const map of measured.maps) {
      expect(map.local).toBeGreaterThanOrEqual((best?.local as number) - 1e-12);
      expect(map.far.reached ?? Infinity).toBeGreaterThanOrEqual((best?.far.reached as number) - 2);
    }
  });

  test("every solver runs to 1e-8, tâtonnement in about log ε / log κ", () => {
    expect(measured.solvers.map(({ solver }) => solver)).toEqual(SOLVER_NAMES);
    const tatonnement = measured.solvers.find(({ solver }) => solver === "tatonnement");
    expect(tatonnement).toMatchObject({ status: "solved" });
    expect(tatonnement?.last).toBeLessThanOrEqual(1e-8);
    expect((tatonnement?.steps as number) / (tatonnement?.predicted_steps as number)).toBeCloseTo(1, 0);
    // One evaluation a step, and those of the start.
    expect((tatonnement?.evaluations as number) - (tatonnement?.steps as number)).toBeGreaterThanOrEqual(1);
    expect((tatonnement?.evaluations as number) - (tatonnement?.steps as number)).toBeLessThanOrEqual(2);
    const averaged = measured.solvers.find(({ solver }) => solver === "krasnoselskii");
    const half = measured.maps.find(({ origin }) => origin === "1/2 of it");
    expect(averaged?.predicted_rate).toBeCloseTo(half?.local as number, 12);
  });

  test("the equilibrium is known to the last digits, and runs near it start a thousandth away", () => {
    expect(measured.equilibrium.error).toBeLessThan(1e-13);
    for (const { near } of measured.maps) expect(near.distances[0][1]).toBeCloseTo(1e-3, 12);
  });

  test("all of it is numbers that JSON keeps, the same when measured again", async () => {
    expectFinite(measured);
    const again = await measureConvergence(defineEconomy(t1Spec(5, { agents: 3, nodes: 4, first: 1.3 })));
    expect(again.maps).toEqual(measured.maps);
  });
});

/** Only sets that T3 speaks of. */
function underT3(): Loose {
  const spec: Loose = t1Spec(4, { agents: 4, nodes: 2 });
  for (const agent of Object.values(spec.agents) as Loose[]) {
    agent.production = { set: "ellipsoid", center: { x: 1, y: 1 }, radius: { x: 0.5, y: 0.3 } };
  }
  return spec;
}

test("heavy ball's rate is T3's, where it is known before the solve", async () => {
  const rate = async (spec: Loose) =>
    (await measureConvergence(defineEconomy(spec), { steps: [0.1], solvers: ["heavy-ball"] })).solvers[0];
  const run = await rate(underT3());
  const { least: m, largest: L } = spectralInterval(defineEconomy(underT3())).interval ?? expect.fail();
  expect(run.predicted_rate).toBeCloseTo((Math.sqrt(L) - Math.sqrt(m)) / (Math.sqrt(L) + Math.sqrt(m)), 12);
  const floors = underT3();
  floors.orchestrators.o0.floors = { "a0/x": 0.5 };
  expect((await rate(floors)).predicted_rate).toBeNull();
});

test("T3's interval holds the local constant at every λ, floors included", async () => {
  const spec = underT3();
  // Surely affordable.
  spec.orchestrators.o0.floors = { "a0/x": 0.5, "a1/y": 0.9 };
  const { theory, maps, spectrum } = await measureConvergence(defineEconomy(spec), { solvers: [] });
  expect(theory.interval?.least).toBeLessThan(1);
  for (const { local, interval } of maps) expect(local).toBeLessThanOrEqual((interval as number) + 1e-9);
  expect(Math.min(...(spectrum?.eigenvalues.map(([re]) => re) ?? []))).toBeGreaterThan(
    theory.interval?.least as number,
  );
});

describe("what does not converge is data", () => {
  const scarf = exchange(
    Object.fromEntries(
      ["g1", "g2", "g3"].map((own, i, goods) => {
        const next = goods[(i + 1) % 3];
        return [
          `c${i}`,
          { endowment: { [own]: 2 + i }, preferences: ces(0, { [own]: 2 + i, [next]: 2 + ((i + 1) % 3) }) },
        ];
      }),
    ),
    ["g1", "g2", "g3"],
  );

  test("Scarf's economy: runs leave the equilibrium as fast as the local constant says, no λ is best", async () => {
    const measured = await measureConvergence(defineEconomy(scarf));
    expect(measured.equilibrium.status).toBe("solved");
    expect(measured.spectrum?.best).toBeNull();
    expect(measured.spectrum?.eigenvalues).toHaveLength(1);
    expect(measured.spectrum?.eigenvalues[0][1]).toBeGreaterThan(0);
    for (const { local, near, far, bound, expected } of measured.maps) {
      expect(local).toBeGreaterThan(1);
      expect([bound, expected, far.reached]).toEqual([null, null, null]);
      expect(near.rate).toBeGreaterThan(1);
      expect(near.distances[0][1]).toBeCloseTo(1e-6, 12);
      expect(Math.abs((near.rate as number) - (local as number))).toBeLessThan(2e-3);
    }
    const status = (name: string) => measured.solvers.find(({ solver }) => solver === name)?.status;
    expect(status("tatonnement")).toBe("cycling");
    expect(status("auto")).toBe("solved");
    expectFinite(measured);
  });

  test("steps far too long end by name", async () => {
    const economy = defineEconomy(t1Spec(3));
    const { maps } = await measureConvergence(economy, { steps: [50, 0.1], solvers: [] });
    expect(maps.map(({ step, origin }) => [step, origin])).toEqual([
      [0.1, "asked"],
      [50, "asked"],
    ]);
    expect(maps[1].near.status).toBe("departed");
    expect(maps[1].bound).toBeNull();
    expectFinite(maps);
  });

  test("without an equilibrium nothing is measured near one, and solvers say how they end", async () => {
    // Floors that nothing can pay for.
    const broke = exchange(
      { a: { endowment: { x: 1, y: 1 }, floors: { y: 2 }, preferences: ces(1, { x: 1, y: 1 }) } },
      ["x", "y"],
    );
    const measured = await measureConvergence(defineEconomy(broke));
    expect(measured).toMatchObject({
      maps: [],
      spectrum: null,
      equilibrium: { status: "slo-unaffordable", error: null },
    });
    expect(new Set(measured.solvers.map(({ status }) => status)).has("solved")).toBe(false);
    expectFinite(measured);
  });

  test("a critical equilibrium: distances to one of many mean nothing", async () => {
    // Complements that are owned in the same proportions: every price clears.
    const many = exchange({ a: { endowment: { x: 1, y: 1 }, preferences: ces(0, { x: 1, y: 1 }) } }, [
      "x",
      "y",
    ]);
    const measured = await measureConvergence(defineEconomy(many));
    expect(measured).toMatchObject({
      maps: [],
      equilibrium: { status: "solved", error: null, critical: true },
    });
    expect(measured.spectrum?.eigenvalues).toEqual([[expect.closeTo(0, 9), 0]]);
    expect(findings(measured)[0].text).toContain("critical");
    expectFinite(measured);
  });

  test("cancelled from the start: what there is, by name", async () => {
    const measured = await measureConvergence(defineEconomy(t1Spec(3)), { signal: AbortSignal.abort() });
    expect(measured).toMatchObject({ maps: [], solvers: [], equilibrium: { status: "cancelled" } });
  });
});

test("goods that are free at the equilibrium are taken out of the map", async () => {
  const economy = await loadEconomy(example("idle-capacity.json"));
  const { prices, maps } = await measureConvergence(economy, { steps: [0.5], solvers: [] });
  const solution = await solve(economy);
  const free = solution.certificate.free.reduce((sum, { nodes }) => sum + nodes.length, 0);
  expect(free).toBeGreaterThan(0);
  expect(prices).toBe(solution.prices.data.filter((p) => p > 0).length);
  expect(maps[0].far.status).toBe("converged");
  expect(Math.abs((maps[0].near.rate as number) - (maps[0].local as number))).toBeLessThan(2e-3);
});

test("the simplicial solver runs where there are few enough prices for it", async () => {
  const names = async (agents: number) =>
    (await measureConvergence(defineEconomy(t1Spec(1, { agents, nodes: 5 })), { steps: [0.1] })).solvers.map(
      ({ solver }) => solver,
    );
  expect(await names(1)).toEqual(SOLVER_NAMES);
  expect(await names(4)).toEqual(SOLVER_NAMES.filter((name) => name !== "simplicial"));
});

test("one price: nothing moves, and nothing breaks", async () => {
  const one = exchange({ a: { endowment: { x: 1 }, preferences: ces(1, { x: 1 }) } }, ["x"]);
  const measured = await measureConvergence(defineEconomy(one));
  expect(measured).toMatchObject({ prices: 1, spectrum: { eigenvalues: [], best: null } });
  for (const { local, near, far } of measured.maps) {
    expect(local).toBe(0);
    expect([near.status, near.steps, near.rate, far.reached]).toEqual(["converged", 0, null, 0]);
  }
  expectFinite(measured);
});

test("candidates are distinct, ascending, and those asked for alone when some are", () => {
  const theory = {
    step: 0.5,
    theorem: null,
    rate: null,
    why: "",
    interval: { least: 1, largest: 3, step: 0.5, rate: 0.5, heavy_ball: 0.2 },
    interval_why: "",
  };
  const spectrum = { eigenvalues: [], exact: true, best: { step: 0.25, constant: 0.5 } };
  expect(candidates(theory, spectrum)).toEqual([
    { step: 0.125, origin: "1/4 of it" },
    { step: 0.25, origin: "1/2 of it" },
    { step: 0.3, origin: "1.2 × best" },
    { step: 0.5, origin: "1/(σ_max+e_S)" },
  ]);
  expect(candidates(theory, spectrum, [2, 1, 2])).toEqual([
    { step: 1, origin: "asked" },
    { step: 2, origin: "asked" },
  ]);
});

test("of several equilibria the one near given prices is measured", async () => {
  const three = exchange(
    {
      a: { endowment: { x: 12, y: 1 }, preferences: ces(0.2, { x: 4, y: 1 }) },
      b: { endowment: { x: 1, y: 12 }, preferences: ces(0.2, { x: 1, y: 4 }) },
    },
    ["x", "y"],
  );
  const near = { grid: null, prices: new Map([["x", Float64Array.of(8)]]) };
  const options = { solvers: [], steps: [1] };
  const [middle, outer] = [
    await measureConvergence(defineEconomy(three), options),
    await measureConvergence(defineEconomy(three), { ...options, near }),
  ];
  expect(middle.maps[0].local).toBeGreaterThan(1);
  expect(outer.maps[0].local).toBeLessThan(1);
});

test("log ε / log κ", () => {
  expect(stepsFor(1e-8, 0.1)).toBeCloseTo(8, 12);
  expect(stepsFor(1e-8, 0)).toBe(1);
  expect(stepsFor(2, 0.5)).toBe(0);
  expect([stepsFor(Infinity, 0.5), stepsFor(0, 0.5), stepsFor(Number.NaN, 0.5)]).toEqual([0, null, null]);
  expect([stepsFor(1e-8, 1), stepsFor(1e-8, 1 - 1e-13), stepsFor(1e-8, 1.2), stepsFor(1e-8, null)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test("runs start where floors can be paid, as a solve does", () => {
  const dear = exchange(
    {
      a: { endowment: { x: 1 }, floors: { y: 0.9 }, preferences: ces(1, { x: 1, y: 1 }) },
      b: { endowment: { y: 100 }, preferences: ces(1, { x: 1, y: 1 }) },
    },
    ["x", "y"],
  );
  expect([...onesOf(defineEconomy(t1Spec(3)))].every((p) => p === 1)).toBe(true);
  const start = onesOf(defineEconomy(dear));
  expect(start[0]).toBeGreaterThan(0.9 * start[1]);
});
