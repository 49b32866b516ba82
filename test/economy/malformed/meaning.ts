import { exchange } from "../samples.js";
import type { Malformed } from "./malformed.js";
import { ann, coder, dag, main, nodes, planner } from "./parts.js";

/** Files of the right shape that describe no economy. */
export const MEANING: readonly Malformed[] = [
  {
    label: "populations",
    change: (e) => {
      e.populations = {};
    },
    path: "populations",
    found: ["populations"],
    expected: ["needs an NPZ archive", "economy.json beside its arrays"],
  },
  {
    label: "an array reference",
    change: (e) => {
      planner(e).center.quality = { array: "center", at: [0] };
    },
    path: "agents.planner.production.center.quality",
    found: ["array"],
    expected: ["needs an NPZ archive", "economy.json beside its arrays"],
  },
  {
    label: "an array reference for a number",
    change: (e) => {
      dag(e).entry_elasticity = { array: "e" };
    },
    path: "orchestrators.main.preferences.dag.entry_elasticity",
    found: ["array"],
    expected: ["needs an NPZ archive", "economy.json beside its arrays"],
  },
  {
    label: "no orchestrators",
    change: (e) => {
      e.orchestrators = {};
    },
    path: "orchestrators",
    found: ["no orchestrator"],
    expected: ["at least one"],
  },
  {
    label: "no commodities",
    of: exchange,
    change: (e) => {
      e.commodities = {};
    },
    path: "commodities",
    found: ["no commodity"],
    expected: ["at least one"],
    count: 7,
  },
  {
    label: "a slash in a metric's name",
    change: (e) => {
      coder(e).outputs["a/b"] = 1;
    },
    path: "agents.coder.production",
    found: ['"a/b"'],
    expected: ['without "/"'],
  },
  {
    label: "an array of wrong length",
    change: (e) => {
      planner(e).center.quality = [1, 2, 3];
    },
    path: "agents.planner.production.center.quality",
    found: ["3"],
    expected: ["4"],
  },
  {
    label: "an endowment of wrong length",
    change: (e) => {
      main(e).endowment.gpu = [1, 2, 3, 4, 5];
    },
    path: "orchestrators.main.endowment.gpu",
    found: ["5"],
    expected: ["4"],
  },
  {
    label: "t and values of different lengths",
    change: (e) => {
      main(e).discount = { t: [0, 1, 2], values: [1, 2] };
    },
    path: "orchestrators.main.discount.values",
    found: ["2"],
    expected: ["3"],
  },
  {
    label: "times that do not increase",
    change: (e) => {
      main(e).discount = { t: [0, 1, 1], values: [1, 2, 3] };
    },
    path: "orchestrators.main.discount.t[2]",
    found: ["1"],
    expected: ["increasing"],
  },
  {
    label: "no samples",
    change: (e) => {
      main(e).discount = { t: [], values: [] };
    },
    path: "orchestrators.main.discount.t",
    found: ["no samples"],
    expected: ["at least one"],
  },
  {
    label: "a negative endowment",
    change: (e) => {
      main(e).endowment.gpu = -1;
    },
    path: "orchestrators.main.endowment.gpu",
    found: ["-1"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative value in an endowment",
    change: (e) => {
      main(e).endowment.gpu = [1, 2, -3, 4];
    },
    path: "orchestrators.main.endowment.gpu[2]",
    found: ["-3"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative floor",
    change: (e) => {
      main(e).floors = { gpu: { t: [0, 1], values: [1, -1] } };
    },
    path: "orchestrators.main.floors.gpu.values[1]",
    found: ["-1"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative discount",
    change: (e) => {
      main(e).discount = -2;
    },
    path: "orchestrators.main.discount",
    found: ["-2"],
    expected: ["≥ 0"],
  },
  {
    label: "a discount that is 0",
    change: (e) => {
      main(e).discount = [0, 0, 0, 0];
    },
    path: "orchestrators.main.discount",
    found: ["0 at every node"],
    expected: ["> 0"],
  },
  {
    label: "a function that goes below 0",
    change: (e) => {
      main(e).endowment.gpu = (t: number) => 1 - t;
    },
    path: "orchestrators.main.endowment.gpu",
    found: ["-0.25 at t = 1.25"],
    expected: ["≥ 0"],
  },
  {
    label: "a function that is not finite",
    change: (e) => {
      main(e).endowment.gpu = (t: number) => Math.log(t - 1);
    },
    path: "orchestrators.main.endowment.gpu",
    found: ["NaN"],
    expected: ["finite"],
  },
  {
    label: "an unknown commodity in an endowment",
    change: (e) => {
      main(e).endowment = { gqu: 20, gpu: 20 };
    },
    path: "orchestrators.main.endowment.gqu",
    found: ['"gqu"'],
    expected: ["commodity"],
    near: "gpu",
  },
  {
    label: "a metric without its agent in floors",
    change: (e) => {
      main(e).floors = { quality: 1 };
    },
    path: "orchestrators.main.floors.quality",
    found: ['"quality"'],
    expected: ["agent/metric"],
    near: "planner/quality",
  },
  {
    label: "an unknown agent in shares",
    change: (e) => {
      main(e).shares = { planer: 1, coder: 1 };
    },
    path: "orchestrators.main.shares.planer",
    found: ['"planer"'],
    expected: ["an agent"],
    near: "planner",
  },
  {
    label: "shares that do not add up",
    change: (e) => {
      main(e).shares = { planner: 1, coder: 0.75 };
    },
    path: "orchestrators.main.shares",
    found: ['"coder"', "0.75"],
    expected: ["add up to 1"],
  },
  {
    label: "shares of several that do not add up",
    change: (e) => {
      e.orchestrators.other = { ...main(e), shares: 0.25 };
      main(e).shares = 0.5;
    },
    path: "orchestrators",
    found: ["0.75", '"planner"', '"coder"', '"main" 0.5'],
    expected: ["add up to 1"],
  },
  {
    label: "shares that several left out",
    change: (e) => {
      e.orchestrators.other = { ...main(e) };
    },
    path: "orchestrators",
    found: ["add up to 0"],
    expected: ["add up to 1"],
  },
  {
    label: "an orchestrator that owns nothing",
    of: exchange,
    change: (e) => {
      ann(e).endowment = { apples: 0 };
      e.orchestrators.bob.endowment.apples = 1;
    },
    path: "orchestrators.ann",
    found: ["owns nothing"],
    expected: ["endowment", "shares"],
  },
  {
    label: "an unknown metric",
    change: (e) => {
      dag(e).steps.planner.metrics = { qualty: 1 };
    },
    path: "orchestrators.main.preferences.dag.steps.planner.metrics.qualty",
    found: ['"qualty"'],
    expected: ['a metric of agent "planner"', '"quality"'],
    near: "quality",
  },
  {
    label: "a metric of a step that is no agent",
    change: (e) => {
      dag(e).steps.codr = dag(e).steps.coder;
      dag(e).steps.planner.next.codr = 1;
    },
    path: "orchestrators.main.preferences.dag.steps.codr.metrics.quality",
    found: ['"quality"'],
    expected: ["declared commodity", "no agent", 'did you mean the agent "coder"'],
  },
  {
    label: "an unknown step in entry",
    change: (e) => {
      dag(e).entry.plannr = 1;
    },
    path: "orchestrators.main.preferences.dag.entry.plannr",
    found: ['"plannr"'],
    expected: ["a step"],
    near: "planner",
  },
  {
    label: "an unknown step in next",
    change: (e) => {
      dag(e).steps.planner.next.codar = 1;
    },
    path: "orchestrators.main.preferences.dag.steps.planner.next.codar",
    found: ['"codar"'],
    expected: ["a step"],
    near: "coder",
  },
  {
    label: "a step that entry does not reach",
    change: (e) => {
      dag(e).steps.planner.next = {};
    },
    path: "orchestrators.main.preferences.dag.steps.coder",
    found: ['"entry" does not reach'],
    expected: ["entry"],
  },
  {
    label: "a step with nothing to do",
    change: (e) => {
      dag(e).steps.coder = {};
    },
    path: "orchestrators.main.preferences.dag.steps.coder",
    found: ['neither "metrics" nor "next"'],
    expected: ["at least one"],
  },
  {
    label: "a step named entry",
    change: (e) => {
      dag(e).steps.entry = { metrics: { gpu: 1 } };
      dag(e).entry.entry = 1;
    },
    path: "orchestrators.main.preferences.dag.steps.entry",
    found: ['"entry"'],
    expected: ["another name"],
  },
  {
    label: "a cycle in the DAG",
    change: (e) => {
      dag(e).steps.coder.next = { planner: 1 };
    },
    path: "orchestrators.main.preferences.dag.steps.coder.next.planner",
    found: ["planner → coder → planner"],
    expected: ["without cycles"],
  },
  {
    label: "a step that follows itself",
    change: (e) => {
      dag(e).steps.coder.next = { coder: 0 };
    },
    path: "orchestrators.main.preferences.dag.steps.coder.next.coder",
    found: ["coder → coder"],
    expected: ["without cycles"],
    count: 2,
  },
  {
    label: "entry weights all 0",
    change: (e) => {
      dag(e).entry.planner = 0;
    },
    path: "orchestrators.main.preferences.dag.entry",
    found: ["all 0"],
    expected: ["> 0"],
  },
  {
    label: "no entry weights",
    change: (e) => {
      dag(e).entry = {};
    },
    path: "orchestrators.main.preferences.dag.entry",
    found: ["an empty object"],
    expected: ["> 0"],
    count: 3,
  },
  {
    label: "metric weights all 0",
    change: (e) => {
      dag(e).steps.coder.metrics.quality = 0;
    },
    path: "orchestrators.main.preferences.dag.steps.coder.metrics",
    found: ["all 0"],
    expected: ["> 0"],
  },
  {
    label: "successor weights all 0",
    change: (e) => {
      dag(e).steps.planner.next.coder = 0;
    },
    path: "orchestrators.main.preferences.dag.steps.planner.next",
    found: ["all 0"],
    expected: ["> 0"],
  },
  {
    label: "nest weights all 0",
    of: exchange,
    change: (e) => {
      nodes(e).drinks.inputs.milk = 0;
    },
    path: "orchestrators.ann.preferences.nodes.drinks.inputs",
    found: ["all 0"],
    expected: ["> 0"],
  },
  {
    label: "an unknown input of a nest",
    of: exchange,
    change: (e) => {
      nodes(e).u.inputs.drink = 1;
    },
    path: "orchestrators.ann.preferences.nodes.u.inputs.drink",
    found: ['"drink"'],
    expected: ["a commodity or a node"],
    near: "drinks",
  },
  {
    label: "an unknown root",
    of: exchange,
    change: (e) => {
      ann(e).preferences.root = "U2";
    },
    path: "orchestrators.ann.preferences.root",
    found: ['"U2"'],
    expected: ['"nodes"'],
    near: "u",
  },
  {
    label: "a commodity as root",
    of: exchange,
    change: (e) => {
      ann(e).preferences.root = "apples";
    },
    path: "orchestrators.ann.preferences.root",
    found: ['"apples"'],
    expected: ['"nodes"'],
  },
  {
    label: "a name that is node and commodity",
    of: exchange,
    change: (e) => {
      nodes(e).milk = { inputs: { apples: 1 } };
    },
    path: "orchestrators.ann.preferences.nodes.milk",
    found: ['name of a commodity, "milk"'],
    expected: ["another name"],
  },
  {
    label: "a cycle of nests",
    of: exchange,
    change: (e) => {
      nodes(e).drinks.inputs.u = 1;
    },
    path: "orchestrators.ann.preferences.nodes.drinks.inputs.u",
    found: ["u → drinks → u"],
    expected: ["without cycles"],
  },
  {
    label: "returns of 1",
    change: (e) => {
      coder(e).returns = 1;
    },
    path: "agents.coder.production.returns",
    found: ["1"],
    expected: ["(0, 1)"],
  },
  {
    label: "an empty ellipsoid",
    change: (e) => {
      e.agents.idle = { production: { set: "ellipsoid" } };
    },
    path: "agents.idle.production",
    found: ["no metric"],
    expected: ["center"],
  },
  {
    label: "an empty hull",
    change: (e) => {
      e.agents.idle = { production: { set: "hull", trajectories: [] } };
    },
    path: "agents.idle.production.trajectories",
    found: ["none"],
    expected: ["at least one"],
  },
  {
    label: "a frontier without outputs",
    change: (e) => {
      coder(e).outputs = {};
    },
    path: "agents.coder.production.outputs",
    found: ["no metric"],
    expected: ["at least one"],
    count: 2,
  },
  {
    label: "a negative radius",
    change: (e) => {
      planner(e).radius.quality = -0.3;
    },
    path: "agents.planner.production.radius.quality",
    found: ["-0.3"],
    expected: ["0"],
  },
  {
    label: "a floor that nobody can supply",
    of: exchange,
    change: (e) => {
      e.commodities.honey = {};
      ann(e).floors = { honey: 1 };
    },
    path: "orchestrators.ann.floors.honey",
    found: ['"honey"', "nobody can supply"],
    expected: ["an endowment or an agent"],
  },
  {
    label: "a floor that nobody can supply in time",
    change: (e) => {
      e.commodities.people = {};
      main(e).endowment.people = [1, 0, 1, 0];
      main(e).floors = { people: [1, 1, 0, 1] };
    },
    path: "orchestrators.main.floors.people",
    found: ["nobody can supply at t = 0.75 and 1 more of 4 nodes"],
    expected: ["an endowment"],
  },
  {
    label: "an essential good that nobody can supply",
    of: exchange,
    change: (e) => {
      e.commodities.honey = {};
      nodes(e).u.inputs.honey = 1;
    },
    path: "orchestrators.ann.preferences.nodes.u.inputs.honey",
    found: ['essential "honey"', "nobody can supply"],
    expected: ["must have it"],
  },
  {
    label: "an essential metric that nobody can supply",
    change: (e) => {
      planner(e).center.quality = 0;
      planner(e).radius = { gpu: 0.1 };
    },
    path: "orchestrators.main.preferences.dag.steps.planner.metrics.quality",
    found: ['"planner/quality"', "nobody can supply"],
    expected: ["an endowment or an agent"],
  },
  {
    label: "a substitute that nobody can supply",
    of: exchange,
    change: (e) => {
      e.commodities.honey = {};
      nodes(e).drinks.inputs.honey = 1;
    },
    path: "orchestrators.ann.preferences.nodes.drinks.inputs.honey",
    found: ['demand for "honey"', "nobody can supply"],
    expected: ["its price would be infinite"],
  },
  {
    label: "an input that nobody can supply",
    change: (e) => {
      main(e).endowment = {};
    },
    path: "agents.planner.production",
    found: ["no point of the set does without", '"gpu"', "at any time"],
    expected: ["an endowment"],
    count: 2,
  },
  {
    label: "a shared input that was not declared",
    change: (e) => {
      planner(e).center = { quality: 1, tpu: -1 };
    },
    path: "agents.planner.production",
    found: ['"planner/tpu"'],
    expected: ['if "tpu" is shared, declare it'],
  },
  {
    label: "more prices than fit",
    change: (e) => {
      e.time.nodes = 1e9;
    },
    path: "time.nodes",
    found: ["1000000000 nodes"],
    expected: ["at most"],
  },
  {
    label: "more Gauss-Legendre nodes than can be found",
    change: (e) => {
      e.time = { nodes: 1e6, rule: "gauss-legendre" };
    },
    path: "time.nodes",
    found: ["1000000 gauss-legendre nodes"],
    expected: ["midpoint"],
  },
  {
    label: "a horizon beyond all units",
    change: (e) => {
      e.time.horizon = 5e-324;
    },
    path: "time.horizon",
    found: ["5e-324"],
    expected: ["from 1e-100 to 1e+100"],
  },
];
