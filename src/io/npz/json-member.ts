import { InputError } from "../../core/errors.js";
import { quote } from "../../economy/found.js";
import { nearest } from "../../economy/near.js";
import { unreadable } from "../syntax.js";
import type { Archive } from "./archive.js";

/** More bytes than this belong in arrays. */
const LONGEST_JSON = 2 ** 26;

/** The bytes of `economy.json` or `result.json`: a member as it is, or as numpy.savez writes bytes, text or uint8. Throws InputError. */
export function jsonMember(
  archive: Archive,
  name: string,
): { readonly bytes: Uint8Array; readonly member: string } {
  const { entries, subject } = archive;
  const [plain, array] = [name, `${name}.npy`];
  if (entries.has(plain) && entries.has(array)) {
    throw unreadable(subject, array, `${quote(plain)} a second time, as an array`, "one of the two");
  }
  if (entries.has(plain)) return { bytes: archive.bytes(plain, LONGEST_JSON), member: plain };
  if (entries.has(array)) return { bytes: archive.text(array, LONGEST_JSON), member: array };
  const suggestion = nearest(name, entries.keys());
  const problem = {
    path: "",
    found: `an archive of ${entries.size} members without it`,
    expected: `the member ${quote(name)}`,
  };
  throw new InputError(subject, [suggestion === undefined ? problem : { ...problem, suggestion }]);
}
