// A production set of your own, solved and certified: node examples/own-set.mjs (after npm run build).
import { defineEconomy, solve } from "walras";

/** Y = { y : (1/T) ∫ (y/s)⁴ dt ≤ 1 }, one metric:  h(p) = T^¼ (∫ (s p)^{4/3} dt)^¾ ,  η = ∇h. */
function quarticBall(s, { weights: w, horizon: T, nodes }) {
  const norm = (p) => p.reduce((sum, x, n) => sum + w[n] * (s * x) ** (4 / 3), 0);
  const supply = (p, out) => {
    out.set(p.map((x) => T ** 0.25 * s * (s * x) ** (1 / 3) * norm(p) ** -0.25));
  };
  const supplyDerivative = (p, dp, out) => {
    const slope = dp.reduce((sum, x, n) => sum + w[n] * s * (s * p[n]) ** (1 / 3) * x, 0) / norm(p);
    supply(p, out);
    out.set(out.map((y, n) => (y / 3) * (dp[n] / p[n] - slope)));
  };
  const profit = (p) => T ** 0.25 * norm(p) ** 0.75;
  const size = (y) => (y.reduce((sum, x, n) => sum + w[n] * (x / s) ** 4, 0) / T) ** 0.25;
  const gap = (y) => Math.max(0, size(y) - 1);
  const bounds = () => ({ lower: new Float64Array(nodes), upper: w.map((x) => s * (T / x) ** 0.25) });
  return { family: "quartic-ball", metrics: 1, nodes, profit, supply, supplyDerivative, gap, bounds };
}

const agent = (s) => ({
  production: { set: "written", metrics: ["quality"], build: (grid) => quarticBall(s, grid) },
});
const preferences = {
  dag: { entry: { planner: 0.3, coder: 0.7 }, entry_elasticity: 2, steps: { planner: {}, coder: {} } },
};
for (const step of Object.values(preferences.dag.steps)) step.metrics = { quality: 1 };
const solution = await solve(
  defineEconomy({
    time: { horizon: 24, nodes: 12 },
    agents: { planner: agent(1), coder: agent(2) },
    orchestrators: { main: { discount: (t) => 2 + Math.sin(t / 4), preferences } },
  }),
);
console.log(solution.status, solution.certificate);
