import type { Economy, Orchestrator } from "../../economy/economy.js";
import { ReferenceMarket } from "../../market/reference.js";
import { auto } from "../../solvers/auto.js";
import { iterate } from "../../solvers/loop.js";
import { evaluate } from "../../solvers/solver.js";
import { booksAt } from "../affordability.js";
import type { Group } from "./groups.js";

/** Clearing to which an economy of fixed incomes is solved, and what will do. */
const TARGET = 1e-12;
const TOLERANCE = 1e-9;
const STEPS = 500;

/**
 * Negishi's reduction. Let the groups of orchestrators spend, beyond their floors, fixed shares α_g of what all together can: at every α
 * such an economy has one equilibrium price p(α) where demand is smooth, since Σ_g α_g log E_g takes the place of log E in the
 * potential of T2. The equilibria of the economy itself are those p(α) at which every group earns what it spends,
 *
 *     M°_g(p(α)) / Σ_h M°_h(p(α)) = α_g ,
 *
 * as many equations as groups less one, however many prices there are.
 */
export class FixedIncomes {
  /** Of all the economies of fixed incomes. */
  evaluations = 0;

  constructor(
    private readonly economy: Economy,
    private readonly groups: readonly Group[],
  ) {}

  /**
   * p(α), shape [commodities, nodes], mean price 1; null where it was not found.
   *
   * @param logs log α_g, up to a constant
   * @param start prices to begin from, at which together the orchestrators can pay their floors
   */
  async prices(
    logs: readonly number[],
    start: Float64Array,
    tolerance = TOLERANCE,
  ): Promise<Float64Array | null> {
    const market = new ReferenceMarket(this.withFixedIncomes(sharesOf(logs)));
    const problem = { market, step: market.hints.step, clip: 1, maxSteps: STEPS };
    const { status, prices } = await iterate(
      problem,
      auto<Float64Array>(),
      await evaluate(market, market.enter(start)),
      {
        target: Math.max(TARGET, 1e-3 * tolerance),
        tolerance,
        maxSteps: STEPS,
      },
    );
    this.evaluations += market.evaluations;
    return status === "solved" ? prices : null;
  }

  /** log M°_g at prices p; NaN where a group cannot pay its floors. */
  logSpending(prices: Float64Array): number[] {
    const { income, cost } = booksAt(this.economy, prices);
    return this.groups.map(({ members }) =>
      Math.log(members.reduce((sum, i) => sum + income[i] - cost[i], 0)),
    );
  }

  /**
   * The economy in which orchestrator i owns the share α_i of what all own beyond all floors, of every agent too, and what its own
   * floors ask for.
   */
  private withFixedIncomes(shares: readonly number[]): Economy {
    const { economy, groups } = this;
    const alpha = new Float64Array(economy.orchestrators.length);
    groups.forEach(({ members, parts }, g) => {
      members.forEach((i, k) => {
        alpha[i] = shares[g] * parts[k];
      });
    });
    const beyond = beyondFloors(economy);
    const orchestrators = economy.orchestrators.map((orchestrator, i): Orchestrator => {
      const owned = Array.from(beyond, ([m, series]): [number, Float64Array] => {
        const floor = orchestrator.floors.get(m);
        return [m, series.map((x, n) => alpha[i] * x + (floor?.[n] ?? 0))];
      });
      return { ...orchestrator, endowment: new Map(owned), shares: orchestrator.shares.map(() => alpha[i]) };
    });
    return { ...economy, orchestrators };
  }
}

/** α with Σ α = 1 from logs up to a constant. */
function sharesOf(logs: readonly number[]): number[] {
  const high = Math.max(...logs);
  const shares = logs.map((x) => Math.exp(x - high));
  const sum = shares.reduce((total, x) => total + x, 0);
  return shares.map((x) => x / sum);
}

/** Σ_i (ω_i − γ_i) by commodity. */
function beyondFloors({ orchestrators, grid }: Economy): Map<number, Float64Array> {
  const total = new Map<number, Float64Array>();
  const add = (m: number, series: Float64Array, sign: 1 | -1): void => {
    const sum = total.get(m) ?? new Float64Array(grid.nodes);
    total.set(
      m,
      sum.map((x, n) => x + sign * series[n]),
    );
  };
  for (const { endowment, floors } of orchestrators) {
    for (const [m, series] of endowment) add(m, series, 1);
    for (const [m, series] of floors) add(m, series, -1);
  }
  return total;
}
