import type { Economy } from "../../economy/economy.js";
import { ReferenceMarket } from "../../market/reference.js";
import { iterate, type LoopResult } from "../../solvers/loop.js";
import { evaluate, type Problem, type Solver } from "../../solvers/solver.js";

/** What a search for equilibria may cost, in evaluations of an economy of a few prices: some ten seconds. */
const WORK = 600_000;
/** Leaves of preferences and rows of production sets, times instants, at which an evaluation costs twice as much. */
const SMALL = 300;

/** An economy whose equilibria are looked for, the market they are looked for in, and what that may cost. */
export class Hunt {
  readonly market: ReferenceMarket;
  private elsewhere = 0;
  private readonly cost: number;

  constructor(
    readonly economy: Economy,
    /** λ, of the certificates. */
    readonly step: number,
    /** Of every relative item of a certificate. */
    readonly tolerance: number,
    /** Clearing at which an iteration ends. */
    readonly target: number,
    readonly seed: number,
    private readonly signal?: AbortSignal,
  ) {
    this.market = new ReferenceMarket(economy);
    const { orchestrators, agents, grid } = economy;
    const rows =
      orchestrators.reduce((sum, { preferences }) => sum + preferences.leaves.length, 0) +
      agents.reduce((sum, { metrics }) => sum + metrics.length, 0);
    this.cost = 1 + (rows * grid.nodes) / SMALL;
  }

  /** Evaluations so far, in whatever market. */
  get evaluations(): number {
    return this.market.evaluations + this.elsewhere;
  }

  /** Counts evaluations of another market. */
  count(evaluations: number): void {
    this.elsewhere += evaluations;
  }

  get cancelled(): boolean {
    return this.signal?.aborted ?? false;
  }

  /** Evaluations that may still be made. */
  get left(): number {
    return this.cancelled ? 0 : Math.max(0, WORK / this.cost - this.evaluations);
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  /** Runs a solver from prices, those that are 0 frozen, to an end. */
  async run(
    solver: Solver<Float64Array>,
    prices: Float64Array,
    maxSteps: number,
    target = this.target,
  ): Promise<LoopResult> {
    const { market, step, tolerance, signal } = this;
    market.thaw();
    const problem: Problem<Float64Array> = { market, step, clip: 1, maxSteps };
    return iterate(problem, solver, await evaluate(market, market.enter(prices)), {
      target,
      tolerance,
      maxSteps,
      signal,
    });
  }
}
