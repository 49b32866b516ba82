import { logPowerMean } from "../core/power-mean.js";
import { type FrontierData, type Term, weightTotal } from "./frontier-data.js";
import { rowScales } from "./row-scales.js";

/** An instant that makes less than this fraction of the largest G(y) is measured against that, not against itself. */
const NEGLIGIBLE = 1e-12;

/**
 * The largest excess (G(y_o) − φ F(x)^ν)/G(y_o) over instants, with the aggregates of quantities to which R̂ and Ĉ are
 * dual (model.md section 2, **frontier**):
 *
 *     G(y) = ( Σ_o α_o (y_o/α_o)^{(1+τ)/τ} )^{τ/(1+τ)} ,   max_o y_o/α_o at τ = 0
 *     F(x) = ( Σ_i a_i (x_i/a_i)^{(σ−1)/σ} )^{σ/(σ−1)} ,   min_i x_i/a_i at σ = 0 ,   Π_i (x_i/a_i)^{a_i} at σ = 1
 *
 * and of the violations of y_o ≥ 0, x_i ≥ 0, relative to the metric's largest |y|. Less output, and more input, than
 * the frontier needs is inside.
 *
 * @param y shape [metrics, nodes].
 */
export function frontierGap(data: FrontierData, y: Float64Array, nodes: number): number {
  return Math.max(excess(data, y, nodes), signViolation(data, y, nodes));
}

function excess(data: FrontierData, y: Float64Array, nodes: number): number {
  const { inputs, outputs, returns, scale, substitution, transformation } = data;
  const made = aggregate(outputs, (1 + transformation) / transformation);
  const used = aggregate(inputs, (substitution - 1) / substitution);
  const logMade = Float64Array.from({ length: nodes }, (_, n) => made(y, n, nodes, 1));
  const floor = logMade.reduce((a, b) => Math.max(a, b), -Infinity) + Math.log(NEGLIGIBLE);
  let gap = 0;
  for (let n = 0; n < nodes; n++) {
    if (logMade[n] === -Infinity) continue;
    const logActivity = inputs.length === 0 ? 0 : returns * used(y, n, nodes, -1);
    const short = -Math.expm1(Math.log(scale[n]) + logActivity - logMade[n]);
    gap = Math.max(gap, short * Math.exp(Math.min(0, logMade[n] - floor)));
  }
  return gap;
}

/** log (Σ_k a_k (q_k/a_k)^δ)^{1/δ} of the quantities q = max(0, sign·y) at instant n, as a function of y and n. */
function aggregate(terms: readonly Term[], delta: number) {
  const total = weightTotal(terms);
  const shares = terms.map(({ weight }) => weight / total);
  const geometric = delta === 0;
  const level = geometric || total === 1 ? 0 : Math.log(total) / delta;
  const logs = new Float64Array(terms.length);
  return (y: Float64Array, n: number, nodes: number, sign: number): number => {
    terms.forEach(({ row, weight }, k) => {
      const quantity = Math.max(0, sign * y[row * nodes + n]);
      logs[k] = Math.log(quantity) - Math.log(geometric ? shares[k] : weight);
    });
    return logPowerMean(delta, shares, logs) + level;
  };
}

function signViolation({ inputs, outputs }: FrontierData, y: Float64Array, nodes: number): number {
  const sign = new Int8Array(y.length / nodes);
  for (const { row } of outputs) sign[row] = 1;
  for (const { row } of inputs) sign[row] = -1;
  const scales = rowScales([y], sign.length);
  let violation = 0;
  for (let k = 0; k < y.length; k++) {
    const direction = sign[Math.floor(k / nodes)];
    const wrong = direction === 0 ? Math.abs(y[k]) : -direction * y[k];
    if (wrong > 0) violation = Math.max(violation, wrong / scales[k]);
  }
  return violation;
}
