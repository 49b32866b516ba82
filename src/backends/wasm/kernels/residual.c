// D, S, f = log D − log S and the reductions that go with them (market/readout.ts), row by row.
#include "puts.h"

#define STRETCH SUMMED
/** f is reported within ±LIMIT. */
#define LIMIT SAFE_EXPONENT

/** Reductions over a block of rows. */
typedef struct {
  wide high_f, low_f, norm, even, count, spending, value, u, v, finite, gap, gap_row, complementarity, pad;
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

/** Adds what preferences buy: Σ_edges budget flow share/p. `log` has the log prices where some instants are inactive. */
static void consume_row(const Plan *plan, i32 m, const real *p, const real *log, real *demand) {
  const i32 N = plan->nodes;
  for (i32 k = INTS(plan->leaf_first)[m]; k < INTS(plan->leaf_first)[m + 1]; k++) {
    const i32 e = INTS(plan->leaf_edge)[k], node = INTS(plan->edge_node)[e];
    const real *budget = row_of(plan->budget, INTS(plan->node_consumer)[node], N);
    const real *flow = row_of(plan->flow, node, N), *share = row_of(plan->share, e, N);
    ALONG(0, N, {
      const vec spent = load(budget + n, lanes) * load(flow + n, lanes) * load(share + n, lanes);
      const vec price = log ? vexp(load(log + n, lanes)) : load(p + n, lanes);
      store(demand + n, load(demand + n, lanes) + spent / price, lanes);
    });
  }
}

/** S and D of a row. */
static void account_row(const Plan *plan, i32 m, const real *p, real *supply, real *demand) {
  produce_row(plan, m, p, supply, demand);
  consume_row(plan, m, p, inactive_row(plan, m), demand);
}

/** The same of rows from … to, into matrices that begin with row `first`. */
void EXPORT(account_rows)(const Plan *plan, i32 from, i32 to, i32 first, u32 supply, u32 demand) {
  const i32 N = plan->nodes;
  for (i32 m = from; m < to; m++)
    account_row(plan, m, row_of(plan->price, m, N), row_in(supply, m - first, N), row_in(demand, m - first, N));
}

INLINE vec log_ratio(vec demand, vec supply) {
  const vec ratio = demand / supply;
  const vec least = all(LEAST_NUMBER), most = all(MOST_NUMBER);
  vec f = vlog(larger(smaller(ratio, most), least));
  f = pick((vbits)(f > all(LIMIT)), all(LIMIT), f);
  f = pick((vbits)(f < all(-LIMIT)), all(-LIMIT), f);
  f = pick((vbits)(ratio == ratio), f, ratio);
  return pick((vbits)(demand == supply), all(0), f);
}

static wide mean_of(const Plan *plan, const real *x, wide horizon) {
  const real *w = REALS(plan->weights);
  const i32 N = plan->nodes;
  wide sum = 0;
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec acc = {0};
    ALONG(from, to, acc += counted(load(w + n, lanes) * load(x + n, lanes), lanes););
    sum += total(acc, LANES);
  }
  return sum / horizon;
}

INLINE wide most(wide a, wide b) { return a > b ? a : b; }
INLINE wide least(wide a, wide b) { return a < b ? a : b; }

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
static void reduce_special(const Plan *plan, i32 m, real *f, const real *S, const real *D, wide volume, wide average, Readout *out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights), *p = row_of(plan->price, m, N);
  const u8 *active = BYTES(plan->active) + (u64)m * N, *idle = BYTES(plan->idle) + (u64)m * N;
  for (i32 n = 0; n < N; n++) {
    const wide z = D[n] - S[n];
    const wide gap = (active[n] ? (z < 0 ? -z : z) : most(z, 0)) / volume;
    if (gap > out->gap) { out->gap = gap; out->gap_row = m; }
    const wide revenue = w[n] * p[n] * S[n] / average;
    out->complementarity = most(out->complementarity, z < 0 ? least(gap, revenue) : gap);
    if (!active[n]) { f[n] = 0; continue; }
    out->finite += (D[n] + S[n]) * 0;
    out->high_f = most(out->high_f, f[n]); out->low_f = least(out->low_f, f[n]);
    const wide worth = w[n] * p[n];
    out->norm += worth * D[n] * f[n] * f[n];
    if (!idle[n]) { out->even += f[n] * f[n]; out->count += 1; }
    out->spending += worth * D[n];
  }
}

static void reduce_row(const Plan *plan, i32 m, const real *f, const real *S, const real *D, wide volume, wide average, Readout *out) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights), *p = row_of(plan->price, m, N);
  const wide inverse = 1 / volume, worth_of = 1 / average;
  vec high_f = all(out->high_f), low_f = all(out->low_f);
  vec gap = {0}, complementarity = {0};
  wide norm_ = 0, even_ = 0, spending_ = 0;
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec norm = {0}, even = {0}, spending = {0};
    ALONG(from, to, {
      const vec x = load(f + n, lanes), d = load(D + n, lanes), s = load(S + n, lanes);
      const vec worth = load(w + n, lanes) * load(p + n, lanes);
      high_f = larger(high_f, x); low_f = smaller(low_f, x);
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
  out->norm += norm_; out->even += even_; out->count += N; out->spending += spending_;
  // NaN and infinities of D and S, which comparisons drop, are in one of these.
  out->finite += (norm_ + spending_ + volume) * 0;
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

/** Where a row goes while it is worked on, and what it is made of. */
typedef struct {
  const real *p, *center, *radius, *share, *factor, *w;
  wide kappa;
} Plain;

/** Clearing as complementarity of such a row. */
static wide plain_complementarity(const Plain *row, i32 N, wide volume, wide average) {
  const vec inverse = all(1 / volume), worth_of = all(1 / average), kappa = all(row->kappa);
  vec most = {0};
  ALONG(0, N, {
    const vec price = load(row->p + n, lanes), s = load(row->radius + n, lanes);
    const vec y = madd(kappa * s, s * price, load(row->center + n, lanes));
    const vec missing = (load(row->share + n, lanes) * load(row->factor + n, lanes) / price - y) * inverse;
    const vec revenue = load(row->w + n, lanes) * price * y * worth_of;
    most = larger(most, larger(missing, smaller(-missing, revenue)));
  });
  return highest(most);
}

/**
 * f of a row of one agent's net put and one edge, from r = D/S = share factor/(p y), and its reductions; S and D too unless these are 0.
 * Returns 0, having done nothing that lasts but to f, where some y ≤ 0 or r needs care.
 *
 * @param factor flow × budget of the edge's node
 */
static int plain_row(const Plain *row, i32 m, i32 N, real *f, real *supply, real *demand, wide horizon, wide average, Readout *out) {
  const vec kappa = all(row->kappa);
  vec least_y = all(LARGE), least_r = all(LARGE), most_r = all(0), far = {0};
  wide volume = 0, norm_ = 0, even_ = 0, spending_ = 0;
  real ratio[STRIP], spent[STRIP];
  for (i32 from = 0; from < N; from += STRETCH) {
    const i32 to = from + STRETCH < N ? from + STRETCH : N;
    vec supplied = {0}, norm = {0}, even = {0}, spending = {0};
    // In strips, so that memory is read while logarithms are computed.
    for (i32 start = from; start < to; start += STRIP) {
      const i32 end = start + STRIP < to ? start + STRIP : to;
      ALONG(start, end, {
        const vec price = load(row->p + n, lanes), s = load(row->radius + n, lanes);
        const vec y = madd(kappa * s, s * price, load(row->center + n, lanes));
        const vec bought = load(row->share + n, lanes) * load(row->factor + n, lanes), w = load(row->w + n, lanes);
        const vec r = bought / (price * y);
        store(ratio + (n - start), r, lanes);
        store(spent + (n - start), w * bought, lanes);
        least_y = smaller(least_y, y);
        least_r = smaller(least_r, r);
        most_r = larger(most_r, r);
        far = larger(far, absolute(madd(y, r, -y)));
        supplied = madd(counted(w, lanes), y, supplied);
      });
      ALONG(start, end, {
        const vec x = vlog(load(ratio + (n - start), lanes)), square = counted(x * x, lanes);
        const vec worth = load(spent + (n - start), lanes);
        store(f + n, x, lanes);
        norm = madd(worth, square, norm);
        even += square;
        spending += counted(worth, lanes);
      });
    }
    volume += total(supplied, LANES); norm_ += total(norm, LANES); even_ += total(even, LANES); spending_ += total(spending, LANES);
  }
  // A sum keeps NaN, which comparisons drop.
  if (!(lowest(least_y) > SMALL && lowest(least_r) > SMALL && highest(most_r) < LARGE && volume < LARGE)) return 0;
  out->high_f = most(out->high_f, vlog(all(highest(most_r)))[0]);
  out->low_f = least(out->low_f, vlog(all(lowest(least_r)))[0]);
  out->norm += norm_; out->even += even_; out->spending += spending_; out->count += N;
  // To the last bit what account_row makes of them.
  if (supply) ALONG(0, N, {
    const vec price = load(row->p + n, lanes), s = load(row->radius + n, lanes);
    store(supply + n, madd(kappa * s, s * price, load(row->center + n, lanes)), lanes);
    store(demand + n, load(row->share + n, lanes) * load(row->factor + n, lanes) / price, lanes);
  });
  volume /= horizon;
  const wide gap = highest(far) / volume;
  if (gap > out->gap) { out->gap = gap; out->gap_row = m; }
  // It is never more than the gap.
  if (gap > out->complementarity) out->complementarity = most(out->complementarity, plain_complementarity(row, N, volume, average));
  return 1;
}

/** Any other row. */
static void general_row(const Plan *plan, i32 m, const real *p, real *f, real *S, real *D, wide horizon, wide average, Readout *out) {
  const i32 N = plan->nodes;
  account_row(plan, m, p, S, D);
  ALONG(0, N, store(f + n, log_ratio(load(D + n, lanes), load(S + n, lanes)), lanes););
  wide volume = mean_of(plan, S, horizon);
  if (volume == 0) volume = mean_of(plan, D, horizon);
  if (volume == 0) volume = 1;
  if (BYTES(plan->special)[m]) reduce_special(plan, m, f, S, D, volume, average, out);
  else reduce_row(plan, m, f, S, D, volume, average, out);
}

/** f of rows from … to, and the reductions over them; S and D too unless lean. @param average ΣM over the number of markets @param room three rows */
void EXPORT(residual_rows)(const Plan *plan, u32 f, i32 from, i32 to, int lean, wide horizon, wide average, i32 sample, u32 room, u32 readout) {
  const i32 N = plan->nodes;
  real *factor = REALS(room);
  i32 factor_of = -1;
  Readout *out = (Readout *)AT(readout);
  *out = (Readout){-BEYOND, BEYOND, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0};
  for (i32 m = from; m < to; m++) {
    const real *p = row_of(plan->price, m, N);
    real *result = row_in(f, m, N);
    real *S = lean ? 0 : row_in(plan->supply, m, N), *D = lean ? 0 : row_in(plan->demand, m, N);
    int done = 0;
    if (is_plain(plan, m, BYTES(plan->special)[m])) {
      const i32 k = INTS(plan->put_first)[m], e = INTS(plan->leaf_edge)[INTS(plan->leaf_first)[m]], node = INTS(plan->edge_node)[e];
      if (node != factor_of) {
        const real *flow = row_of(plan->flow, node, N), *budget = row_of(plan->budget, INTS(plan->node_consumer)[node], N);
        ALONG(0, N, store(factor + n, load(flow + n, lanes) * load(budget + n, lanes), lanes););
        factor_of = node;
      }
      const Put put = put_of(plan, INTS(plan->put_agent)[k], INTS(plan->put_row)[k]);
      const Plain row = {p, put.center, put.radius, row_of(plan->share, e, N), factor, REALS(plan->weights), put.kappa};
      done = plain_row(&row, m, N, result, S, D, horizon, average, out);
    }
    if (!done) general_row(plan, m, p, result, lean ? factor + N : S, lean ? factor + 2 * N : D, horizon, average, out);
    if (m % sample == 0) probe_row(plan, m, out);
  }
  out->finite += (out->norm + out->spending) * 0;
}
