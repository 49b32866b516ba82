import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";

/** Where price tensors live and who evaluates markets on them. */
export interface Backend<V = unknown> {
  readonly name: string;
  readonly device: string;
  readonly precision: "float64" | "float32";
  /** Families of production sets with a kernel of their own here. */
  readonly families: readonly string[];
  open(economy: Economy): Market<V>;
}
