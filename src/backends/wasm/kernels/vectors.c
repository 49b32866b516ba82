// Vector algebra over stretches [from, to) of the flat vectors, and what goes by rows of them.
#include "plan.h"

#define STRETCH 512

/** Adds ⟨u_i, v⟩ and ⟨u_i, x⟩ of four u over a stretch of v and x that are weighed already: many streams at once keep memory busy. */
INLINE void four_products(const u32 *us, i32 start, i32 size, const real *v, const real *x, wide *of_v, wide *of_x) {
  const real *a = REALS(us[0]) + start, *b = REALS(us[1]) + start, *c = REALS(us[2]) + start, *d = REALS(us[3]) + start;
  vec av = {0}, bv = {0}, cv = {0}, dv = {0}, ax = {0}, bx = {0}, cx = {0}, dx = {0};
  ALONG(0, size, {
    const vec one = counted(load(v + n, lanes), lanes), two = counted(load(x + n, lanes), lanes);
    const vec at_a = load(a + n, lanes), at_b = load(b + n, lanes), at_c = load(c + n, lanes), at_d = load(d + n, lanes);
    av = madd(one, at_a, av); bv = madd(one, at_b, bv); cv = madd(one, at_c, cv); dv = madd(one, at_d, dv);
    ax = madd(two, at_a, ax); bx = madd(two, at_b, bx); cx = madd(two, at_c, cx); dx = madd(two, at_d, dx);
  });
  of_v[0] += total(av, LANES); of_v[1] += total(bv, LANES); of_v[2] += total(cv, LANES); of_v[3] += total(dv, LANES);
  of_x[0] += total(ax, LANES); of_x[1] += total(bx, LANES); of_x[2] += total(cx, LANES); of_x[3] += total(dx, LANES);
}

INLINE wide one_product(const real *u, i32 size, const real *v) {
  vec one = {0}, two = {0};
  i32 n = 0;
  for (; n + 2 * LANES <= size; n += 2 * LANES) {
    one = madd(load(v + n, LANES), load(u + n, LANES), one);
    two = madd(load(v + n + LANES, LANES), load(u + n + LANES, LANES), two);
  }
  wide rest = 0;
  for (; n < size; n++) rest += v[n] * u[n];
  return total(one + two, LANES) + rest;
}

/** ⟨u_i, v_j⟩ in the inner product `metric` for all pairs in one pass, STRETCH entries at a time; into sums, v by v. */
void EXPORT(dots)(u32 metric, u32 us, i32 count, u32 vs, i32 others, i32 from, i32 to, u32 sums) {
  real weighed[2][STRETCH];
  wide *out = WIDES(sums);
  const u32 *first = (const u32 *)INTS(us), *second = (const u32 *)INTS(vs);
  for (i32 j = 0; j < count * others; j++) out[j] = 0;
  for (i32 start = from; start < to; start += STRETCH) {
    const i32 size = to - start < STRETCH ? to - start : STRETCH;
    const real *g = REALS(metric) + start;
    for (i32 k = 0; k < others; k += 2) {
      const int pair = k + 1 < others;
      const real *v = REALS(second[k]) + start, *x = REALS(second[k + pair]) + start;
      ALONG(0, size, {
        const vec weight = load(g + n, lanes);
        store(weighed[0] + n, load(v + n, lanes) * weight, lanes);
        store(weighed[1] + n, load(x + n, lanes) * weight, lanes);
      });
      wide *of_v = out + k * count, *of_x = out + (k + 1) * count;
      wide unused[4];
      i32 j = 0;
      for (; j + 4 <= count; j += 4) four_products(first + j, start, size, weighed[0], weighed[1], of_v + j, pair ? of_x + j : unused);
      for (; j < count; j++) {
        const real *u = REALS(first[j]) + start;
        of_v[j] += one_product(u, size, weighed[0]);
        if (pair) of_x[j] += one_product(u, size, weighed[1]);
      }
    }
  }
}

/** sum = Σ c_j v_j over a stretch, four vectors at a time. */
INLINE void sum_stretch(const wide *c, const u32 *vectors, i32 count, i32 start, i32 size, real *sum) {
  i32 j = 0;
  if (count % 4 == 0) ALONG(0, size, store(sum + n, all(0), lanes););
  else {
    const real *a = REALS(vectors[0]) + start;
    ALONG(0, size, store(sum + n, all(c[0]) * load(a + n, lanes), lanes););
    for (j = 1; j < count % 4; j++) {
      const real *u = REALS(vectors[j]) + start;
      ALONG(0, size, store(sum + n, load(sum + n, lanes) + all(c[j]) * load(u + n, lanes), lanes););
    }
  }
  for (; j < count; j += 4) {
    const real *a = REALS(vectors[j]) + start, *b = REALS(vectors[j + 1]) + start;
    const real *d = REALS(vectors[j + 2]) + start, *e = REALS(vectors[j + 3]) + start;
    ALONG(0, size, {
      const vec two = madd(all(c[j]), load(a + n, lanes), all(c[j + 1]) * load(b + n, lanes));
      const vec four = madd(all(c[j + 2]), load(d + n, lanes), all(c[j + 3]) * load(e + n, lanes));
      store(sum + n, load(sum + n, lanes) + (two + four), lanes);
    });
  }
}

/** out = Σ c_j v_j; `out` may be one of them. */
void EXPORT(combine)(u32 coefficients, u32 vectors, i32 count, u32 out, i32 from, i32 to) {
  real sum[STRETCH];
  for (i32 start = from; start < to; start += STRETCH) {
    const i32 size = to - start < STRETCH ? to - start : STRETCH;
    sum_stretch(WIDES(coefficients), (const u32 *)INTS(vectors), count, start, size, sum);
    real *result = REALS(out) + start;
    ALONG(0, size, store(result + n, load(sum + n, lanes), lanes););
  }
}

/** out = q + clipped Σ c_j v_j − shift; the largest change into report[0]. */
void EXPORT(move)(u32 q, u32 coefficients, u32 vectors, i32 count, wide clip, wide shift, u32 out, i32 from, i32 to, u32 report) {
  real sum[STRETCH];
  vec most = {0};
  for (i32 start = from; start < to; start += STRETCH) {
    const i32 size = to - start < STRETCH ? to - start : STRETCH;
    sum_stretch(WIDES(coefficients), (const u32 *)INTS(vectors), count, start, size, sum);
    const real *x = REALS(q) + start;
    real *result = REALS(out) + start;
    ALONG(0, size, {
      const vec change = larger(smaller(load(sum + n, lanes), all(clip)), all(-clip));
      most = larger(most, absolute(change));
      store(result + n, load(x + n, lanes) + change - all(shift), lanes);
    });
  }
  WIDES(report)[0] = highest(most);
}

/** The highest log price that moves, and Σ w e^{q − high} over those: into out[0 … 1]. */
void EXPORT(level_rows)(const Plan *plan, u32 q, i32 from, i32 to, u32 out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  vec top = all(-BEYOND);
  for (i32 m = from; m < to; m++) {
    const real *x = row_of(q, m, N);
    if (BYTES(plan->special)[m]) {
      const u8 *active = BYTES(plan->active) + (u64)m * N;
      for (i32 n = 0; n < N; n++)
        if (active[n]) top = larger(top, all(x[n]));
    } else ALONG(0, N, top = larger(top, load(x + n, lanes)););
  }
  const real high = highest(top);
  wide sum = 0;
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
  WIDES(out)[0] = high;
  WIDES(out)[1] = sum;
}

void EXPORT(shift)(u32 q, wide by, i32 from, i32 to) {
  real *x = REALS(q);
  ALONG(from, to, store(x + n, load(x + n, lanes) - all(by), lanes););
}

/** Spending w p D where a price moves; into out[0 … 1] its sum and the number of instants that count. @param room two rows */
void EXPORT(spending_rows)(const Plan *plan, i32 from, i32 to, u32 room, u32 out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  real *S = REALS(room), *D = S + N;
  wide sum = 0, count = 0;
  for (i32 m = from; m < to; m++) {
    const real *p = row_of(plan->price, m, N);
    real *metric = row_in(plan->metric, m, N);
    account_row(plan, m, p, S, D);
    wide own = 0;
    for (i32 n = 0; n < N; n++) {
      metric[n] = p[n] > 0 ? w[n] * p[n] * D[n] : 0;
      own += metric[n];
    }
    sum += own;
    if (!BYTES(plan->special)[m]) { count += N; continue; }
    const u8 *active = BYTES(plan->active) + (u64)m * N, *idle = BYTES(plan->idle) + (u64)m * N;
    for (i32 n = 0; n < N; n++) count += active[n] && !idle[n];
  }
  WIDES(out)[0] = sum;
  WIDES(out)[1] = count;
}

/** The inner product from that: metric/total, and `even` more for each instant that counts. */
void EXPORT(metric_rows)(const Plan *plan, i32 from, i32 to, wide share, wide even) {
  const i32 N = plan->nodes;
  for (i32 m = from; m < to; m++) {
    real *metric = row_in(plan->metric, m, N);
    const int special = BYTES(plan->special)[m];
    const u8 *active = BYTES(plan->active) + (u64)m * N, *idle = BYTES(plan->idle) + (u64)m * N;
    if (!special) ALONG(0, N, store(metric + n, load(metric + n, lanes) * all(share) + all(even), lanes););
    else for (i32 n = 0; n < N; n++) metric[n] = (active[n] ? metric[n] * share : 0) + (active[n] && !idle[n] ? even : 0);
  }
}

/** −Σ w p z d of rows, into out[0]. @param room two rows */
void EXPORT(slope_rows)(const Plan *plan, u32 d, i32 from, i32 to, u32 room, u32 out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  real *S = REALS(room), *D = S + N;
  wide sum = 0;
  for (i32 m = from; m < to; m++) {
    const real *p = row_of(plan->price, m, N), *x = row_of(d, m, N);
    account_row(plan, m, p, S, D);
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
  WIDES(out)[0] = sum;
}
