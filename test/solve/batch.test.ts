import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WasmBatches } from "../../src/backends/wasm/batches.js";
import { BackendUnavailableError } from "../../src/core/errors.js";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { type Solution, type SolveOptions, solve } from "../../src/index.js";
import type { ProductionSet } from "../../src/production/production-set.js";
import { inLockStep, solveInLockStep } from "../../src/solve/lock-step.js";
import { randomSpec } from "../support/economies.js";

const SHAPE = { agents: 7, nodes: 4 };

/** Every family of sets; one orchestrator or several, floors or none. */
const random = (seed: number): Economy =>
  defineEconomy(randomSpec(seed, { ...SHAPE, orchestrators: 1 + (seed % 3), floors: seed % 2 === 0 }));

const KERNELS = ["point", "ellipsoid", "modes", "sum", "hull"] as const;
/** Of sets that kernels know: on wasm these are solved in one memory. */
const known = (seed: number): Economy =>
  defineEconomy(
    randomSpec(seed, { ...SHAPE, families: KERNELS, orchestrators: 2 + (seed % 2), floors: true }),
  );

/** The same structure with more gpu than anybody can use, wanted only together with other things: it ends up free. */
function idle(seed: number): Economy {
  const spec = randomSpec(seed, { ...SHAPE, families: ["point", "ellipsoid"], orchestrators: 2 });
  const orchestrators = Object.entries(spec.orchestrators).map(([name, one]) => [
    name,
    { ...one, endowment: { gpu: 100 }, preferences: complements(one.preferences) },
  ]);
  return defineEconomy({ ...spec, orchestrators: Object.fromEntries(orchestrators) });
}

/** No substitution within what a nest takes of an agent and its gpu. */
function complements<P extends object>(preferences: P): P {
  const nodes = Object.entries(("nodes" in preferences ? preferences.nodes : {}) as Record<string, object>);
  const changed = nodes.map(([name, node]) => [name, name === "u" ? node : { ...node, elasticity: 0 }]);
  return nodes.length === 0 ? preferences : { ...preferences, nodes: Object.fromEntries(changed) };
}

/** The same structure with a floor that no plan can pay. */
function unaffordable(seed: number): Economy {
  const spec = randomSpec(seed, SHAPE);
  const { o0 } = spec.orchestrators;
  return defineEconomy({ ...spec, orchestrators: { o0: { ...o0, floors: { "a0/m0": 1000 } } } });
}

function count(n: number, economy: (seed: number) => Economy): Economy[] {
  return Array.from({ length: n }, (_, seed) => economy(seed));
}

/** Largest difference of prices, mean 1. */
function apart(a: Solution, b: Solution): number {
  return a.prices.data.reduce((most, p, i) => Math.max(most, Math.abs(p - b.prices.data[i])), 0);
}

/** One after the other, as one solves them. */
async function oneByOne(economies: readonly Economy[], options: SolveOptions = {}): Promise<Solution[]> {
  const solutions: Solution[] = [];
  for (const economy of economies) solutions.push(await solve(economy, options));
  return solutions;
}

function expectAsAlone(found: Solution, alone: Solution): void {
  expect(found.economy).toBe(alone.economy);
  expect(found.status).toBe(alone.status);
  expect(apart(found, alone)).toBeLessThan(1e-9);
  expect([found.solver, found.backend, found.precision, found.seed]).toEqual([
    alone.solver,
    alone.backend,
    alone.precision,
    alone.seed,
  ]);
  expect(found.certificate.free).toEqual(alone.certificate.free);
  expect(found.certificate.contraction.why).toBe(alone.certificate.contraction.why);
  expect(found.trace.map(({ step }) => step)).toEqual(found.trace.map((_, k) => k));
  if (found.status === "solved") expect(found.trace.at(-1)?.evaluations).toBe(found.evaluations);
  expect(found.steps).toBe(found.trace.length - 1);
}

test.each(["reference", "auto"])(
  "on %s a batch ends as its economies alone: all families, several orchestrators, floors, idle goods, floors nobody can pay",
  async (backend) => {
    const economies = [
      ...count(24, random),
      unaffordable(1),
      ...count(4, idle),
      ...count(6, (k) => random(k + 100)),
    ];
    const { solutions, prices } = await solve(economies, { backend, seed: 7 });
    const alone = await oneByOne(economies, { backend, seed: 7 });
    for (const [b, solution] of solutions.entries()) {
      expectAsAlone(solution, alone[b]);
      const size = solution.prices.data.length;
      expect(prices.data.slice(b * size, (b + 1) * size)).toEqual(solution.prices.data);
    }
    expect(solutions.filter(({ status }) => status === "solved").length).toBeGreaterThan(30);
    expect(solutions[24].status).toBe("slo-unaffordable");
    expect(solutions.some(({ certificate }) => certificate.free.length > 0)).toBe(true);
  },
);

test("most are solved in lock step; those with free goods or floors nobody can pay are not", async () => {
  const economies = [...count(24, random), unaffordable(1), ...count(4, idle)];
  expect(inLockStep(economies[0], {})).toBe(true);
  const together = await solveInLockStep(economies, {});
  const solved = together.slice(0, 24).filter((solution) => solution?.status === "solved");
  expect(solved.length).toBeGreaterThan(18);
  expect(together[24]).toBeNull();
  for (const [k, alone] of (await oneByOne(economies.slice(25))).entries()) {
    if (alone.certificate.free.length > 0) expect(together[25 + k]).toBeNull();
  }
});

test("where no step is refused the steps and residuals are those of a solve alone", async () => {
  const economies = count(12, random);
  const together = await solveInLockStep(economies, {});
  const alone = await oneByOne(economies);
  let same = 0;
  for (const [b, solution] of together.entries()) {
    if (solution === null || [...solution.trace, ...alone[b].trace].some(({ note }) => note !== undefined))
      continue;
    expect(Math.abs(solution.steps - alone[b].steps)).toBeLessThanOrEqual(1);
    solution.trace.slice(0, 5).forEach(({ residual, solver }, k) => {
      expect(residual / alone[b].trace[k].residual).toBeCloseTo(1, 6);
      expect(solver).toBe(alone[b].trace[k].solver);
    });
    same++;
  }
  expect(same).toBeGreaterThan(6);
});

test("whatever else is in the batch, and in whatever order, an economy's prices are the same to the last bit", async () => {
  const economies = [...count(10, random), unaffordable(3), idle(2)];
  const all = await solve(economies);
  const backwards = await solve([...economies].reverse());
  const twice = await solve([economies[3], economies[3]]);
  const single = await solve([economies[3]]);
  for (const b of all.solutions.keys()) {
    const other = backwards.solutions[economies.length - 1 - b];
    expect(apart(other, all.solutions[b]), `economy ${b}`).toBe(0);
  }
  for (const { prices } of [...twice.solutions, ...single.solutions]) {
    expect(prices.data).toEqual(all.solutions[3].prices.data);
  }
  expect(single.prices.shape).toEqual([1, economies[3].commodities.length, economies[3].grid.nodes]);
});

const openBatch = WasmBatches.prototype.open;

describe("economies that kernels know", () => {
  /** Solves, and says how many economies each batch in one memory had. */
  async function counted(economies: readonly Economy[], options: SolveOptions = {}) {
    const open = vi.spyOn(WasmBatches.prototype, "open");
    onTestFinished(() => open.mockRestore());
    const together = await solveInLockStep(economies, options);
    const sizes = open.mock.results.map(({ type, value }) =>
      type === "return" ? (value?.members.length ?? 0) : null,
    );
    return { together, sizes };
  }

  test("end as they do alone, whoever is beside them, in whatever order", async () => {
    const economies = [...count(8, known), random(3), idle(2), unaffordable(1)];
    const { together, sizes } = await counted(economies);
    // Goods that end up free are no reason not to begin.
    expect(sizes).toEqual([9]);
    const alone = await oneByOne(economies.slice(0, 8));
    for (const [b, solution] of alone.entries())
      expectAsAlone(together[b] ?? expect.fail(`economy ${b}`), solution);
    const backwards = await counted([...economies].reverse());
    const some = await counted([economies[5], economies[2]]);
    for (const [b, solution] of together.entries()) {
      const other = backwards.together[economies.length - 1 - b];
      expect(other?.prices.data).toEqual(solution?.prices.data);
    }
    expect(some.together.map((one) => one?.prices.data)).toEqual([5, 2].map((b) => together[b]?.prices.data));
  });

  test("one group after the other in one memory; on any number of threads the same bits", async () => {
    const wide = (seed: number) =>
      defineEconomy(
        randomSpec(seed, { agents: 8, metrics: 5, nodes: 90, families: KERNELS, orchestrators: 2 }),
      );
    const economies = count(19, wide);
    const { together, sizes } = await counted(economies, { threads: 1 });
    expect(sizes).toEqual([17, 2]);
    expect(together.filter((one) => one?.status === "solved").length).toBeGreaterThan(14);
    const threaded = await counted(economies, { threads: 2 });
    for (const [b, one] of threaded.together.entries()) {
      expect(one?.prices.data).toEqual(together[b]?.prices.data);
      expect(one?.steps).toBe(together[b]?.steps);
    }
  });

  test("too many for a memory: halves of them", async () => {
    const economies = count(7, known);
    const { together } = await counted(economies);
    vi.restoreAllMocks();
    const most = vi.spyOn(WasmBatches.prototype, "open").mockImplementation(function (
      this: WasmBatches,
      some,
    ) {
      if (some.length > 3) throw new BackendUnavailableError("too many");
      return openBatch.call(this, some);
    });
    onTestFinished(() => most.mockRestore());
    const halved = await solveInLockStep(economies, {});
    expect(most.mock.calls.map(([some]) => some.length)).toEqual([7, 3, 4, 2, 2]);
    expect(halved.map((one) => one?.prices.data)).toEqual(together.map((one) => one?.prices.data));
    most.mockImplementation(() => {
      throw new BackendUnavailableError("none at all");
    });
    const separate = await solveInLockStep(economies.slice(0, 3), {});
    for (const [b, one] of separate.entries()) expect(one?.status).toBe(together[b]?.status);
  });
});

test("steps are told with their economy, as they are in its trace", async () => {
  const economies = count(6, random);
  const seen = new Map<Economy, number[]>(economies.map((economy) => [economy, []]));
  const together = await solveInLockStep(economies, {
    onStep: ({ step }, economy) => seen.get(economy)?.push(step),
  });
  for (const solution of together) {
    if (solution !== null) expect(seen.get(solution.economy)).toEqual(solution.trace.map(({ step }) => step));
  }
  const alone: Economy[] = [];
  await solve(economies[0], { onStep: (_, economy) => alone.push(economy) });
  expect(new Set(alone)).toEqual(new Set([economies[0]]));
});

test("cancelled in between: what is not solved by then has its best iterate", async () => {
  const economies = count(6, random);
  const controller = new AbortController();
  let steps = 0;
  const { solutions } = await solve(economies, {
    signal: controller.signal,
    onStep: () => {
      if (++steps === 30) controller.abort();
    },
  });
  expect(solutions.map(({ status }) => status)).toEqual(economies.map(() => "cancelled"));
  for (const { steps: made, trace, certificate } of solutions) {
    expect(made).toBeGreaterThan(1);
    expect(certificate.clearing).toBeLessThan(trace[0].residual);
    expect(certificate.clearing).toBeLessThan(Infinity);
  }
});

test("whom the verifier does not believe is solved by itself", async () => {
  const economy = random(1);
  const [first, ...others] = economy.agents;
  const { set } = first;
  const impossible: ProductionSet = {
    family: "changed",
    metrics: set.metrics,
    nodes: set.nodes,
    profit: (p) => set.profit(p),
    supply: (p, out) => set.supply(p, out),
    supplyDerivative: (p, dp, out) => set.supplyDerivative(p, dp, out),
    gap: () => 0.25,
    bounds: () => set.bounds(),
  };
  const doubtful = { ...economy, agents: [{ ...first, set: impossible }, ...others] };
  const economies = [random(2), doubtful];
  const [one, other] = await solveInLockStep(economies, {});
  expect([one?.status, other]).toEqual(["solved", null]);
  const { solutions } = await solve(economies);
  expect(solutions.map(({ status }) => status)).toEqual(["solved", "uncertified"]);
});

test("with options that say how, each is solved by itself", () => {
  const economy = random(1);
  const start = { grid: null, prices: new Map() };
  const asked: SolveOptions[] = [
    { solver: "tatonnement" },
    { step: 0.1 },
    { maxSteps: 5 },
    { start },
    { checkpoint: { save: () => {} } },
    { allEquilibria: true },
  ];
  for (const options of asked) expect(inLockStep(economy, options)).toBe(false);
  const harmless = { solver: "auto", tolerance: 1e-6, threads: 1, allEquilibria: false, maxSteps: undefined };
  expect(inLockStep(economy, harmless)).toBe(true);
  const fine = economy.onGrid({ nodes: 250 });
  expect([inLockStep(fine, {}), inLockStep(fine, { ladder: false })]).toEqual([false, true]);
});

test("options out of range are refused before anything is solved", async () => {
  await expect(solve([random(1)], { tolerance: 2 })).rejects.toThrow(/tolerance/);
});
