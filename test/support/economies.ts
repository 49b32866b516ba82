import { uniformSource } from "../../src/core/rng.js";
import type { EconomyDefinition } from "../../src/economy/build.js";
import type { ProductionSpec } from "./oracle.js";

export interface RandomOptions {
  readonly agents?: number;
  readonly metrics?: number;
  readonly nodes?: number;
  readonly rule?: "midpoint" | "gauss-legendre";
  readonly orchestrators?: number;
  readonly families?: readonly Family[];
  /** Range of every elasticity of preferences, drawn log-uniformly. */
  readonly elasticity?: readonly [lowest: number, highest: number];
  readonly floors?: boolean;
  /** Agents of sets that can use a shared `gpu` do. */
  readonly shared?: boolean;
}

export type Family = "point" | "ellipsoid" | "modes" | "sum" | "hull" | "frontier" | "factory";
export const FAMILIES: readonly Family[] = [
  "point",
  "ellipsoid",
  "modes",
  "sum",
  "hull",
  "frontier",
  "factory",
];

/** The file's structure, with agents. */
export type Spec = EconomyDefinition & Required<Pick<EconomyDefinition, "agents">>;
type Agents = Spec["agents"];

type Draw = (low: number, high: number) => number;

/**
 * A random economy in the file's form: agents of the given families on a random agent DAG (the first orchestrator) and
 * raw nests over the same commodities (the others). Every commodity can be supplied; floors are a small part of supply.
 */
export function randomSpec(seed: number, options: RandomOptions = {}): Spec {
  const { agents = 4, metrics = 2, nodes = 3, rule = "midpoint", orchestrators = 1 } = options;
  const { families = FAMILIES, elasticity = [0.3, 3], floors = false, shared = true } = options;
  const uniform = uniformSource(seed);
  const draw: Draw = (low, high) => low + (high - low) * uniform();
  // Just beside 1 the plain powers of the oracle lose the digits that the sweeps keep (tested with the preferences).
  const sigma = (): number => {
    const drawn = Math.exp(draw(Math.log(Math.max(elasticity[0], 0.01)), Math.log(elasticity[1])));
    return Math.abs(drawn - 1) < 0.03 ? 1 : drawn;
  };
  const series = (low: number, high: number) => {
    const [mean, swing, phase] = [draw(low, high), draw(0, 0.4), draw(0, 6)];
    return {
      t: [0, 2, 5, 8, 10],
      values: [0, 2, 5, 8, 10].map((t) => mean * (1 + swing * Math.sin(t + phase))),
    };
  };
  const names = Array.from({ length: agents }, (_, a) => `a${a}`);
  const own = Array.from({ length: metrics }, (_, r) => `m${r}`);
  const production = (a: number): ProductionSpec => {
    const family = families[a % families.length];
    return randomSet(family, own, shared && agents > 1, draw, series);
  };
  const dag = {
    entry: { a0: 1, ...(agents > 1 ? { a1: draw(0.2, 1) } : {}) },
    entry_elasticity: sigma(),
    steps: Object.fromEntries(
      names.map((name, a) => {
        const next = names.slice(a + 1, a + 3);
        return [
          name,
          {
            metrics: Object.fromEntries(own.map((m) => [m, draw(0.2, 1)])),
            metric_elasticity: sigma(),
            own_weight: draw(0.3, 0.7),
            chain_elasticity: sigma(),
            routing_elasticity: sigma(),
            ...(next.length > 0 ? { next: Object.fromEntries(next.map((b) => [b, draw(0.2, 1)])) } : {}),
          },
        ];
      }),
    ),
  };
  const nests = () => ({
    root: "u",
    nodes: {
      u: {
        elasticity: sigma(),
        inputs: Object.fromEntries(names.map((name) => [`n-${name}`, draw(0.2, 1)])),
      },
      ...Object.fromEntries(
        names.map((name) => [
          `n-${name}`,
          {
            elasticity: sigma(),
            inputs: Object.fromEntries([
              ...own.map((m) => [`${name}/${m}`, draw(0.2, 1)]),
              ...(shared ? [["gpu", draw(0.05, 0.2)]] : []),
            ]),
          },
        ]),
      ),
    },
  });
  const weights = Array.from({ length: orchestrators }, () => draw(0.5, 1));
  const total = weights.reduce((sum, x) => sum + x, 0);
  return {
    format: "walras/1",
    name: `random-${seed}`,
    time: { horizon: 10, nodes, rule },
    commodities: { gpu: {} },
    agents: Object.fromEntries(
      names.map((name, a) => [name, { production: production(a) }]),
    ) as unknown as Agents,
    orchestrators: Object.fromEntries(
      weights.map((weight, i) => [
        `o${i}`,
        {
          shares: Object.fromEntries(names.map((name) => [name, weight / total])),
          endowment: { gpu: series(2, 6), ...(i > 0 ? { "a0/m0": series(0.5, 1) } : {}) },
          ...(floors ? { floors: { "a0/m0": draw(0.01, 0.05) } } : {}),
          discount: series(0.5, 2),
          intertemporal_elasticity: sigma(),
          preferences: i === 0 ? { dag } : nests(),
        },
      ]),
    ),
  };
}

function randomSet(
  family: Family,
  own: readonly string[],
  shared: boolean,
  draw: Draw,
  series: (low: number, high: number) => object,
): ProductionSpec {
  const bundle = (low: number, high: number) => Object.fromEntries(own.map((m) => [m, series(low, high)]));
  const gpu = shared ? { gpu: -draw(0.1, 0.4) } : {};
  const modes = () => [bundle(-0.1, 0.1), bundle(-0.2, 0.2)];
  switch (family) {
    case "point":
      return { set: "ellipsoid", center: bundle(0.8, 1.5) };
    case "ellipsoid":
      return { set: "ellipsoid", center: bundle(0.4, 1), radius: bundle(0.2, 0.6) };
    case "modes":
      return { set: "ellipsoid", center: { ...bundle(0.8, 1.5), ...gpu }, modes: modes(), smoothing: 0.1 };
    case "sum":
      return { set: "ellipsoid", center: bundle(0.8, 1.5), radius: bundle(0.1, 0.3), modes: modes() };
    case "hull":
      return {
        set: "hull",
        smoothing: 0.2,
        trajectories: [0, 1, 2].map(() => ({ ...bundle(0.4, 1.6), ...gpu })),
      };
    case "frontier":
      return {
        set: "frontier",
        outputs: Object.fromEntries(own.map((m) => [m, draw(0.4, 1)])),
        transformation: draw(0.2, 2),
        scale: series(0.5, 1.5),
      };
    case "factory":
      return {
        set: "frontier",
        outputs: Object.fromEntries(own.map((m) => [m, draw(0.4, 1)])),
        transformation: draw(0, 2),
        inputs: { gpu: draw(0.5, 1) },
        // Unnormalised weights put log(a)/(1−σ) into the cost index, which leaves float64 at σ → 1.
        substitution: draw(0, 1) < 0.3 ? 1 : draw(0, 1) < 0.5 ? draw(0, 0.8) : draw(1.3, 2),
        returns: draw(0.3, 0.7),
        scale: series(0.5, 1.5),
      };
  }
}

/** The production objects of a spec's agents, in order, as the oracle takes them. */
export function setsOf(spec: Spec): ProductionSpec[] {
  return Object.values(spec.agents).map(({ production }) => production as unknown as ProductionSpec);
}

/** Closed form at any size (model.md section 8): all elasticities 1, center-0 ellipsoids; with `fixed`, points instead. */
export interface ClosedForm {
  readonly spec: Spec;
  /** log p up to a constant, [agents · metrics, nodes], from the price formula and its own node times. */
  readonly logPrice: (t: Float64Array, weights: Float64Array) => Float64Array;
}

export function closedForm(
  seed: number,
  {
    agents = 5,
    metrics = 3,
    nodes = 8,
    rule = "midpoint" as "midpoint" | "gauss-legendre",
    fixed = false,
  } = {},
): ClosedForm {
  const uniform = uniformSource(seed);
  const draw: Draw = (low, high) => low + (high - low) * uniform();
  const names = Array.from({ length: agents }, (_, a) => `a${a}`);
  const wave = () => {
    const [mean, swing, phase] = [draw(0.3, 2), draw(0, 0.6), draw(0, 6)];
    return (t: number) => mean * (1 + swing * Math.sin(t + phase));
  };
  const scales = names.map(() => Array.from({ length: metrics }, wave));
  const intensity = wave();
  const theta = names.map(() => Array.from({ length: metrics }, () => draw(0.1, 1)));
  const beta = 0.5;
  // Chain a0 → a1 → … with own weight ½: agent a's work gets ½^(a+1), the last one what is left.
  const work = names.map((_, a) => (a === agents - 1 ? beta ** a : beta ** (a + 1)));
  const spending = theta.map((row, a) => {
    const sum = row.reduce((s, x) => s + x, 0);
    return row.map((x) => (work[a] * x) / sum);
  });
  const byMetric = <T>(row: readonly T[]): Record<string, T> =>
    Object.fromEntries(row.map((x, r) => [`m${r}`, x]));
  const spec: Spec = {
    format: "walras/1",
    name: `closed-form-${seed}`,
    time: { horizon: 7, nodes, rule },
    commodities: {},
    agents: Object.fromEntries(
      names.map((name, a) => [
        name,
        {
          production: {
            set: "ellipsoid",
            ...(fixed ? { center: byMetric(scales[a]) } : { radius: byMetric(scales[a]) }),
          },
        },
      ]),
    ) as unknown as Agents,
    orchestrators: {
      main: {
        discount: intensity,
        preferences: {
          dag: {
            entry: { a0: 1 },
            steps: Object.fromEntries(
              names.map((name, a) => [
                name,
                { metrics: byMetric(theta[a]), ...(a < agents - 1 ? { next: { [names[a + 1]]: 1 } } : {}) },
              ]),
            ),
          },
        },
      },
    },
  };
  const logPrice = (t: Float64Array): Float64Array => {
    const out = new Float64Array(agents * metrics * t.length);
    names.forEach((_, a) => {
      const agentSpending = spending[a].reduce((s, x) => s + x, 0);
      for (let r = 0; r < metrics; r++) {
        t.forEach((time, n) => {
          const s = scales[a][r](time);
          const demand = spending[a][r] * intensity(time);
          out[(a * metrics + r) * t.length + n] = fixed
            ? Math.log(demand / s)
            : 0.5 * Math.log(agentSpending) + 0.5 * Math.log(demand) - Math.log(s);
        });
      }
    });
    return out;
  };
  return { spec, logPrice };
}
