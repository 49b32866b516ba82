import type { Economy } from "../../src/economy/economy.js";
import { archiveDocument } from "../../src/io/generate/archive.js";
import type { Generated } from "../../src/io/generate/document.js";
import { generateEconomy } from "../../src/io/generate/generate.js";
import { DEFAULTS } from "../../src/io/generate/options.js";
import { archiveBytes } from "../../src/io/npz/archive.js";
import { parseArchive } from "../../src/io/read-economy.js";

/** Ellipsoid agents on a layered DAG, one orchestrator. */
export interface PeerSize {
  readonly agents: number;
  readonly metrics: number;
  readonly nodes: number;
  readonly layers: number;
  readonly outDegree: number;
}

/** 4.1 million prices: what is compared unless sizes are given. */
export const STANDARD: PeerSize = { agents: 2000, metrics: 8, nodes: 256, layers: 6, outDegree: 4 };

/** One of the many small economies of the batch: 1280 prices. */
export const SMALL: PeerSize = { agents: 20, metrics: 4, nodes: 16, layers: 4, outDegree: 4 };

export function pricesOf({ agents, metrics, nodes }: PeerSize): number {
  return agents * metrics * nodes;
}

/** Elasticities nearer to 1 than this are moved away from it. */
const CLEAR_OF_ONE = 0.1;

/**
 * What `walras generate` makes, with two concessions to the peers: no elasticity is near 1, so that a plain log-sum-exp over
 * (1−σ) is accurate; and radii wave, so that nobody gains from their being constant.
 */
export function standardEconomy(size: PeerSize, seed = 1): Economy {
  const generated = generateEconomy({ ...DEFAULTS, ...size, family: "ellipsoid", seed, name: "peers" });
  const { file, arrays = new Map() } = archiveDocument(clearOfOne(waving(generated)));
  const json = new TextEncoder().encode(JSON.stringify(file));
  const bytes = archiveBytes(new Map([["economy.json", json], ...arrays]));
  return parseArchive(bytes, { subject: "peers.npz" });
}

function clearOfOne(economy: Generated): Generated {
  for (const [name, { data }] of economy.arrays) {
    if (name.endsWith("_elasticity")) data.set(data.map(movedFromOne));
  }
  return {
    ...economy,
    orchestrators: economy.orchestrators.map((one) => ({
      ...one,
      intertemporal_elasticity: movedFromOne(one.intertemporal_elasticity),
      dag: { ...one.dag, entry_elasticity: movedFromOne(one.dag.entry_elasticity) },
    })),
  };
}

function movedFromOne(sigma: number): number {
  if (Math.abs(sigma - 1) >= CLEAR_OF_ONE) return sigma;
  return sigma < 1 ? 1 - CLEAR_OF_ONE : 1 + CLEAR_OF_ONE;
}

/** Every radius follows its center backwards in time. */
function waving(economy: Generated): Generated {
  const [center, radius] = ["ellipsoid.center", "ellipsoid.radius"].map((name) => {
    const found = economy.arrays.get(name);
    if (found === undefined) throw new Error(`the generator no longer writes ${name}`);
    return found;
  });
  const nodes = center.shape[2];
  const data = center.data.map((_, i) => {
    const [row, n] = [Math.floor(i / nodes), i % nodes];
    return radius.data[row] * center.data[row * nodes + (nodes - 1 - n)];
  });
  return {
    ...economy,
    arrays: new Map([...economy.arrays, ["ellipsoid.radius", { data, shape: center.shape }]]),
  };
}
