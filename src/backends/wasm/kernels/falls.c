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
  const real *q, *d, *f, *p, *weights;
  const u8 *active, *releases;
  u8 *idle;
  real *since, *then, *stride, *out;
  wide clip, shift, complementarity, average, most;
  /** Supply of the row, made when it is asked for. */
  const Plan *plan;
  real *supply, *demand;
  i32 m;
  int may_fall, accounted;
} Row;

/** Watches an instant, and moves its price; 1 if it falls faster than the step says. */
static int fall(Row *row, i32 n) {
  const wide f = row->f[n], d = row->d[n];
  const wide change = d < -row->clip ? -row->clip : d > row->clip ? row->clip : d;
  row->out[n] = row->q[n] + change - row->shift;
  if (change > row->most) row->most = change;
  if (-change > row->most) row->most = -change;
  if (!row->active[n]) return 0;
  if (f >= 0) {
    row->since[n] = row->q[n];
    row->idle[n] = 0; row->stride[n] = 0; row->then[n] = 0;
    return 0;
  }
  const wide fallen = row->since[n] - row->q[n];
  if (f > row->then[n] / 2) row->idle[n] = 0;
  if (!(fallen >= 0 && fallen <= WATCHED_FALL)) {
    const int responds = fallen < 0 || f - row->then[n] >= RESPONSE * fallen;
    if (row->since[n] > -1e300) row->idle[n] = !responds;
    const wide twice = 2 * (row->stride[n] > WATCHED_FALL ? row->stride[n] : WATCHED_FALL);
    row->stride[n] = responds ? 0 : twice < row->clip ? twice : row->clip;
    row->since[n] = row->q[n]; row->then[n] = f;
  }
  if (!row->may_fall || row->stride[n] == 0) return 0;
  if (!row->accounted) account_row(row->plan, row->m, row->p, row->supply, row->demand);
  row->accounted = 1;
  const wide revenue = row->weights[n] * row->p[n] * row->supply[n] / row->average;
  const wide lesser = -f < revenue ? -f : revenue;
  wide falls;
  if (revenue < DEEP && row->releases[n] == 0) falls = 0;
  else if (lesser > FOREMOST * row->complementarity && row->complementarity < CALM && f < -LASTING_EXCESS) falls = -row->stride[n];
  else return 0;
  row->out[n] = row->q[n] + falls - row->shift;
  if (-falls > row->most) row->most = -falls;
  return 1;
}

/** Instants n … n + LANES none of which is idle, inactive or may fall, nor begins to: 0, having done nothing that lasts, where some does. */
INLINE int pass_by(const Row *row, i32 n, vec *most) {
  for (int k = 0; k < LANES; k++)
    if (!row->active[n + k] | row->idle[n + k]) return 0;
  const vec q = load(row->q + n, LANES), f = load(row->f + n, LANES), since = load(row->since + n, LANES), fallen = since - q;
  const vec stride = load(row->stride + n, LANES), then = load(row->then + n, LANES);
  const vbits rises = (vbits)(f >= all(0));
  const vbits quiet = (rises | ((vbits)(fallen >= all(0)) & (vbits)(fallen <= all(WATCHED_FALL)))) & (vbits)(stride == all(0));
  const vec change = larger(smaller(load(row->d + n, LANES), all(row->clip)), all(-row->clip));
  for (int k = 0; k < LANES; k++)
    if (!quiet[k]) return 0;
  store(row->out + n, q + change - all(row->shift), LANES);
  store(row->since + n, pick(rises, q, since), LANES);
  store(row->then + n, pick(rises, all(0), then), LANES);
  *most = larger(*most, absolute(change));
  return 1;
}

/**
 * out = q + clipped d − shift, or a faster fall; into report[0 … 2] whether any fell, whether any is idle or may fall, and the largest change.
 *
 * @param average ΣM over the number of markets @param room two rows
 */
void EXPORT(fall_rows)(const Plan *plan, u32 q, u32 f, u32 d, wide clip, wide shift, u32 out, i32 from, i32 to, int may_fall, wide complementarity, wide average, u32 room, u32 report) {
  const i32 N = plan->nodes;
  int fell = 0, alert = 0;
  wide most = 0;
  for (i32 m = from; m < to; m++) {
    const u64 at = (u64)m * N;
    Row row = {
        REALS(q) + at, REALS(d) + at, REALS(f) + at, REALS(plan->price) + at, REALS(plan->weights),
        BYTES(plan->active) + at, BYTES(plan->releases) + at, BYTES(plan->idle) + at,
        REALS(plan->fall_from) + at, REALS(plan->excess_then) + at, REALS(plan->stride) + at, REALS(out) + at,
        clip, shift, complementarity, average, most, plan, REALS(room), REALS(room) + N, m, may_fall, 0,
    };
    int marked = 0;
    vec passed = {0};
    for (i32 n = 0; n < N;) {
      if (n + LANES <= N && pass_by(&row, n, &passed)) {
        n += LANES;
        continue;
      }
      for (const i32 end = n + LANES <= N ? n + LANES : N; n < end; n++) {
        fell |= fall(&row, n);
        marked |= row.idle[n] | !row.active[n];
        alert |= row.idle[n] | (row.stride[n] != 0);
      }
    }
    most = row.most > highest(passed) ? row.most : highest(passed);
    BYTES(plan->special)[m] = marked;
  }
  WIDES(report)[0] = fell;
  WIDES(report)[1] = alert;
  WIDES(report)[2] = most;
}
