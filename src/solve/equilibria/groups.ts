import type { Economy, Orchestrator } from "../../economy/economy.js";
import { aggregationOf } from "../../market/layout.js";

/** Orchestrators of whom only the sum of what they spend matters, with the part of each in that sum. */
export interface Group {
  readonly members: readonly number[];
  /** Of the group's spending, Σ = 1. */
  readonly parts: readonly number[];
}

/** Numbers that agree to this are the same. */
const SAME = 1e-12;

/**
 * The orchestrators in as few groups as theory allows. Those with the same preferences buy together what one of them would buy with
 * all they spend, however it is divided between them; those whose possessions are proportional divide it always alike. With
 * one group the equilibrium price is unique where demand is smooth (T2); with k groups equilibria are the zeros of a function of
 * k − 1 variables (see fixed-incomes.ts).
 */
export function groupsOf(economy: Economy): Group[] {
  const byTaste = partition(economy, (a, b) => {
    return aggregationOf({ ...economy, orchestrators: [a, b] }) === "identical" ? 1 : null;
  });
  const byProperty = partition(economy, (a, b) => propertyRatio(a, b));
  return byProperty.length < byTaste.length ? byProperty : byTaste;
}

/** @param ratio of the spending of b to that of a, where the two belong together; else null */
function partition(
  { orchestrators }: Economy,
  ratio: (a: Orchestrator, b: Orchestrator) => number | null,
): Group[] {
  const groups: { members: number[]; ratios: number[] }[] = [];
  orchestrators.forEach((orchestrator, i) => {
    for (const { members, ratios } of groups) {
      const found = ratio(orchestrators[members[0]], orchestrator);
      if (found === null) continue;
      members.push(i);
      ratios.push(found);
      return;
    }
    groups.push({ members: [i], ratios: [1] });
  });
  return groups.map(({ members, ratios }) => {
    const sum = ratios.reduce((total, x) => total + x, 0);
    return { members, parts: ratios.map((x) => x / sum) };
  });
}

/** How many times as much as a b owns, where that is so of everything and neither has floors. */
function propertyRatio(a: Orchestrator, b: Orchestrator): number | null {
  if (a.floors.size > 0 || b.floors.size > 0) return null;
  let ratio: number | null = null;
  const agrees = (x: number, y: number): boolean => {
    if (x === 0 || y === 0) return x === y;
    ratio ??= y / x;
    return Math.abs(y / x - ratio) <= SAME * ratio;
  };
  const sharesAgree = a.shares.every((share, k) => agrees(share, b.shares[k]));
  const owned = [...new Set([...a.endowment.keys(), ...b.endowment.keys()])];
  const endowmentsAgree = owned.every((m) => {
    const [x, y] = [a.endowment.get(m), b.endowment.get(m)];
    return (x ?? y)!.every((_, n) => agrees(x?.[n] ?? 0, y?.[n] ?? 0));
  });
  return sharesAgree && endowmentsAgree ? ratio : null;
}
