/**
 * A parameter as a person reads it: four significant digits, or as many as it takes that a number that is not whole does
 * not read as one (1.0005 is not 1).
 */
export function shown(x: number): string {
  for (let digits = 4; digits < 17; digits++) {
    const rounded = Number(x.toPrecision(digits));
    if (Number.isInteger(rounded) === Number.isInteger(x) || x === 0) return String(rounded);
  }
  return String(x);
}

/** A factor by which something shrinks: like `shown`, but `1 − 5e-5` where it is that close to 1. */
export function shownFactor(x: number): string {
  const below = 1 - x;
  if (!(below > 0 && below < 1e-3)) return shown(x);
  const [mantissa, exponent] = below.toExponential(1).split("e");
  return `1 − ${Number(mantissa)}e${exponent}`;
}
