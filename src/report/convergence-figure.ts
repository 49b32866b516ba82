import { constantAt } from "../contraction/best-step.js";
import type { Convergence, MapMeasurement } from "../convergence/convergence.js";
import { intervalConstant } from "../convergence/map-measurement.js";
import { COLORS, drawFigure, type Layer, type Panel, type Point } from "./convergence-axes.js";

/** Points of a curve of theory. */
const SAMPLES = 200;
/** Factors above this are off the panel. */
const HIGHEST = 4;
/** Measured distances shown of one run, at most: more would hide the lines. */
const SHOWN = 30;

/** Economies one below the other: rates against λ, distances against steps, and what each solver took; theory as lines. */
export function convergenceFigure(measured: readonly Convergence[]): string {
  const title =
    measured.length === 1
      ? `${measured[0].economy}: convergence`
      : `Convergence of ${measured.length} economies`;
  const named = measured.length > 1;
  const panels = measured.flatMap((one) => {
    const prefix = named ? `${one.economy} (${one.nodes === 1 ? "static" : `${one.nodes} instants`}): ` : "";
    return [ratePanel(one, prefix), distancePanel(one), solverPanel(one)];
  });
  return drawFigure(title, panels, 3);
}

/** The factor of a step by λ. */
function ratePanel({ maps, theory, spectrum }: Convergence, prefix: string): Panel {
  const farthest = Math.max(theory.step, ...maps.map(({ step }) => step)) * 1.08;
  const lambdas = Array.from({ length: SAMPLES }, (_, k) => (farthest * (k + 1)) / SAMPLES);
  const covered = Math.max(
    0,
    ...maps.filter(({ bound }) => bound !== null).map(({ step }) => step),
    theory.theorem === null ? 0 : theory.step,
  );
  const { rate, interval } = theory;
  const factors = maps.flatMap(({ near, sampled, local }) => [near.rate ?? 0, sampled ?? 0, local ?? 0]);
  const highest = Math.min(HIGHEST, Math.max(1.05, ...factors) * 1.05);
  const bound = rate === null ? [] : lambdas.filter((x) => x <= covered).map((x): Point => [x, 1 - x * rate]);
  const band = interval === null ? [] : lambdas.map((x): Point => [x, intervalConstant(interval, x)]);
  const thetas = spectrum?.eigenvalues.map(([re, im]) => ({ re, im })) ?? [];
  const local = thetas.length === 0 ? [] : lambdas.map((x): Point => [x, constantAt(thetas, x)]);
  return {
    title: `${prefix}factor of a step`,
    x: { kind: "linear", label: "λ", domain: [0, farthest] },
    y: { kind: "linear", label: "distance after / before", domain: [0, highest] },
    layers: [
      { label: "bound 1 − λr", color: COLORS.orange, mark: "line", points: bound },
      { label: "T3's interval", color: COLORS.green, mark: "dashes", points: band },
      { label: "local constant", color: COLORS.blue, mark: "line", points: local },
      { label: "sampled norm", color: COLORS.purple, mark: "rings", points: points(maps, (m) => m.sampled) },
      { label: "observed", color: COLORS.black, mark: "dots", points: points(maps, (m) => m.near.rate) },
    ],
  };
}

function points(maps: readonly MapMeasurement[], value: (map: MapMeasurement) => number | null): Point[] {
  return maps.map((map): Point => [map.step, value(map)]);
}

/** Distances from p = 1, for the default λ and the fastest. */
function distancePanel({ maps, theory }: Convergence): Panel {
  const chosen = chosenMaps(maps, theory.step);
  const colors = [COLORS.blue, COLORS.orange];
  const measured = chosen.flatMap(({ far }) => far.distances.map(([, d]) => d));
  const last = Math.max(1, ...chosen.map(({ far }) => far.distances.at(-1)?.[0] ?? 0));
  const [low, high] = logDomain(measured);
  const layers = chosen.flatMap((map, i): Layer[] => {
    const name = `λ = ${Number(map.step.toPrecision(3))}`;
    const color = colors[i];
    const begin = map.far.distances[0]?.[1] ?? 1;
    const steps = Array.from({ length: SAMPLES + 1 }, (_, k) => (k * last) / SAMPLES);
    const { bound, local, target } = map;
    const { reached } = map.far;
    const guaranteed = bound === null ? [] : steps.map((k): Point => [k, begin * bound ** k]);
    const asymptote =
      local === null || reached === null || !(local > 0)
        ? []
        : steps.map((k): Point => [k, target * local ** (k - reached)]);
    return [
      { label: `${name}: bound`, color, mark: "dashes", points: guaranteed },
      { label: `${name}: local slope`, color, mark: "line", points: asymptote },
      { label: `${name}: measured`, color, mark: "dots", points: thinned(map.far.distances) },
    ];
  });
  return {
    title: "plain steps from p = 1",
    x: { kind: "linear", label: "step", domain: [0, last] },
    y: { kind: "log", label: "distance, osc(log p − log p*)", domain: [low, high] },
    layers,
  };
}

function thinned(points: readonly Point[]): Point[] {
  const stride = Math.ceil(points.length / SHOWN);
  return points.filter((_, k) => k % stride === 0);
}

function chosenMaps(maps: readonly MapMeasurement[], step: number): MapMeasurement[] {
  if (maps.length === 0) return [];
  const apart = ({ step: own }: MapMeasurement) => Math.abs(Math.log(own / step));
  const usual = maps.reduce((a, b) => (apart(b) < apart(a) ? b : a));
  const time = ({ far }: MapMeasurement) => far.reached ?? Infinity;
  const fastest = maps.reduce((a, b) => (time(b) < time(a) ? b : a));
  return fastest === usual ? [usual] : [usual, fastest];
}

/** Whole decades around positive values. */
export function logDomain(values: readonly number[]): [number, number] {
  const positive = values.filter((x) => x > 0 && x < Infinity);
  if (positive.length === 0) return [0.1, 1];
  const [low, high] = [Math.min(...positive), Math.max(...positive)].map(Math.log10);
  const first = Math.floor(low + 1e-9);
  return [10 ** first, 10 ** Math.max(first + 1, Math.ceil(high - 1e-9))];
}

/** Evaluations of each solver that got there, and where theory puts plain ones. */
function solverPanel({ solvers, tolerance }: Convergence): Panel {
  const names = solvers.map(({ solver, status }) => (status === "solved" ? solver : `${solver} ✗`));
  const at = (value: (run: Convergence["solvers"][number]) => number | null): Point[] =>
    solvers.map((run, i): Point => [value(run), i]);
  const evaluations = at((run) => (run.status === "solved" ? Math.max(1, run.evaluations) : null));
  const steps = at((run) => (run.status === "solved" ? Math.max(1, run.steps) : null));
  const theory = at(({ predicted_steps }) =>
    predicted_steps === null ? null : Math.max(1, predicted_steps),
  );
  const all = [...evaluations, ...steps, ...theory].flatMap(([x]) => (x === null ? [] : [x]));
  return {
    title: `solvers from p = 1 to clearing ${tolerance}`,
    x: { kind: "log", label: "evaluations, steps", domain: logDomain([1, ...all]) },
    y: { kind: "names", label: "", names: [...names].reverse() },
    layers: [
      { label: "log ε / log κ", color: COLORS.orange, mark: "ticks", points: flipped(theory) },
      { label: "steps", color: COLORS.sky, mark: "rings", points: flipped(steps) },
      { label: "evaluations", color: COLORS.black, mark: "dots", points: flipped(evaluations) },
    ],
  };
}

/** The first solver at the top. */
function flipped(points: readonly Point[]): Point[] {
  return points.map(([x, i]): Point => [x, i === null ? null : points.length - 1 - i]);
}
