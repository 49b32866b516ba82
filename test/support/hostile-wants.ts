import type { EconomySpec } from "../../src/economy/schema.js";
import { type Dice, someOf, weightsOf } from "./hostile-dice.js";

export type Wants = EconomySpec["orchestrators"][string]["preferences"];

/**
 * A raw CES graph over some of the commodities: one nest, or nests in two layers of which some have two parents, one
 * child, or a child twice (once directly).
 */
export function nestsOver(commodities: readonly string[], dice: Dice): Wants {
  const wanted = someOf(commodities, 0.7, dice);
  const nest = (inputs: readonly string[]) => ({
    elasticity: dice.elasticity(),
    inputs: weightsOf(inputs, dice),
  });
  if (wanted.length === 1 || dice.chance(0.3)) return { root: "u", nodes: { u: nest(wanted) } };
  const names = Array.from({ length: 1 + dice.index(3) }, (_, k) => `n${k}`);
  const nodes = Object.fromEntries(names.map((name) => [name, nest(someOf(wanted, 0.5, dice))]));
  const direct = someOf(wanted, 0.3, dice);
  if (dice.chance(0.5)) return { root: "u", nodes: { u: nest([...names, ...direct]), ...nodes } };
  const [left, right] = [someOf(names, 0.6, dice), [...someOf(names, 0.6, dice), ...direct]];
  return { root: "u", nodes: { u: nest(["v", "w"]), v: nest(left), w: nest(right), ...nodes } };
}

/** An agent of a DAG: its name and the metrics it can be wanted for. */
export interface Worker {
  readonly name: string;
  readonly metrics: readonly string[];
}

/**
 * An agent DAG over some of the workers in their order: several may be entered, one may be a pure router, metrics of
 * shared commodities occur, and elasticities of all kinds.
 */
export function dagOver(workers: readonly Worker[], shared: readonly string[], dice: Dice): Wants {
  const able = workers.filter(({ metrics }) => metrics.length > 0);
  const steps = someOf(able, 0.8, dice);
  const entry = new Set([steps[0].name]);
  const next = new Map(steps.map(({ name }) => [name, new Set<string>()]));
  steps.forEach(({ name }, k) => {
    // Everybody is reached: from before, or as another entry (a step without parents).
    if (k > 0 && dice.chance(0.75)) next.get(dice.oneOf(steps.slice(0, k)).name)!.add(name);
    else entry.add(name);
    for (const later of steps.slice(k + 1)) if (dice.chance(0.25)) next.get(name)!.add(later.name);
  });
  const stepOf = ({ name, metrics }: Worker) => {
    const successors = [...next.get(name)!];
    const extra = shared.length > 0 && dice.chance(0.15) ? [dice.oneOf(shared)] : [];
    return {
      metrics: weightsOf([...someOf(metrics, 0.8, dice), ...extra], dice),
      metric_elasticity: dice.elasticity(),
      ...(dice.chance(0.5) ? { own_weight: dice.oneOf([1e-9, 0.1, 0.5, 1 - 1e-9]) } : {}),
      chain_elasticity: dice.elasticity(),
      ...(successors.length > 0 ? { next: weightsOf(successors, dice) } : {}),
      routing_elasticity: dice.elasticity(),
    };
  };
  const written = Object.fromEntries(steps.map((worker) => [worker.name, stepOf(worker)]));
  const router = { next: weightsOf([...entry], dice), routing_elasticity: dice.elasticity() };
  const dag = dice.chance(0.2)
    ? { entry: { router: 1 }, steps: { router, ...written } }
    : { entry: weightsOf([...entry], dice), steps: written };
  return { dag: { ...dag, entry_elasticity: dice.elasticity() } };
}
