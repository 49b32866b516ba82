import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { LuDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { equilibriumIndex, stability } from "../../src/contraction/equilibrium-index.js";
import {
  type Linearization,
  linearize,
  MOST_DENSE,
  quotient,
  quotientEigenvalues,
} from "../../src/contraction/linearization.js";
import { localSpectrum } from "../../src/contraction/local.js";
import type { EconomyDefinition } from "../../src/economy/build.js";
import type { EconomySpec } from "../../src/economy/schema.js";
import { defineEconomy, solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { closedForm, randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";
import { sharedCases } from "../support/require.js";
import { ces, exchange, type Loose, randomExchange, ring } from "./economies.js";

const seeds = fc.integer({ min: 0, max: 1e6 });

/** At given prices ≥ 0, in the market's order. */
async function linearizationAt(
  definition: EconomyDefinition,
  prices: ArrayLike<number>,
): Promise<Linearization> {
  const market = new ReferenceMarket(defineEconomy(definition));
  const linearization = await linearize(market, market.enter(Float64Array.from(prices)));
  if (linearization === null) throw new Error("not linearized");
  return linearization;
}

/** At the equilibrium that a solve finds. */
async function linearizationAtEquilibrium(definition: EconomyDefinition): Promise<Linearization> {
  const { status, prices } = await solve(defineEconomy(definition), { tolerance: 1e-10 });
  expect(status).toBe("solved");
  return linearizationAt(definition, prices.data);
}

/** The index from the eigenvalues on the quotient: the sign of their product. A complex pair adds a factor |θ|². */
function signOfProduct(eigenvalues: readonly { re: number; im: number }[]): number {
  return eigenvalues.filter(({ re, im }) => im === 0 && re < 0).length % 2 === 0 ? 1 : -1;
}

/** The same from the determinant of E with its zero eigenvalue moved to 1: the vector 1 stays one, the quotient as it is. */
function signOfBordered({ elasticities, shares }: Linearization): number {
  const moved = Matrix.add(
    elasticities,
    Matrix.ones(shares.length, 1).mmul(Matrix.rowVector(Array.from(shares))),
  );
  return Math.sign(new LuDecomposition(moved).determinant);
}

describe("the dense linearization", () => {
  test("E is −∂f/∂q by differences, and E 1 = 0", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 3 }), async (seed, orchestrators) => {
        const economy = defineEconomy(randomSpec(seed, { nodes: 2, orchestrators, floors: true }));
        const market = new ReferenceMarket(economy);
        const q = randomLogPrices(seed, market.create().length, 0.3);
        const { active, elasticities } = (await linearize(market, q)) as Linearization;
        const direction = randomLogPrices(seed + 1, q.length);
        const [above, below] = [market.create(), market.create()];
        const h = 1e-5;
        market.residual(
          q.map((x, i) => x + h * direction[i]),
          above,
        );
        market.residual(
          q.map((x, i) => x - h * direction[i]),
          below,
        );
        active.forEach((i, k) => {
          const row = elasticities.getRow(k);
          const along = row.reduce((sum, x, l) => sum + x * direction[active[l]], 0);
          expect(along).toBeCloseTo(-(above[i] - below[i]) / (2 * h), 5);
          const size = row.reduce((sum, x) => sum + Math.abs(x), 0);
          expect(Math.abs(row.reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-12 * (1 + size));
        });
      }),
      { numRuns: 25 },
    );
  });

  test("at an equilibrium the budget shares are E's left null vector", async () => {
    for (const definition of [randomSpec(3), randomSpec(4, { orchestrators: 3, floors: true }), ring(7)]) {
      const { elasticities, shares } = await linearizationAtEquilibrium(definition);
      expect(shares.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
      const left = Matrix.rowVector(Array.from(shares)).mmul(elasticities);
      expect(left.abs().max()).toBeLessThan(1e-9);
    }
  });

  test("at the equilibrium of one orchestrator its matrix on the quotient is symmetric (T3), spending over ten decades", async () => {
    const goods = { x: 1, y: 1e-5, z: 1e-8, w: 1e-10 };
    const nodes = {
      u: { elasticity: 0.3, inputs: { x: goods.x, v: 1e-3 } },
      v: { elasticity: 3, inputs: { y: goods.y, z: goods.z, w: goods.w } },
    };
    const endowment = { x: 1, y: 2, z: 3, w: 1 };
    const wide = exchange({ a: { endowment, preferences: { root: "u", nodes } } }, Object.keys(goods));
    for (const definition of [wide, randomSpec(2, { families: ["point", "ellipsoid"] })]) {
      const matrix = quotient(await linearizationAtEquilibrium(definition));
      expect(Matrix.sub(matrix, matrix.transpose()).abs().max()).toBeLessThan(1e-9);
    }
  });

  test("its eigenvalues on the quotient are the Krylov space's, at any prices", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 3 }), async (seed, orchestrators) => {
        const market = new ReferenceMarket(defineEconomy(randomSpec(seed, { orchestrators })));
        const q = randomLogPrices(seed, market.create().length, 0.5);
        const dense = quotientEigenvalues((await linearize(market, q)) as Linearization);
        expect(dense).toHaveLength(market.hints.size - 1);
        const krylov = (await localSpectrum(market, q, 1))?.values ?? [];
        for (const { re, im } of krylov) {
          const nearest = Math.min(...dense.map((theta) => Math.hypot(1 - theta.re - re, -theta.im - im)));
          expect(nearest).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("frozen instants and those without a market have no row", async () => {
    const nest = (elasticity: number) => ({
      root: "u",
      nodes: {
        u: { elasticity, inputs: { x: 1, v: 1 } },
        v: { elasticity: 0, inputs: { y: 1, idle: 1 } },
      },
    });
    const endowment = { x: 1, y: 1, idle: 5, unwanted: 1 };
    const spec = exchange({ a: { endowment, preferences: nest(1.5) } }, ["x", "unwanted", "y", "idle"]);
    const linearization = await linearizationAt(spec, [1, 0, 1, 0]);
    expect([...linearization.active]).toEqual([0, 2]);
    expect(quotientEigenvalues(linearization)[0].re).toBeCloseTo(1.5, 12);
    expect(equilibriumIndex(linearization)).toBe(1);
  });

  test("where one good takes nearly all spending the eigenvalues keep their digits", async () => {
    const goods = { x: 1, y: 1e-15, z: 1e-15 };
    const spec = exchange({ a: { endowment: { x: 1, y: 1, z: 1 }, preferences: ces(2, goods) } }, [
      "x",
      "y",
      "z",
    ]);
    for (const { re, im } of quotientEigenvalues(await linearizationAt(spec, [1, 1, 1]))) {
      expect(re).toBeCloseTo(2, 12);
      expect(im).toBe(0);
    }
  });

  test("one price: nothing moves, index +1, stable", async () => {
    const one = exchange({ a: { endowment: { x: 1 }, preferences: ces(1, { x: 1 }) } }, ["x"]);
    const linearization = await linearizationAt(one, [1]);
    expect(quotientEigenvalues(linearization)).toEqual([]);
    expect(equilibriumIndex(linearization)).toBe(1);
    expect(stability([])).toBe("stable");
  });

  test("null where f is not finite, and where there are too many prices", async () => {
    const two = exchange({ a: { endowment: { x: 1, y: 1 }, preferences: ces(1, { x: 1, y: 1 }) } }, [
      "x",
      "y",
    ]);
    const market = new ReferenceMarket(defineEconomy(two));
    expect(await linearize(market, Float64Array.of(Number.NaN, 0))).toBeNull();
    const { spec } = closedForm(1, { agents: 5, metrics: 3, nodes: 80 });
    const large = new ReferenceMarket(defineEconomy(spec));
    expect(large.hints.size).toBeGreaterThan(MOST_DENSE);
    expect(await linearize(large, large.create())).toBeNull();
  });
});

describe("the index of an equilibrium", () => {
  test("is the same by every row deleted, by the eigenvalues' product and by a determinant of all of E", async () => {
    const economies: Record<string, (seed: number) => EconomyDefinition> = {
      dag: (seed) => randomSpec(seed, { agents: 3, nodes: 2, orchestrators: 1 + (seed % 3) }),
      exchange: randomExchange,
      ring,
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(economies)), seeds, async (kind, seed) => {
        const definition = economies[kind](seed);
        const { status, prices } = await solve(defineEconomy(definition), { tolerance: 1e-10 });
        if (status !== "solved") return;
        const linearization = await linearizationAt(definition, prices.data);
        const index = equilibriumIndex(linearization);
        expect(index).not.toBe(0);
        for (const row of linearization.active.keys())
          expect(equilibriumIndex(linearization, row)).toBe(index);
        expect(index).toBe(signOfProduct(quotientEigenvalues(linearization)));
        expect(index).toBe(signOfBordered(linearization));
      }),
      { numRuns: 80 },
    );
  });

  test("under T1 it is +1, and stable", async () => {
    for (let seed = 0; seed < 5; seed++) {
      const { spec, logPrice } = closedForm(seed);
      const { grid } = defineEconomy(spec);
      const linearization = await linearizationAt(spec, logPrice(grid.t, grid.weights).map(Math.exp));
      expect(equilibriumIndex(linearization)).toBe(1);
      expect(stability(quotientEigenvalues(linearization))).toBe("stable");
    }
  });

  /** Each of `goods` orchestrators owns one good and wants it `own` times as much as each other: p = 1 is an equilibrium. */
  const symmetric = (goods: number, elasticity: number, own: number) => {
    const names = Array.from({ length: goods }, (_, k) => `g${k}`);
    const people = names.map((mine) => {
      const inputs = Object.fromEntries(names.map((name) => [name, name === mine ? own : 1]));
      return [mine, { endowment: { [mine]: 1 }, preferences: ces(elasticity, inputs) }];
    });
    return exchange(Object.fromEntries(people), names);
  };
  /** With a = own share less another's, E on the quotient is (1−a)(σ(1+a) − a) times the identity. */
  const difference = (goods: number, own: number) => (own - 1) / (own + goods - 1);

  test("of symmetric economies: every eigenvalue in closed form, the index its sign to the power of goods − 1", async () => {
    const cases = fc.record({
      goods: fc.integer({ min: 2, max: 7 }),
      elasticity: fc.double({ min: 0.01, max: 1.5, noNaN: true }),
      own: fc.double({ min: 1.1, max: 20, noNaN: true }),
    });
    let negative = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ goods, elasticity, own }) => {
        const a = difference(goods, own);
        const theta = (1 - a) * (elasticity * (1 + a) - a);
        fc.pre(Math.abs(theta) > 1e-6);
        const linearization = await linearizationAt(
          symmetric(goods, elasticity, own),
          new Float64Array(goods).fill(1),
        );
        const eigenvalues = quotientEigenvalues(linearization);
        for (const { re, im } of eigenvalues) {
          expect(re).toBeCloseTo(theta, 12);
          expect(im).toBeCloseTo(0, 12);
        }
        const index = Math.sign(theta) ** (goods - 1);
        for (let row = 0; row < goods; row++) expect(equilibriumIndex(linearization, row)).toBe(index);
        expect(signOfProduct(eigenvalues)).toBe(index);
        expect(signOfBordered(linearization)).toBe(index);
        expect(stability(eigenvalues)).toBe(theta > 0 ? "stable" : "unstable");
        if (index < 0) negative++;
      }),
      { numRuns: 150 },
    );
    expect(negative).toBeGreaterThan(10);
  });

  test.each([2, 3, 5])(
    "is 0, and the equilibrium neutral, where a pitchfork begins: %i goods",
    async (goods) => {
      const a = difference(goods, 4);
      const linearization = await linearizationAt(
        symmetric(goods, a / (1 + a), 4),
        new Float64Array(goods).fill(1),
      );
      for (let row = 0; row < goods; row++) expect(equilibriumIndex(linearization, row)).toBe(0);
      expect(stability(quotientEigenvalues(linearization))).toBe("neutral");
    },
  );

  test("whatever the units and the size of goods: shares from 1 to 1e-12", async () => {
    const sizes = [1, 1e-4, 1e-8, 1e-12];
    const goods = sizes.map((_, k) => `g${k}`);
    const of = (scale: number) => Object.fromEntries(goods.map((good, k) => [good, sizes[k] * scale]));
    const definition = exchange(
      {
        a: { endowment: of(1), preferences: ces(0.5, of(1)) },
        b: { endowment: of(2), preferences: ces(3, { ...of(1), g3: 3e-12 }) },
      },
      goods,
    );
    const linearization = await linearizationAtEquilibrium(definition);
    expect(equilibriumIndex(linearization)).toBe(1);
    expect(signOfProduct(quotientEigenvalues(linearization))).toBe(1);
  });
});

test("Scarf's economy is neutral, index +1; a multiple of it stays so", async () => {
  for (const size of [1, 1e6]) {
    const leontief = (a: string, b: string) => ({
      endowment: { [a]: size },
      preferences: ces(0, { [a]: 1, [b]: 1 }),
    });
    const goods = ["g1", "g2", "g3"];
    const people = { x: leontief("g1", "g2"), y: leontief("g2", "g3"), z: leontief("g3", "g1") };
    const linearization = await linearizationAt(exchange(people, goods), [1, 1, 1]);
    expect(stability(quotientEigenvalues(linearization))).toBe("neutral");
    expect(equilibriumIndex(linearization)).toBe(1);
  }
});

const folder = sharedCases();
describe.skipIf(folder === null)("economies with known equilibria (../shared/cases)", () => {
  interface Case {
    readonly economy: EconomySpec;
    readonly answers: readonly (readonly number[])[];
    readonly index?: readonly number[];
    readonly stability?: string;
    readonly tatonnement?: string;
  }
  const files = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith(".json"));

  test.each(files)("%s: the known indices, which sum to +1, and stability", async (file) => {
    const known: Case = JSON.parse(readFileSync(join(folder as string, file), "utf8"));
    const indices = [];
    for (const answer of known.answers) {
      const linearization = await linearizationAt(known.economy as Loose, answer);
      const eigenvalues = quotientEigenvalues(linearization);
      const index = equilibriumIndex(linearization);
      indices.push(index);
      expect(index).toBe(signOfProduct(eigenvalues));
      if (index < 0) expect(stability(eigenvalues)).toBe("unstable");
      if (known.stability !== undefined) expect(stability(eigenvalues)).toBe(known.stability);
      if (known.tatonnement === "cycles") expect(stability(eigenvalues)).toBe("neutral");
    }
    expect(indices.reduce((sum, x) => sum + x, 0)).toBe(1);
    if (known.index !== undefined) expect(indices).toEqual(known.index);
  });
});
