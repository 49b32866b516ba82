import type { NestGraph } from "../../src/economy/economy.js";
import type { RandomDag } from "./random-dag.js";

/** The CES price index of model.md section 3, in its plainest form: weights normalised, no logarithms. */
export function cesIndex(
  elasticity: number,
  children: readonly (readonly [weight: number, price: number])[],
): number {
  const sum = children.reduce((total, [weight]) => total + weight, 0);
  const normalised = children.map(([weight, price]) => [weight / sum, price] as const);
  if (elasticity === 1) return normalised.reduce((product, [weight, price]) => product * price ** weight, 1);
  return (
    normalised.reduce((total, [weight, price]) => total + weight * price ** (1 - elasticity), 0) **
    (1 / (1 - elasticity))
  );
}

/** The price of a step by the definitions of e, D and Φ, from the file's own words; `entry` is the root. */
export function priceOfStep(
  dag: RandomDag["dag"],
  step: string,
  priceOf: (commodity: string) => number,
): number {
  const over = (elasticity = 1, weights: Record<string, number>, price: (key: string) => number) =>
    cesIndex(
      elasticity,
      Object.entries(weights)
        .filter(([, weight]) => weight > 0)
        .map(([key, weight]) => [weight, price(key)]),
    );
  const below = (next: string) => priceOfStep(dag, next, priceOf);
  if (step === "entry") return over(dag.entry_elasticity, dag.entry, below);
  const { metrics, next, own_weight = 0.5, ...elasticities } = dag.steps[step];
  const work = () =>
    over(elasticities.metric_elasticity, metrics ?? {}, (metric) => priceOf(`${step}/${metric}`));
  const delegation = () => over(elasticities.routing_elasticity, next ?? {}, below);
  if (metrics === undefined) return delegation();
  if (next === undefined || own_weight === 1) return work();
  if (own_weight === 0) return delegation();
  return cesIndex(elasticities.chain_elasticity ?? 1, [
    [own_weight, work()],
    [1 - own_weight, delegation()],
  ]);
}

/** The price index of a compiled graph's root at prices by commodity index. */
export function indexOfGraph({ leaves, nodes }: NestGraph, prices: readonly number[]): number {
  const values = Array.from(leaves, (commodity) => prices[commodity]);
  for (const { elasticity, children, weights } of nodes) {
    values.push(
      cesIndex(
        elasticity,
        Array.from(children, (child, c) => [weights[c], values[child]]),
      ),
    );
  }
  return values[values.length - 1];
}
