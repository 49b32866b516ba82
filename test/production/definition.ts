import type { Series } from "../../src/time/series.js";
import { rowsOf, type Sample, value } from "./random-sets.js";

/** What the definitions of model.md section 2 say, written plainly: a second route to profit, and members. */

type SeriesMap = Record<string, Series>;

/** h(p) by the page's formula. */
export function profitByFormula(sample: Sample, p: Float64Array): number {
  const { spec } = sample;
  if (spec.set === "hull") return hullProfit(sample, p);
  if (spec.set === "frontier") return frontierProfit(sample, p);
  return ellipsoidProfit(sample, p);
}

function ellipsoidProfit(sample: Sample, p: Float64Array): number {
  const { spec, grid } = sample;
  if (spec.set !== "ellipsoid") throw new Error(spec.set);
  const center = rowsOf(sample, spec.center as SeriesMap);
  let h = value(sample, p, center);
  if (spec.radius !== undefined) {
    const s = rowsOf(sample, spec.radius as SeriesMap);
    const R = Object.keys(spec.radius).length;
    h += Math.sqrt(
      R *
        grid.horizon *
        value(
          sample,
          p.map((x, k) => x * s[k]),
          p.map((x, k) => x * s[k]),
        ),
    );
  }
  if (spec.modes !== undefined) {
    const { modes, delta, g } = modeData(sample);
    const nu = value(sample, p, g);
    const square = modes.reduce((sum, mode) => sum + value(sample, p, mode) ** 2, 0);
    h += Math.sqrt(square + (delta * nu) ** 2) - delta * nu;
  }
  return h;
}

export function modeData(sample: Sample): { modes: Float64Array[]; delta: number; g: Float64Array } {
  const { spec } = sample;
  if (spec.set !== "ellipsoid") throw new Error(spec.set);
  const center = rowsOf(sample, spec.center as SeriesMap);
  return {
    modes: (spec.modes ?? []).map((mode) => rowsOf(sample, mode as SeriesMap)),
    delta: spec.smoothing ?? 0.02,
    g: spec.reference === undefined ? center.map(Math.abs) : rowsOf(sample, spec.reference as SeriesMap),
  };
}

export function hullData(sample: Sample): { members: Float64Array[]; epsilon: number; g: Float64Array } {
  const { spec } = sample;
  if (spec.set !== "hull") throw new Error(spec.set);
  const members = spec.trajectories.map((y) => rowsOf(sample, y as SeriesMap));
  const mean = members[0].map((_, k) => members.reduce((sum, y) => sum + Math.abs(y[k]), 0) / members.length);
  const g = spec.reference === undefined ? mean : rowsOf(sample, spec.reference as SeriesMap);
  return { members, epsilon: spec.smoothing ?? 0.02, g };
}

function hullProfit(sample: Sample, p: Float64Array): number {
  const { members, epsilon, g } = hullData(sample);
  const heat = epsilon * value(sample, p, g);
  const exponents = members.map((y) => value(sample, p, y) / heat);
  const top = Math.max(...exponents);
  const sum = exponents.reduce((total, x) => total + Math.exp(x - top), 0);
  return heat * (top + Math.log(sum / members.length));
}

function ces(weights: number[], prices: number[], elasticity: number): number {
  if (elasticity === 1) return Math.exp(weights.reduce((sum, a, i) => sum + a * Math.log(prices[i]), 0));
  const power = 1 - elasticity;
  return weights.reduce((sum, a, i) => sum + a * prices[i] ** power, 0) ** (1 / power);
}

function frontierProfit(sample: Sample, p: Float64Array): number {
  const { spec, grid, metrics } = sample;
  if (spec.set !== "frontier") throw new Error(spec.set);
  const { outputs, inputs, transformation = 0, substitution = 1, returns: nu = 0.5, scale } = spec;
  let h = 0;
  for (let n = 0; n < grid.nodes; n++) {
    const at = (metric: string) => p[metrics.indexOf(metric) * grid.nodes + n];
    const phi = typeof scale === "number" ? scale : (scale as number[])[n];
    const R = ces(Object.values(outputs), Object.keys(outputs).map(at), -transformation);
    if (inputs === undefined) h += grid.weights[n] * phi * R;
    else {
      const C = ces(Object.values(inputs), Object.keys(inputs).map(at), substitution);
      const F = ((nu * phi * R) / C) ** (1 / (1 - nu));
      h += grid.weights[n] * (1 - nu) * phi * F ** nu * R;
    }
  }
  return h;
}

/**
 * A member of the set, from its definition and numbers u in [−1, 1] (as many as needed, repeated). `inner` in (0, 1]
 * is how far towards the boundary it lies.
 */
export function memberOf(sample: Sample, u: Float64Array, inner: number): Float64Array {
  const { spec } = sample;
  if (spec.set === "hull") return hullMember(sample, u, inner);
  if (spec.set === "frontier") return frontierMember(sample, u, inner);
  return ellipsoidMember(sample, u, inner);
}

function ellipsoidMember(sample: Sample, u: Float64Array, inner: number): Float64Array {
  const { spec, grid } = sample;
  if (spec.set !== "ellipsoid") throw new Error(spec.set);
  const y = rowsOf(sample, spec.center as SeriesMap);
  if (spec.radius !== undefined) {
    const s = rowsOf(sample, spec.radius as SeriesMap);
    const R = Object.keys(spec.radius).length;
    const v = s.map((radius, k) => (radius > 0 ? u[k] : 0));
    const rms = Math.sqrt(value(sample, v, v) / (R * grid.horizon));
    if (rms > 0) for (let k = 0; k < y.length; k++) y[k] += (inner * s[k] * v[k]) / rms;
  }
  if (spec.modes !== undefined) {
    const { modes, delta, g } = modeData(sample);
    const z = [...modes.map((_, j) => u[(2 * j + 1) % u.length]), u[0]];
    const length = Math.hypot(...z);
    const ball = length === 0 ? z : z.map((x) => (inner * x) / length);
    for (let k = 0; k < y.length; k++) {
      y[k] +=
        modes.reduce((sum, mode, j) => sum + ball[j] * mode[k], 0) - delta * g[k] * (1 - ball[modes.length]);
    }
  }
  return y;
}

/** A mixture, less at least what its entropy costs: the smoothed hull is { Σλ_j y^j − d g : d ≥ ε KL(λ‖uniform) }. */
function hullMember(sample: Sample, u: Float64Array, inner: number): Float64Array {
  const { members, epsilon, g } = hullData(sample);
  const raw = members.map((_, j) => Math.exp(3 * u[j % u.length] + j));
  const total = raw.reduce((sum, x) => sum + x, 0);
  const lambda = raw.map((x) => x / total);
  const divergence = lambda.reduce((sum, x) => sum + x * Math.log(members.length * x), 0);
  const disposed = (epsilon * divergence) / inner;
  return g.map(
    (reference, k) => members.reduce((sum, y, j) => sum + lambda[j] * y[k], 0) - disposed * reference,
  );
}

function frontierMember(sample: Sample, u: Float64Array, inner: number): Float64Array {
  const { spec, grid, metrics } = sample;
  if (spec.set !== "frontier") throw new Error(spec.set);
  const { outputs, inputs, transformation: tau = 0, substitution = 1, returns: nu = 0.5, scale } = spec;
  const y = new Float64Array(metrics.length * grid.nodes);
  for (let n = 0; n < grid.nodes; n++) {
    const at = (metric: string) => metrics.indexOf(metric) * grid.nodes + n;
    let made = (typeof scale === "number" ? scale : (scale as number[])[n]) * inner;
    if (inputs !== undefined) {
      for (const metric of Object.keys(inputs)) y[at(metric)] = -Math.exp(u[at(metric)]);
      made *= aggregate(inputs, (m) => -y[at(m)], substitution) ** nu;
    }
    for (const metric of Object.keys(outputs)) y[at(metric)] = Math.exp(u[at(metric)]);
    // The CET aggregate is the CES one with elasticity −τ.
    const size = aggregate(outputs, (m) => y[at(m)], -tau);
    for (const metric of Object.keys(outputs)) y[at(metric)] *= made / size;
  }
  return y;
}

/** (Σ a^{1/σ} q^{(σ−1)/σ})^{σ/(σ−1)}: the quantity index whose price index is `ces`. */
function aggregate(
  terms: Record<string, number>,
  quantity: (metric: string) => number,
  sigma: number,
): number {
  const entries = Object.entries(terms);
  const ratios = entries.map(([metric, a]) => quantity(metric) / a);
  if (sigma === 0) return Object.is(sigma, -0) ? Math.max(...ratios) : Math.min(...ratios);
  if (sigma === 1) return Math.exp(entries.reduce((sum, [, a], i) => sum + a * Math.log(ratios[i]), 0));
  const power = (sigma - 1) / sigma;
  return entries.reduce((sum, [, a], i) => sum + a * ratios[i] ** power, 0) ** (1 / power);
}
