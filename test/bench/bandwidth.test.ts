import { expect, test } from "vitest";
import { bandwidthOf, faster, fractionOf, rate, Streams } from "../../bench/steps/bandwidth.js";

test("a written line is counted as fetched first", () => {
  expect(rate("copy", 1e9, 2)).toBe(12e9);
  expect(rate("triad", 1e9, 2)).toBe(16e9);
});

test("the fraction of the bandwidth is bytes over time over bandwidth", () => {
  expect(fractionOf(112, 14, 16e9)).toBeCloseTo(0.5, 12);
});

test("the faster means is the one whose best stream is faster", () => {
  const slow = { threads: 1, means: "typed arrays", copy: 9, triad: 1 } as const;
  const fast = { threads: 1, means: "WebAssembly SIMD", copy: 2, triad: 10 } as const;
  expect(faster([slow, fast])).toBe(fast);
  expect(bandwidthOf(slow)).toBe(9);
});

test("streams do what they say, on one thread and two", async () => {
  const streams = new Streams(1024, 2);
  await streams.ready();
  const c = new Float64Array(streams.memory.buffer, 16 * 1024, 1024);
  for (const means of ["WebAssembly SIMD", "typed arrays"] as const) {
    for (const threads of [1, 2]) {
      await streams.run("fill", "copy", 2);
      await streams.run(means, "copy", threads);
      expect(c.every((x) => x === 2)).toBe(true);
      await streams.run(means, "triad", threads);
      expect(c.every((x) => x === 2 + 3 * 5)).toBe(true);
    }
  }
  await streams.close();
});
