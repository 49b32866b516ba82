// Net puts of one agent's row from its prices: η = ȳ + κ s² p + Σ_j x_j line_j, or what was made elsewhere.
#pragma once
#include "plan.h"

typedef struct {
  const real *center, *radius, *lines, *made;
  wide kappa;
  const wide *weights;
  i32 count;
  u64 stride;
} Put;

INLINE Put put_of(const Plan *plan, i32 a, i32 r) {
  const i32 N = plan->nodes;
  const i32 metrics = INTS(plan->agent_first)[a + 1] - INTS(plan->agent_first)[a];
  const u32 made = INTS(plan->agent_put)[a], center = INTS(plan->agent_center)[a];
  const u32 radius = INTS(plan->agent_radius)[a], lines = INTS(plan->agent_lines)[a];
  const wide *coefficients = WIDES(plan->coefficients) + INTS(plan->agent_slot)[a];
  return (Put){
      center ? row_of(center, r, N) : 0, radius ? row_of(radius, r, N) : 0, lines ? row_of(lines, r, N) : 0,
      made ? row_of(made, r, N) : 0,     coefficients[1],                   coefficients + 2,
      INTS(plan->agent_line_count)[a],   (u64)metrics * N,
  };
}

INLINE vec put_at(const Put *put, i32 n, vec p, int lanes) {
  if (put->made) return load(put->made + n, lanes);
  vec y = put->center ? load(put->center + n, lanes) : all(0);
  if (put->radius) {
    const vec s = load(put->radius + n, lanes);
    y = madd(all(put->kappa) * s, s * p, y);
  }
  for (i32 j = 0; j < put->count; j++) y += all(put->weights[j]) * load(put->lines + j * put->stride + n, lanes);
  return y;
}
