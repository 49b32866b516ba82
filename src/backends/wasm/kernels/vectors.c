// Vector algebra over stretches [from, to) of the flat vectors, and what goes by rows of them.
#include "plan.h"

/** ⟨v_j, v⟩ in the inner product `metric` for `count` vectors in one pass, STRETCH entries at a time. */
#define STRETCH 512
void EXPORT(dots)(u32 metric, u32 vectors, i32 count, u32 v, i32 from, i32 to, u32 sums) {
  real weighted[STRETCH];
  real *out = REALS(sums);
  for (i32 j = 0; j < count; j++) out[j] = 0;
  for (i32 start = from; start < to; start += STRETCH) {
    const i32 size = to - start < STRETCH ? to - start : STRETCH;
    const real *x = REALS(v) + start, *g = REALS(metric) + start;
    ALONG(0, size, store(weighted + n, load(x + n, lanes) * load(g + n, lanes), lanes););
    for (i32 j = 0; j < count; j++) {
      const real *u = REALS(INTS(vectors)[j]) + start;
      vec one = {0}, two = {0};
      i32 n = 0;
      for (; n + 2 * LANES <= size; n += 2 * LANES) {
        one += load(weighted + n, LANES) * load(u + n, LANES);
        two += load(weighted + n + LANES, LANES) * load(u + n + LANES, LANES);
      }
      real rest = 0;
      for (; n < size; n++) rest += weighted[n] * u[n];
      out[j] += total(one + two, LANES) + rest;
    }
  }
}

/** out = Σ c_j v_j; `out` may be one of them. */
void EXPORT(combine)(u32 coefficients, u32 vectors, i32 count, u32 out, i32 from, i32 to) {
  real sum[STRETCH];
  for (i32 start = from; start < to; start += STRETCH) {
    const i32 size = to - start < STRETCH ? to - start : STRETCH;
    ALONG(0, size, store(sum + n, all(0), lanes););
    for (i32 j = 0; j < count; j++) {
      const real c = REALS(coefficients)[j];
      const real *u = REALS(INTS(vectors)[j]) + start;
      ALONG(0, size, store(sum + n, load(sum + n, lanes) + all(c) * load(u + n, lanes), lanes););
    }
    real *to_ = REALS(out) + start;
    ALONG(0, size, store(to_ + n, load(sum + n, lanes), lanes););
  }
}

/** out = q + clipped step·d. */
void EXPORT(move)(u32 q, u32 d, real step, real clip, u32 out, i32 from, i32 to) {
  const real *x = REALS(q), *direction = REALS(d);
  real *result = REALS(out);
  ALONG(from, to, {
    const vec change = larger(smaller(all(step) * load(direction + n, lanes), all(clip)), all(-clip));
    store(result + n, load(x + n, lanes) + change, lanes);
  });
}

/** The highest log price that moves, and Σ w e^{q − high} over those: into out[0 … 1]. */
void EXPORT(level_rows)(const Plan *plan, u32 q, i32 from, i32 to, u32 out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  vec top = all(-1e300);
  for (i32 m = from; m < to; m++) {
    const real *x = row_of(q, m, N);
    if (BYTES(plan->special)[m]) {
      const u8 *active = BYTES(plan->active) + (u64)m * N;
      for (i32 n = 0; n < N; n++)
        if (active[n]) top = larger(top, all(x[n]));
    } else ALONG(0, N, top = larger(top, load(x + n, lanes)););
  }
  const real high = highest(top);
  real sum = 0;
  for (i32 m = from; m < to; m++) {
    const real *x = row_of(q, m, N);
    if (BYTES(plan->special)[m]) {
      const u8 *active = BYTES(plan->active) + (u64)m * N;
      for (i32 n = 0; n < N; n++)
        if (active[n]) sum += w[n] * vexp(all(x[n] - high))[0];
      continue;
    }
    for (i32 start = 0; start < N; start += STRETCH) {
      const i32 end = start + STRETCH < N ? start + STRETCH : N;
      vec acc = {0};
      ALONG(start, end, acc += counted(load(w + n, lanes) * vexp(load(x + n, lanes) - all(high)), lanes););
      sum += total(acc, LANES);
    }
  }
  REALS(out)[0] = high;
  REALS(out)[1] = sum;
}

void EXPORT(shift)(u32 q, real by, i32 from, i32 to) {
  real *x = REALS(q);
  ALONG(from, to, store(x + n, load(x + n, lanes) - all(by), lanes););
}

/** Spending w p D where a price moves; into out[0 … 1] its sum and the number of instants that count. */
void EXPORT(spending_rows)(const Plan *plan, i32 from, i32 to, u32 out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  real sum = 0, count = 0;
  for (i32 m = from; m < to; m++) {
    const real *p = row_of(plan->price, m, N), *D = row_of(plan->demand, m, N);
    real *metric = row_in(plan->metric, m, N);
    real own = 0;
    for (i32 n = 0; n < N; n++) {
      metric[n] = w[n] * p[n] * D[n];
      own += metric[n];
    }
    sum += own;
    if (!BYTES(plan->special)[m]) { count += N; continue; }
    const u8 *active = BYTES(plan->active) + (u64)m * N, *idle = BYTES(plan->idle) + (u64)m * N;
    for (i32 n = 0; n < N; n++) count += active[n] && !idle[n];
  }
  REALS(out)[0] = sum;
  REALS(out)[1] = count;
}

/** The inner product from that: metric/total, and `even` more for each instant that counts. */
void EXPORT(metric_rows)(const Plan *plan, i32 from, i32 to, real share, real even) {
  const i32 N = plan->nodes;
  for (i32 m = from; m < to; m++) {
    real *metric = row_in(plan->metric, m, N);
    const int special = BYTES(plan->special)[m];
    const u8 *active = BYTES(plan->active) + (u64)m * N, *idle = BYTES(plan->idle) + (u64)m * N;
    if (!special) ALONG(0, N, store(metric + n, load(metric + n, lanes) * all(share) + all(even), lanes););
    else for (i32 n = 0; n < N; n++) metric[n] = (active[n] ? metric[n] * share : 0) + (active[n] && !idle[n] ? even : 0);
  }
}

/** −Σ w p z d of rows, into out[0]. */
void EXPORT(slope_rows)(const Plan *plan, u32 d, i32 from, i32 to, u32 out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  real sum = 0;
  for (i32 m = from; m < to; m++) {
    const real *p = row_of(plan->price, m, N), *D = row_of(plan->demand, m, N), *S = row_of(plan->supply, m, N);
    const real *x = row_of(d, m, N);
    for (i32 start = 0; start < N; start += STRETCH) {
      const i32 end = start + STRETCH < N ? start + STRETCH : N;
      vec acc = {0};
      ALONG(start, end, {
        // Where p = 0 demand may be infinite.
        const vec worth = load(w + n, lanes) * load(p + n, lanes);
        const vec term = worth * (load(D + n, lanes) - load(S + n, lanes)) * load(x + n, lanes);
        acc += counted(pick((vbits)(worth > all(0)), term, all(0)), lanes);
      });
      sum -= total(acc, LANES);
    }
  }
  REALS(out)[0] = sum;
}
