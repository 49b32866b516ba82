import type { Spectrum, Theory } from "./convergence.js";

/** A λ to measure at, and where it comes from. */
export interface Candidate {
  readonly step: number;
  readonly origin: string;
}

/** Steps closer than this, relatively, are one. */
const SAME = 1e-9;

/**
 * The λ asked for; by default theory's 1/(σ_max + e_S) and fractions of it, T3's 2/(m + L), the one that minimises the local
 * constant, and one beyond that, where rates rise again.
 */
export function candidates(
  theory: Theory,
  spectrum: Spectrum | null,
  asked?: readonly number[],
): Candidate[] {
  const all: Candidate[] = asked?.map((step) => ({ step, origin: "asked" })) ?? [
    { step: theory.step, origin: "1/(σ_max+e_S)" },
    { step: theory.step / 2, origin: "1/2 of it" },
    { step: theory.step / 4, origin: "1/4 of it" },
  ];
  if (asked === undefined) {
    if (spectrum?.best) all.push({ step: spectrum.best.step, origin: "best" });
    if (theory.interval !== null) all.push({ step: theory.interval.step, origin: "T3: 2/(m+L)" });
    if (spectrum?.best) all.push({ step: 1.2 * spectrum.best.step, origin: "1.2 × best" });
  }
  const distinct = all.filter(
    ({ step }, i) => !all.slice(0, i).some((other) => Math.abs(other.step - step) <= SAME * step),
  );
  return distinct.sort((a, b) => a.step - b.step);
}
