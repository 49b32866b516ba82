import { join } from "node:path";

/** Small tables of our own invention, in the layouts of the real ones. */
export function fixture(name: string): string {
  return join(import.meta.dirname, "..", "..", "fixtures", "import", name);
}
