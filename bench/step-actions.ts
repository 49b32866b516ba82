import { openMarket } from "../src/backends/registry.js";
import { defineEconomy } from "../src/economy/build.js";
import { type Market, multiple } from "../src/market/market.js";
import { anderson } from "../src/solvers/anderson.js";
import { newtonKrylov } from "../src/solvers/newton-krylov.js";
import { reachable } from "../src/solvers/parts/vectors.js";
import { evaluate, type Problem } from "../src/solvers/solver.js";
import { ellipsoid, pipeline } from "./convergence/economies.js";

/** An economy of layers × width agents with two metrics each, every agent delegating to four or fewer. */
export interface Size {
  readonly layers: number;
  readonly width: number;
  readonly nodes: number;
}

export type Action = () => unknown;

/** Where steps are made. */
export interface Way {
  readonly backend: string;
  readonly threads: number;
}

/** What is timed, from prices a little off p = 1, so that nothing has converged. */
export async function actionsOf(
  size: Size,
  { backend, threads }: Way = { backend: "reference", threads: 1 },
): Promise<{ market: Market<Float64Array>; actions: [string, Action][] }> {
  const { layers, width, nodes } = size;
  const { market } = openMarket(
    backend,
    defineEconomy(
      pipeline({
        seed: 1,
        nodes,
        layers,
        width,
        fanOut: 4,
        elasticity: (depth) => 0.5 + 0.5 * depth,
        set: (draw) => ellipsoid(draw, 0.5),
      }),
    ),
    { threads },
  ) as { market: Market<Float64Array> };
  const problem: Problem<Float64Array> = { market, step: market.hints.step, clip: 1 };
  const entries = market.shape[0] * market.shape[1];
  const q = market.adopt(Float64Array.from({ length: entries }, (_, i) => 0.1 * Math.sin(i)));
  const [f, g, next] = [market.create(), market.create(), market.create()];
  const accelerated = anderson<Float64Array>({ memory: 8 });
  const newton = newtonKrylov<Float64Array>();
  let state = accelerated.init(problem, await evaluate(market, q));
  // What the loop does between two steps.
  const tidy = () => market.recycle(reachable([state, q, f, g, next]));
  return {
    market,
    actions: [
      ["evaluation of f", () => market.residual(q, f)],
      ["derivative product", () => market.derivative(q, f, g)],
      [
        "nest-wise step",
        () => {
          market.residual(q, f);
          market.precondition(f, g);
          market.advance(q, multiple(1, g), 8, next);
        },
      ],
      [
        "Anderson step",
        async () => {
          // Nearly there, it begins anew.
          const fresh = state.readout.norm < 1e-9;
          state = fresh
            ? accelerated.init(problem, await evaluate(market, q))
            : ((await accelerated.step(problem, state)) as typeof state);
          tidy();
        },
      ],
      [
        "Newton step",
        async () => {
          await newton.step(problem, newton.init(problem, await evaluate(market, q)));
          tidy();
        },
      ],
    ],
  };
}
