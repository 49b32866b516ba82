import type { EconomyDefinition } from "../../src/economy/build.js";
import type { Grid } from "../../src/time/grid.js";
import { DAG_FAMILIES, dagSpec } from "../support/dag-economies.js";
import { FAMILIES, randomSpec } from "../support/economies.js";

/** An economy that a backend is compared on, and how far apart log prices are drawn. */
export interface Case {
  readonly name: string;
  readonly spec: () => EconomyDefinition;
  readonly widths?: readonly number[];
}

const ELASTICITIES = [0, 0.999999, 1, 1.000001, 8, 50];

export const CASES: readonly Case[] = [
  ...FAMILIES.map((family, k) => ({
    name: `${family}s`,
    spec: () => randomSpec(k + 1, { families: [family], nodes: 4 + k, orchestrators: 1 + (k % 3) }),
  })),
  ...DAG_FAMILIES.map((family, k) => ({
    name: `a DAG of ${family}s`,
    spec: () => dagSpec(k + 1, { agents: 5, metrics: 3, nodes: 5 + k, family, orchestrators: 1 + (k % 2) }),
  })),
  ...[1, 2, 3, 24, 257].map((nodes) => ({
    name: `all families, ${nodes} instants`,
    spec: () => randomSpec(nodes, { agents: 7, nodes, orchestrators: 3, floors: true }),
  })),
  {
    name: "Gauss and Legendre's instants",
    spec: () => randomSpec(9, { agents: 7, nodes: 9, rule: "gauss-legendre", orchestrators: 2 }),
  },
  ...ELASTICITIES.map((elasticity, k) => ({
    name: `every elasticity ${elasticity}`,
    spec: () => withElasticity(randomSpec(k + 20, { agents: 5, nodes: 5, orchestrators: 2 }), elasticity),
  })),
  {
    name: "several rows of blocks",
    spec: () => dagSpec(4, { agents: 16, metrics: 6, nodes: 257, family: "mixed", floors: 0.5 }),
    widths: [1],
  },
  { name: "one thing wanted, and idle goods", spec: idle },
  { name: "instants at which nothing is wanted", spec: nights },
  { name: "nests within nests, reached by several ways", spec: lattice },
  { name: "sets written in code", spec: written },
];

/** Every elasticity of an economy's preferences set to one. */
export function withElasticity<Spec extends EconomyDefinition>(spec: Spec, elasticity: number): Spec {
  const changed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(changed);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [
      key,
      /elasticity$/u.test(key) ? elasticity : changed(inner),
    ]);
    return Object.fromEntries(entries);
  };
  return { ...spec, orchestrators: changed(spec.orchestrators) as Spec["orchestrators"] };
}

/** A single leaf each, one of them wanted in fixed proportions with what is scarce: `plenty` ends up free. */
export function idle(): EconomyDefinition {
  return {
    time: { horizon: 6, nodes: 5 },
    commodities: { scarce: {}, plenty: {}, other: {}, unwanted: {} },
    agents: { a: { production: { set: "ellipsoid", center: { x: 1, other: -0.1 } } } },
    orchestrators: {
      one: {
        endowment: { scarce: { t: [0, 3, 6], values: [1, 1.3, 1] }, plenty: 3, unwanted: 1 },
        preferences: { root: "u", nodes: { u: { elasticity: 0, inputs: { scarce: 1, plenty: 1 } } } },
      },
      two: {
        endowment: { other: 2, scarce: 0.5 },
        shares: { a: 1 },
        preferences: { root: "u", nodes: { u: { inputs: { "a/x": 1 } } } },
      },
      three: {
        endowment: { other: 1, scarce: 0.2 },
        floors: { scarce: 0.01 },
        preferences: { root: "u", nodes: { u: { inputs: { other: 2, scarce: 1 } } } },
      },
    },
  };
}

/** Intensity 0 now and then, and goods in floors or inputs alone. */
function nights(): EconomyDefinition {
  return {
    time: { horizon: 8, nodes: 8 },
    commodities: { food: {}, fuel: {}, permits: {} },
    agents: {
      mill: {
        production: {
          set: "ellipsoid",
          center: { flour: 0.2, fuel: -0.05 },
          modes: [{ flour: 0.1, fuel: -0.1 }],
        },
      },
    },
    orchestrators: {
      main: {
        endowment: { food: 1, fuel: 2, permits: 1 },
        floors: { permits: { t: [0, 3, 3.001, 8], values: [0.2, 0.2, 0, 0] } },
        discount: { t: [0, 2, 2.001, 5, 5.001, 8], values: [1, 1, 0, 0, 2, 2] },
        shares: { mill: 1 },
        intertemporal_elasticity: 0.4,
        preferences: { root: "u", nodes: { u: { elasticity: 2, inputs: { food: 1, "mill/flour": 3 } } } },
      },
    },
  };
}

/** A leaf and a nest that several nests reach, wanted differently by two. */
function lattice(): EconomyDefinition {
  const preferences = (sigma: number) => ({
    root: "top",
    nodes: {
      top: { elasticity: sigma, inputs: { left: 2, right: 1, gpu: 0.5 } },
      left: { elasticity: 3, inputs: { shared: 1, gpu: 1, ram: 2 } },
      right: { elasticity: 0.2, inputs: { shared: 4, net: 1 } },
      shared: { elasticity: 1, inputs: { gpu: 1, net: 3 } },
    },
  });
  return {
    time: { horizon: 5, nodes: 7 },
    commodities: { gpu: {}, ram: {}, net: {} },
    orchestrators: {
      one: { endowment: { gpu: 1, net: 2 }, preferences: preferences(0.3) },
      two: {
        endowment: { ram: { t: [0, 5], values: [1, 3] }, gpu: 0.1 },
        intertemporal_elasticity: 4,
        preferences: preferences(2.5),
      },
    },
  };
}

/** A point written by hand beside a set of the package's own. */
function written(): EconomyDefinition {
  const build = (grid: Grid) => {
    const y = Float64Array.from({ length: 2 * grid.nodes }, (_, k) => 1 + (k % 3));
    return {
      family: "mine",
      metrics: 2,
      nodes: grid.nodes,
      profit: (p: Float64Array) => p.reduce((sum, x, k) => sum + grid.weights[k % grid.nodes] * x * y[k], 0),
      supply: (_p: Float64Array, out: Float64Array) => out.set(y),
      supplyDerivative: (_p: Float64Array, _dp: Float64Array, out: Float64Array) => void out.fill(0),
      gap: (z: Float64Array) => Math.max(...z.map((x, k) => Math.abs(x - y[k]))),
      bounds: () => ({ lower: y, upper: y }),
    };
  };
  return {
    time: { horizon: 3, nodes: 5 },
    agents: {
      mine: { production: { set: "written", metrics: ["x", "y"], build } },
      round: { production: { set: "ellipsoid", radius: { x: 1, y: 2 } } },
    },
    orchestrators: {
      o: {
        shares: { mine: 1, round: 1 },
        preferences: {
          root: "u",
          nodes: {
            u: { elasticity: 2, inputs: { "mine/x": 1, "mine/y": 2, "round/x": 1, "round/y": 1 } },
          },
        },
      },
    },
  };
}
