import type { Failure, Verification } from "../certificates/verify.js";
import type { Status } from "../core/status.js";
import type { Economy } from "../economy/economy.js";
import type { LoopResult } from "../solvers/loop.js";

const BELOW_ROUNDING = 1e-12;

/** What a status means here and what to do next, in one sentence. */
export function messageFor(
  status: Status,
  { prices, steps, poorest, starved, period }: LoopResult,
  economy: Economy,
  { certificate, failures }: Verification,
  { tolerance, solver }: { readonly tolerance: number; readonly solver: string },
): string {
  const { agents, orchestrators } = economy;
  const otherwise = solver === "auto" ? "another --start" : "--solver auto";
  const residual = certificate.clearing;
  const best = `the best iterate clears to ${residual.toExponential(1)}`;
  if (starved && (status === "stalled" || status === "max-steps")) {
    return `The floors of "${orchestrators[poorest].name}" take all it earns; ${best}. Lower them, or give it more to own, or add supply of what they name.`;
  }
  switch (status) {
    case "solved":
      return `Markets clear to ${residual.toExponential(1)} and the verifier agrees, after ${steps} steps.`;
    case "uncertified":
      return `The solver stopped satisfied at ${residual.toExponential(1)}, but the verifier did not agree: ${failures(tolerance).map(describeFailure).join("; ")}. Try a tighter --tol.`;
    case "max-steps":
      return `Stopped after ${steps} steps; ${best}. Allow more with --max-steps, or continue with --start from this result.`;
    case "stalled": {
      const jumping = agents.filter(({ set }) => set.theory?.jumps).map(({ name }) => `"${name}"`);
      return jumping.length > 0
        ? `No more progress; ${best}. The supply of ${jumping.join(", ")} jumps at ties, and an equilibrium that mixes there is out of reach: raise the smoothing.`
        : tolerance < BELOW_ROUNDING
          ? `No more progress; ${best}. A tolerance of ${tolerance} is below what float64 resolves: ask for 1e-12 or more.`
          : `No more progress; ${best}. Try ${otherwise}, or a smaller --step.`;
    }
    case "cycling":
      return `Prices keep winding without coming closer${period === null ? "" : `, about ${period} steps a turn`}; ${best}. Try ${otherwise}; a smaller --step may help, but where the process orbits none does.`;
    case "diverged":
      return `Prices drift apart without bound; ${best}. ${farthestApart(economy, prices)} Perhaps no equilibrium has all of them above 0: who owns only what hardly anybody wants? Otherwise try ${otherwise}, or a smaller --step.`;
    case "non-finite":
      return `A price or quantity left the range of float64; ${best}. Rescale the economy's numbers, or try a smaller --step.`;
    case "slo-unaffordable":
      return orchestrators.some(({ floors }) => floors.size > 0)
        ? `No production plan can pay the floors: at the prices returned they cost more than everything owned and produced earns. Lower the floors of "${orchestrators[poorest].name}" or add supply.`
        : "No production plan is feasible: at the prices returned what the agents must use costs more than everything owned and produced earns. Add endowments, or sets that can do with less.";
    case "linear-solve-failed":
      return `An inner linear solve failed; ${best}. Try ${otherwise}.`;
    case "backend-failed":
      return `The backend stopped working; ${best}. Try --backend reference.`;
    case "cancelled":
      return `Cancelled after ${steps} steps; ${best}. Continue with --start from this result.`;
  }
}

/** The commodities with the largest and the least positive price. */
function farthestApart({ commodities, grid }: Economy, prices: Float64Array): string {
  let [high, low] = [0, 0];
  prices.forEach((p, i) => {
    if (p > prices[high]) high = i;
    if (p > 0 && (p < prices[low] || prices[low] === 0)) low = i;
  });
  const name = (i: number): string => `"${commodities[Math.floor(i / grid.nodes)].name}"`;
  return `Farthest apart are ${name(high)} and ${name(low)}.`;
}

function describeFailure({ item, found, allowed, where }: Failure): string {
  return `${item} is ${found}, allowed ${allowed}${where === "" ? "" : ` (${where})`}`;
}

/** `stalled` before the first step: no prices were found at which everybody pays its floors. */
export function unaffordableStart(name: string): string {
  return `No prices were found at which orchestrator "${name}" can pay its floors; lower them, or give it more to own, or a --start at which it can.`;
}

/** Where no price pays an orchestrator's floors, whatever the others do (affordability.ts). */
export function beyondMeans(name: string): string {
  return `Orchestrator "${name}" can pay its floors at no prices: of nothing does it own, or get from its agents, as much as they ask for. Lower them, or give it more to own, or shares of agents that make it.`;
}
