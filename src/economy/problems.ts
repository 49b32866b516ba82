import { InputError, type Problem } from "../core/errors.js";
import { formatPath, type Path } from "./path.js";

/** No refusal lists more than this many problems; the rest is counted. */
export const MOST_PROBLEMS = 50;

type Lazy<T> = T | (() => T);

/** A list of problems under construction. Suggestions are computed only for problems that will be shown. */
export class Problems {
  readonly list: Problem[] = [];
  #unlisted = 0;

  get count(): number {
    return this.list.length + this.#unlisted;
  }

  add(path: Path, found: string, expected: Lazy<string>, suggest?: () => string | undefined): void {
    this.addLazily(() => {
      const suggestion = suggest?.();
      const problem = {
        path: formatPath(path),
        found,
        expected: typeof expected === "string" ? expected : expected(),
      };
      return suggestion === undefined ? problem : { ...problem, suggestion };
    });
  }

  /** Adds a problem that is worked out only if it will be shown. */
  addLazily(make: () => Problem): void {
    if (this.list.length < MOST_PROBLEMS) this.list.push(make());
    else this.#unlisted++;
  }

  /** The problems, the last one counting those that are not listed. */
  all(): Problem[] {
    if (this.#unlisted === 0) return [...this.list];
    const expected = `the first ${MOST_PROBLEMS} problems repaired first`;
    return [...this.list, { path: "", found: `${this.#unlisted} more problems`, expected }];
  }

  /** Throws InputError with everything found so far, if anything was. */
  throwIfAny(subject: string): void {
    if (this.count > 0) throw new InputError(subject, this.all());
  }
}
