/** A file as JSON.parse gives it, to be broken in one place. */
// biome-ignore lint/suspicious/noExplicitAny: the point is to put anything anywhere.
export type Json = any;

/** Two agents in a chain sharing a capacity, on four nodes: a valid economy. */
export function pipeline(): Json {
  return {
    format: "walras/1",
    name: "pipeline",
    time: { horizon: 2, nodes: 4 },
    commodities: { gpu: {} },
    agents: {
      planner: {
        production: {
          set: "ellipsoid",
          center: { quality: 1, gpu: -1 },
          radius: { quality: 0.3, gpu: 0.1 },
        },
      },
      coder: { production: { set: "frontier", outputs: { quality: 1 }, inputs: { gpu: 1 } } },
    },
    orchestrators: {
      main: {
        endowment: { gpu: 20 },
        preferences: {
          dag: {
            entry: { planner: 1 },
            steps: {
              planner: { metrics: { quality: 1 }, next: { coder: 1 } },
              coder: { metrics: { quality: 1 } },
            },
          },
        },
      },
    },
  };
}

/** Two orchestrators exchanging two goods through a nest: a valid economy. */
export function exchange(): Json {
  const preferences = () => ({
    root: "u",
    nodes: {
      u: { elasticity: 0.5, inputs: { apples: 1, drinks: 2 } },
      drinks: { elasticity: 2, inputs: { milk: 1 } },
    },
  });
  return {
    format: "walras/1",
    name: "exchange",
    commodities: { apples: {}, milk: {} },
    orchestrators: {
      ann: { endowment: { apples: 1 }, preferences: preferences() },
      bob: { endowment: { milk: 1 }, preferences: preferences() },
    },
  };
}
