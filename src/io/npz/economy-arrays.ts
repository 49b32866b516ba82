import type { ArrayFacts, ArraySource } from "../../economy/arrays.js";
import { nearest } from "../../economy/near.js";
import { Problems } from "../../economy/problems.js";
import type { Archive } from "./archive.js";
import { sizeOf, typeName } from "./npy-header.js";

/** An array may hold this many times the values that the economy refers to in it, since some indexes may be unused … */
const SLACK = 4;
/** … and all arrays together so many values more. Beyond that an archive unpacks to more than the economy it declares. */
const MOST_UNUSED = 2 ** 17;

/** The arrays of an economy's archive: every member but economy.json. */
export class ArchiveArrays implements ArraySource {
  readonly names: readonly string[];
  readonly #facts = new Map<string, ArrayFacts>();
  readonly #values = new Map<string, Float64Array>();

  /** Throws InputError for members that are no arrays. */
  constructor(
    private readonly archive: Archive,
    readonly file: string,
  ) {
    const others = Array.from(archive.entries.keys()).filter((name) => name !== file);
    const problems = new Problems();
    for (const name of others) {
      if (!name.endsWith(".npy"))
        problems.addMember(name, "a member that is no array", "economy.json and .npy arrays");
    }
    problems.throwIfAny(archive.subject);
    this.names = others.map((name) => name.slice(0, -".npy".length));
  }

  describe(name: string): ArrayFacts {
    const known = this.#facts.get(name) ?? this.#describe(name);
    this.#facts.set(name, known);
    return known;
  }

  #describe(name: string): ArrayFacts {
    const { type, shape } = this.archive.header(`${name}.npy`);
    const kind = type.startsWith("f") ? "float" : /^[iu]/u.test(type) ? "integer" : "text";
    return { shape, kind, type: typeName(type) };
  }

  /** No array that the economy has no use for, and none far larger than its use: nothing of them has been unpacked. */
  admit(used: ReadonlyMap<string, number>): void {
    const problems = new Problems();
    let unused = 0;
    for (const name of this.names) {
      const values = used.get(name) ?? 0;
      const size = sizeOf(this.describe(name).shape);
      unused += Math.max(0, size - SLACK * values);
      if (!used.has(name)) {
        const expected = 'only arrays that economy.json refers to, as { "array": … }';
        problems.addMember(`${name}.npy`, "an array that the economy does not use", expected, () =>
          nearest(name, used.keys()),
        );
      } else if (unused > MOST_UNUSED) {
        const found = `${size} values, of which the economy refers to ${values}`;
        problems.addMember(`${name}.npy`, found, "an archive that holds what the economy declares");
        break;
      }
    }
    problems.throwIfAny(this.archive.subject);
  }

  numbers(name: string): Float64Array {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const values = this.archive.numbers(`${name}.npy`);
    this.#values.set(name, values);
    return values;
  }
}
