/**
 * Copy and triad over float64 in WebAssembly SIMD, as bytes of a module, so that measuring needs no compiler:
 *
 *     copy(a, b, c, end)    c = a            a, b, c byte offsets, `end` where c ends; lengths are multiples of CHUNK
 *     triad(a, b, c, end)   c = a + 3 b
 *
 * on the imported shared memory env.memory.
 */
export function streamModule(pages: number): Uint8Array<ArrayBuffer> {
  const type = [FUNCTION, ...vector([I32, I32, I32, I32]), 0];
  const memory = [...text("env"), ...text("memory"), MEMORY, SHARED, ...unsigned(pages), ...unsigned(pages)];
  const exported = ["copy", "triad"].map((name, k) => [...text(name), FUNC, k]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [type]),
    ...section(2, [memory]),
    ...section(3, [[0], [0]]),
    ...section(7, exported),
    ...section(10, [body(LOAD_A), body([...LOAD_A, ...LOAD_B, ...TIMES_3, ...ADD])]),
  ]);
}

/** Bytes that a turn of the loop moves in each array: a line of a cache. */
export const CHUNK = 64;
const LANES = 16;

const [FUNCTION, I32, MEMORY, SHARED, FUNC] = [0x60, 0x7f, 2, 3, 0];
const [LOOP, VOID, END, BR_IF, GET, SET] = [0x03, 0x40, 0x0b, 0x0d, 0x20, 0x21];
const [I32_CONST, I32_ADD, I32_LESS, F64_CONST] = [0x41, 0x6a, 0x49, 0x44];
const SIMD = 0xfd;
/** v128.load and v128.store, aligned to 16 bytes; the offset is put in place of AT. */
const AT = -1;
const LOAD = [SIMD, 0x00, 4, AT];
const STORE = [SIMD, 0x0b, 4, AT];
const LOAD_A = [GET, 0, ...LOAD];
const LOAD_B = [GET, 1, ...LOAD];
const TIMES_3 = [F64_CONST, ...new Uint8Array(Float64Array.of(3).buffer), SIMD, 0x14, SIMD, 0xf2, 0x01];
const ADD = [SIMD, 0xf0, 0x01];

/** A loop that stores what `value` leaves, a chunk at a time. */
function body(value: readonly number[]): number[] {
  const lanes = Array.from({ length: CHUNK / LANES }, (_, k) =>
    [GET, 2, ...value, ...STORE].map((code) => (code === AT ? k * LANES : code)),
  );
  const steps = [0, 1, 2].map((local) => [GET, local, I32_CONST, ...signed(CHUNK), I32_ADD, SET, local]);
  const again = [GET, 2, GET, 3, I32_LESS, BR_IF, 0];
  const code = [0, LOOP, VOID, ...lanes.flat(), ...steps.flat(), ...again, END, END];
  return [...unsigned(code.length), ...code];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function vector(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(name: string): number[] {
  return vector([...new TextEncoder().encode(name)]);
}

/** LEB128. */
function unsigned(n: number): number[] {
  return n < 128 ? [n] : [(n % 128) + 128, ...unsigned(Math.floor(n / 128))];
}

function signed(n: number): number[] {
  return n < 64 ? [n] : [(n % 128) + 128, ...signed(Math.floor(n / 128))];
}
