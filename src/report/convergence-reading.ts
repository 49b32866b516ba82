import type { Convergence, MapMeasurement } from "../convergence/convergence.js";
import { counted, figure, gap } from "./figures.js";

/** What measurements say of a claim of theory: whether it held, and in words. */
export interface Finding {
  /** Null where there was nothing to hold. */
  readonly holds: boolean | null;
  readonly text: string;
}

/** Observed rates this close to the local constant match it. */
const MATCH = 2e-3;
/** What rounding and the error of p* may make of an inequality. */
const SLACK = 1e-9;
const SPECTRAL_SLACK = 1e-7;

/** Each claim of theory against what was measured, in sentences. */
export function findings(measured: Convergence): Finding[] {
  const { equilibrium, maps } = measured;
  return [
    ...(equilibrium.error === null ? [noEquilibrium(measured)] : []),
    boundFinding(measured),
    ...(maps.length > 0 ? [localFinding(maps), intervalFinding(measured)] : []),
    ...sampledFinding(maps),
    ...solverFindings(measured),
  ];
}

function noEquilibrium({ equilibrium }: Convergence): Finding {
  const { status, clearing, critical } = equilibrium;
  if (critical) return { holds: null, text: CRITICAL };
  const text = `no equilibrium was found closely enough to measure distances from (${status}, clearing ${gap(clearing)})`;
  return { holds: null, text };
}

const CRITICAL =
  "the equilibrium found is critical (−∂f/∂q is singular there, beside the scaling of all prices): its prices may be some of many, and no distance to them is measured";

/** Every step of every run against κ, and the sampled norms too. */
function boundFinding({ theory, maps }: Convergence): Finding {
  const covered = maps.filter(({ bound }) => bound !== null);
  if (covered.length === 0) return { holds: null, text: withoutBound(theory, maps) };
  const broken = covered.filter((map) => excess(map) > SLACK);
  const steps = covered.reduce((sum, { near, far }) => sum + near.steps + far.steps, 0);
  const name = theory.theorem === "T1" ? "T1" : "the bound for several orchestrators";
  if (broken.length > 0) {
    const where = broken.map(
      (map) => `λ = ${figure(map.step)}: ${figure(worstOf(map))} > ${figure(map.bound)}`,
    );
    return {
      holds: false,
      text: `${name} is contradicted: a step shrank the distance by less than κ at ${where.join(", ")}`,
    };
  }
  const closest = covered.reduce((a, b) => (excess(b) > excess(a) ? b : a));
  const worst = `the largest factor, ${figure(worstOf(closest))} at λ = ${figure(closest.step)}, where κ = ${figure(closest.bound)}`;
  return {
    holds: true,
    text: `${name} held in each of ${counted(steps, "step")} at ${covered.length} λ: ${worst}`,
  };
}

function withoutBound({ theorem, why }: Convergence["theory"], maps: readonly MapMeasurement[]): string {
  if (theorem === null) return why;
  return maps.length === 0
    ? `nothing was measured against: ${why}`
    : `none of these λ is within the theorem's: ${why}`;
}

/** By how much anything measured exceeds κ. */
function excess(map: MapMeasurement): number {
  return Math.max(worstOf(map), map.sampled ?? 0) - (map.bound ?? 0);
}

function worstOf({ near, far }: MapMeasurement): number {
  return Math.max(near.worst ?? 0, far.worst ?? 0);
}

function localFinding(maps: readonly MapMeasurement[]): Finding {
  const settled = maps.filter(({ near }) => near.settled);
  const apart = (map: MapMeasurement) => Math.abs((map.near.rate ?? Number.NaN) - (map.local ?? Number.NaN));
  const off = settled.filter((map) => !(apart(map) <= MATCH));
  const unsettled = maps.filter(({ near }) => !near.settled);
  const open =
    unsettled.length === 0 ? "" : `; at λ = ${steps(unsettled)} the rate had not settled when the run ended`;
  if (off.length > 0) {
    const where = off.map(
      (map) => `λ = ${figure(map.step)}: ${figure(map.near.rate)} against ${figure(map.local)}`,
    );
    return {
      holds: false,
      text: `the observed rate is not the local constant at ${where.join(", ")}${open}`,
    };
  }
  if (settled.length === 0) return { holds: null, text: `no rate settled near the equilibrium${open}` };
  const most = settled.reduce((max, map) => Math.max(max, apart(map)), 0);
  const text = `the observed rate is the local constant within ${gap(most)} at ${settled.length} of ${maps.length} λ${open}`;
  return { holds: true, text };
}

function steps(maps: readonly MapMeasurement[]): string {
  return maps.map(({ step }) => figure(step)).join(", ");
}

function intervalFinding({ theory, spectrum }: Convergence): Finding {
  const { interval, interval_why } = theory;
  if (interval === null || spectrum === null) return { holds: null, text: interval_why };
  const res = spectrum.eigenvalues.map(([re]) => re);
  if (res.length === 0) return { holds: null, text: "nothing can move: there is no spectrum for T3 to hold" };
  const [low, high] = [Math.min(...res), Math.max(...res)];
  const turning = Math.max(...spectrum.eigenvalues.map(([, im]) => im));
  const inside =
    low >= interval.least - SPECTRAL_SLACK &&
    high <= interval.largest + SPECTRAL_SLACK &&
    turning <= SPECTRAL_SLACK;
  const found = `${spectrum.exact ? "the spectrum" : "what was found of the spectrum"} of −∂f/∂q, in [${figure(low)}, ${figure(high)}]`;
  const said = `T3's [${figure(interval.least)}, ${figure(interval.largest)}]`;
  return { holds: inside, text: `${found}, ${inside ? "lies within" : "is not real or not within"} ${said}` };
}

/** Where a norm above 1 was found: there T_λ moves some prices apart. */
function sampledFinding(maps: readonly MapMeasurement[]): Finding[] {
  const expanding = maps.filter(({ sampled }) => (sampled ?? 0) > 1 + SLACK);
  if (expanding.length === 0) return [];
  const text = `at λ = ${steps(expanding)} some prices are moved apart (sampled norm above 1): no contraction there, whatever the rate at last`;
  return [{ holds: null, text }];
}

function solverFindings({ solvers, spectrum, maps, tolerance }: Convergence): Finding[] {
  const solved = solvers.filter(({ status }) => status === "solved");
  const others = solvers.filter(({ status }) => status !== "solved");
  const found: Finding[] = [];
  if (solved.length > 0) {
    const fewest = solved.reduce((a, b) => (b.evaluations < a.evaluations ? b : a));
    const best = maps.find(({ origin }) => origin === "best");
    const plain =
      spectrum?.best && best?.expected
        ? `; plain steps at the best λ, ${figure(spectrum.best.step)}, would take about ${Math.round(best.expected)} to as small a distance`
        : "";
    const text = `fewest evaluations to clearing ${tolerance}: ${fewest.solver}, ${fewest.evaluations}${plain}`;
    found.push({ holds: null, text });
  }
  if (others.length > 0) {
    const names = others.map(({ solver, status }) => `${solver} (${status})`).join(", ");
    found.push({ holds: null, text: `from p = 1 these did not get there: ${names}` });
  }
  return found;
}
