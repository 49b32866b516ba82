import { quote } from "./found.js";
import { valueAt } from "./path.js";
import type { Problems } from "./problems.js";

/** The files of this package, by their "format". */
const KINDS: ReadonlyMap<unknown, string> = new Map([
  ["walras/1", "an economy"],
  ["walras-result/1", "a result"],
  ["walras-checkpoint/1", "a checkpoint"],
]);

/**
 * Whether `data` says of itself that it is another kind of file of this package than the one whose format is `wanted`. That
 * is then the one problem there is: what an economy lacks to be a result helps nobody.
 */
export function refuseOtherKind(data: unknown, wanted: string, problems: Problems): boolean {
  const format = valueAt(data, ["format"]);
  const kind = KINDS.get(format);
  if (kind === undefined || format === wanted) return false;
  const expected = `${KINDS.get(wanted)} (${quote(wanted)}); perhaps two files of the command have changed places`;
  problems.add(["format"], `${quote(String(format))}: this is ${kind}`, expected);
  return true;
}
