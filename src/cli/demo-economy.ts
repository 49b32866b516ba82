import { defineEconomy, type Economy, type EconomySpec } from "../index.js";

/** 1 at `peak` o'clock, falling off like a bell whose width is `hours`; periodic over the day. */
function bell(t: number, peak: number, hours: number): number {
  const distance = Math.abs(((t - peak + 36) % 24) - 12);
  return Math.exp(-0.5 * (distance / hours) ** 2);
}

/** Requests: few at night, a morning peak and a higher one in the afternoon. */
const demand = (t: number) => 0.25 + bell(t, 9.5, 1.6) + 1.5 * bell(t, 15, 2.2);
/** GPUs left over by others, who need theirs in the afternoon. */
const gpus = (t: number) => 21 - 13.5 * bell(t, 14, 3.5);
/** People at work see more of what is wrong. */
const office = (t: number) => 0.4 + 0.8 * bell(t, 13, 3.5);

/**
 * A day of a software assistant: a dozen agents that plan, search, write, test and check, of different quality and price,
 * on GPUs that are scarce in the afternoon and idle at night. The numbers are made up.
 *
 * Per hour and per unit of an agent: `quality` in answers of standard worth, `speed` in thousands of lines, `gpu` in
 * GPU-hours, `memory` in terabytes held.
 */
export function demoEconomy(nodes = 48): Economy {
  return defineEconomy(demoSpec(nodes));
}

/** The same as a file, a template: functions of time as arrays with a value for each node. */
export function demoFile(nodes = 48): object {
  const instants = Array.from({ length: nodes }, (_, n) => (24 * (n + 0.5)) / nodes);
  const sampled = (value: unknown): unknown => {
    if (typeof value === "function") return instants.map((t) => Number((value(t) as number).toPrecision(6)));
    if (Array.isArray(value)) return value.map(sampled);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, sampled(entry)]));
  };
  return sampled(demoSpec(nodes)) as object;
}

function demoSpec(nodes: number): EconomySpec {
  return {
    format: "walras/1",
    name: "a day of a software assistant",
    time: { horizon: 24, unit: "h", nodes },
    commodities: { gpu: { unit: "GPU·h/h" }, memory: { unit: "TB" } },
    agents: {
      "planner-large": ellipsoid({ quality: 1.2, gpu: -2.4 }, { quality: 0.4, gpu: 0.8 }),
      "planner-small": ellipsoid({ quality: 0.7, gpu: -0.8 }, { quality: 0.25, gpu: 0.2 }),
      "searcher-web": hull({ quality: 1.3, gpu: -3.5 }, { quality: 0.6, gpu: -0.4 }),
      "searcher-code": hull({ quality: 1.1, gpu: -2.5 }, { quality: 0.6, gpu: -0.5 }),
      "coder-large": {
        production: {
          set: "frontier",
          outputs: { quality: 1, speed: 0.4 },
          transformation: 1.5,
          inputs: { gpu: 1, memory: 0.5 },
          substitution: 0,
          returns: 0.6,
          scale: 1.3,
        },
      },
      "coder-small": {
        production: {
          set: "frontier",
          outputs: { quality: 0.6, speed: 1 },
          transformation: 1.5,
          inputs: { memory: 1 },
          returns: 0.5,
          scale: 1.2,
        },
      },
      critic: {
        production: {
          set: "ellipsoid",
          center: { quality: office, gpu: -1.1 },
          radius: { quality: 0.2, gpu: 0.2 },
          modes: [{ quality: (t: number) => 0.25 * Math.cos((2 * Math.PI * (t - 14)) / 24) }],
        },
      },
      tester: {
        production: { set: "frontier", outputs: { quality: 1, speed: 0.5 }, transformation: 1, scale: 1.1 },
      },
      prover: ellipsoid({ quality: 0.5, gpu: -1.6 }, { quality: 0.2, gpu: 0.5 }),
      editor: ellipsoid({ quality: 1 }, { quality: 0.3 }),
      translator: hull({ quality: 1, gpu: -2 }, { quality: 0.5, gpu: -0.2 }),
      archivist: ellipsoid({ quality: 0.8, memory: -0.5 }, { quality: 0.2, memory: 0.1 }),
    },
    orchestrators: {
      assistant: {
        endowment: { gpu: gpus, memory: 5 },
        floors: { "tester/quality": 0.3 },
        discount: demand,
        intertemporal_elasticity: 0.8,
        preferences: { dag: pipeline },
      },
    },
  };
}

type Bundle = Readonly<Record<string, number>>;

function ellipsoid(center: Bundle, radius: Bundle) {
  return { production: { set: "ellipsoid" as const, center, radius } };
}

/** Recorded days: thorough throughout, thrifty throughout, thrifty while others work, thorough while others work. */
function hull(thorough: Bundle, thrifty: Bundle) {
  const days = [() => 1, () => 0, (t: number) => 1 - bell(t, 14, 3), (t: number) => bell(t, 14, 3)];
  const mix = (metric: string, share: (t: number) => number) => (t: number) =>
    thrifty[metric] + share(t) * (thorough[metric] - thrifty[metric]);
  const trajectories = days.map((share) => ({ quality: mix("quality", share), gpu: mix("gpu", share) }));
  return { production: { set: "hull" as const, smoothing: 0.05, trajectories } };
}

const answer = { metrics: { quality: 1 } };
/** Code should be good, and there should be enough of it. */
const code = { metrics: { quality: 0.7, speed: 0.3 }, metric_elasticity: 0.8 };

const pipeline = {
  entry: { "planner-large": 0.45, "planner-small": 0.35, "searcher-web": 0.2 },
  entry_elasticity: 2.5,
  steps: {
    "planner-large": {
      ...answer,
      own_weight: 0.3,
      chain_elasticity: 0.6,
      next: { "searcher-code": 0.25, "coder-large": 0.5, "coder-small": 0.25 },
      routing_elasticity: 3,
    },
    "planner-small": {
      ...answer,
      own_weight: 0.25,
      chain_elasticity: 0.6,
      next: { "searcher-web": 0.3, "coder-large": 0.2, "coder-small": 0.5 },
      routing_elasticity: 3,
    },
    "searcher-web": { ...answer, next: { "coder-small": 0.6, editor: 0.4 }, routing_elasticity: 2 },
    "searcher-code": { ...answer, next: { "coder-large": 1 } },
    "coder-large": { ...code, own_weight: 0.6, next: { critic: 0.4, tester: 0.6 }, routing_elasticity: 4 },
    "coder-small": { ...code, own_weight: 0.5, next: { critic: 0.5, tester: 0.5 }, routing_elasticity: 4 },
    critic: { ...answer, own_weight: 0.6, next: { prover: 0.5, editor: 0.5 }, routing_elasticity: 2 },
    tester: { ...code, own_weight: 0.7, next: { editor: 1 } },
    prover: answer,
    editor: {
      ...answer,
      own_weight: 0.7,
      next: { translator: 0.7, archivist: 0.3 },
      routing_elasticity: 1.2,
    },
    translator: answer,
    archivist: answer,
  },
};
