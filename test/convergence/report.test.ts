import { beforeAll, describe, expect, test } from "vitest";
import type { Convergence } from "../../src/convergence/convergence.js";
import { measureConvergence } from "../../src/convergence/measure.js";
import { defineEconomy } from "../../src/index.js";
import { drawFigure, escapeText, type Panel } from "../../src/report/convergence-axes.js";
import { convergenceFigure } from "../../src/report/convergence-figure.js";
import { convergencePage } from "../../src/report/convergence-page.js";
import { findings } from "../../src/report/convergence-reading.js";
import { convergenceText } from "../../src/report/convergence-table.js";
import { ces, exchange, t1Spec } from "../contraction/economies.js";

let measured: Convergence;
beforeAll(async () => {
  const economy = defineEconomy({ ...t1Spec(4, { agents: 3, nodes: 3 }), name: `a <b> & "c"` });
  measured = await measureConvergence(economy);
});

/** Every tag closes, in order: what an XML parser asks first. */
function expectBalanced(xml: string): void {
  const open: string[] = [];
  for (const [, closing, name, , self] of xml.matchAll(/<(\/?)([a-zA-Z][\w-]*)([^<>]*?)(\/?)>/gu)) {
    if (closing) expect(open.pop()).toBe(name);
    else if (!self && !["meta"].includes(name)) open.push(name);
  }
  expect(open).toEqual([]);
}

describe("findings", () => {
  const text = (one: Convergence) => findings(one).map((finding) => finding.text);
  const failing = (one: Convergence) => findings(one).filter(({ holds }) => holds === false);

  test("a T1 economy bears theory out", () => {
    expect(failing(measured)).toEqual([]);
    expect(findings(measured).filter(({ holds }) => holds)).toHaveLength(3);
    expect(text(measured)[0]).toMatch(
      /^T1 held in each of \d+ steps at \d λ: the largest factor, \S+ at λ = \S+, where κ = \S+$/u,
    );
  });

  test("a step that contracts less than the bound, or a norm above it, contradicts it, and says where", () => {
    for (const change of [
      (map: Convergence["maps"][number]) => ({
        ...map,
        near: { ...map.near, worst: (map.bound as number) + 1e-6 },
      }),
      (map: Convergence["maps"][number]) => ({
        ...map,
        far: { ...map.far, worst: (map.bound as number) + 1e-6 },
      }),
      (map: Convergence["maps"][number]) => ({ ...map, sampled: (map.bound as number) + 1e-6 }),
    ]) {
      const maps = measured.maps.map((map, i) => (i === 1 ? change(map) : map));
      const [finding] = failing({ ...measured, maps });
      expect(finding.text).toMatch(/^T1 is contradicted: .*λ = /u);
    }
  });

  test("a rate off the local constant is said so; one that has not settled is no evidence", () => {
    const off = measured.maps.map((map, i) => (i === 0 ? { ...map, near: { ...map.near, rate: 0.5 } } : map));
    expect(failing({ ...measured, maps: off })[0].text).toMatch(
      /^the observed rate is not the local constant at λ = /u,
    );
    const open = off.map((map, i) => (i === 0 ? { ...map, near: { ...map.near, settled: false } } : map));
    expect(failing({ ...measured, maps: open })).toEqual([]);
    expect(text({ ...measured, maps: open })[1]).toContain("had not settled");
    const none = measured.maps.map((map) => ({ ...map, near: { ...map.near, settled: false } }));
    expect(findings({ ...measured, maps: none })[1]).toMatchObject({ holds: null });
  });

  test("a spectrum outside T3's interval contradicts it", () => {
    const interval = { least: 5, largest: 6, step: 1, rate: 1, heavy_ball: 1 };
    const theory = { ...measured.theory, interval };
    expect(failing({ ...measured, theory })[0].text).toContain("not within T3's [5, 6]");
  });

  test("solvers that did not get there are named with how they ended", () => {
    const solvers = measured.solvers.map((run, i) =>
      i === 2 ? { ...run, status: "cycling" as const } : run,
    );
    expect(text({ ...measured, solvers }).at(-1)).toBe(
      `from p = 1 these did not get there: ${solvers[2].solver} (cycling)`,
    );
  });
});

test("the text has a row for each λ and each solver, and no NaN", () => {
  const text = convergenceText(measured);
  for (const { step } of measured.maps) expect(text).toContain(String(Number(step.toPrecision(4))));
  for (const { solver } of measured.solvers) expect(text).toMatch(new RegExp(`^ +${solver} `, "mu"));
  expect(text).not.toMatch(/NaN|undefined|Infinity/u);
  expect(convergenceText({ ...measured, maps: [], solvers: [], spectrum: null })).not.toMatch(
    /NaN|undefined|Infinity/u,
  );
});

describe("figures", () => {
  const panel = (more: Partial<Panel>): Panel => ({
    title: "t",
    x: { kind: "linear", label: "x", domain: [0, 1] },
    y: { kind: "linear", label: "y", domain: [0, 1] },
    layers: [],
    ...more,
  });
  const circles = (svg: string) =>
    [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="2.8"/gu)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
  const dots = (points: readonly (readonly [number | null, number | null])[]): Panel["layers"] => [
    { label: "", color: "#000", mark: "dots", points },
  ];

  test("points stand where their axes say, those outside or unknown nowhere", () => {
    const points = [
      [0, 0],
      [1, 1],
      [0.5, 0.25],
      [2, 0.5],
      [null, 0.5],
      [0.5, Number.NaN],
    ] as const;
    const [origin, corner, middle, ...others] = circles(drawFigure("f", [panel({ layers: dots(points) })]));
    expect(others).toEqual([]);
    expect(middle[0]).toBeCloseTo((origin[0] + corner[0]) / 2, 1);
    expect(middle[1]).toBeCloseTo(origin[1] + 0.25 * (corner[1] - origin[1]), 1);
    expect(corner[1]).toBeLessThan(origin[1]);
  });

  test("a logarithmic axis has equal distances for equal factors", () => {
    const x = { kind: "log", label: "x", domain: [1, 100] } as const;
    const placed = circles(
      drawFigure("f", [
        panel({
          x,
          layers: dots([
            [1, 0],
            [10, 0],
            [100, 0],
            [0, 0],
            [-1, 0],
          ]),
        }),
      ]),
    );
    expect(placed).toHaveLength(3);
    expect(placed[1][0] - placed[0][0]).toBeCloseTo(placed[2][0] - placed[1][0], 1);
  });

  test("a figure of measurements is well-formed and escapes names", () => {
    for (const one of [
      [measured],
      [measured, measured],
      [{ ...measured, maps: [], solvers: [], spectrum: null }],
    ]) {
      const svg = convergenceFigure(one);
      expectBalanced(svg);
      expect(svg).not.toMatch(/NaN|undefined|Infinity|<b>/u);
    }
    expect(convergenceFigure([measured])).toContain("a &lt;b&gt; &amp; &quot;c&quot;");
  });

  /** The corners of every path of a colour, solid or dashed. */
  const paths = (svg: string, color: string) =>
    [...svg.matchAll(new RegExp(`<path d="M([^"]+)" fill="none" stroke="${color}"`, "gu"))].map(([, d]) =>
      d.split("L").map((pair) => pair.split(",").map(Number)),
    );
  const [blue, orange] = ["#0072b2", "#d55e00"];

  test("measured rates lie on the line of the local constant", () => {
    const [rates] = convergenceFigure([measured]).split("plain steps from p = 1");
    const observed = circles(rates).slice(0, measured.maps.length);
    const [local] = paths(rates, blue);
    expect(observed.length).toBeGreaterThan(3);
    for (const [x, y] of observed) expect(Math.abs(heightAt(local, x) - y)).toBeLessThan(1);
  });

  test("where theory is exact all of its lines are one, and measurements lie on it", async () => {
    // Fixed supply and one Cobb–Douglas nest: bound and local constant are both 1 − λ.
    const one = exchange({ a: { endowment: { x: 1, y: 3 }, preferences: ces(1, { x: 1, y: 2 }) } }, [
      "x",
      "y",
    ]);
    const exact = await measureConvergence(defineEconomy(one), { steps: [0.2, 0.4], solvers: [] });
    const [rates, distances] = convergenceFigure([exact]).split("plain steps from p = 1");
    const [[bound], [local]] = [paths(rates, orange), paths(rates, blue)];
    for (const [x, y] of bound) expect(heightAt(local, x)).toBeCloseTo(y, 1);
    // One λ is the fastest and the nearest to the default: its bound, dashed, and its local slope.
    const [guaranteed, slope, ...others] = paths(distances, blue);
    expect(others).toEqual([]);
    for (const [x, y] of guaranteed) expect(Math.abs(heightAt(slope, x) - y)).toBeLessThan(3);
    const dots = circles(distances).filter(([, y]) => y < 200);
    expect(dots.length).toBeGreaterThan(20);
    for (const [x, y] of dots) expect(Math.abs(heightAt(slope, x) - y)).toBeLessThan(3);
  });

  /** A broken line's height at x, between its corners. */
  function heightAt(line: readonly number[][], x: number): number {
    const after = line.findIndex(([at]) => at >= x);
    if (after <= 0) return line[Math.max(0, after)][1];
    const [[x0, y0], [x1, y1]] = [line[after - 1], line[after]];
    return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
  }

  test("a page is well-formed, whole, and escapes names", () => {
    const page = convergencePage([measured, { ...measured, economy: "<script>" }]);
    expectBalanced(page.replace("<!doctype html>", "").replace(/<style>[\s\S]*?<\/style>/u, ""));
    expect(page).not.toMatch(/NaN|undefined|<script|https?:\/\/(?!www\.w3\.org)/u);
    for (const { text } of findings(measured)) expect(page).toContain(escapeText(text));
  });

  test("text without control characters, quotes and tags", () => {
    expect(escapeText(`<a href='x'>&"\u0007`)).toBe("&lt;a href=&#39;x&#39;&gt;&amp;&quot;�");
  });
});
