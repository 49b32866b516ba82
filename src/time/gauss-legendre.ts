/** Nodes x_k in (−1, 1), increasing, and weights w_k > 0 with Σ w_k = 2; both of shape [n]. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss–Legendre quadrature on [−1, 1], exact for polynomials of degree 2n − 1, for any n ≥ 1; O(n²) work.
 *
 * The nodes are the zeros of P_n(cos θ), found by Newton's method in the angle θ, where they are evenly spread; there
 * w = 2/(dP_n/dθ)², which keeps its relative accuracy also at the ends of the interval.
 */
export function gaussLegendre(n: number): Quadrature {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`gaussLegendre needs an integer n ≥ 1, not ${n}`);
  const recurrence = legendreRecurrence(n);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let k = 0; k < n - k; k++) {
    const middle = 2 * k + 1 === n;
    const { theta, slope } = middle ? atZero(n, recurrence) : findZero(n, k, recurrence);
    const x = middle ? 0 : Math.cos(theta);
    nodes[k] = -x;
    nodes[n - 1 - k] = x;
    weights[k] = weights[n - 1 - k] = 2 / (slope * slope);
  }
  return { nodes, weights: normalised(weights) };
}

/** Rounding in the recurrence's coefficients is common to all nodes; the known sum (here Kahan's) takes it out. */
function normalised(weights: Float64Array): Float64Array {
  let sum = 0;
  let lost = 0;
  for (const w of weights) {
    const next = sum + (w - lost);
    lost = next - sum - (w - lost);
    sum = next;
  }
  return weights.map((w) => w * (2 / sum));
}

interface Zero {
  readonly theta: number;
  /** dP_n/dθ at θ. */
  readonly slope: number;
}

/** By symmetry the middle node of an odd rule is exactly 0. */
function atZero(n: number, recurrence: Recurrence): Zero {
  const theta = Math.PI / 2;
  return { theta, slope: legendre(n, theta, recurrence).slope };
}

/** The k-th zero of P_n(cos θ) in increasing θ, k = 0 … n−1, from Tricomi's approximation. */
function findZero(n: number, k: number, recurrence: Recurrence): Zero {
  const phi = ((4 * k + 3) / (4 * n + 2)) * Math.PI;
  let theta = phi + 1 / (8 * n * n * Math.tan(phi));
  for (let iteration = 0; iteration < 10; iteration++) {
    const { value, slope } = legendre(n, theta, recurrence);
    const step = value / slope;
    theta -= step;
    // Newton squares the error: after so small a step another would change nothing, and neither would the slope.
    if (Math.abs(step) < 1e-9 * theta) break;
  }
  return { theta, slope: legendre(n, theta, recurrence).slope };
}

/** k/(k+1) and (2k+1)/(k+1) for k = 0 … n−1, so that the inner loop does not divide. */
interface Recurrence {
  readonly keep: Float64Array;
  readonly turn: Float64Array;
}

function legendreRecurrence(n: number): Recurrence {
  return {
    keep: Float64Array.from({ length: n }, (_, k) => k / (k + 1)),
    turn: Float64Array.from({ length: n }, (_, k) => (2 * k + 1) / (k + 1)),
  };
}

/**
 * P_n(cos θ) and its derivative in θ, by the three-term recurrence written for the differences d_k = P_k − P_{k−1}
 * and u = 1 − cos θ = 2 sin²(θ/2): no digits cancel near θ = 0.
 */
function legendre(n: number, theta: number, { keep, turn }: Recurrence): { value: number; slope: number } {
  const half = Math.sin(theta / 2);
  const u = 2 * half * half;
  let value = 1;
  let difference = 0;
  for (let k = 0; k < n; k++) {
    difference = keep[k] * difference - turn[k] * u * value;
    value += difference;
  }
  // dP_n/dx = n (P_{n−1} − x P_n)/(1 − x²), and P_{n−1} − x P_n = u P_n − d_n.
  return { value, slope: (-n * (u * value - difference)) / Math.sin(theta) };
}
