import type { Certificate } from "./certificate.js";
import type { Outcome } from "./outcome.js";

/** Commodity-instants with price 0, by commodity: nobody can demand them, or there is more of them than anybody wants. */
export function freeInstants({ economy, prices }: Pick<Outcome, "economy" | "prices">): Certificate["free"] {
  const N = economy.grid.nodes;
  return economy.commodities.flatMap(({ name }, m) => {
    const nodes: number[] = [];
    for (let n = 0; n < N; n++) if (prices[m * N + n] === 0) nodes.push(n);
    return nodes.length === 0 ? [] : [{ commodity: name, nodes }];
  });
}
