import type { EconomyDefinition } from "../../src/economy/build.js";
import {
  drawer,
  ellipsoid,
  fixedSupply,
  frontier,
  hull,
  modes,
  type PipelineOptions,
  pipeline,
  SCARF_PRICES,
  scarf,
} from "./economies.js";

/** Economies that differ in one thing. */
export interface Family {
  readonly name: string;
  /** What varies, and what theory says of it. */
  readonly title: string;
  /** What `x` of its members is; null where they are not ordered. */
  readonly parameter: string | null;
  /** Whether `x` is spaced by factors. */
  readonly logarithmic?: boolean;
  readonly grids: readonly number[];
  readonly members: readonly Member[];
}

export interface Member {
  readonly label: string;
  readonly x: number | null;
  /** On a grid of so many nodes; static where that is 1. */
  readonly economy: (nodes: number) => EconomyDefinition;
  /** λ to measure at, as multiples of the default one; by default what `walras convergence` takes. */
  readonly multiples?: readonly number[];
  /** Prices near the equilibrium that is meant, of several. */
  readonly near?: Readonly<Record<string, number>>;
  /** The local constant in closed form. */
  readonly exact?: (step: number) => number;
}

const SEED = 1;
const ALL_GRIDS = [1, 8, 24, 96];
const GRIDS = [1, 24];
const rising = (depth: number) => 1 + 0.5 * depth;

/** Members of a pipeline, one for each value of a parameter. */
function along(
  values: readonly number[],
  label: (x: number) => string,
  options: (x: number) => Partial<Omit<PipelineOptions, "nodes">>,
  more: Partial<Member> = {},
): Member[] {
  const ordinary = {
    seed: SEED,
    elasticity: rising,
    set: (draw, agent) => ellipsoid(draw, agent % 2 === 0 ? 0 : 0.5),
  } satisfies Omit<PipelineOptions, "nodes">;
  return values.map((x) => ({
    label: label(x),
    x,
    economy: (nodes) => pipeline({ ...ordinary, ...options(x), nodes }),
    ...more,
  }));
}

/** Elasticities drawn log-uniformly from 0.1 to 8. */
function scattered(seed: number): (depth: number) => number {
  const draw = drawer(seed);
  return () => Math.exp(draw(Math.log(0.1), Math.log(8)));
}

/** What each of three consumers owns who wants goods i and i + 1, in every order. */
const OWNERS: readonly (readonly [number, number, number])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** The committed list that bench/convergence measures. */
export const FAMILIES: readonly Family[] = [
  {
    name: "elasticity",
    title:
      "one elasticity σ everywhere: the spectrum lies in [σ, σ+1] (T3), and from σ = 1 on κ ≤ 1 − λσ (T1)",
    parameter: "elasticity σ",
    logarithmic: true,
    grids: ALL_GRIDS,
    members: along(
      [0.1, 0.25, 0.5, 1, 2, 4, 8],
      (x) => `σ = ${x}`,
      (x) => ({ elasticity: () => x }),
    ),
  },
  {
    name: "mixed",
    title: "elasticities from 0.1 to 8 on one DAG: T3 only",
    parameter: null,
    grids: GRIDS,
    members: [1, 2, 3].map((seed) => ({
      label: `seed ${seed}`,
      x: null,
      economy: (nodes: number) =>
        pipeline({ nodes, seed, elasticity: scattered(seed), set: (draw) => ellipsoid(draw, 0.3) }),
    })),
  },
  {
    name: "damping",
    title:
      "λ from a tenth to twice the default: κ ≤ 1 − λσ₀ up to the default, the local constant everywhere",
    parameter: null,
    grids: ALL_GRIDS,
    members: along(
      [1],
      () => "rising elasticities",
      () => ({}),
      {
        x: null,
        multiples: [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2],
      },
    ),
  },
  {
    name: "curvature",
    title:
      "supply from elastic (0: centre 0) to fixed (1: points): fixed supply leaves the spectrum in [σ_min, σ_max]",
    parameter: "part of supply that is fixed",
    grids: GRIDS,
    members: along(
      [0, 0.25, 0.5, 0.75, 1],
      (x) => `${x} fixed`,
      (x) => ({
        set: (draw) => ellipsoid(draw, x),
      }),
    ),
  },
  {
    name: "transformation",
    title: "input-free CET frontiers: e_S = max(1, τ)",
    parameter: "elasticity of transformation τ",
    grids: GRIDS,
    members: along(
      [0, 0.5, 1, 2, 4, 8],
      (x) => `τ = ${x}`,
      (x) => ({ set: (draw) => frontier(draw, x) }),
    ),
  },
  {
    name: "floors",
    title: "floors, as a part of what is surely supplied: they multiply σ_min by the least 1 − γ/D (T3)",
    parameter: "floors",
    grids: GRIDS,
    members: along(
      [0, 0.2, 0.4, 0.6, 0.8, 0.95],
      (x) => `${x} of supply`,
      (x) => ({
        floors: x,
        set: (draw) => ellipsoid(draw, 0.9),
      }),
    ),
  },
  {
    name: "depth-rising",
    title: "layers of the DAG, elasticities rising with depth: T1, however deep",
    parameter: "layers",
    logarithmic: true,
    grids: GRIDS,
    members: along(
      [1, 2, 4, 8, 16],
      (x) => `${x} layers`,
      (x) => ({
        layers: x,
        elasticity: (depth) => 1 + (2 * depth) / x,
      }),
    ),
  },
  {
    name: "depth-falling",
    title: "layers of the DAG, elasticities falling to complements in the depth: T3 only",
    parameter: "layers",
    logarithmic: true,
    grids: GRIDS,
    members: along(
      [1, 2, 4, 8, 16],
      (x) => `${x} layers`,
      (x) => ({
        layers: x,
        elasticity: (depth) => 3 - (2.8 * depth) / x,
      }),
    ),
  },
  {
    name: "orchestrators",
    title: "three orchestrators of different tastes, owning a part of everything together: κ ≤ 1 − λχ",
    parameter: "part of every agent owned in common",
    grids: GRIDS,
    members: along(
      [0, 0.1, 0.25, 0.5, 1],
      (x) => `${x} in common`,
      (x) => ({ orchestrators: 3, common: x }),
    ),
  },
  {
    name: "sets",
    title: "frontiers with inputs, hulls and modes that share a capacity: no contraction theorem applies",
    parameter: null,
    grids: GRIDS,
    members: [1, 2].map((seed) => ({
      label: `seed ${seed}`,
      x: null,
      economy: (nodes: number) =>
        pipeline({
          nodes,
          seed,
          capacity: 8,
          elasticity: () => 1.5,
          set: (draw, agent) =>
            [() => frontier(draw, 1, 0.3), () => hull(draw), () => modes(draw)][agent % 3](),
        }),
    })),
  },
  {
    name: "exact",
    title: "the exact cases: |1 − λσ|, and max(|1 − λ|, |1 − 2λ|)",
    parameter: null,
    grids: [1],
    members: [
      ...[0.25, 1, 3].map((sigma) => ({
        label: `fixed supply, σ = ${sigma}`,
        x: null,
        economy: () => fixedSupply(sigma, 5),
        multiples: [0.25, 0.5, 1, 1.25],
        exact: (step: number) => Math.abs(1 - step * sigma),
      })),
      {
        label: "Cobb–Douglas, centre 0",
        x: null,
        economy: (nodes: number) =>
          pipeline({ nodes, seed: SEED, elasticity: () => 1, set: (draw) => ellipsoid(draw, 0) }),
        multiples: [0.25, 0.5, 1, 1.25, 1.5],
        exact: (step: number) => Math.max(Math.abs(1 - step), Math.abs(1 - 2 * step)),
      },
    ],
  },
  {
    name: "scarf",
    title:
      "Scarf's economy and its permutations, at the equilibrium where all prices are positive: consumer i wants goods i and i + 1 as complements",
    parameter: null,
    grids: [1],
    members: OWNERS.map((owned) => ({
      label: `owning goods ${owned.join(", ")}`,
      x: null,
      economy: () => scarf(owned),
      near: SCARF_PRICES,
    })),
  },
];
