import { InputError, type Problem } from "../core/errors.js";
import { listed } from "./found.js";
import { formatPath, type Path } from "./path.js";
import type { Place } from "./place.js";

/** No refusal lists more than this many problems; the rest is counted. */
export const MOST_PROBLEMS = 50;

type Lazy<T> = T | (() => T);
type Suggest = () => string | undefined;

/** Members that are named; the rest is counted. */
const SHOWN = 3;

/** Which problem of the list stands for all members that share its path and expectation, and who they are. */
interface Alike {
  readonly at: number;
  readonly members: string[];
  more: number;
}

/** A list of problems under construction. Suggestions are computed only for problems that will be shown. */
export class Problems {
  readonly list: Problem[] = [];
  /** By path and expectation. */
  readonly #alike = new Map<string, Alike>();
  #unlisted = 0;
  #merged = 0;

  get count(): number {
    return this.list.length + this.#unlisted + this.#merged;
  }

  add(path: Path, found: string, expected: Lazy<string>, suggest?: Suggest): void {
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

  /** The same for a place; members of a population of whom the same is expected at the same path are one problem. */
  addAt({ path, member }: Place, found: string, expected: Lazy<string>, suggest?: Suggest): void {
    if (member === undefined) {
      this.add(path, found, expected, suggest);
      return;
    }
    const key = `${formatPath(path)}\n${typeof expected === "string" ? expected : found}`;
    const alike = this.#alike.get(key);
    if (alike === undefined) {
      this.#alike.set(key, { at: this.list.length, members: [member], more: 0 });
      this.add(path, found, expected, suggest);
    } else {
      this.#merged++;
      if (alike.members[alike.members.length - 1] === member) return;
      if (alike.members.length < SHOWN) alike.members.push(member);
      else alike.more++;
    }
  }

  /** The same for what is no part of the file: a member of an archive, called by its name. */
  addMember(name: string, found: string, expected: string, suggest?: Suggest): void {
    this.addLazily(() => {
      const suggestion = suggest?.();
      return { path: name, found, expected, ...(suggestion === undefined ? {} : { suggestion }) };
    });
  }

  /** Adds a problem that is worked out only if it will be shown. */
  addLazily(make: () => Problem): void {
    if (this.list.length < MOST_PROBLEMS) this.list.push(make());
    else this.#unlisted++;
  }

  /** The problems, the last one counting those that are not listed. */
  all(): Problem[] {
    const list = [...this.list];
    for (const { at, members, more } of this.#alike.values()) {
      if (at >= list.length) continue;
      const who = listed(more === 0 ? members : [...members, `${more} more`], "and");
      list[at] = { ...list[at], found: `${list[at].found} (${who})` };
    }
    if (this.#unlisted === 0) return list;
    const expected = `the first ${MOST_PROBLEMS} problems repaired first`;
    return [...list, { path: "", found: `${this.#unlisted} more problems`, expected }];
  }

  /** Throws InputError with everything found so far, if anything was. */
  throwIfAny(subject: string): void {
    if (this.count > 0) throw new InputError(subject, this.all());
  }
}
