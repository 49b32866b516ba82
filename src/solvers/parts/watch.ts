import type { Status } from "../../core/status.js";
import type { Readout } from "../../market/market.js";
import { Winding } from "./winding.js";

/** Progress is a best residual below this fraction of the one that last counted as progress. */
const PROGRESS = 0.999;
/** osc(log p) beyond this (260 decades) leaves float64. */
const WIDEST = 600;
/** Growth of osc(log p) since the last progress that counts as divergence. */
const GROWTH = 10;

/** A path since the last progress that ends farther than this fraction of its length from its beginning is going somewhere. */
const STRAIGHT = 0.5;
const LEAST_PATH = 1e-9;
/** A step shorter than this, with prices of mean 1, is rest. */
const LEAST_MOVE = 1e-14;

/**
 * Tells a solve that gets nowhere why: `cycling`, `diverged` or `stalled` (model.md section 5). Its patience grows as
 * 1/λ, so that damping fakes no verdict.
 */
export class Watch {
  private winding = new Winding();
  private readonly patience: number;
  private progress = Infinity;
  private spreadThen = 0;
  private widest = 0;
  private since = 0;
  /** Where prices were at the last progress, and how far they have travelled since, in the plane of the probe. */
  private anchor: readonly [number, number] = [0, 0];
  private last: readonly [number, number] | null = null;
  private path = 0;
  /** Steps since anything moved. */
  private still = 0;

  constructor(step: number) {
    this.patience = Math.max(200, Math.ceil(40 / step));
  }

  /** What it remembers, as plain data for a checkpoint; and a watch that remembers it. */
  save(): object {
    return { ...this, winding: { ...this.winding } };
  }

  static restore(step: number, saved: object): Watch {
    const watch: Watch = Object.assign(new Watch(step), saved);
    watch.winding = Object.assign(new Winding(), watch.winding);
    return watch;
  }

  /** Follows one iterate; the verdict, or null to go on. */
  observe(readout: Readout): Status | null {
    this.winding.observe(readout.probe);
    this.since++;
    this.widest = Math.max(this.widest, readout.spread);
    const moved = this.last === null ? 0 : distance(this.last, readout.probe);
    this.path += moved;
    this.still = moved > LEAST_MOVE ? 0 : this.still + 1;
    this.last = readout.probe;
    if (readout.complementarity < PROGRESS * this.progress) {
      this.progress = readout.complementarity;
      this.spreadThen = readout.spread;
      this.since = 0;
      this.anew(readout.probe);
    }
    if (readout.spread > WIDEST) return "diverged";
    if (this.winding.cycling && this.since > 0) return "cycling";
    if (this.since < this.patience || (this.winding.winding && !this.resting)) return null;
    const growing = readout.spread >= 0.999 * this.widest && readout.spread > this.spreadThen + GROWTH;
    if (growing) return "diverged";
    if (this.since % this.patience !== 0) return null;
    const { drifting } = this;
    this.anew(readout.probe);
    return drifting ? null : "stalled";
  }

  /** Paths are judged over whole stretches of `patience` steps: what once moved may rest now. */
  private anew(probe: readonly [number, number]): void {
    this.anchor = probe;
    this.path = 0;
  }

  /** Nothing has moved for as long as patience lasts. */
  private get resting(): boolean {
    return this.still > this.patience;
  }

  /** Prices still go somewhere, mostly straight: over a hump of the residual, say, on the way from an unstable equilibrium. */
  private get drifting(): boolean {
    return this.path > LEAST_PATH && distance(this.anchor, this.last ?? this.anchor) > STRAIGHT * this.path;
  }

  /** Steps of the cycle's last turn. */
  get period(): number | null {
    return this.winding.period;
  }
}

function distance(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
