import { parseArgs } from "node:util";
import { DEFAULT_UP_TO, parsePrices } from "./sizes.js";

export const USAGE = `npm run bench -- [--up-to 5e6] [--dry]
  --up-to  prices of the largest economy, to 1e8; beyond 5e6 it takes long and much memory
  --dry    prints and writes nothing`;

export interface Options {
  readonly upTo: number;
  readonly dry: boolean;
}

/** Throws with the usage where they cannot be read; null when help was asked for. */
export function optionsOf(argv: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        "up-to": { type: "string", default: String(DEFAULT_UP_TO) },
        dry: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values.help ? null : { upTo: parsePrices(values["up-to"]), dry: values.dry };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`);
  }
}
