import type { Eigenvalue } from "./eigenvalues.js";

/** An upper Hessenberg matrix H, shape [size, size], row by row. */
export interface Hessenberg {
  readonly size: number;
  readonly entries: Float64Array;
}

/** Steps of the iteration without an eigenvalue after which a shift is drawn from elsewhere, and at which it is given up. */
const EXCEPTIONAL = 10;
const MOST = 60;
/** Wilkinson's exceptional shifts, beside the entries below the diagonal: they break a cycle of the usual ones. */
const OUT_OF_TURN = { trace: 1.5, determinant: 1 };

/**
 * Eigenvalues of an upper Hessenberg matrix, both of each complex pair, by the QR iteration with Francis' implicit double shift (Golub and
 * Van Loan, Matrix Computations, 7.5), without their vectors: O(n³), a small part of what these take. An entry below the diagonal is 0 when
 * it is rounding beside the largest entry, which is all that a backward stable method promises.
 *
 * @returns null where it does not converge, or H is not finite
 */
export function hessenbergEigenvalues({ size, entries }: Hessenberg): Eigenvalue[] | null {
  const scale = entries.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (scale === 0) return Array.from({ length: size }, () => ({ re: 0, im: 0 }));
  if (!Number.isFinite(scale)) return null;
  const h = entries.map((x) => x / scale);
  const found: Eigenvalue[] = [];
  let tries = 0;
  for (let last = size - 1; last >= 0; ) {
    const first = blockBegin(h, size, last);
    if (last - first < 2) {
      found.push(...ofCorner(h, size, first, last));
      last = first - 1;
      tries = 0;
    } else {
      if (++tries > MOST) return null;
      francisStep(h, size, first, last, shifts(h, size, last, tries));
    }
  }
  return found.map(({ re, im }) => ({ re: scale * re, im: scale * im }));
}

/** Where the block that ends at `last` begins: the entry to its left is rounding. */
function blockBegin(h: Float64Array, n: number, last: number): number {
  let first = last;
  while (first > 0 && Math.abs(h[first * n + first - 1]) > Number.EPSILON) first--;
  return first;
}

/** The eigenvalues of a block of one or two rows. */
function ofCorner(h: Float64Array, n: number, first: number, last: number): Eigenvalue[] {
  const d = h[last * n + last];
  if (first === last) return [{ re: d, im: 0 }];
  const [a, bc] = [h[first * n + first], h[first * n + last] * h[last * n + first]];
  const half = (a - d) / 2;
  const square = half * half + bc;
  if (square < 0) {
    const im = Math.sqrt(-square);
    return [
      { re: d + half, im },
      { re: d + half, im: -im },
    ];
  }
  // The one farther from d first, the other from their product: no cancellation.
  const far = half + (half < 0 ? -1 : 1) * Math.sqrt(square);
  return [
    { re: d + far, im: 0 },
    { re: far === 0 ? d : d - bc / far, im: 0 },
  ];
}

/** Sum and product of the two shifts: the eigenvalues of the last two rows. */
function shifts(
  h: Float64Array,
  n: number,
  last: number,
  tries: number,
): { trace: number; determinant: number } {
  const at = (i: number, j: number) => h[(last - i) * n + last - j];
  if (tries % EXCEPTIONAL === 0) {
    const size = Math.abs(at(0, 1)) + Math.abs(at(1, 2));
    return { trace: OUT_OF_TURN.trace * size, determinant: OUT_OF_TURN.determinant * size * size };
  }
  return { trace: at(1, 1) + at(0, 0), determinant: at(1, 1) * at(0, 0) - at(1, 0) * at(0, 1) };
}

/** One implicit double step on the block from `first` to `last`: a bulge of two rows is chased down its diagonal. */
function francisStep(
  h: Float64Array,
  n: number,
  first: number,
  last: number,
  { trace, determinant }: { readonly trace: number; readonly determinant: number },
): void {
  const at = (i: number, j: number) => h[(first + i) * n + first + j];
  let x = at(0, 0) * (at(0, 0) - trace) + determinant + at(0, 1) * at(1, 0);
  let y = at(1, 0) * (at(0, 0) + at(1, 1) - trace);
  let z = at(1, 0) * at(2, 1);
  for (let k = first; k < last; k++) {
    const rows = Math.min(3, last - k + 1);
    reflect(h, n, { k, rows, first, last }, x, y, rows === 3 ? z : 0);
    x = h[(k + 1) * n + k];
    y = k + 2 <= last ? h[(k + 2) * n + k] : 0;
    z = k + 3 <= last ? h[(k + 3) * n + k] : 0;
  }
}

/** PHP with the reflection P of two or three rows from k on that takes (x, y, z) to the first axis. */
function reflect(
  h: Float64Array,
  n: number,
  { k, rows, first, last }: { k: number; rows: number; first: number; last: number },
  x: number,
  y: number,
  z: number,
): void {
  const length = Math.sqrt(x * x + y * y + z * z);
  if (length === 0) return;
  const head = x + (x < 0 ? -length : length);
  const [v, w] = [y / head, z / head];
  const tau = 2 / (1 + v * v + w * w);
  for (let j = Math.max(first, k - 1); j <= last; j++) {
    const i = k * n + j;
    const third = rows === 3 ? h[i + 2 * n] : 0;
    const part = tau * (h[i] + v * h[i + n] + w * third);
    h[i] -= part;
    h[i + n] -= v * part;
    if (rows === 3) h[i + 2 * n] -= w * part;
  }
  for (let r = first; r <= Math.min(k + 3, last); r++) {
    const i = r * n + k;
    const third = rows === 3 ? h[i + 2] : 0;
    const part = tau * (h[i] + v * h[i + 1] + w * third);
    h[i] -= part;
    h[i + 1] -= v * part;
    if (rows === 3) h[i + 2] -= w * part;
  }
}

/**
 * |last entry| of the unit eigenvector of an eigenvalue θ, by inverse iteration: U y = 1 with the LU decomposition of H − θI, whose least
 * pivot makes y the vector. Where H falls apart into blocks it may be that of another vector of θ.
 */
export function lastEntryOf({ size: n, entries }: Hessenberg, { re, im }: Eigenvalue): number {
  const scale = entries.reduce(
    (most, x) => Math.max(most, Math.abs(x)),
    Number.MIN_VALUE / Number.EPSILON ** 2,
  );
  const real = entries.map((x, i) => x / scale - (i % (n + 1) === 0 ? re / scale : 0));
  const imaginary = entries.map((_, i) => (i % (n + 1) === 0 ? -im / scale : 0));
  eliminate(n, real, imaginary);
  return backSubstituted(n, real, imaginary);
}

/** Gaussian elimination with row interchanges of a complex Hessenberg matrix: U stands in its upper triangle. */
function eliminate(n: number, re: Float64Array, im: Float64Array): void {
  for (let k = 0; k + 1 < n; k++) {
    const [here, below] = [k * n + k, (k + 1) * n + k];
    const larger = Math.abs(re[below]) + Math.abs(im[below]) > Math.abs(re[here]) + Math.abs(im[here]);
    if (larger) swapRows(n, k, re, im);
    const square = re[here] ** 2 + im[here] ** 2;
    if (square === 0) continue;
    const mr = (re[below] * re[here] + im[below] * im[here]) / square;
    const mi = (im[below] * re[here] - re[below] * im[here]) / square;
    for (let j = k; j < n; j++) {
      const [a, b] = [k * n + j, (k + 1) * n + j];
      re[b] -= mr * re[a] - mi * im[a];
      im[b] -= mr * im[a] + mi * re[a];
    }
  }
}

function swapRows(n: number, k: number, ...parts: readonly Float64Array[]): void {
  for (const part of parts) {
    for (let j = k; j < n; j++) {
      const [a, b] = [k * n + j, (k + 1) * n + j];
      [part[a], part[b]] = [part[b], part[a]];
    }
  }
}

/** |last entry| of the unit multiple of the y with U y = 1. */
function backSubstituted(n: number, re: Float64Array, im: Float64Array): number {
  const [yr, yi] = [new Float64Array(n), new Float64Array(n)];
  for (let k = n - 1; k >= 0; k--) {
    let [sr, si] = [1, 0];
    for (let j = k + 1; j < n; j++) {
      sr -= re[k * n + j] * yr[j] - im[k * n + j] * yi[j];
      si -= re[k * n + j] * yi[j] + im[k * n + j] * yr[j];
    }
    // A pivot of 0 is one of rounding.
    const pr = re[k * n + k];
    const pi = im[k * n + k];
    const small = Math.hypot(pr, pi) < Number.EPSILON;
    const [ur, ui] = small ? [Number.EPSILON, 0] : [pr, pi];
    const square = ur * ur + ui * ui;
    yr[k] = (sr * ur + si * ui) / square;
    yi[k] = (si * ur - sr * ui) / square;
  }
  const length = Math.hypot(...yr, ...yi);
  return Math.hypot(yr[n - 1], yi[n - 1]) / length;
}
