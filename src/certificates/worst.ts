import type { Economy } from "../economy/economy.js";

/** Where in an economy something was found: what applies is present. */
export interface Place {
  readonly agent?: string;
  readonly orchestrator?: string;
  readonly commodity?: string;
  /** Index of the node of the grid. */
  readonly node?: number;
}

/** What one theorem's check found: its number, null where it cannot be computed, and where the worst of it stands. */
export interface Item<Value extends number | null = number> {
  readonly value: Value;
  readonly place: Place;
}

/** `agent planner, gpu, node 3`; empty for the economy as a whole. */
export function describePlace({ agent, orchestrator, commodity, node }: Place): string {
  const parts = [
    agent === undefined ? [] : [`agent ${agent}`],
    orchestrator === undefined ? [] : [`orchestrator ${orchestrator}`],
    commodity === undefined ? [] : [commodity],
    node === undefined ? [] : [`node ${node}`],
  ];
  return parts.flat().join(", ");
}

/** Commodity and node of entry i of a matrix [commodities, nodes]. */
export function instantAt({ commodities, grid }: Economy, i: number): Place {
  return { commodity: commodities[Math.floor(i / grid.nodes)].name, node: i % grid.nodes };
}

/** The largest of some numbers ≥ 0 and who has it. NaN is larger than anything, so that it is never lost. */
export class Worst {
  value = 0;
  /** Number of the one who has it; null while all are 0. */
  at: number | null = null;

  see(value: number, at: number): void {
    if (value <= this.value || Number.isNaN(this.value)) return;
    this.value = value;
    this.at = at;
  }

  item(place: (at: number) => Place): Item {
    return { value: this.value, place: this.at === null ? {} : place(this.at) };
  }
}

/** |gap| relative to a scale; 0 where there is no gap, whatever the scale, and infinite against a scale that is not > 0. */
export function relative(gap: number, scale: number): number {
  if (gap === 0) return 0;
  return scale > 0 ? Math.abs(gap) / scale : Number.isNaN(gap + scale) ? Number.NaN : Infinity;
}
