import { type Backend, openMarket } from "../backends/registry.js";
import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";

interface Opened {
  readonly market: Market;
  readonly grid: Economy;
  readonly precision: "float64" | "float32";
}

/** The markets of a solve, on this grid and that: what a solve has left behind is closed, and what is open at the end serves the verifier. */
export class Markets {
  /** Opened to begin with, on the economy's own grid, until it is asked for. */
  private first: Opened | null;
  private latest: Opened | null = null;

  constructor(
    economy: Economy,
    private readonly backend: Backend,
    market: Market,
    private readonly threads: number | undefined,
  ) {
    this.first = { market, grid: economy, precision: backend.precision };
  }

  /** A market on the solve's backend. */
  open(grid: Economy): Market {
    const { first, backend } = this;
    if (first?.grid !== grid)
      return this.turnTo({ market: backend.open(grid), grid, precision: backend.precision });
    this.first = null;
    return this.turnTo(first);
  }

  /** One in float64, whatever that is. */
  openDouble(grid: Economy): Market {
    const { market, backend } = openMarket("auto", grid, { threads: this.threads });
    return this.turnTo({ market, grid, precision: backend.precision });
  }

  /** What is open of an economy in float64. */
  doubleOf(economy: Economy): Market<Float64Array> | undefined {
    const { latest } = this;
    const serves = latest?.grid === economy && latest.precision === "float64";
    return serves ? (latest.market as Market<Float64Array>) : undefined;
  }

  private turnTo(next: Opened): Market {
    this.latest?.market.dispose();
    this.latest = next;
    return next.market;
  }

  dispose(): void {
    for (const opened of [this.first, this.latest]) opened?.market.dispose();
    [this.first, this.latest] = [null, null];
  }
}
