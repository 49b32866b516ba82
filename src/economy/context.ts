import type { Grid } from "../time/grid.js";
import type { Names } from "./names.js";
import type { Problems } from "./problems.js";
import type { References } from "./references.js";

/** What the parts of an economy share while they are checked and built. */
export interface Context {
  /** The grid that is built on. */
  readonly grid: Grid;
  /** The grid that the file declares, on which its arrays have one value per node. */
  readonly source: Grid;
  readonly names: Names;
  /** What the arrays of an NPZ economy stand for. */
  readonly references: References;
  readonly problems: Problems;
  readonly warnings: Problems;
}
