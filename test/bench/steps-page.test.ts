import { describe, expect, test } from "vitest";
import { pricesOf } from "../../bench/peers/standard.js";
import { provenance } from "../../bench/provenance.js";
import { Asker, lastWords } from "../../bench/steps/ask.js";
import { stepsFigure } from "../../bench/steps/figure.js";
import { NOTHING } from "../../bench/steps/found.js";
import type { Answer, Task } from "../../bench/steps/measure.js";
import { optionsOf } from "../../bench/steps/options.js";
import { type Measurements, stepsPage } from "../../bench/steps/page.js";
import { bytesNeeded, isTimed, parsePrices, SIZES, sizesUpTo, tooLarge } from "../../bench/steps/sizes.js";

describe("sizes", () => {
  test("go from 10⁴ to 10⁸ prices, A = 2000 and N = 256 among them", () => {
    const prices = SIZES.map(pricesOf);
    expect(prices[0]).toBeCloseTo(1e4, -3);
    expect(prices.at(-1)).toBe(1e8);
    expect(prices).toContain(2000 * 8 * 256);
    expect(sizesUpTo(1e6).map(pricesOf)).toEqual([10_240, 102_400, 1_024_000]);
    expect(sizesUpTo(1e8)).toHaveLength(SIZES.length);
  });

  test("are read as people write them", () => {
    expect(parsePrices("4.1e6")).toBe(4.1e6);
    expect(parsePrices("50000")).toBe(50_000);
    for (const text of ["", "many", "-1e6", "10", "Infinity", "1e6x"]) {
      expect(() => parsePrices(text)).toThrow("--up-to");
    }
    expect(optionsOf([])).toEqual({ upTo: 5e6, dry: false });
    expect(optionsOf(["--up-to", "1e8", "--dry"])).toEqual({ upTo: 1e8, dry: true });
    expect(optionsOf(["--help"])).toBeNull();
    expect(() => optionsOf(["--size", "3"])).toThrow("npm run bench --");
  });

  test("beyond 10⁶ prices the reference is not timed", () => {
    expect(isTimed({ backend: "reference", threads: 1 }, 1_024_000)).toBe(true);
    expect(isTimed({ backend: "reference", threads: 1 }, 4_096_000)).toBe(false);
    expect(isTimed({ backend: "wasm", threads: 2 }, 1e8)).toBe(true);
  });

  test("are too large where memory is too small, and the reason says how much", () => {
    const needed = bytesNeeded(1e6, "wasm", false);
    expect(tooLarge(1e6, "wasm", false, needed)).toBeNull();
    expect(tooLarge(1e6, "wasm", true, needed)).not.toBeNull();
    expect(tooLarge(1e6, "wasm", false, needed - 1)).toMatch(/needs about 0\.8 GiB of memory/);
    // A WebAssembly memory ends at 4 GiB.
    expect(bytesNeeded(1e8, "wasm", true)).toBeLessThan(bytesNeeded(1e8, "reference", true));
  });
});

describe("tasks", () => {
  const task = (k: number): Task => ({
    what: "steps",
    size: SIZES[k],
    way: { backend: "wasm", threads: 2 },
  });
  const asker = (answer: () => Promise<Answer>, free = 1e12) => new Asker(answer, () => free);

  test("that a backend refuses say why, and larger ones are not tried", async () => {
    let tries = 0;
    const refusing = asker(async () => {
      tries++;
      return { refused: "more than 4 GiB" };
    });
    const { missing } = await refusing.ask(task(5));
    expect(missing).toEqual([
      { what: "steps", prices: 5e7, backend: "wasm", threads: 2, why: "more than 4 GiB" },
    ]);
    expect((await refusing.ask(task(5))).missing[0].why).toBe("more than 4 GiB");
    expect((await refusing.ask(task(6))).missing[0].why).toBe(
      "more than at 50000000 prices: more than 4 GiB",
    );
    expect(tries).toBe(1);
    await refusing.ask(task(0));
    expect(tries).toBe(2);
  });

  test("that do not fit into the free memory are not begun", async () => {
    const { missing } = await asker(() => Promise.reject(new Error("begun")), 1e6).ask(task(1));
    expect(missing[0].why).toContain("needs about");
  });

  test("whose process fails say what it said last", async () => {
    const failing = asker(() => Promise.reject(Object.assign(new Error("x"), { signal: "SIGKILL" })));
    expect((await failing.ask(task(0))).missing[0].why).toBe("its process was ended by SIGKILL");
    expect(lastWords({ message: "failed", stderr: "throw new Error(x)\nRangeError: no room\n at y" })).toBe(
      "RangeError: no room",
    );
    expect(lastWords(new Error("Command failed\nlong"))).toBe("Command failed");
  });
});

describe("the page", () => {
  const where = { backend: "wasm", threads: 1, prices: 1e6 };
  const measured: Measurements = {
    ...NOTHING,
    from: provenance("x"),
    spins: [2, 1.5].map((speedup) => ({ one: 1, two: 1, speedup })),
    bandwidths: [{ threads: 1, means: "typed arrays", copy: 14e9, triad: 16e9 }],
    compiler: "cc 1",
    timings: [
      {
        ...where,
        step: "evaluation of f",
        nanoseconds_per_price: 15,
        least: 14,
        margin: 1,
        samples: 9,
        evaluations: 1,
        bytes_per_price: 112,
      },
    ],
    solves: [
      {
        ...where,
        status: "solved",
        clearing: 1e-9,
        steps: 20,
        evaluations: 25,
        seconds: 2,
        stepping: 1,
        runs: 3,
        bytes_per_price: 8000,
      },
    ],
    native: [{ prices: 1e6, evaluation: 15e-3, kernels: 12e-3, native: 10e-3, same: false, apart: 3e-15 }],
    missing: [{ ...where, what: "steps", prices: 1e8, why: "it is too large" }],
  };

  test("says costs, bytes, fractions of the bandwidth, ratios and what is missing", () => {
    const page = stepsPage(measured);
    expect(page).toContain("| 1 | typed arrays | 14.0 | 16.0 |");
    expect(page).toContain(
      "| evaluation of f | wasm | 1 | 1000000 | 14.0 | 15.0 | 1 % | 9 | 1 | 112 | 50 % |",
    );
    expect(page).toContain(
      "| wasm | 1 | 1000000 | solved | 1e-9 | 20 | 25 | 2.00 | 1.00 | 2000 | 3 | 8000 | 25 % |",
    );
    expect(page).toContain("| 1000000 | 15.0 | 12.0 | 10.0 | 1.50 | 1.20 | 3e-15 |");
    expect(page).toContain("- steps at 100000000 prices, wasm on one thread: it is too large");
    expect(page).toContain("did 2.00 and 1.50 times the work of one");
  });

  test("says so where there is no compiler", () => {
    expect(stepsPage({ ...measured, compiler: null })).toContain("this machine has no C compiler");
  });

  test("has a figure with a line for each way and the native kernels", () => {
    const figure = stepsFigure(measured);
    expect(figure).toContain("wasm, 1 thread");
    expect(figure).toContain("native kernels, 1 thread");
    expect(figure).toContain("solve to clearing 1e-8");
  });
});
