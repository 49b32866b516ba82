// Prices and the sums over time that production sets and incomes need.
#include "plan.h"

#define STRETCH SUMMED
#define STRIP 64

#define SUM_ALONG(result, nodes, ...)                                                                        \
  do {                                                                                                       \
    wide sum_ = 0;                                                                                           \
    for (i32 from_ = 0; from_ < (nodes); from_ += STRETCH) {                                                 \
      const i32 to_ = from_ + STRETCH < (nodes) ? from_ + STRETCH : (nodes);                                 \
      vec acc = {0};                                                                                         \
      ALONG(from_, to_, acc += counted((__VA_ARGS__), lanes););                                              \
      sum_ += total(acc, LANES);                                                                             \
    }                                                                                                        \
    result = sum_;                                                                                           \
  } while (0)

/** The least log price that moves. */
wide EXPORT(least_price)(const Plan *plan, u32 q, i32 from, i32 to) {
  wide least = BEYOND;
  for (i64 i = (i64)from * plan->nodes; i < (i64)to * plan->nodes; i++)
    if (BYTES(plan->active)[i] && REALS(q)[i] < least) least = REALS(q)[i];
  return least;
}

/** Copies of the special rows: `inactive` where no price moves. */
void EXPORT(fill_sides)(const Plan *plan, u32 vector, u32 sides, wide inactive) {
  const i32 N = plan->nodes;
  for (i32 m = 0; m < (i32)plan->commodities; m++) {
    const i32 side = INTS(plan->side)[m];
    if (side < 0) continue;
    const real *from = row_of(vector, m, N);
    const u8 *active = BYTES(plan->active) + (u64)m * N;
    real *to = row_in(sides, side, N);
    for (i32 n = 0; n < N; n++) to[n] = active[n] ? from[n] : inactive;
  }
}

/** The range of the log prices that move, and Σ w p, over a block of rows. */
typedef struct {
  wide high, low, value, pad;
} Opening;

INLINE void open_block(u32 opening) { *(Opening *)AT(opening) = (Opening){-BEYOND, BEYOND, 0, 0}; }

/** p = e^q of a row with instants where no price moves: 0 there. */
static void special_price_row(const Plan *plan, const real *log, real *p, i32 m, Opening *out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  const u8 *active = BYTES(plan->active) + (u64)m * N;
  for (i32 n = 0; n < N; n++) {
    p[n] = active[n] ? vexp(all(log[n]))[0] : 0;
    if (!active[n]) continue;
    if (log[n] > out->high) out->high = log[n];
    if (log[n] < out->low) out->low = log[n];
    out->value += w[n] * p[n];
  }
}

/** Takes a row into the range; whether vexp_within will do for it. */
INLINE int see_range(const real *log, i32 N, Opening *out) {
  vec high = all(-BEYOND), low = all(BEYOND);
  ALONG(0, N, high = larger(high, load(log + n, lanes)); low = smaller(low, load(log + n, lanes)););
  const wide top = highest(high), bottom = lowest(low);
  if (top > out->high) out->high = top;
  if (bottom < out->low) out->low = bottom;
  return top < SAFE_EXPONENT && bottom > -SAFE_EXPONENT;
}

/** p = e^q, 0 where no price moves. */
static void price_row(const Plan *plan, u32 q, u32 price, i32 m, Opening *out) {
  const i32 N = plan->nodes;
  const real *log = row_of(q, m, N), *w = REALS(plan->weights);
  real *p = row_in(price, m, N);
  if (BYTES(plan->special)[m]) {
    special_price_row(plan, log, p, m, out);
    return;
  }
  if (see_range(log, N, out)) ALONG(0, N, store(p + n, vexp_within(load(log + n, lanes)), lanes););
  else ALONG(0, N, store(p + n, vexp(load(log + n, lanes)), lanes););
  wide value;
  SUM_ALONG(value, N, load(w + n, lanes) * load(p + n, lanes));
  out->value += value;
}

/** Prices of rows `rows[from … to)`. */
void EXPORT(price_rows)(const Plan *plan, u32 q, u32 price, u32 rows, i32 from, i32 to, u32 opening) {
  open_block(opening);
  for (i32 k = from; k < to; k++) price_row(plan, q, price, INTS(rows)[k], (Opening *)AT(opening));
}

/** ⟨p,ȳ⟩ and Σ w s² p² of a row, in one pass. */
INLINE void ball_sums(const real *w, const real *p, const real *c, const real *s, i32 N, wide *sums) {
  wide value = 0, squares = 0;
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec one = {0}, two = {0};
    ALONG(from, to, {
      const vec weight = load(w + n, lanes), price = load(p + n, lanes), sp = load(s + n, lanes) * price;
      one += counted(weight * price * load(c + n, lanes), lanes);
      two += counted(weight * sp * sp, lanes);
    });
    value += total(one, LANES);
    squares += total(two, LANES);
  }
  sums[0] += value;
  sums[1] += squares;
}

/**
 * p = e^q of a row of moderate prices, and of the agent whose row it is ⟨p,ȳ⟩ and Σ w s² p²: in strips, so that memory is read while
 * powers are computed.
 */
INLINE void price_ball_strips(const real *w, const real *log, const real *c, const real *s, i32 N, real *p, wide *sums, Opening *out) {
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec one = {0}, two = {0}, value = {0};
    for (i32 start = from; start < to; start += STRIP) {
      const i32 end = start + STRIP < to ? start + STRIP : to;
      ALONG(start, end, store(p + n, vexp_within(load(log + n, lanes)), lanes););
      ALONG(start, end, {
        const vec weight = load(w + n, lanes), price = load(p + n, lanes), sp = load(s + n, lanes) * price;
        const vec worth = counted(weight * price, lanes);
        value += worth;
        one = madd(worth, load(c + n, lanes), one);
        two = madd(counted(weight * sp, lanes), sp, two);
      });
    }
    out->value += total(value, LANES);
    sums[0] += total(one, LANES);
    sums[1] += total(two, LANES);
  }
}

/** The same of any row that is its agent's alone. */
static void price_ball_row(const Plan *plan, u32 q, i32 a, i32 r, Opening *out) {
  const i32 N = plan->nodes, m = INTS(plan->agent_commodity)[INTS(plan->agent_first)[a] + r];
  const real *w = REALS(plan->weights), *log = row_of(q, m, N);
  const real *c = row_of(INTS(plan->agent_center)[a], r, N), *s = row_of(INTS(plan->agent_radius)[a], r, N);
  real *p = row_in(plan->price, m, N);
  wide *sums = WIDES(plan->sums) + INTS(plan->agent_slot)[a];
  if (!BYTES(plan->special)[m] && see_range(log, N, out)) price_ball_strips(w, log, c, s, N, p, sums, out);
  else {
    price_row(plan, q, plan->price, m, out);
    ball_sums(w, p, c, s, N, sums);
  }
}

/** ⟨x,ȳ⟩, Σ w s² p x and ⟨x,line⟩ of an agent, x = p or, with a direction dq, p·dq. */
static void agent_sum(const Plan *plan, u32 dq, i32 a, u32 into) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  const i32 first = INTS(plan->agent_first)[a], metrics = INTS(plan->agent_first)[a + 1] - first;
  const u32 center = INTS(plan->agent_center)[a], radius = INTS(plan->agent_radius)[a];
  const u32 lines = INTS(plan->agent_lines)[a];
  const i32 count = INTS(plan->agent_line_count)[a];
  wide *sums = WIDES(into) + INTS(plan->agent_slot)[a];
  for (i32 j = 0; j < 2 + count; j++) sums[j] = 0;
  for (i32 r = 0; r < metrics; r++) {
    const i32 m = INTS(plan->agent_commodity)[first + r];
    const real *p = row_of(plan->price, m, N);
    const real *d = dq ? row_of(dq, m, N) : 0;
    if (center && radius && !d && count == 0) {
      ball_sums(w, p, row_of(center, r, N), row_of(radius, r, N), N, sums);
      continue;
    }
    wide value = 0, squares = 0;
    if (center) {
      const real *c = row_of(center, r, N);
      if (d) SUM_ALONG(value, N, load(w + n, lanes) * load(p + n, lanes) * load(d + n, lanes) * load(c + n, lanes));
      else SUM_ALONG(value, N, load(w + n, lanes) * load(p + n, lanes) * load(c + n, lanes));
    }
    if (radius) {
      const real *s = row_of(radius, r, N);
      if (d) SUM_ALONG(squares, N, load(w + n, lanes) * load(d + n, lanes) * (load(s + n, lanes) * load(p + n, lanes)) * (load(s + n, lanes) * load(p + n, lanes)));
      else SUM_ALONG(squares, N, load(w + n, lanes) * (load(s + n, lanes) * load(p + n, lanes)) * (load(s + n, lanes) * load(p + n, lanes)));
    }
    sums[0] += value;
    sums[1] += squares;
    for (i32 j = 0; j < count; j++) {
      const real *line = row_of(lines, j * metrics + r, N);
      wide along;
      if (d) SUM_ALONG(along, N, load(w + n, lanes) * load(p + n, lanes) * load(d + n, lanes) * load(line + n, lanes));
      else SUM_ALONG(along, N, load(w + n, lanes) * load(p + n, lanes) * load(line + n, lanes));
      sums[2 + j] += along;
    }
  }
}

/** Sums of agents along a direction. */
void EXPORT(agent_sums)(const Plan *plan, u32 dq, i32 from, i32 to, u32 into) {
  for (i32 a = from; a < to; a++) agent_sum(plan, dq, a, into);
}

/** ⟨p, series⟩ of bundles from … to, or ⟨p·dq, series⟩. */
void EXPORT(bundle_values)(const Plan *plan, u32 dq, i32 from, i32 to) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  for (i32 b = from; b < to; b++) {
    const i32 m = INTS(plan->bundle_commodity)[b];
    const real *p = row_of(plan->price, m, N), *x = REALS(INTS(plan->bundle_series)[b]);
    const real *d = dq ? row_of(dq, m, N) : 0;
    wide value;
    if (d) SUM_ALONG(value, N, load(w + n, lanes) * load(p + n, lanes) * load(d + n, lanes) * load(x + n, lanes));
    else SUM_ALONG(value, N, load(w + n, lanes) * load(p + n, lanes) * load(x + n, lanes));
    WIDES(plan->bundle_value)[b] = value;
  }
}
