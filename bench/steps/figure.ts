import { COLORS, drawFigure, type Layer, type Panel, type Point } from "../../src/report/convergence-axes.js";
import { logDomain } from "../../src/report/convergence-figure.js";
import type { NativeFound } from "../native/measure.js";
import { EVALUATION } from "./actions.js";
import type { Found } from "./found.js";
import { perPrice } from "./page.js";
import type { Way } from "./sizes.js";

/** One line of a panel. */
interface Line {
  readonly name: string;
  readonly points: readonly Point[];
}

const PALETTE = [COLORS.black, COLORS.blue, COLORS.orange, COLORS.green];

/** Cost per price against the number of prices: a panel for each step, and one for solves. */
export function stepsFigure({ timings, solves, native }: Omit<Found, "missing">): string {
  const steps = [...new Set(timings.map(({ step }) => step))];
  const panels = steps.map((step) => {
    const costs = timings.filter((timing) => timing.step === step);
    const lines = linesOf(costs, ({ least }) => least);
    return panel(step, step === EVALUATION ? [...lines, ...nativeLine(native)] : lines);
  });
  const solved = solves.filter(({ status }) => status === "solved");
  const last = panel("solve to clearing 1e-8, with its certificate", linesOf(solved, perPrice));
  return drawFigure("Cost per price against size", [...panels, last], 3);
}

function linesOf<T extends Way & { readonly prices: number }>(
  all: readonly T[],
  cost: (one: T) => number,
): Line[] {
  const nameOf = ({ backend, threads }: T) =>
    `${backend}, ${threads === 1 ? "1 thread" : `${threads} threads`}`;
  return [...new Set(all.map(nameOf))].map((name) => ({
    name,
    points: all.filter((one) => nameOf(one) === name).map((one): Point => [one.prices, cost(one)]),
  }));
}

function nativeLine(native: readonly NativeFound[]): Line[] {
  const points = native.map(({ prices, native: seconds }): Point => [prices, (1e9 * seconds) / prices]);
  return points.length === 0 ? [] : [{ name: "native kernels, 1 thread", points }];
}

function panel(title: string, lines: readonly Line[]): Panel {
  const all = lines.flatMap(({ points }) => points);
  const layers = lines.flatMap(({ name: label, points }, i): Layer[] => {
    const color = PALETTE[i % PALETTE.length];
    return [
      { label, color, points, mark: "line" },
      { label: "", color, points, mark: "dots" },
    ];
  });
  const known = (k: 0 | 1) => all.map((point) => point[k]).filter((x): x is number => x !== null);
  return {
    title,
    x: { kind: "log", label: "prices", domain: logDomain(known(0)) },
    y: { kind: "log", label: "ns per price", domain: logDomain(known(1)) },
    layers,
  };
}
