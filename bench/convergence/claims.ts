import type { MapRecord, Measured } from "./record.js";

/** A claim of theory held against everything that was measured. */
export interface Claim {
  readonly claim: string;
  /** Measurements that it says something of. */
  readonly checked: number;
  /** Of these, what came closest to breaking it: how far on the right side, negative beyond it. */
  readonly margin: number;
  /** Where it was broken. */
  readonly broken: readonly string[];
}

/** Inequalities of computed numbers hold up to this. */
const ROUNDING = 1e-9;
/** Eigenvalues of large economies are Ritz values, and p* has an error. */
const SPECTRAL = 1e-8;

interface Checked {
  readonly where: string;
  readonly margin: number;
}

/** Every claim of model.md section 6 that the families speak to. */
export function claimsOf(records: readonly Measured[]): Claim[] {
  const maps = records.flatMap((record) =>
    record.maps.map((map) => ({ record, map, where: place(record, map) })),
  );
  const of = (margin: (map: MapRecord, record: Measured) => number | null): Checked[] =>
    maps.flatMap(({ record, map, where }) => {
      const value = margin(map, record);
      return value === null ? [] : [{ where, margin: value }];
    });
  return [
    claim(
      "no step shrinks a distance by less than the bound (T1, several orchestrators)",
      ROUNDING,
      of(({ bound, worst }) => less(worst, bound)),
    ),
    claim(
      "no norm of the derivative exceeds the bound",
      ROUNDING,
      of(({ bound, sampled }) => less(sampled, bound)),
    ),
    claim(
      "from p = 1 no more steps than the bound allows",
      0,
      of(({ guaranteed, reached }) => less(reached, guaranteed === null ? null : Math.ceil(guaranteed))),
    ),
    claim(
      "the local constant is no more than a sampled norm",
      SPECTRAL,
      of(({ local, sampled }) => less(local, sampled)),
    ),
    claim(
      "the observed rate is the local constant within 2e-3, where it settled",
      0,
      of(({ local, observed, settled }) => within(settled ? observed : null, local, 2e-3)),
    ),
    claim(
      "T3's interval holds the local constant",
      SPECTRAL,
      of(({ local, interval }) => less(local, interval)),
    ),
    claim("T3's interval holds the spectrum", SPECTRAL, records.flatMap(intervalMargin)),
    claim(
      "the exact cases to 1e-10",
      0,
      of(({ local, exact }) => within(local, exact, 1e-10)),
    ),
  ];
}

function claim(text: string, slack: number, checked: readonly Checked[]): Claim {
  return {
    claim: text,
    checked: checked.length,
    margin: checked.reduce((least, { margin }) => Math.min(least, margin), Infinity),
    broken: checked.filter(({ margin }) => !(margin >= -slack)).map(({ where }) => where),
  };
}

/** b − a where both are known. */
function less(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : b - a;
}

function within(a: number | null, b: number | null, tolerance: number): number | null {
  return a === null || b === null ? null : tolerance - Math.abs(a - b);
}

function intervalMargin({ theory, spectrum, ...record }: Measured): Checked[] {
  if (theory.interval === null || spectrum === null) return [];
  const { least, largest, turning } = spectrum;
  const inside = Math.min(least - theory.interval.least, theory.interval.largest - largest);
  return [
    {
      where: `${record.family}, ${record.member}, ${record.nodes} nodes`,
      margin: Math.min(inside, SPECTRAL - turning),
    },
  ];
}

function place({ family, member, nodes }: Measured, { step }: MapRecord): string {
  return `${family}, ${member}, ${nodes} nodes, λ = ${Number(step.toPrecision(4))}`;
}
