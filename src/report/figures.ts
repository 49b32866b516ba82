/** Numbers as a person reads them. Unknown ones (null, NaN) are "?". */

/** Four significant digits: 1234, 0.3333, 1.2e-7. */
export function figure(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "?";
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(value.toPrecision(4)));
  return scientific(value, 3);
}

/** An error or a gap, one digit after the point: 0, 3.1e-11, 0.24. */
export function gap(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "?";
  if (value === 0) return "0";
  return Math.abs(value) >= 1e-2 ? String(Number(value.toPrecision(2))) : scientific(value, 1);
}

function scientific(value: number, digits: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const [mantissa, exponent] = value.toExponential(digits).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** 0.3333 → 33 %; never rounds something to nothing. */
export function percent(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "?";
  const hundredths = 100 * value;
  if (hundredths > 0 && hundredths < 1) return "<1 %";
  if (hundredths > 99 && hundredths < 100) return ">99 %";
  return `${Math.round(hundredths)} %`;
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(1000 * seconds))} ms`;
  if (seconds < 90) return `${Number(seconds.toPrecision(2))} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `1 step`, `3 steps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Cut to `width` characters, the end kept: names differ at their ends. */
export function shorten(name: string, width: number): string {
  return name.length <= width ? name : `…${name.slice(name.length - width + 1)}`;
}

/** The largest of any number of values (spreading a long row over arguments overflows the stack); −Infinity of none. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, x) => Math.max(most, x), -Infinity);
}

/** The smallest; Infinity of none. */
export function smallest(values: readonly number[]): number {
  return values.reduce((least, x) => Math.min(least, x), Infinity);
}
