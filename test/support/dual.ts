/** Dual numbers v + d·ε, ε² = 0: the second route to every derivative, with no formula of src/ in it. */
export interface Dual {
  readonly v: number;
  readonly d: number;
}

export const dual = (v: number, d = 0): Dual => ({ v, d });
export const add = (...xs: Dual[]): Dual => xs.reduce((a, b) => dual(a.v + b.v, a.d + b.d), dual(0));
export const sub = (a: Dual, b: Dual): Dual => dual(a.v - b.v, a.d - b.d);
export const mul = (a: Dual, b: Dual): Dual => dual(a.v * b.v, a.d * b.v + a.v * b.d);
export const div = (a: Dual, b: Dual): Dual => dual(a.v / b.v, (a.d - (a.v / b.v) * b.d) / b.v);
export const scale = (k: number, a: Dual): Dual => dual(k * a.v, k * a.d);
export const exp = (a: Dual): Dual => dual(Math.exp(a.v), Math.exp(a.v) * a.d);
export const log = (a: Dual): Dual => dual(Math.log(a.v), a.d / a.v);
export const sqrt = (a: Dual): Dual => dual(Math.sqrt(a.v), a.d / (2 * Math.sqrt(a.v)));
export const pow = (a: Dual, k: number): Dual => dual(a.v ** k, k === 0 ? 0 : k * a.v ** (k - 1) * a.d);
