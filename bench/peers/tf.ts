import { createRequire } from "node:module";
import { join } from "node:path";

/** What the comparison uses of TensorFlow.js, which is installed outside the repository and has no types here. */
export interface Tensor {
  readonly shape: number[];
  data(): Promise<Float32Array>;
  dataSync(): Float32Array;
  dispose(): void;
}

type Unary = (x: Tensor) => Tensor;
type Binary = (x: Tensor, y: Tensor | number) => Tensor;

export interface Tf {
  readonly version_core?: string;
  readonly version?: { readonly "tfjs-core": string };
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor(values: Float32Array, shape: number[]): Tensor;
  tensor2d(values: Int32Array, shape: [number, number], type: "int32"): Tensor;
  zeros(shape: number[]): Tensor;
  tidy<T>(work: () => T): T;
  readonly exp: Unary;
  readonly log: Unary;
  readonly sqrt: Unary;
  readonly relu: Unary;
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  addN(xs: Tensor[]): Tensor;
  sum(x: Tensor, axis?: number, keepDims?: boolean): Tensor;
  max(x: Tensor, axis?: number, keepDims?: boolean): Tensor;
  min(x: Tensor): Tensor;
  gatherND(x: Tensor, rows: Tensor): Tensor;
  slice(x: Tensor, begin: number[], size: number[]): Tensor;
  concat(xs: Tensor[], axis: number): Tensor;
}

export type TfBackend = "wasm" | "tensorflow";

/** TensorFlow.js with a backend, from the folder where setup.sh put it. Throws where it is not there. */
export async function loadTf(home: string, backend: TfBackend): Promise<Tf> {
  const find = createRequire(join(home, "tfjs", "package.json"));
  if (backend === "tensorflow") return find("@tensorflow/tfjs-node") as Tf;
  const tf = find("@tensorflow/tfjs-core") as Tf;
  find("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  await tf.ready();
  return tf;
}
