/** How a solve can end (formats.md, "Status"). Only `solved` means that the verifier agreed. */
export const STATUSES = [
  "solved",
  "uncertified",
  "max-steps",
  "stalled",
  "cycling",
  "diverged",
  "non-finite",
  "slo-unaffordable",
  "linear-solve-failed",
  "backend-failed",
  "cancelled",
] as const;

export type Status = (typeof STATUSES)[number];
