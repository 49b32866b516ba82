import { describe, expect, test } from "vitest";
import { defineEconomy, loadEconomy, solve, toResult } from "../../src/index.js";
import { changeLines, concentrationLines, gini } from "../../src/report/aggregates.js";
import { blocks, resample } from "../../src/report/blocks.js";
import { certificateLines, theoryLines } from "../../src/report/certificate-words.js";
import { certifyText, describeFailure } from "../../src/report/certify-text.js";
import { convergencePlot } from "../../src/report/convergence-plot.js";
import { dayPage } from "../../src/report/day-page.js";
import { counted, duration, figure, gap, percent, shorten } from "../../src/report/figures.js";
import { quarterMeans } from "../../src/report/policy-table.js";
import { Reading } from "../../src/report/reading.js";
import { summarize } from "../../src/report/summary.js";
import { table, top } from "../../src/report/table.js";
import { certify } from "../../src/solve/certify.js";
import { ranges } from "../../src/solve/ranges.js";
import type { ResultFile } from "../../src/solve/result.js";
import { example, exchange } from "../cli/harness.js";

describe("figures", () => {
  test.each([
    [0, "0"],
    [1 / 3, "0.3333"],
    [-1234.56, "-1235"],
    [123456.7, "123500"],
    [0.00012, "1.2e-4"],
    [2.5e9, "2.5e9"],
    [null, "?"],
    [Number.NaN, "?"],
    [Number.POSITIVE_INFINITY, "∞"],
  ])("figure(%s)", (value, text) => expect(figure(value)).toBe(text));

  test.each([
    [0, "0"],
    [3.14159e-11, "3.1e-11"],
    [0.2358, "0.24"],
    [null, "?"],
  ])("gap(%s)", (value, text) => expect(gap(value)).toBe(text));

  test.each([
    [0.3333, "33 %"],
    [0.004, "<1 %"],
    [0.996, ">99 %"],
    [0, "0 %"],
    [1, "100 %"],
    [null, "?"],
  ])("percent(%s)", (value, text) => expect(percent(value)).toBe(text));

  test("the rest", () => {
    expect([0.0123, 2.345, 125].map(duration)).toEqual(["12 ms", "2.3 s", "2 min 5 s"]);
    expect([counted(1, "step"), counted(2, "step")]).toEqual(["1 step", "2 steps"]);
    expect(shorten("a-long-name", 6)).toBe("…-name");
    expect(ranges([5, 1, 2, 3, 9, 8, 3])).toBe("1-3, 5, 8-9");
    expect(ranges([])).toBe("");
  });
});

describe("blocks", () => {
  test("from 0 to the largest; nothing is a dot", () => {
    expect(blocks([0, 1, 4, 8])).toBe("·▂▅█");
    expect(blocks([0, 0])).toBe("··");
    expect(blocks([3, 3, 3])).toBe("███");
  });

  test("resampling keeps the mean", () => {
    const values = [1, 5, 2, 8, 3, 3, 9];
    for (const count of [1, 2, 3, 5, 7]) {
      const means = resample(values, count);
      expect(means).toHaveLength(count);
      expect(means.reduce((a, b) => a + b) / count).toBeCloseTo(31 / 7, 12);
    }
  });
});

test("tables are plain, aligned, and count what they leave out", () => {
  expect(
    table(
      ["name", ">n"],
      [
        ["a", "1"],
        ["bc", "12"],
      ],
    ),
  ).toBe("  name   n\n  a      1\n  bc    12");
  expect(top([1, 2, 3, 4, 5], 3)).toEqual({ shown: [1, 2, 3], more: ["  … and 2 more"] });
  expect(top([1, 2, 3, 4], 3)).toEqual({ shown: [1, 2, 3, 4], more: [] });
});

test("the convergence plot needs two steps, and survives residuals of 0", () => {
  const step = (k: number, residual: number | null) => ({
    step: k,
    solver: "s",
    residual,
    seconds: 0,
    evaluations: k,
  });
  expect(convergencePlot([])).toBe("");
  expect(convergencePlot([step(0, 1)])).toBe("");
  const plot = convergencePlot([step(0, 1), step(1, 1e-3), step(2, null), step(3, 0)]);
  expect(plot).toContain("1e0");
  expect(plot).toContain("step 0 to 3");
});

test.each([
  [1, 1e-3],
  [0.4, 1e-11],
  [30, 1e-17],
  [1e3, 1e-14],
  [0.5, 0.2],
])("the axis of the plot has powers of ten at equal distances (%s to %s)", (from, to) => {
  const trace = [from, to].map((residual, step) => ({
    step,
    solver: "s",
    residual,
    seconds: 0,
    evaluations: 1,
  }));
  const rows = convergencePlot(trace).split("\n").slice(0, -1);
  const labels = rows.flatMap((row, r) => {
    const label = /1e(-?\d+)/u.exec(row);
    return label === null ? [] : [{ r, exponent: Number(label[1]) }];
  });
  expect(labels.length).toBeGreaterThan(1);
  const steps = labels
    .slice(1)
    .map(({ r, exponent }, k) => `${r - labels[k].r} ${exponent - labels[k].exponent}`);
  expect(new Set(steps).size).toBe(1);
});

const pipeline = loadEconomy(example("two-step-pipeline.json"))
  .then((economy) => solve(economy.onGrid({ nodes: 12 })))
  .then(toResult);

describe("summarize", () => {
  test("says how it ended, what is dear, who earns, and whether to believe it", async () => {
    const result = await pipeline;
    const text = summarize(result, { width: 100 });
    const [title, message] = text.split("\n");
    expect(title).toBe("two-step-pipeline: solved");
    expect(message.trim()).toBe(result.message);
    for (const part of ["planner/quality", "gpu", "main", "entry → planner", "mean price 1", "✓"]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain("\u001b[");
    expect(summarize(result, { color: true })).toContain("\u001b[32msolved");
  });

  test("fits a screen however large the economy is", async () => {
    const names = Array.from({ length: 60 }, (_, k) => `commodity with quite a long name, number ${k}`);
    const economy = defineEconomy({
      commodities: Object.fromEntries(names.map((name) => [name, {}])),
      orchestrators: {
        one: {
          endowment: Object.fromEntries(names.map((name, k) => [name, 1 + k])),
          preferences: {
            root: "u",
            nodes: { u: { inputs: Object.fromEntries(names.map((name) => [name, 1])) } },
          },
        },
      },
    });
    const lines = summarize(toResult(await solve(economy)), { width: 80 }).split("\n");
    expect(lines.length).toBeLessThan(45);
    expect(lines).toContain("  … and 52 more");
  });

  test("a static economy has one price a row; a result that failed says so", async () => {
    const solved = toResult(await solve(defineEconomy({ ...exchange })));
    expect(summarize(solved)).not.toContain("over time");
    const failed: ResultFile = {
      ...solved,
      status: "stalled",
      certificate: { ...solved.certificate, clearing: 0.3 },
    };
    expect(summarize(failed)).toContain("exchange: stalled");
    expect(summarize(failed)).toContain("✗ Markets clear: largest excess demand 0.3");
  });

  test("unknown numbers are question marks, not errors", async () => {
    const result = structuredClone(await pipeline);
    for (const plan of Object.values(result.orchestrators))
      Object.assign(plan, { income: null, utility: null });
    result.certificate = { ...result.certificate, utilization: null, error_bound: null };
    const text = summarize(result);
    expect(text).toContain("Nothing is wasted: could not be certified");
    expect(text).toMatch(/main +\? +\?/);
  });
});

describe("quantities", () => {
  const load = async (name: string, nodes: number) => {
    const economy = (await loadEconomy(example(name))).onGrid({ nodes });
    return { economy, result: toResult(await solve(economy)) };
  };

  test("what floors cost, what share of income that is, and what is left", async () => {
    const { economy, result } = await load("two-step-pipeline.json", 12);
    const text = summarize(result, { economy });
    const reading = new Reading(result, economy);
    const cost = 0.2 * reading.integral(reading.price("planner/quality"));
    const income = result.orchestrators.main.income ?? Number.NaN;
    const share = `${Math.round((100 * cost) / income)} %`;
    expect(text).toContain("Floors");
    expect(text).toMatch(new RegExp(`main +planner/quality +0.2 +${figure(cost)} +${share}`, "u"));
    expect(text).toMatch(new RegExp(`main +${figure(income)} +${figure(income - cost)} `, "u"));
    expect(summarize(result)).not.toContain("Floors");
    expect(summarize(result)).not.toContain("beyond floors");
  });

  test("of what is shared: use, supply, units, and use when it is dearest", async () => {
    const { economy, result } = await load("two-step-pipeline.json", 12);
    expect(summarize(result, { economy })).toMatch(/gpu +20 +20 +GPU·h\/h +20 of 20 at 1[13] h/u);
    expect(summarize(result)).not.toContain("GPU·h/h");
    const idle = await load("idle-capacity.json", 8);
    const reading = new Reading(idle.result, idle.economy);
    const [name] = idle.economy.commodities.filter(({ agent }) => agent === null).map((c) => c.name);
    const used = reading.mean(reading.demands().get(name) ?? []);
    const line = summarize(idle.result, { economy: idle.economy })
      .split("Shared\n")[1]
      .split("\n")
      .find((text) => text.trim().startsWith(name));
    const [mean, supply] = (line ?? "").trim().slice(name.length).trim().split(/ +/u).map(Number);
    expect(mean).toBeCloseTo(used, 2);
    expect(supply).toBeGreaterThan(mean);
  });

  test("of agents' outputs and of what orchestrators consume of what is shared", async () => {
    const { economy, result } = await load("two-step-pipeline.json", 12);
    const reading = new Reading(result);
    const mean = reading.mean(reading.values(result.agents.planner.supply.quality));
    expect(summarize(result, { economy })).toContain(`quality ${figure(mean)}`);
    const exchanged = defineEconomy({ ...exchange });
    const text = summarize(toResult(await solve(exchanged)), { economy: exchanged });
    expect(text).toMatch(/ann +\S+ +\S+ +2 +4 +1\n/u);
  });
});

describe("many agents", () => {
  test("Gini: 0 for equals, (n−1)/n when one has all, 1/4 for 1 and 3", () => {
    expect(gini([2, 2, 2])).toBe(0);
    expect(gini([0, 0, 0, 5])).toBeCloseTo(3 / 4, 12);
    expect(gini([3, 1])).toBeCloseTo(1 / 4, 12);
    expect(gini([0, 0])).toBe(0);
  });

  test("concentration, when scarcity peaks, what moved; nothing of it where they are few", async () => {
    const names = Array.from({ length: 30 }, (_, k) => `a${k}`);
    const economy = defineEconomy({
      name: "many",
      time: { horizon: 24, unit: "h", nodes: 8 },
      agents: Object.fromEntries(
        names.map((name, k) => {
          const fall = k === 7 ? (t: number) => (t < 12 ? 2 : 0.5) : 1;
          return [name, { production: { set: "ellipsoid" as const, center: { x: fall } } }];
        }),
      ),
      orchestrators: {
        main: {
          discount: (t: number) => (t > 12 && t < 15 ? 3 : 1),
          preferences: {
            root: "u",
            nodes: { u: { inputs: Object.fromEntries(names.map((name) => [`${name}/x`, 1])) } },
          },
        },
      },
    });
    const result = toResult(await solve(economy));
    const reading = new Reading(result, economy);
    expect(concentrationLines(reading)).toEqual([
      expect.stringMatching(/30 agents sell .*the first 3\.3 %, the first 10 33 % \(Gini 0\.00\)\.$/u),
    ]);
    const [scarce, swing, trend] = changeLines(reading);
    expect(scarce).toContain("highest at 13.5 h");
    expect(swing).toMatch(/most: a7\/x × 12 \(1\.5 h → 13\.5 h\)/u);
    expect(trend).toContain("up a7/x × 4");
    const few = new Reading(await pipeline);
    expect([...concentrationLines(few), ...changeLines(few)]).toEqual([]);
  });
});

test("a demo with one instant has no empty columns and no clock", async () => {
  const economy = (await loadEconomy(example("two-step-pipeline.json"))).onGrid({ nodes: 1 });
  const text = dayPage(toResult(await solve(economy)));
  expect(text).not.toContain("?");
  expect(text).not.toMatch(/at \d+ h/u);
  expect(text).toMatch(/→ planner +\d+ %\n/u);
});

test("the day page tells a result over time, also one with a single instant", async () => {
  const text = dayPage(await pipeline, { width: 90 });
  expect(text).toContain("0–6 h");
  expect(text).toMatch(/planner +[▁-█]{12} +\d+ % of sales/);
  expect(dayPage(toResult(await solve(defineEconomy({ ...exchange }))))).toContain("exchange: solved");
});

test("readings of a result: values, business, quarters", async () => {
  const reading = new Reading(await pipeline);
  const { income } = reading.result.orchestrators.main;
  const demands = reading.demands();
  const spent = Object.entries(reading.result.orchestrators.main.demand).reduce((sum, [name, series]) => {
    const price = reading.price(name);
    return sum + reading.integral(reading.values(series).map((c, n) => c * price[n]));
  }, 0);
  expect(spent).toBeCloseTo(income ?? Number.NaN, 9);
  for (const [agent, { profit }] of Object.entries(reading.result.agents)) {
    const { revenue, cost } = reading.business(agent);
    expect(reading.integral(revenue) - reading.integral(cost)).toBeCloseTo(profit ?? Number.NaN, 9);
  }
  // Clearing: what is demanded of the shared capacity is what there is of it.
  for (const gpu of demands.get("gpu") ?? []) expect(gpu).toBeCloseTo(20, 6);
  const ramp = reading.result.time.t;
  quarterMeans(reading, ramp).forEach((mean, k) => {
    expect(mean).toBeCloseTo(3 + 6 * k, 12);
  });
});

describe("words for a certificate", () => {
  test("each item passes or fails by its own number", async () => {
    const { certificate } = await pipeline;
    expect(certificateLines(certificate, 1e-8).every(({ passed }) => passed)).toBe(true);
    for (const item of [
      "clearing",
      "walras",
      "profit_gap",
      "membership_gap",
      "budget_gap",
      "expenditure_gap",
    ]) {
      const lines = certificateLines({ ...certificate, [item]: 1e-3 }, 1e-8);
      expect(lines.filter(({ passed }) => !passed).map((line) => line.item)).toEqual([item]);
    }
    for (const utilization of [0.9, null]) {
      const lines = certificateLines({ ...certificate, utilization }, 1e-8);
      expect(lines.filter(({ passed }) => !passed).map((line) => line.item)).toEqual(["utilization"]);
    }
  });

  test("theory names the numeraire, and says what is proved and what is estimated", async () => {
    const { certificate } = await pipeline;
    expect(theoryLines({ ...certificate, error_bound: 1e-9, error_kind: "bound" })[0]).toMatch(
      /mean price 1.*proved/,
    );
    expect(theoryLines({ ...certificate, error_bound: 1e-9, error_kind: "estimate" })[0]).toContain(
      "by estimate",
    );
    expect(theoryLines({ ...certificate, error_bound: null }).join("\n")).not.toContain("within a factor");
    const near = (error_bound: number) => theoryLines({ ...certificate, error_bound })[0];
    expect(near(4.6e-10)).toContain("within a factor 1 ± 4.6e-10 of");
    expect(near(0.5)).toContain("within a factor 1 ± 0.5 of");
    expect(near(0.7)).toContain("within a factor e^0.7 of");
    expect(near(190)).toContain("within a factor e^190 of");
    const rates = { ...certificate.contraction, bound: 1 - 5e-5, local: 0.9, observed: 0.0019 };
    const words = theoryLines({ ...certificate, contraction: rates }).join("\n");
    expect(words).toContain("at most 1 − 5e-5 anywhere (proved), 0.9 near the solution");
    expect(words).toContain("the error was multiplied by 0.0019 a step");
    const open = { ...rates, bound: null, sampled: 1.25, best_local: 0.5, best_step: 0.4 };
    expect(theoryLines({ ...certificate, contraction: open }).join("\n")).toContain(
      "by 1.25 or more somewhere (sampled), 0.9 near the solution (0.5 with λ = 0.4)",
    );
  });

  test("failures in one line each", () => {
    expect(
      describeFailure({ item: "income", found: 1e-6, allowed: 1e-7, where: "orchestrators.a.income" }),
    ).toBe("income: orchestrators.a.income: off by 1e-6, allowed 1e-7");
    expect(describeFailure({ item: "economy", found: "a", allowed: null, where: "economy" })).toBe(
      'economy: economy: "a", expected nothing',
    );
  });

  test("a long list of disagreements is cut", async () => {
    const result = toResult(await solve(defineEconomy({ ...exchange })));
    const report = await certify(defineEconomy({ ...exchange }), result);
    const failure = { item: "demand", found: 1, allowed: 1e-7, where: "x" };
    const text = certifyText(
      { ...report, certified: false, failures: new Array(50).fill(failure) },
      result,
      1e-8,
    );
    expect(text).toContain("not certified");
    expect(text).toContain("… and 30 more");
  });
});
