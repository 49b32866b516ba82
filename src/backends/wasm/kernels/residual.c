// D, S, f = log D − log S and the reductions that go with them (market/readout.ts), row by row.
#include "puts.h"

#define STRETCH 256
/** f is reported within ±LIMIT. */
#define LIMIT 700

/** Reductions over a block of rows. */
typedef struct {
  real high_f, low_f, high_q, low_q, norm, even, count, spending, value, u, v, finite, gap, gap_row, complementarity, pad;
} Readout;

/** S and D of a row but for what preferences buy, written to the arrays. */
static void produce_row(const Plan *plan, i32 m, const real *p, real *supply, real *demand) {
  const i32 N = plan->nodes;
  const u32 endowment = INTS(plan->endowment)[m], floors = INTS(plan->floors)[m];
  if (endowment) ALONG(0, N, store(supply + n, load(REALS(endowment) + n, lanes), lanes););
  else ALONG(0, N, store(supply + n, all(0), lanes););
  if (floors) ALONG(0, N, store(demand + n, load(REALS(floors) + n, lanes), lanes););
  else ALONG(0, N, store(demand + n, all(0), lanes););
  for (i32 k = INTS(plan->put_first)[m]; k < INTS(plan->put_first)[m + 1]; k++) {
    const Put put = put_of(plan, INTS(plan->put_agent)[k], INTS(plan->put_row)[k]);
    ALONG(0, N, {
      const vec y = put_at(&put, n, load(p + n, lanes), lanes);
      store(supply + n, load(supply + n, lanes) + larger(y, all(0)), lanes);
      store(demand + n, load(demand + n, lanes) - smaller(y, all(0)), lanes);
    });
  }
}

/** Adds what preferences buy: Σ_edges M° flow share/(w p). `log` has the log prices where some instants are inactive. */
static void consume_row(const Plan *plan, i32 m, const real *p, const real *log, real *demand) {
  const i32 N = plan->nodes;
  const real *inverse = REALS(plan->inverse_weights);
  for (i32 k = INTS(plan->leaf_first)[m]; k < INTS(plan->leaf_first)[m + 1]; k++) {
    const i32 e = INTS(plan->leaf_edge)[k], node = INTS(plan->edge_node)[e];
    const real M = REALS(plan->spending)[INTS(plan->node_consumer)[node]];
    const real *flow = row_of(plan->flow, node, N), *share = row_of(plan->share, e, N);
    if (log) ALONG(0, N, {
      const vec spent = all(M) * load(flow + n, lanes) * load(share + n, lanes) * load(inverse + n, lanes);
      store(demand + n, load(demand + n, lanes) + spent / vexp(load(log + n, lanes)), lanes);
    });
    else ALONG(0, N, {
      const vec spent = all(M) * load(flow + n, lanes) * load(share + n, lanes) * load(inverse + n, lanes);
      store(demand + n, load(demand + n, lanes) + spent / load(p + n, lanes), lanes);
    });
  }
}

INLINE vec log_ratio(vec demand, vec supply) {
  const vec ratio = demand / supply;
  const vec least = all(1e-306), most = all(1e306);
  vec f = vlog(larger(smaller(ratio, most), least));
  f = pick((vbits)(f > all(LIMIT)), all(LIMIT), f);
  f = pick((vbits)(f < all(-LIMIT)), all(-LIMIT), f);
  f = pick((vbits)(ratio == ratio), f, ratio);
  return pick((vbits)(demand == supply), all(0), f);
}

static real mean_of(const Plan *plan, const real *x, real horizon) {
  const real *w = REALS(plan->weights);
  const i32 N = plan->nodes;
  real sum = 0;
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec acc = {0};
    ALONG(from, to, acc += counted(load(w + n, lanes) * load(x + n, lanes), lanes););
    sum += total(acc, LANES);
  }
  return sum / horizon;
}

INLINE real most(real a, real b) { return a > b ? a : b; }
INLINE real least(real a, real b) { return a < b ? a : b; }

/** Σ w p and the two functionals in whose plane a cycle is seen to wind, of the rows that are sampled; p = 0 where no price moves. */
static void probe_row(const Plan *plan, i32 m, Readout *out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights), *p = row_of(plan->price, m, N), *columns = REALS(plan->column_noise);
  vec value = {0}, u = {0}, v = {0};
  ALONG(0, N, {
    const vec worth = counted(load(w + n, lanes) * load(p + n, lanes), lanes);
    value += worth;
    u += worth * load(columns + n, lanes);
    v += worth * load(columns + N + n, lanes);
  });
  out->value += total(value, LANES);
  out->u += total(u, LANES) * REALS(plan->row_noise)[2 * m];
  out->v += total(v, LANES) * REALS(plan->row_noise)[2 * m + 1];
}

/** A row with instants that are inactive or idle, one by one. */
static void reduce_special(const Plan *plan, i32 m, const real *q, real *f, real volume, real average, Readout *out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights), *p = row_of(plan->price, m, N);
  const real *S = row_of(plan->supply, m, N), *D = row_of(plan->demand, m, N);
  const u8 *active = BYTES(plan->active) + (u64)m * N, *idle = BYTES(plan->idle) + (u64)m * N;
  for (i32 n = 0; n < N; n++) {
    const real z = D[n] - S[n];
    const real gap = (active[n] ? (z < 0 ? -z : z) : most(z, 0)) / volume;
    if (gap > out->gap) { out->gap = gap; out->gap_row = m; }
    const real revenue = w[n] * p[n] * S[n] / average;
    out->complementarity = most(out->complementarity, z < 0 ? least(gap, revenue) : gap);
    if (!active[n]) { f[n] = 0; continue; }
    out->finite += (q[n] + D[n] + S[n]) * 0;
    out->high_f = most(out->high_f, f[n]); out->low_f = least(out->low_f, f[n]);
    out->high_q = most(out->high_q, q[n]); out->low_q = least(out->low_q, q[n]);
    const real worth = w[n] * p[n];
    out->norm += worth * D[n] * f[n] * f[n];
    if (!idle[n]) { out->even += f[n] * f[n]; out->count += 1; }
    out->spending += worth * D[n];
  }
}

static void reduce_row(const Plan *plan, i32 m, const real *q, const real *f, real volume, real average, Readout *out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights), *p = row_of(plan->price, m, N);
  const real *S = row_of(plan->supply, m, N), *D = row_of(plan->demand, m, N);
  const real inverse = 1 / volume, worth_of = 1 / average;
  vec high_f = all(out->high_f), low_f = all(out->low_f), high_q = all(out->high_q), low_q = all(out->low_q);
  vec gap = {0}, complementarity = {0};
  real norm_ = 0, even_ = 0, spending_ = 0;
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec norm = {0}, even = {0}, spending = {0};
    ALONG(from, to, {
      const vec at = load(q + n, lanes), x = load(f + n, lanes), d = load(D + n, lanes), s = load(S + n, lanes);
      const vec worth = load(w + n, lanes) * load(p + n, lanes);
      high_f = larger(high_f, x); low_f = smaller(low_f, x);
      high_q = larger(high_q, at); low_q = smaller(low_q, at);
      const vec spent = worth * d, square = x * x;
      norm += counted(spent * square, lanes);
      even += counted(square, lanes);
      spending += counted(spent, lanes);
      const vec missing = (d - s) * all(inverse), revenue = worth * s * all(worth_of);
      gap = larger(gap, absolute(missing));
      // Of excess supply the lesser of −z/volume and revenue, which is negative where z > 0.
      complementarity = larger(complementarity, larger(missing, smaller(-missing, revenue)));
    });
    norm_ += total(norm, LANES); even_ += total(even, LANES); spending_ += total(spending, LANES);
  }
  out->high_f = highest(high_f); out->low_f = lowest(low_f);
  out->high_q = highest(high_q); out->low_q = lowest(low_q);
  out->norm += norm_; out->even += even_; out->count += N; out->spending += spending_;
  // NaN and infinities of q, D and S, which comparisons drop, are in one of these.
  out->finite += (norm_ + spending_ + volume + (out->high_q - out->low_q)) * 0;
  if (highest(gap) > out->gap) { out->gap = highest(gap); out->gap_row = m; }
  out->complementarity = most(out->complementarity, highest(complementarity));
}

/** Of one edge and one agent's net put, and nothing else: most rows are. */
INLINE int is_plain(const Plan *plan, i32 m, int special) {
  const i32 put = INTS(plan->put_first)[m], edge = INTS(plan->leaf_first)[m];
  if (special || INTS(plan->put_first)[m + 1] - put != 1 || INTS(plan->leaf_first)[m + 1] - edge != 1) return 0;
  const i32 a = INTS(plan->put_agent)[put];
  return !INTS(plan->agent_put)[a] && !INTS(plan->agent_lines)[a] && INTS(plan->agent_center)[a] &&
         INTS(plan->agent_radius)[a] && !INTS(plan->endowment)[m] && !INTS(plan->floors)[m];
}

/** Between these log(D/S) needs no care. */
#define SMALL 1e-150
#define LARGE 1e150

/** S, D and f of such a row; returns Σ w S. */
static real plain_row(const Plan *plan, i32 m, const real *p, real *supply, real *demand, real *f) {
  const i32 N = plan->nodes;
  const i32 k = INTS(plan->put_first)[m], e = INTS(plan->leaf_edge)[INTS(plan->leaf_first)[m]];
  const i32 node = INTS(plan->edge_node)[e];
  const Put put = put_of(plan, INTS(plan->put_agent)[k], INTS(plan->put_row)[k]);
  const real *center = put.center, *radius = put.radius, *w = REALS(plan->weights), *inverse = REALS(plan->inverse_weights);
  const real *flow = row_of(plan->flow, node, N), *share = row_of(plan->share, e, N);
  const vec M = all(REALS(plan->spending)[INTS(plan->node_consumer)[node]]), kappa = all(put.kappa);
  real volume = 0;
  vec low = all(LARGE), high = all(SMALL), sum = {0};
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec acc = {0};
    ALONG(from, to, {
      const vec price = load(p + n, lanes), s = load(radius + n, lanes);
      const vec y = load(center + n, lanes) + kappa * s * (s * price);
      const vec spent = M * load(flow + n, lanes) * load(share + n, lanes) * load(inverse + n, lanes);
      const vec S = larger(y, all(0)), D = spent / price - smaller(y, all(0));
      store(supply + n, S, lanes);
      store(demand + n, D, lanes);
      low = smaller(low, smaller(D, S));
      high = larger(high, larger(D, S));
      sum += D + S;
      acc += counted(load(w + n, lanes) * S, lanes);
    });
    volume += total(acc, LANES);
  }
  // A sum keeps NaN, which comparisons drop.
  if (lowest(low) > SMALL && highest(high) < LARGE && total(sum, LANES) < LARGE)
    ALONG(0, N, store(f + n, vlog(load(demand + n, lanes) / load(supply + n, lanes)), lanes););
  else ALONG(0, N, store(f + n, log_ratio(load(demand + n, lanes), load(supply + n, lanes)), lanes););
  return volume;
}

/** f of rows `rows[from … to)`, and the reductions over them. @param average ΣM over the number of markets */
void EXPORT(residual_rows)(const Plan *plan, u32 q, u32 f, u32 rows, i32 from, i32 to, real horizon, real average, i32 sample, u32 readout) {
  const i32 N = plan->nodes;
  Readout *out = (Readout *)REALS(readout);
  *out = (Readout){-1e300, 1e300, -1e300, 1e300, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0};
  for (i32 k = from; k < to; k++) {
    const i32 m = INTS(rows)[k];
    const real *p = row_of(plan->price, m, N), *at = row_of(q, m, N);
    real *S = row_in(plan->supply, m, N), *D = row_in(plan->demand, m, N), *result = row_in(f, m, N);
    const int special = BYTES(plan->special)[m];
    real volume;
    if (is_plain(plan, m, special)) volume = plain_row(plan, m, p, S, D, result) / horizon;
    else {
      produce_row(plan, m, p, S, D);
      consume_row(plan, m, p, inactive_row(plan, m), D);
      ALONG(0, N, store(result + n, log_ratio(load(D + n, lanes), load(S + n, lanes)), lanes););
      volume = mean_of(plan, S, horizon);
    }
    if (volume == 0) volume = mean_of(plan, D, horizon);
    if (volume == 0) volume = 1;
    if (special) reduce_special(plan, m, at, result, volume, average, out);
    else reduce_row(plan, m, at, result, volume, average, out);
    if (m % sample == 0) probe_row(plan, m, out);
  }
}
