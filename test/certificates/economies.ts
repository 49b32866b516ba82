import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { closedForm } from "../support/economies.js";

/** An economy and its equilibrium, known in closed form (model.md section 8). */
export interface Known {
  readonly economy: Economy;
  /** p, mean price 1, shape [commodities, nodes]. */
  readonly prices: Float64Array;
}

/** One orchestrator, all elasticities 1; agents ellipsoids with center 0, or points. */
export function closedFormEconomy(seed: number, shape: Parameters<typeof closedForm>[1] = {}): Known {
  const { spec, logPrice } = closedForm(seed, shape);
  const economy = defineEconomy(spec);
  return {
    economy,
    prices: normalized(economy, logPrice(economy.grid.t, economy.grid.weights).map(Math.exp)),
  };
}

/** Two log orchestrators who trade one good over continuous time. */
export function patience(rule: "midpoint" | "gauss-legendre", nodes = 40): Known {
  const [rates, delta] = [[0.7, 2.1], 1.3];
  const endowments = [(t: number) => Math.exp(-delta * t), (t: number) => 1 - Math.exp(-delta * t)];
  const definition: EconomyDefinition = {
    time: { horizon: 1, nodes, rule },
    commodities: { good: {} },
    orchestrators: Object.fromEntries(
      rates.map((rate, i) => [
        `o${i}`,
        {
          endowment: { good: endowments[i] },
          discount: (t: number) => Math.exp(-rate * t),
          preferences: { root: "u", nodes: { u: { elasticity: 1, inputs: { good: 1 } } } },
        },
      ]),
    ),
  };
  const economy = defineEconomy(definition);
  const [rho1, rho2] = economy.orchestrators.map(({ intensity }) => intensity);
  const { t, weights } = economy.grid;
  const share = (rho: Float64Array) =>
    rho.reduce((sum, x, n) => sum + weights[n] * x * endowments[0](t[n]), 0);
  const [a, b] = [share(rho1), share(rho2)];
  const W1 = b / (1 - a + b);
  return {
    economy,
    prices: normalized(
      economy,
      rho1.map((x, n) => W1 * x + (1 - W1) * rho2[n]),
    ),
  };
}

/**
 * Floors, a firm with inputs and a free good, by hand: p = (1, ½, 0) up to scale. The firm turns x of gpu into 2√x of work:
 * it uses (p_work/p_gpu)² = 4, makes 4, earns 2. The owner has 6·½ + 2 = 5, pays the floor 2, and spends ⅔ of the other 3 on
 * work, 2 more, which takes 2 of the 9 idle with it, and ⅓ on gpu, 2.
 */
export function workshop(): Known {
  const definition: EconomyDefinition = {
    commodities: { work: {}, gpu: {}, idle: {} },
    agents: {
      firm: {
        production: { set: "frontier", outputs: { work: 1 }, inputs: { gpu: 1 }, returns: 0.5, scale: 2 },
      },
    },
    orchestrators: {
      owner: {
        endowment: { gpu: 6, idle: 9 },
        floors: { work: 2 },
        preferences: {
          root: "u",
          nodes: {
            u: { elasticity: 1, inputs: { v: 2, gpu: 1 } },
            v: { elasticity: 0, inputs: { work: 1, idle: 1 } },
          },
        },
      },
    },
  };
  const economy = defineEconomy(definition);
  return { economy, prices: normalized(economy, Float64Array.of(1, 0.5, 0)) };
}

/** Mean price 1. */
export function normalized({ grid, commodities }: Economy, prices: Float64Array): Float64Array {
  const total = prices.reduce((sum, p, i) => sum + grid.weights[i % grid.nodes] * p, 0);
  return prices.map((p) => (p * commodities.length * grid.horizon) / total);
}
