import { figure, percent, shorten } from "./figures.js";
import type { Space } from "./market-table.js";
import type { Reading } from "./reading.js";
import { table, top } from "./table.js";

/** The routing policy by quarter of the horizon (in the mean, where there are fewer instants): where each step of the work is sent, and when. */
export function policyTable(reading: Reading, space: Space): string {
  const { horizon, unit } = reading.result.time;
  const edges = Object.values(reading.result.orchestrators).flatMap(({ routing }) =>
    Object.entries(routing)
      .filter(([, shares]) => Object.keys(shares).length > 1)
      .flatMap(([from, shares]) => Object.entries(shares).map(([to, series]) => ({ from, to, series }))),
  );
  const { shown, more } = top(edges, space.rows);
  // With fewer nodes some quarter has none.
  const byQuarter = quarterMeans(reading, reading.result.time.t).every((mean) => mean !== null);
  const rows = shown.map(({ from, to, series }, e) => {
    const values = reading.values(series);
    const means = byQuarter ? quarterMeans(reading, values) : [reading.mean(values)];
    return [
      e > 0 && shown[e - 1].from === from ? "" : shorten(from, 20),
      `→ ${shorten(to, 20)}`,
      ...means.map(percent),
    ];
  });
  const border = (k: number) => figure((k * horizon) / 4);
  const quarters = [0, 1, 2, 3].map(
    (k) => `>${border(k)}–${border(k + 1)}${unit === null ? "" : ` ${unit}`}`,
  );
  return [table(["from", "to", ...(byQuarter ? quarters : [">share"])], rows), ...more].join("\n");
}

/** Time means over each quarter of the horizon; null where a quarter has no node. */
export function quarterMeans({ result: { time } }: Reading, values: readonly number[]): (number | null)[] {
  return [0, 1, 2, 3].map((k) => {
    let [sum, weight] = [0, 0];
    time.t.forEach((t, n) => {
      if (Math.min(3, Math.floor((4 * t) / time.horizon)) !== k) return;
      sum += time.weights[n] * values[n];
      weight += time.weights[n];
    });
    return weight === 0 ? null : sum / weight;
  });
}
