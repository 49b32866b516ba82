import { defineEconomy } from "../../../src/economy/build.js";
import type { Economy } from "../../../src/economy/economy.js";

// biome-ignore lint/suspicious/noExplicitAny: JSON, validated by defineEconomy
type Loose = any;

/** One CES nest over goods with weights as given. */
export function ces(elasticity: number, inputs: Record<string, number>) {
  return { root: "u", nodes: { u: { elasticity, inputs } } };
}

/** A pure exchange economy. */
export function exchange(
  goods: readonly string[],
  orchestrators: Record<string, Loose>,
  more: Loose = {},
): Economy {
  return defineEconomy({
    format: "walras/1",
    commodities: Object.fromEntries(goods.map((good) => [good, {}])),
    orchestrators,
    ...more,
  });
}

/**
 * n goods and n orchestrators, the i-th of whom owns one unit of good i and wants it with weight 1, each other good with weight w, elasticity σ. For σ and w small
 * enough every good is dear or cheap whatever the others are: 2ⁿ − 1 equilibria up to scale.
 */
export function symmetric(n: number, sigma: number, w: number): Economy {
  const goods = Array.from({ length: n }, (_, k) => `g${k}`);
  const weights = (i: number) => Object.fromEntries(goods.map((good, k) => [good, k === i ? 1 : w]));
  return exchange(
    goods,
    Object.fromEntries(
      goods.map((good, i) => [`o${i}`, { endowment: { [good]: 1 }, preferences: ces(sigma, weights(i)) }]),
    ),
  );
}

/** Two orchestrators who each own one of two goods and want it more; at relative price e^c all is symmetric. */
export interface Pair {
  readonly centre: number;
  readonly sigma: number;
  readonly w: number;
}

/** The CES weights and endowments of one pair, goods x and y. */
export function pairMembers({ centre, sigma, w }: Pair) {
  const [size, tilt] = [Math.exp(-centre / 2), Math.exp(centre * (1 - sigma))];
  return [
    { sigma, weights: [1, w * tilt], owns: [size, 0] },
    { sigma, weights: [w, tilt], owns: [0, size * Math.exp(centre)] },
  ] as const;
}

/** Two goods and any number of such pairs. */
export function pairs(all: readonly Pair[]): Economy {
  const members = all.flatMap((pair) => pairMembers(pair));
  return exchange(
    ["x", "y"],
    Object.fromEntries(
      members.map(({ sigma, weights, owns }, i) => [
        `o${i}`,
        {
          endowment: { x: owns[0], y: owns[1] },
          preferences: ces(sigma, { x: weights[0], y: weights[1] }),
        },
      ]),
    ),
  );
}

/** Two consumers the first of whom also owns t of the second one's good: at CRITICAL two of three equilibria meet, beyond it they are gone. */
export function nearlyCritical(t: number): Economy {
  return exchange(["x", "y"], {
    a: { endowment: { x: 1, y: t }, preferences: ces(1 / 3, { x: 1, y: 0.2 }) },
    b: { endowment: { y: 1 }, preferences: ces(1 / 3, { x: 0.2, y: 1 }) },
  });
}
export const CRITICAL = 0.015522878959203144;

/** Centres at equal distances around 0. */
export function chain(count: number, gap: number, sigma: number, w: number): Pair[] {
  return Array.from({ length: count }, (_, j) => ({ centre: (j - (count - 1) / 2) * gap, sigma, w }));
}

/**
 * Economies of two goods each side by side, everybody spending a share ε on the goods of every other one. For small ε each
 * settles by itself: the numbers of equilibria multiply.
 */
export function blocks(all: readonly (readonly Pair[])[], epsilon: number): Economy {
  const goods = all.flatMap((_, b) => [`x${b}`, `y${b}`]);
  const preferences = (b: number, sigma: number, [x, y]: readonly [number, number]) => ({
    root: "u",
    nodes: {
      u: {
        elasticity: 1,
        inputs: Object.fromEntries(
          all.map((_, d) => [`n${d}`, d === b ? 1 - epsilon * (all.length - 1) : epsilon]),
        ),
      },
      ...Object.fromEntries(
        all.map((_, d) => [
          `n${d}`,
          d === b
            ? { elasticity: sigma, inputs: { [`x${d}`]: x, [`y${d}`]: y } }
            : { elasticity: 1, inputs: { [`x${d}`]: 1, [`y${d}`]: 1 } },
        ]),
      ),
    },
  });
  const orchestrators = all.flatMap((block, b) =>
    block
      .flatMap((pair) => pairMembers(pair))
      .map(({ sigma, weights, owns }, i) => [
        `o${b}-${i}`,
        {
          endowment: { [`x${b}`]: owns[0], [`y${b}`]: owns[1] },
          preferences: preferences(b, sigma, weights),
        },
      ]),
  );
  return exchange(goods, Object.fromEntries(orchestrators));
}

/**
 * Three orchestrators of two tastes, three goods at two instants, two agents, floors: income has one degree of freedom, prices
 * have five. Three equilibria.
 */
export function twoTastes(): Economy {
  const like = (
    own: number,
    weights: Record<string, number>,
    shares: Loose,
    endowment: Record<string, number>,
  ) => ({
    shares,
    endowment,
    floors: { [`g${own}`]: 0.03 },
    discount: [1.1 + 0.4 * own, 1],
    intertemporal_elasticity: 0.25,
    preferences: ces(0.15, weights),
  });
  const [a, b] = [
    { g0: 1, g1: 0.025, g2: 1 },
    { g0: 0.035, g1: 1, g2: 0.065 },
  ];
  return exchange(
    ["g0", "g1", "g2"],
    {
      a: like(0, a, { east: 1 }, { g0: 1, g1: 0.005, g2: 1.4 }),
      b: like(1, b, { west: 0.7 }, { g0: 0.001, g1: 1.1, g2: 0.001 }),
      c: like(1, b, { west: 0.3 }, { g1: 0.3 }),
    },
    {
      time: { horizon: 1, nodes: 2 },
      agents: {
        east: { production: { set: "ellipsoid", center: { g0: 0.2 }, radius: { g0: 0.1 } } },
        west: { production: { set: "ellipsoid", center: { g1: 0.2 }, radius: { g1: 0.2 } } },
      },
    },
  );
}
