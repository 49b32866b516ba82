import { uniformSource } from "../../src/core/rng.js";

/** A series in the file's form. */
export type Series = number | number[] | { t: number[]; values: number[]; interpolation: "step" | "linear" };

/** How nasty one hostile economy is: what its parts are drawn with. */
export interface Dice {
  between(low: number, high: number): number;
  /** Log-uniform. */
  log(low: number, high: number): number;
  chance(probability: number): boolean;
  /** 0 … count − 1. */
  index(count: number): number;
  oneOf<T>(list: readonly T[]): T;
  /** A quantity: within a factor of ten, or over six decades. */
  level(): number;
  /** A weight: within a factor of five, or over twelve decades (near-empty demand), now and then 0. */
  weight(): number;
  elasticity(): number;
  /** Around a level > 0, and > 0 at every instant. */
  series(level: number): Series;
  /** Demand intensity ρ ≥ 0: constant, waves, many decades, or zero at most instants. */
  intensity(): Series;
}

export interface Traits {
  readonly horizon: number;
  readonly nodes: number;
  /** Endowments over six decades. */
  readonly decades: boolean;
  /** Weights over twelve decades. */
  readonly thin: boolean;
  readonly elasticities: "mild" | "hostile" | "extreme";
}

/** Issue 4 names 0 and 50; beside 1 the formula changes, and 1e-3 is nearly fixed proportions. */
const ELASTICITIES = {
  hostile: [0, 1e-3, 0.1, 0.999, 1, 1.001, 3, 8, 50],
  extreme: [0, 0, 1e-3, 50],
};

export type Random = ReturnType<typeof randomFrom>;

/** Plain random numbers of a seed. */
export function randomFrom(seed: number) {
  const uniform = uniformSource(seed);
  const between = (low: number, high: number): number => low + (high - low) * uniform();
  const index = (count: number): number => Math.floor(uniform() * count);
  return {
    between,
    index,
    log: (low: number, high: number): number => Math.exp(between(Math.log(low), Math.log(high))),
    chance: (probability: number): boolean => uniform() < probability,
    oneOf: <T>(list: readonly T[]): T => list[index(list.length)],
  };
}

export function loadDice(random: Random, traits: Traits): Dice {
  const { between, log, chance, oneOf, index } = random;
  const { horizon, nodes, decades, thin, elasticities } = traits;
  const perNode = (value: (n: number) => number): number[] =>
    Array.from({ length: nodes }, (_, n) => value(n));
  const wave = (level: number, swing: number): Series => {
    const phase = between(0, 6);
    return perNode((n) => level * (1 + swing * Math.sin((6 * n) / nodes + phase)));
  };
  return {
    ...random,
    level: () => (decades ? log(1e-3, 1e3) : log(0.3, 3)),
    weight: () => {
      if (!thin) return between(0.2, 1);
      return chance(0.1) ? 0 : chance(0.2) ? 1e-12 : log(1e-12, 1);
    },
    elasticity: () => (elasticities === "mild" ? log(0.3, 3) : oneOf(ELASTICITIES[elasticities])),
    series: (level) => {
      if (nodes === 1 || chance(0.5)) return level;
      const kind = index(3);
      if (kind === 0) return wave(level, between(0, 0.9));
      if (kind === 1) return perNode(() => level * (decades ? log(1e-3, 1e3) : log(0.5, 2)));
      const t = [0, 0.3, 0.6].map((part) => part * horizon);
      return { t, values: t.map(() => level * log(0.1, 10)), interpolation: oneOf(["step", "linear"]) };
    },
    intensity: () => {
      if (nodes === 1 || chance(0.4)) return 1;
      const kind = index(3);
      if (kind === 0) return wave(1, 0.9);
      if (kind === 1) return perNode(() => log(1e-8, 1));
      // Zero at most instants.
      const when = index(nodes);
      return perNode((n) => (n === when || chance(0.1) ? log(0.1, 10) : 0));
    },
  };
}

/** The series times a factor. */
export function times(series: Series, factor: number): Series {
  if (typeof series === "number") return factor * series;
  if (Array.isArray(series)) return series.map((x) => factor * x);
  return { ...series, values: series.values.map((x) => factor * x) };
}

/** Weights by name, at least one of them > 0. */
export function weightsOf(names: readonly string[], dice: Dice): Record<string, number> {
  const weights: number[] = names.map(() => dice.weight());
  if (!weights.some((w) => w > 0)) weights[dice.index(weights.length)] = 1;
  return Object.fromEntries(names.map((name, k) => [name, weights[k]]));
}

/** Some of the list, at least one. */
export function someOf<T>(
  list: readonly T[],
  probability: number,
  dice: Pick<Dice, "chance" | "oneOf">,
): T[] {
  const some = list.filter(() => dice.chance(probability));
  return some.length > 0 ? some : [dice.oneOf(list)];
}
