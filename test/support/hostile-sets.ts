import type { EconomySpec } from "../../src/economy/schema.js";
import { type Dice, type Series, someOf, times, weightsOf } from "./hostile-dice.js";

export type Production = NonNullable<EconomySpec["agents"]>[string]["production"];

/** An agent: its set, its own metrics, and what it makes of them at usual times, where that is known. */
export interface HostileAgent {
  readonly production: Production;
  readonly own: readonly string[];
  readonly usual: Readonly<Record<string, Series>>;
}

const SMOOTHINGS = [0, 1e-6, 0.02, 0.02, 0.5];
/** Returns to scale from nothing to nearly constant ones, at which scale runs away. */
const RETURNS = [1e-3, 0.1, 0.5, 0.9, 0.99, 0.999];

const FAMILIES = { point, ellipsoid, modes, hull, frontier, factory };
export type HostileFamily = keyof typeof FAMILIES;
export const HOSTILE_FAMILIES = Object.keys(FAMILIES) as HostileFamily[];

/**
 * A random set of one of the families, at the edges of its parameters; most use some of the shared commodities, and some
 * make some.
 */
export function hostileAgent(family: HostileFamily, shared: readonly string[], dice: Dice): HostileAgent {
  const own = ["m0", "m1", "m2"].slice(0, 1 + dice.index(3));
  return FAMILIES[family](own, shared, dice);
}

/** A bundle of own metrics, each a series around its level times `part`. */
function bundle(levels: Readonly<Record<string, number>>, part: number, dice: Dice): Record<string, Series> {
  return Object.fromEntries(Object.entries(levels).map(([m, level]) => [m, dice.series(part * level)]));
}

function levelsOf(own: readonly string[], dice: Dice): Record<string, number> {
  return Object.fromEntries(own.map((m) => [m, dice.level()]));
}

/** What a set with a center uses of shared commodities, or now and then makes; small beside the endowments. */
function useOf(shared: readonly string[], dice: Dice): Record<string, Series> {
  if (shared.length === 0 || dice.chance(0.4)) return {};
  const sign = dice.chance(0.15) ? 1 : -1;
  return { [dice.oneOf(shared)]: sign * dice.level() * 0.03 };
}

function point(own: readonly string[], shared: readonly string[], dice: Dice): HostileAgent {
  const usual = bundle(levelsOf(own, dice), 1, dice);
  return { production: { set: "ellipsoid", center: { ...usual, ...useOf(shared, dice) } }, own, usual };
}

function ellipsoid(own: readonly string[], shared: readonly string[], dice: Dice): HostileAgent {
  const levels = levelsOf(own, dice);
  const usual = bundle(levels, 1, dice);
  // From a center of nothing, over a radius that hardly matters, to one far larger than the center.
  const radius = bundle(levels, dice.oneOf([1e-9, 0.1, 0.5, 2, 100]), dice);
  const center = dice.chance(0.3) ? {} : { ...usual, ...useOf(shared, dice) };
  return {
    production: { set: "ellipsoid", center, radius },
    own,
    usual: Object.keys(center).length > 0 ? usual : {},
  };
}

function modes(own: readonly string[], shared: readonly string[], dice: Dice): HostileAgent {
  const levels = levelsOf(own, dice);
  const usual = bundle(levels, 1, dice);
  const one = () => bundle(levels, (dice.chance(0.5) ? 1 : -1) * dice.oneOf([0, 0.1, 0.3, 2]), dice);
  const first = one();
  // The same mode twice now and then; with a radius, the sum of both sets.
  const list = [first, ...(dice.chance(0.5) ? [dice.chance(0.3) ? first : one()] : [])];
  const radius = dice.chance(0.2) ? { radius: bundle(levels, 0.2, dice) } : {};
  const center = { ...usual, ...useOf(shared, dice) };
  const smoothing = dice.oneOf(SMOOTHINGS);
  return { production: { set: "ellipsoid", center, modes: list, smoothing, ...radius }, own, usual };
}

function hull(own: readonly string[], shared: readonly string[], dice: Dice): HostileAgent {
  const levels = levelsOf(own, dice);
  const first = { ...bundle(levels, 1, dice), ...useOf(shared, dice) };
  // Others: the same, another effort of it, or of one metric alone (corners that need a mixture).
  const other = () => {
    const kind = dice.index(4);
    if (kind === 0) return first;
    if (kind === 1) {
      const effort = dice.between(0.3, 2);
      return Object.fromEntries(Object.entries(first).map(([m, series]) => [m, times(series, effort)]));
    }
    if (kind === 2) return { [dice.oneOf(own)]: dice.series(2 * dice.level()) };
    return { ...bundle(levels, dice.log(0.3, 3), dice), ...useOf(shared, dice) };
  };
  const trajectories = [first, ...Array.from({ length: dice.index(4) }, other)];
  return { production: { set: "hull", trajectories, smoothing: dice.oneOf(SMOOTHINGS) }, own, usual: {} };
}

function capacity(own: readonly string[], dice: Dice) {
  return {
    set: "frontier",
    outputs: weightsOf(own, dice),
    transformation: dice.oneOf([0, 0, 1e-3, 0.5, 2, 8, 50]),
    scale: dice.series(dice.level()),
  } as const;
}

function frontier(own: readonly string[], _: readonly string[], dice: Dice): HostileAgent {
  const production = capacity(own, dice);
  return { production, own: made(production.outputs), usual: {} };
}

/** Makes its own metrics, and now and then a shared commodity, from other shared ones: cycles of production among them. */
function factory(own: readonly string[], shared: readonly string[], dice: Dice): HostileAgent {
  if (shared.length === 0) return frontier(own, shared, dice);
  const inputs = someOf(shared, 0.5, dice);
  const others = shared.filter((name) => !inputs.includes(name));
  const makes = others.length > 0 && dice.chance(0.3) ? [dice.oneOf(others)] : [];
  const { outputs, ...split } = capacity(own, dice);
  const production = {
    ...split,
    outputs: { ...outputs, ...(makes.length > 0 ? weightsOf(makes, dice) : {}) },
    inputs: weightsOf(inputs, dice),
    substitution: dice.elasticity(),
    returns: dice.oneOf(RETURNS),
  };
  return { production, own: made(outputs), usual: {} };
}

/** Outputs of weight 0 are never made. */
function made(outputs: Readonly<Record<string, number>>): string[] {
  return Object.keys(outputs).filter((m) => outputs[m] > 0);
}
