import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Mixes the bits of an integer (Murmur3's finaliser): 0 ≤ hash < 2³², equal on every machine. */
export function hash(i: number): number {
  let h = i | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform numbers in [0, 1) from a seed; neighbouring seeds are hashed apart. */
export function uniformSource(seed: number): () => number {
  const generator = xoroshiro128plus(hash(seed + 0x9e3779b9));
  return () => uniformFloat64(generator);
}
