import { largest } from "./figures.js";

const BLOCKS = "▁▂▃▄▅▆▇█";

/**
 * A row of block characters, from 0 to the row's largest value; `·` stands for nothing at all.
 * @param values over equal stretches of time; more than `columns` are averaged in groups
 */
export function blocks(values: readonly number[], columns = values.length, top = largest(values)): string {
  return resample(values, Math.min(columns, values.length))
    .map((value) => block(value, top))
    .join("");
}

function block(value: number, top: number): string {
  if (!(value > 0) || !(top > 0)) return "·";
  return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((value / top) * BLOCKS.length))];
}

/** Averages over `count` stretches of equal length, ends shared in proportion. */
export function resample(values: readonly number[], count: number): number[] {
  const size = values.length / count;
  return Array.from({ length: count }, (_, k) => {
    const [begin, end] = [k * size, (k + 1) * size];
    let sum = 0;
    for (let i = Math.floor(begin); i < Math.min(values.length, Math.ceil(end)); i++) {
      sum += (Math.min(end, i + 1) - Math.max(begin, i)) * values[i];
    }
    return sum / size;
  });
}
