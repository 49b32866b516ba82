// Goods on their way to being free: `FreeInstants.watch` and `fall` of market/free.ts, entry by entry.
#include "plan.h"

#define WATCHED_FALL 0.1
#define RESPONSE 0.02
#define LASTING_EXCESS 1e-8
#define CALM 0.01
#define FOREMOST 0.1
#define DEEP 1e-20

/** out = q + clipped step·d, or a faster fall; into report[0] whether any fell. @param average ΣM over the number of markets */
void EXPORT(fall_rows)(const Plan *plan, u32 q, u32 d, real step, real clip, u32 out, i32 from, i32 to, int may_fall, real complementarity, real average, u32 report) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  int fell = 0;
  for (i32 m = from; m < to; m++) {
    const u64 at = (u64)m * N;
    const real *x = REALS(q) + at, *direction = REALS(d) + at;
    const real *p = REALS(plan->price) + at, *D = REALS(plan->demand) + at, *S = REALS(plan->supply) + at;
    const u8 *active = BYTES(plan->active) + at, *releases = BYTES(plan->releases) + at;
    u8 *idle = BYTES(plan->idle) + at, *touched = BYTES(plan->touched) + at;
    real *since = REALS(plan->fall_from) + at, *then = REALS(plan->excess_then) + at, *stride = REALS(plan->stride) + at;
    real *result = REALS(out) + at;
    int marked = 0;
    for (i32 n = 0; n < N; n++) {
      real change = step * direction[n];
      change = change < -clip ? -clip : change > clip ? clip : change;
      if (active[n]) {
        if (D[n] >= S[n]) {
          since[n] = x[n];
          if (touched[n]) { idle[n] = 0; stride[n] = 0; then[n] = 0; touched[n] = 0; }
        } else {
          touched[n] = 1;
          const real ratio = D[n] / S[n], log = vlog(all(ratio > 1e-306 ? ratio : 1e-306))[0];
          const real f = log > -700 ? log : -700;
          const real fallen = since[n] - x[n];
          if (f > then[n] / 2) idle[n] = 0;
          if (!(fallen >= 0 && fallen <= WATCHED_FALL)) {
            const int responds = fallen < 0 || f - then[n] >= RESPONSE * fallen;
            if (since[n] > -1e300) idle[n] = !responds;
            const real twice = 2 * (stride[n] > WATCHED_FALL ? stride[n] : WATCHED_FALL);
            stride[n] = responds ? 0 : twice < clip ? twice : clip;
            since[n] = x[n]; then[n] = f;
          }
          if (may_fall && stride[n] > 0) {
            const real revenue = w[n] * p[n] * S[n] / average;
            const real lesser = -f < revenue ? -f : revenue;
            if (revenue < DEEP && releases[n] == 0) { change = 0; fell = 1; }
            else if (lesser > FOREMOST * complementarity && complementarity < CALM && f < -LASTING_EXCESS) { change = -stride[n]; fell = 1; }
          }
        }
      }
      marked |= idle[n] | !active[n];
      result[n] = x[n] + change;
    }
    BYTES(plan->special)[m] = marked;
  }
  REALS(report)[0] = fell;
}
