import type { Economy, Orchestrator } from "../economy/economy.js";
import { wantedInstants } from "../economy/wanted.js";
import { enumerate, type FailedHypothesis } from "./hypothesis.js";
import { totalEndowment } from "./supply.js";

/**
 * χ = min_i δ_i/(1 − Σδ + δ_i) of model.md section 6, where orchestrator i owns at least the share δ_i of every endowment and
 * of every agent: the part of everybody's income that moves with prices alike. Only what somebody wants counts, since
 * the rest is worth nothing.
 */
export function commonOwnership(economy: Economy): { chi: number; failures: FailedHypothesis[] } {
  const wanted = wantedInstants(economy);
  const total = totalEndowment(economy);
  const least = economy.orchestrators.map((orchestrator) => leastShare(economy, orchestrator, total, wanted));
  const failures = ownershipFailures(economy, least);
  const sum = least.reduce((all, { delta }) => all + delta, 0);
  const chi = least.reduce((min, { delta }) => Math.min(min, delta / (1 - sum + delta)), 1);
  return { chi: failures.length > 0 ? 0 : chi, failures };
}

/** One failure for all who own nothing of something. */
function ownershipFailures({ orchestrators }: Economy, least: readonly LeastShare[]): FailedHypothesis[] {
  const without = least.flatMap(({ delta, of }, i) =>
    delta > 0 ? [] : [`${orchestrators[i].name} owns nothing of ${of}`],
  );
  if (without.length === 0) return [];
  const where = `orchestrators differ in preferences and in what they own (${enumerate(without)})`;
  return [{ hypothesis: "ownership", where }];
}

/** δ_i, and what attains it. */
interface LeastShare {
  readonly delta: number;
  readonly of: string;
}

function leastShare(
  { agents, commodities, grid }: Economy,
  { shares, endowment }: Orchestrator,
  total: Float64Array,
  wanted: Uint8Array,
): LeastShare {
  let [delta, of] = [1, "anything"];
  const own = (share: number, thing: () => string): void => {
    if (share < delta) [delta, of] = [share, thing()];
  };
  agents.forEach(({ name, commodities: metrics }, a) => {
    const earns = metrics.some((m) => wanted.subarray(m * grid.nodes, (m + 1) * grid.nodes).includes(1));
    if (earns) own(shares[a], () => `agent ${name}`);
  });
  total.forEach((all, i) => {
    if (all === 0 || wanted[i] === 0) return;
    const m = Math.floor(i / grid.nodes);
    const n = i % grid.nodes;
    own((endowment.get(m)?.[n] ?? 0) / all, () => `the endowment of ${commodities[m].name} at node ${n}`);
  });
  return { delta, of };
}
