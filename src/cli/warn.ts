import type { Economy } from "../index.js";
import { warningLines } from "../report/warnings.js";
import type { Io } from "./io.js";

/** What a person should know of an economy that is accepted, on standard error. */
export function warn({ stderr }: Io, economy: Economy): void {
  for (const line of warningLines(economy.warnings)) stderr.write(`walras: warning: ${line}\n`);
}
