import type { Convergence, MapMeasurement } from "../../src/convergence/convergence.js";
import { measureConvergence } from "../../src/convergence/measure.js";
import type { SolverRun } from "../../src/convergence/solver-runs.js";
import { defineEconomy } from "../../src/economy/build.js";
import { layOut } from "../../src/market/layout.js";
import type { SolverName } from "../../src/solve/options.js";
import type { Family, Member } from "./families.js";

/** One economy of a family on one grid: its measurements without the long ones. */
export interface Measured {
  readonly family: string;
  readonly member: string;
  readonly x: number | null;
  readonly nodes: number;
  readonly prices: number;
  readonly theory: Pick<Convergence["theory"], "step" | "theorem" | "rate" | "interval">;
  readonly equilibrium: Convergence["equilibrium"];
  /** Least and largest real part, and largest imaginary part, of the eigenvalues of E; null where nothing moves. */
  readonly spectrum: { readonly least: number; readonly largest: number; readonly turning: number } | null;
  readonly best: { readonly step: number; readonly constant: number } | null;
  readonly maps: readonly MapRecord[];
  readonly solvers: readonly SolverRun[];
}

type Constants = "step" | "origin" | "bound" | "interval" | "local" | "sampled" | "expected" | "guaranteed";

/** The plain map for one λ. */
export interface MapRecord extends Pick<MapMeasurement, Constants> {
  /** The local constant in closed form; null where there is none. */
  readonly exact: number | null;
  readonly observed: number | null;
  readonly settled: boolean;
  /** Largest factor of any step of either run, and how many steps these are. */
  readonly worst: number | null;
  readonly steps: number;
  /** How the run near p* and that from p = 1 ended, and the step at which the latter was near enough. */
  readonly near: MapMeasurement["near"]["status"];
  readonly far: MapMeasurement["far"]["status"];
  readonly reached: number | null;
}

/** Measures a member on a grid. */
export async function measureMember(
  family: Family,
  member: Member,
  nodes: number,
  solvers?: readonly SolverName[],
): Promise<Measured> {
  const economy = defineEconomy({ name: `${family.name}: ${member.label}`, ...member.economy(nodes) });
  const { step } = layOut(economy);
  const steps = member.multiples?.map((multiple) => multiple * step);
  const near = member.near && { grid: null, prices: pricesOf(member.near) };
  const { theory, equilibrium, spectrum, maps, prices, ...rest } = await measureConvergence(economy, {
    steps,
    solvers,
    near,
  });
  const { theorem, rate, interval } = theory;
  return {
    family: family.name,
    member: member.label,
    x: member.x,
    nodes,
    prices,
    theory: { step, theorem, rate, interval },
    equilibrium,
    spectrum: spectrum && extent(spectrum.eigenvalues),
    best: spectrum?.best ?? null,
    maps: maps.map((map) => mapRecord(map, member)),
    solvers: rest.solvers,
  };
}

function pricesOf(near: Readonly<Record<string, number>>): Map<string, Float64Array> {
  return new Map(Object.entries(near).map(([name, price]) => [name, Float64Array.of(price)]));
}

function extent(eigenvalues: readonly (readonly [number, number])[]): Measured["spectrum"] {
  if (eigenvalues.length === 0) return null;
  const [res, ims] = [eigenvalues.map(([re]) => re), eigenvalues.map(([, im]) => im)];
  return { least: Math.min(...res), largest: Math.max(...res), turning: Math.max(...ims) };
}

function mapRecord(map: MapMeasurement, { exact }: Member): MapRecord {
  const { step, origin, bound, interval, local, sampled, expected, guaranteed, near, far } = map;
  const worst = [near.worst, far.worst].flatMap((x) => (x === null ? [] : [x]));
  return {
    step,
    origin,
    bound,
    sampled,
    interval,
    local,
    exact: exact?.(step) ?? null,
    observed: near.rate,
    settled: near.settled,
    worst: worst.length === 0 ? null : Math.max(...worst),
    steps: near.steps + far.steps,
    near: near.status,
    far: far.status,
    reached: far.reached,
    expected,
    guaranteed,
  };
}
