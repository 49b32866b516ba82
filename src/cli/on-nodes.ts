import type { Economy } from "../index.js";

/** The economy, refined or coarsened as `--nodes` says. */
export function onNodes(economy: Economy, nodes: number | undefined): Economy {
  return nodes === undefined ? economy : economy.onGrid({ nodes });
}
