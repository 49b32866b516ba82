import type { Json } from "../samples.js";

/** A file with one thing wrong: what must be said about it. */
export interface Malformed {
  readonly label: string;
  /** The text of a file, or a change to a valid economy. */
  readonly text?: string;
  readonly change?: (economy: Json) => unknown;
  readonly of?: () => Json;
  readonly path: string;
  /** Substrings of what was found and expected. */
  readonly found: readonly string[];
  readonly expected: readonly string[];
  readonly near?: string;
  /** How many problems there are; default 1. */
  readonly count?: number;
}
