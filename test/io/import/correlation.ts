/** Pearson's coefficient. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (term: (k: number) => number) => x.reduce((total, _, k) => total + term(k), 0);
  const covariance = sum((k) => (x[k] - mx) * (y[k] - my));
  return covariance / Math.sqrt(sum((k) => (x[k] - mx) ** 2) * sum((k) => (y[k] - my) ** 2));
}
