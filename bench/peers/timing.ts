/** As python/timing.py: at least FEWEST runs after a warm-up, and SECONDS of them. */
const WARM_UP = 3;
const FEWEST = 9;
const SECONDS = 1.5;

export async function secondsOf(
  action: () => unknown,
  seconds = SECONDS,
): Promise<{ readonly median: number; readonly least: number; readonly runs: number }> {
  for (let k = 0; k < WARM_UP; k++) await action();
  const taken: number[] = [];
  for (let total = 0; taken.length < FEWEST || total < seconds; total += taken[taken.length - 1]) {
    const began = performance.now();
    await action();
    taken.push((performance.now() - began) / 1000);
  }
  return { median: median(taken), least: Math.min(...taken), runs: taken.length };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
