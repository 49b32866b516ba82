// Goods on their way to being free: `FreeInstants.watch` and `fall` of market/free.ts, entry by entry.
#include "plan.h"

#define WATCHED_FALL 0.1
#define RESPONSE 0.02
#define LASTING_EXCESS 1e-8
#define CALM 0.01
#define FOREMOST 0.1
#define DEEP 1e-20

/** One row's arrays, and what all entries have in common. */
typedef struct {
  const real *q, *d, *p, *demand, *supply, *weights;
  const u8 *active, *releases;
  u8 *idle, *touched;
  real *since, *then, *stride, *out;
  real step, clip, complementarity, average;
  int may_fall;
} Row;

/** log(D/S) where D < S. */
INLINE vec excess(vec demand, vec supply) {
  return larger(vlog(larger(demand / supply, all(1e-306))), all(-700));
}

/** Watches an instant, and moves its price; 1 if it falls faster than the step says. */
static int fall(const Row *row, i32 n, real f) {
  real change = row->step * row->d[n];
  change = change < -row->clip ? -row->clip : change > row->clip ? row->clip : change;
  row->out[n] = row->q[n] + change;
  if (!row->active[n]) return 0;
  if (row->demand[n] >= row->supply[n]) {
    row->since[n] = row->q[n];
    row->idle[n] = 0; row->stride[n] = 0; row->then[n] = 0; row->touched[n] = 0;
    return 0;
  }
  row->touched[n] = 1;
  const real fallen = row->since[n] - row->q[n];
  if (f > row->then[n] / 2) row->idle[n] = 0;
  if (!(fallen >= 0 && fallen <= WATCHED_FALL)) {
    const int responds = fallen < 0 || f - row->then[n] >= RESPONSE * fallen;
    if (row->since[n] > -1e300) row->idle[n] = !responds;
    const real twice = 2 * (row->stride[n] > WATCHED_FALL ? row->stride[n] : WATCHED_FALL);
    row->stride[n] = responds ? 0 : twice < row->clip ? twice : row->clip;
    row->since[n] = row->q[n]; row->then[n] = f;
  }
  if (!row->may_fall || row->stride[n] == 0) return 0;
  const real revenue = row->weights[n] * row->p[n] * row->supply[n] / row->average;
  const real lesser = -f < revenue ? -f : revenue;
  if (revenue < DEEP && row->releases[n] == 0) change = 0;
  else if (lesser > FOREMOST * row->complementarity && row->complementarity < CALM && f < -LASTING_EXCESS) change = -row->stride[n];
  else return 0;
  row->out[n] = row->q[n] + change;
  return 1;
}

/** out = q + clipped step·d, or a faster fall; into report[0] whether any fell. @param average ΣM over the number of markets */
void EXPORT(fall_rows)(const Plan *plan, u32 q, u32 d, real step, real clip, u32 out, i32 from, i32 to, int may_fall, real complementarity, real average, u32 report) {
  const i32 N = plan->nodes;
  int fell = 0;
  for (i32 m = from; m < to; m++) {
    const u64 at = (u64)m * N;
    const Row row = {
        REALS(q) + at, REALS(d) + at, REALS(plan->price) + at, REALS(plan->demand) + at, REALS(plan->supply) + at, REALS(plan->weights),
        BYTES(plan->active) + at, BYTES(plan->releases) + at, BYTES(plan->idle) + at, BYTES(plan->touched) + at,
        REALS(plan->fall_from) + at, REALS(plan->excess_then) + at, REALS(plan->stride) + at, REALS(out) + at,
        step, clip, complementarity, average, may_fall,
    };
    int marked = 0;
    ALONG(0, N, {
      const vec D = load(row.demand + n, lanes), S = load(row.supply + n, lanes), x = load(row.q + n, lanes);
      int quiet = 1;
      for (i32 k = 0; k < lanes; k++) quiet &= row.active[n + k] & !row.touched[n + k] & (D[k] >= S[k]);
      if (quiet) {
        store(row.since + n, x, lanes);
        store(row.out + n, x + larger(smaller(all(step) * load(row.d + n, lanes), all(clip)), all(-clip)), lanes);
      } else {
        const vec f = excess(D, S);
        for (i32 k = 0; k < lanes; k++) {
          fell |= fall(&row, n + k, f[k]);
          marked |= row.idle[n + k] | !row.active[n + k];
        }
      }
    });
    BYTES(plan->special)[m] = marked;
  }
  REALS(report)[0] = fell;
}
