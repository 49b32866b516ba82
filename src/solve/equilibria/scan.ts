/** A function of one variable; NaN where it is not known. */
export type Scalar = (s: number) => Promise<number>;

export interface ScanOptions {
  /** Where to look first, ascending; between two of them the function is taken to have no feature it shows no sign of. */
  readonly points: readonly number[];
  /** Width down to which stretches are divided. */
  readonly finest: number;
  /** |g| below this is taken for 0. */
  readonly noise: number;
  /** Evaluations, at most. */
  readonly most: number;
}

export interface Scan {
  /** Where g vanishes, or nearly touches 0, ascending. */
  readonly zeros: readonly number[];
  /** g could be evaluated wherever it was wanted. */
  readonly complete: boolean;
}

interface Sample {
  readonly s: number;
  readonly g: number;
}

/** Where g is unknown, stretches are divided down to this part of the whole. */
const COARSE = 1e-3;
const MOST_REFINEMENTS = 60;
const STRAIGHT = 0.1;

/**
 * All zeros of a continuous function between the first and the last point. A stretch is left alone only when its middle shows that the
 * function does not bend enough to have another zero there: with deviation δ of the middle from the chord, a parabola through the
 * three values has no zero between ends of one sign if δ ≤ min|g|/2; between ends of opposite signs there is one where middle and
 * quarters lie on the chord to a tenth of its height. Otherwise it is halved; so stretches get short just where zeros lie close together.
 */
export async function scan(g: Scalar, options: ScanOptions): Promise<Scan> {
  const { points, finest, noise, most } = options;
  let evaluations = 0;
  let complete = true;
  const zeros: number[] = [];
  const sample = async (s: number): Promise<Sample> => {
    evaluations++;
    return { s, g: await g(s) };
  };
  const coarse = COARSE * (points[points.length - 1] - points[0]);
  const examine = async (first: Sample, last: Sample): Promise<void> => {
    const stretches: [Sample, Sample][] = [[first, last]];
    for (let pair = stretches.pop(); pair !== undefined; pair = stretches.pop()) {
      if (evaluations >= most) {
        complete = false;
        return;
      }
      const [a, b] = pair;
      const m = await sample((a.s + b.s) / 2);
      const width = b.s - a.s;
      const halves: [Sample, Sample][] = [
        [m, b],
        [a, m],
      ];
      if (![a, m, b].every((x) => Number.isFinite(x.g))) {
        if (width > coarse) stretches.push(...halves);
        else complete = false;
        continue;
      }
      const verdict = await judge(sample, a, m, b, noise);
      if (verdict === "one") zeros.push(await refine(sample, a, b, options));
      else if (verdict === "flat" || (verdict === "unclear" && width <= finest))
        zeros.push(least([a, m, b]).s);
      else if (verdict === "unclear") stretches.push(...halves);
    }
  };
  let before = await sample(points[0]);
  for (const s of points.slice(1)) {
    const next = await sample(s);
    await examine(before, next);
    before = next;
  }
  return { zeros: zeros.sort((x, y) => x - y), complete };
}

async function judge(
  sample: (s: number) => Promise<Sample>,
  a: Sample,
  m: Sample,
  b: Sample,
  noise: number,
): Promise<"none" | "one" | "flat" | "unclear"> {
  if ([a, m, b].every(({ g }) => Math.abs(g) <= noise)) return "flat";
  if (a.g > 0 === b.g > 0) {
    const deviation = Math.abs(m.g - (a.g + b.g) / 2);
    return a.g > 0 === m.g > 0 && 2 * deviation <= Math.abs(least([a, m, b]).g) ? "none" : "unclear";
  }
  // Three zeros close together leave the middle on the chord, but not the quarters.
  const quarters = [await sample((a.s + m.s) / 2), m, await sample((m.s + b.s) / 2)];
  const isStraight = quarters.every(({ g }, k) => {
    const chord = a.g + ((k + 1) / 4) * (b.g - a.g);
    return Math.abs(g - chord) <= STRAIGHT * Math.abs(b.g - a.g);
  });
  return isStraight ? "one" : "unclear";
}

function least(samples: readonly Sample[]): Sample {
  return samples.reduce((best, x) => (Math.abs(x.g) < Math.abs(best.g) ? x : best));
}

/** The zero between values of opposite signs, by the Illinois variant of regula falsi. */
async function refine(
  sample: (s: number) => Promise<Sample>,
  first: Sample,
  last: Sample,
  { finest, noise }: ScanOptions,
): Promise<number> {
  let [a, b] = [first, last];
  for (let k = 0; k < MOST_REFINEMENTS && Math.abs(b.s - a.s) > finest / 100; k++) {
    const c = await sample((a.s * b.g - b.s * a.g) / (b.g - a.g));
    if (!(Math.abs(c.g) > noise)) return c.s;
    // b is always the newest end; the other one's value is halved when it stays.
    if (c.g > 0 === b.g > 0) a = { s: a.s, g: a.g / 2 };
    else a = b;
    b = c;
  }
  return b.s;
}
