import { describe, expect, test } from "vitest";
import { bestStep } from "../../src/contraction/best-step.js";
import { linearize, quotientEigenvalues } from "../../src/contraction/linearization.js";
import { certify, defineEconomy, solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { parseResult, type ResultFile, toResult } from "../../src/solve/result.js";
import { closedForm, randomSpec } from "../support/economies.js";
import { ces, exchange, t1Spec } from "./economies.js";

type Contraction = ResultFile["certificate"]["contraction"];

async function solved(definition: Parameters<typeof defineEconomy>[0]) {
  const economy = defineEconomy(definition);
  const solution = await solve(economy);
  expect(solution.status).toBe("solved");
  return { economy, solution, result: toResult(solution) };
}

function withContraction(
  result: ResultFile,
  change: (contraction: Contraction) => Partial<Contraction>,
): ResultFile {
  const { certificate } = result;
  const contraction = { ...certificate.contraction, ...change(certificate.contraction) };
  return { ...result, certificate: { ...certificate, contraction } };
}

describe("the certificate's contraction", () => {
  test("under T1: local ≤ sampled ≤ bound, and the best λ is that of the dense spectrum", async () => {
    for (let seed = 0; seed < 5; seed++) {
      const { economy, solution } = await solved(t1Spec(seed));
      const { bound, local, sampled, best_step, best_local } = solution.certificate.contraction;
      expect(local).toBeLessThanOrEqual((sampled ?? Number.NaN) + 1e-12);
      expect(sampled).toBeLessThanOrEqual((bound ?? Number.NaN) + 1e-12);
      const market = new ReferenceMarket(economy);
      const linearization = await linearize(market, market.enter(Float64Array.from(solution.prices.data)));
      const best = bestStep(quotientEigenvalues(linearization ?? expect.fail()));
      expect(best_step).toBeCloseTo(best?.step ?? Number.NaN, 7);
      expect(best_local).toBeCloseTo(best?.constant ?? Number.NaN, 7);
    }
  });

  test("the best λ solves with the best rate", async () => {
    const { economy, solution } = await solved(randomSpec(6, { families: ["point", "ellipsoid"], nodes: 2 }));
    const { best_step, best_local } = solution.certificate.contraction;
    const again = await solve(economy, {
      solver: "tatonnement",
      step: best_step ?? Number.NaN,
      tolerance: 1e-9,
    });
    expect(again.status).toBe("solved");
    expect(again.certificate.contraction.local).toBeCloseTo(best_local ?? Number.NaN, 6);
    expect(again.certificate.contraction.best_step).toBeCloseTo(best_step ?? Number.NaN, 6);
  });

  test("beyond 64 prices nothing is sampled; the best λ is still known", async () => {
    const { solution } = await solved(closedForm(1, { agents: 6, metrics: 3, nodes: 16 }).spec);
    const { sampled, best_step, best_local } = solution.certificate.contraction;
    expect(sampled).toBeNull();
    expect(best_step).toBeCloseTo(2 / 3, 9);
    expect(best_local).toBeCloseTo(1 / 3, 9);
  });

  test("no best λ where none contracts: Scarf's equilibrium", async () => {
    const own = (a: string, b: string) => ({
      endowment: { [a]: 1 },
      preferences: ces(0, { [a]: 1, [b]: 1 }),
    });
    const people = { a: own("x", "y"), b: own("y", "z"), c: own("z", "x") };
    const { economy, solution, result } = await solved(exchange(people, ["x", "y", "z"]));
    const { sampled, best_step, best_local } = solution.certificate.contraction;
    expect([best_step, best_local]).toEqual([null, null]);
    expect(sampled).toBeGreaterThan(1);
    expect((await certify(economy, result)).failures).toEqual([]);
  });
});

describe("certify", () => {
  const failing = async (change: (contraction: Contraction) => Partial<Contraction>) => {
    const { economy, result } = await solved(randomSpec(2, { orchestrators: 2 }));
    const { failures } = await certify(economy, JSON.parse(JSON.stringify(withContraction(result, change))));
    return failures.map(({ where }) => where.split(" ")[0]);
  };

  test("recomputes the fields and finds the same", async () => {
    expect(await failing(() => ({}))).toEqual([]);
  });

  test("accepts files of before that lack them", async () => {
    expect(
      await failing(() => ({ sampled: undefined, best_step: undefined, best_local: undefined })),
    ).toEqual([]);
  });

  test.each(["sampled", "best_step", "best_local"] as const)("refuses another %s", async (item) => {
    const at = [`certificate.contraction.${item}`];
    expect(await failing((contraction) => ({ [item]: (contraction[item] ?? Number.NaN) + 1e-5 }))).toEqual(
      at,
    );
    expect(await failing(() => ({ [item]: null }))).toEqual(at);
    expect(await failing((contraction) => ({ [item]: (contraction[item] ?? Number.NaN) + 1e-8 }))).toEqual(
      [],
    );
  });

  test("a λ of 0 is no λ", async () => {
    const { result } = await solved(randomSpec(2));
    expect(() => parseResult(withContraction(result, () => ({ best_step: 0 })))).toThrow(
      /best_step.*a number > 0/u,
    );
  });
});
