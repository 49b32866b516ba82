// Preferences of your own, solved and certified: node examples/own-preferences.mjs (after npm run build).
import { defineEconomy, solve } from "walras";

/** Cobb–Douglas: budget shares a_l w_n ρ_n whatever the prices, log E = Σ share log p, log U = Σ share log(c w/share). */
function cobbDouglas(a, { weights: w, nodes }, rho) {
  const share = Float64Array.from({ length: a.length * nodes }, (_, j) => {
    return a[Math.floor(j / nodes)] * w[j % nodes] * rho[j % nodes];
  });
  const mean = (v) => v.reduce((sum, x, j) => sum + share[j] * x, 0);
  return {
    nodes,
    shares(q, out) {
      out.set(share);
      return mean(q);
    },
    sharesDerivative(_q, dq, out) {
      out.fill(0);
      return mean(dq);
    },
    logUtility: (_q, c) => mean(c.map((x, j) => Math.log((x * w[j % nodes]) / share[j]))),
  };
}

const written = {
  commodities: ["planner/quality", "coder/quality"],
  build: (grid, intensity) => cobbDouglas([0.3, 0.7], grid, intensity),
};
const agent = { production: { set: "ellipsoid", radius: { quality: 1 } } };
const solution = await solve(
  defineEconomy({
    time: { horizon: 24, nodes: 12 },
    agents: { planner: agent, coder: agent },
    orchestrators: { main: { preferences: { written } } },
  }),
);
console.log(solution.status, solution.certificate);
