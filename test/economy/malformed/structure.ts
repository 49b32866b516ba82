import { exchange } from "../samples.js";
import type { Malformed } from "./malformed.js";
import { ann, dag, main, nodes, planner } from "./parts.js";

const SERIES = "a series: a number, an array with one number per node";

/** Files whose shape, types or ranges are wrong: the schema's matter. */
export const STRUCTURE: readonly Malformed[] = [
  {
    label: "no format",
    change: (e) => delete e.format,
    path: "format",
    found: ["nothing"],
    expected: ['"walras/1"'],
  },
  {
    label: "another format",
    change: (e) => {
      e.format = "walras/2";
    },
    path: "format",
    found: ['"walras/2" (string)'],
    expected: ['"walras/1"'],
    near: "walras/1",
  },
  {
    label: "a number as name",
    change: (e) => {
      e.name = 7;
    },
    path: "name",
    found: ["7"],
    expected: ["a string"],
  },
  {
    label: "misspelt key at the top",
    change: (e) => {
      e.orchestrator = {};
    },
    path: "orchestrator",
    found: ['unknown key "orchestrator"'],
    expected: ["orchestrators", "commodities"],
    near: "orchestrators",
  },
  {
    label: "horizon 0",
    change: (e) => {
      e.time.horizon = 0;
    },
    path: "time.horizon",
    found: ["0"],
    expected: ["> 0"],
  },
  {
    label: "infinite horizon",
    change: (e) => {
      e.time.horizon = Number.POSITIVE_INFINITY;
    },
    path: "time.horizon",
    found: ["Infinity"],
    expected: ["a number"],
  },
  {
    label: "nodes 0",
    change: (e) => {
      e.time.nodes = 0;
    },
    path: "time.nodes",
    found: ["0"],
    expected: ["≥ 1"],
  },
  {
    label: "nodes 2.5",
    change: (e) => {
      e.time.nodes = 2.5;
    },
    path: "time.nodes",
    found: ["2.5"],
    expected: ["a whole number"],
  },
  {
    label: "nodes in words",
    change: (e) => {
      e.time.nodes = "four";
    },
    path: "time.nodes",
    found: ['"four" (string)'],
    expected: ["number"],
  },
  {
    label: "unknown rule",
    change: (e) => {
      e.time.rule = "gauss-legendr";
    },
    path: "time.rule",
    found: ['"gauss-legendr" (string)'],
    expected: ['"midpoint" or "gauss-legendre"'],
    near: "gauss-legendre",
  },
  {
    label: "agents as an array",
    change: (e) => {
      e.agents = [];
    },
    path: "agents",
    found: ["an empty array"],
    expected: ["an object"],
  },
  {
    label: "an agent without production",
    change: (e) => delete e.agents.coder.production,
    path: "agents.coder.production",
    found: ["nothing"],
    expected: ["an object"],
  },
  {
    label: "a family that is not there",
    change: (e) => {
      planner(e).set = "elipsoid";
    },
    path: "agents.planner.production.set",
    found: ['"elipsoid" (string)'],
    expected: ['"ellipsoid"', '"hull"', '"frontier"'],
    near: "ellipsoid",
  },
  {
    label: "no family",
    change: (e) => delete planner(e).set,
    path: "agents.planner.production.set",
    found: ["nothing"],
    expected: ['"ellipsoid"'],
  },
  {
    label: "a key of another family",
    change: (e) => {
      planner(e).outputs = {};
    },
    path: "agents.planner.production.outputs",
    found: ['unknown key "outputs"'],
    expected: ["center", "radius"],
  },
  {
    label: "a misspelt key of a family",
    change: (e) => {
      planner(e).raduis = {};
    },
    path: "agents.planner.production.raduis",
    found: ["unknown key"],
    expected: ["radius"],
    near: "radius",
  },
  {
    label: "text for a series",
    change: (e) => {
      planner(e).radius.quality = "abc";
    },
    path: "agents.planner.production.radius.quality",
    found: ['"abc" (string)'],
    expected: [SERIES],
  },
  {
    label: "null for a series",
    change: (e) => {
      planner(e).radius.quality = null;
    },
    path: "agents.planner.production.radius.quality",
    found: ["null"],
    expected: [SERIES],
  },
  {
    label: "NaN for a series",
    change: (e) => {
      planner(e).center.quality = Number.NaN;
    },
    path: "agents.planner.production.center.quality",
    found: ["NaN"],
    expected: [SERIES],
  },
  {
    label: "text inside a series",
    change: (e) => {
      planner(e).center.quality = [1, 1, "x", 1];
    },
    path: "agents.planner.production.center.quality[2]",
    found: ['"x" (string)'],
    expected: ["a number"],
  },
  {
    label: "an infinite number inside a series",
    change: (e) => {
      planner(e).center.quality = [1, 1, 1, Number.NEGATIVE_INFINITY];
    },
    path: "agents.planner.production.center.quality[3]",
    found: ["-Infinity"],
    expected: ["a number"],
  },
  {
    label: "samples without values",
    change: (e) => {
      main(e).discount = { t: [0, 1] };
    },
    path: "orchestrators.main.discount.values",
    found: ["nothing"],
    expected: ["an array"],
  },
  {
    label: "unknown interpolation",
    change: (e) => {
      main(e).discount = { t: [0], values: [1], interpolation: "cubic" };
    },
    path: "orchestrators.main.discount.interpolation",
    found: ['"cubic"'],
    expected: ['"linear" or "step"'],
  },
  {
    label: "edges of an NPZ economy",
    change: (e) => {
      dag(e).edges = {};
    },
    path: "orchestrators.main.preferences.dag.edges.from",
    found: ["nothing"],
    expected: ["NPZ archive", '{ "array": … }'],
    count: 3,
  },
  {
    label: "no orchestrators key",
    change: (e) => delete e.orchestrators,
    path: "orchestrators",
    found: ["nothing"],
    expected: ["an object"],
  },
  {
    label: "an orchestrator without preferences",
    change: (e) => delete main(e).preferences,
    path: "orchestrators.main.preferences",
    found: ["nothing"],
    expected: ['either "dag", or "root" and "nodes"'],
  },
  {
    label: "empty preferences",
    change: (e) => {
      main(e).preferences = {};
    },
    path: "orchestrators.main.preferences",
    found: ["an empty object"],
    expected: ['either "dag", or "root" and "nodes"'],
  },
  {
    label: "both kinds of preferences",
    change: (e) => {
      main(e).preferences.root = "u";
    },
    path: "orchestrators.main.preferences.root",
    found: ['unknown key "root"'],
    expected: ["dag"],
  },
  {
    label: "a nest without root",
    of: exchange,
    change: (e) => delete ann(e).preferences.root,
    path: "orchestrators.ann.preferences.root",
    found: ["nothing"],
    expected: ["a string"],
  },
  {
    label: "a share above 1",
    change: (e) => {
      main(e).shares = 2;
    },
    path: "orchestrators.main.shares",
    found: ["2"],
    expected: ["≤ 1"],
  },
  {
    label: "a negative share of one agent",
    change: (e) => {
      main(e).shares = { planner: -0.1 };
    },
    path: "orchestrators.main.shares.planner",
    found: ["-0.1"],
    expected: ["≥ 0"],
  },
  {
    label: "own_weight above 1",
    change: (e) => {
      dag(e).steps.planner.own_weight = 1.5;
    },
    path: "orchestrators.main.preferences.dag.steps.planner.own_weight",
    found: ["1.5"],
    expected: ["≤ 1"],
  },
  {
    label: "a negative weight of a metric",
    change: (e) => {
      dag(e).steps.planner.metrics.quality = -1;
    },
    path: "orchestrators.main.preferences.dag.steps.planner.metrics.quality",
    found: ["-1"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative weight of a successor",
    change: (e) => {
      dag(e).steps.planner.next.coder = -1;
    },
    path: "orchestrators.main.preferences.dag.steps.planner.next.coder",
    found: ["-1"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative weight of an entry",
    change: (e) => {
      dag(e).entry.planner = -1;
    },
    path: "orchestrators.main.preferences.dag.entry.planner",
    found: ["-1"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative weight in a nest",
    of: exchange,
    change: (e) => {
      nodes(e).u.inputs.apples = -2;
    },
    path: "orchestrators.ann.preferences.nodes.u.inputs.apples",
    found: ["-2"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative elasticity in a nest",
    of: exchange,
    change: (e) => {
      nodes(e).u.elasticity = -1;
    },
    path: "orchestrators.ann.preferences.nodes.u.elasticity",
    found: ["-1"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative routing elasticity",
    change: (e) => {
      dag(e).steps.planner.routing_elasticity = -0.5;
    },
    path: "orchestrators.main.preferences.dag.steps.planner.routing_elasticity",
    found: ["-0.5"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative intertemporal elasticity",
    change: (e) => {
      main(e).intertemporal_elasticity = -0.5;
    },
    path: "orchestrators.main.intertemporal_elasticity",
    found: ["-0.5"],
    expected: ["≥ 0"],
  },
  {
    label: "a slash in an agent's name",
    change: (e) => {
      e.agents["a/b"] = e.agents.coder;
    },
    path: "agents.a/b",
    found: ['"a/b"'],
    expected: ['without "/"'],
  },
  {
    label: "a bracket in a commodity's name",
    change: (e) => {
      e.commodities["gpu[0]"] = {};
    },
    path: 'commodities["gpu[0]"]',
    found: ["gpu[0]"],
    expected: ['"["'],
  },
  {
    label: "a control character in a name",
    change: (e) => {
      e.orchestrators["a\nb"] = main(e);
    },
    path: 'orchestrators["a\\nb"]',
    found: ["a\\nb"],
    expected: ["control characters"],
  },
  {
    label: "an empty name",
    change: (e) => {
      e.agents[""] = e.agents.coder;
    },
    path: 'agents[""]',
    found: ['""'],
    expected: ["not empty"],
  },
  {
    label: "a slash in a step's name",
    change: (e) => {
      dag(e).steps["a/b"] = { metrics: { gpu: 1 } };
    },
    path: "orchestrators.main.preferences.dag.steps.a/b",
    found: ['"a/b"'],
    expected: ['without "/"'],
  },
  {
    label: "a slash in a node's name",
    of: exchange,
    change: (e) => {
      nodes(e)["a/b"] = nodes(e).u;
    },
    path: "orchestrators.ann.preferences.nodes.a/b",
    found: ['"a/b"'],
    expected: ['without "/"'],
  },
  {
    label: "an unknown key of a step",
    change: (e) => {
      dag(e).steps.coder.metric_elastcity = 1;
    },
    path: "orchestrators.main.preferences.dag.steps.coder.metric_elastcity",
    found: ["unknown key"],
    expected: ["metric_elasticity"],
    near: "metric_elasticity",
  },
  {
    label: "an unknown key of a commodity",
    change: (e) => {
      e.commodities.gpu = { units: "h" };
    },
    path: "commodities.gpu.units",
    found: ["unknown key"],
    expected: ["unit"],
    near: "unit",
  },
];
