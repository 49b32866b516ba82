// The nest-wise step (preferences/nest-wise.ts, market/nest-wise.ts).
#include "puts.h"

#define LEAST_RESPONSE 0.05
#define LEAST_OWN 1e-4
#define FIRM 8

/** p ∂y/∂p of a row over the volume it is part of, added to `response`. */
static void respond_row(const Plan *plan, i32 m, const real *p, const real *S, const real *D, real *response) {
  const i32 N = plan->nodes;
  const real *w = REALS(plan->weights);
  for (i32 k = INTS(plan->put_first)[m]; k < INTS(plan->put_first)[m + 1]; k++) {
    const i32 a = INTS(plan->put_agent)[k], r = INTS(plan->put_row)[k];
    const Put put = put_of(plan, a, r);
    const u32 given = INTS(plan->agent_response)[a];
    const real *made = given ? row_of(given, r, N) : 0;
    if (!made && !put.radius) continue;
    const wide squares = WIDES(plan->sums)[INTS(plan->agent_slot)[a] + 1];
    const wide part = squares > 0 ? 1 / squares : 0;
    ALONG(0, N, {
      const vec price = load(p + n, lanes), y = put_at(&put, n, price, lanes);
      vec own;
      if (made) own = load(made + n, lanes);
      else {
        const vec s = load(put.radius + n, lanes), sp = s * price;
        own = all(put.kappa) * s * sp * larger(all(1) - load(w + n, lanes) * sp * sp * all(part), all(0));
      }
      const vec volume = pick((vbits)(y > all(0)), load(S + n, lanes), load(D + n, lanes));
      const vbits counts = (vbits)(own > all(0)) & (vbits)(volume > all(0));
      store(response + n, load(response + n, lanes) + pick(counts, own / volume, all(0)), lanes);
    });
  }
}

/**
 * e and φ = 1 of a row of one agent's net put, all of it supply, and one edge, all of it bought; 0, having done nothing that lasts, of any
 * other.
 */
static int plain_response(const Plan *plan, i32 m, const real *p, real *response) {
  const i32 N = plan->nodes;
  if (!is_plain(plan, m, BYTES(plan->special)[m])) return 0;
  const i32 k = INTS(plan->put_first)[m], a = INTS(plan->put_agent)[k];
  const i32 e = INTS(plan->leaf_edge)[INTS(plan->leaf_first)[m]];
  const Put put = put_of(plan, a, INTS(plan->put_row)[k]);
  const wide squares = WIDES(plan->sums)[INTS(plan->agent_slot)[a] + 1];
  const vec kappa = all(put.kappa), part = all(squares > 0 ? 1 / squares : 0);
  const real *w = REALS(plan->weights), *share = row_of(plan->share, e, N), *flow = row_of(plan->flow, INTS(plan->edge_node)[e], N);
  vec least_y = all(BEYOND), least_spent = all(BEYOND);
  ALONG(0, N, {
    const vec price = load(p + n, lanes), s = load(put.radius + n, lanes), sp = s * price;
    const vec y = madd(kappa * s, sp, load(put.center + n, lanes));
    const vec own = kappa * s * sp * larger(all(1) - load(w + n, lanes) * sp * sp * part, all(0));
    least_y = smaller(least_y, y);
    least_spent = smaller(least_spent, load(share + n, lanes) * load(flow + n, lanes));
    store(response + n, own / y, lanes);
  });
  return lowest(least_y) > 0 && lowest(least_spent) > 0 && WIDES(plan->spending)[INTS(plan->node_consumer)[INTS(plan->edge_node)[e]]] > 0;
}

/** e and φ of rows. @param room one row */
void EXPORT(response_rows)(const Plan *plan, u32 q, u32 rows, i32 from, i32 to, u32 room) {
  const i32 N = plan->nodes;
  const real *inverse = REALS(plan->inverse_weights);
  for (i32 k = from; k < to; k++) {
    const i32 m = INTS(rows)[k];
    const real *p = row_of(plan->price, m, N), *S = row_of(plan->supply, m, N), *D = row_of(plan->demand, m, N);
    const real *log = inactive_row(plan, m);
    real *response = row_in(plan->response, m, N), *free = row_in(plan->free, m, N), *bought = REALS(room);
    if (plain_response(plan, m, p, response)) {
      ALONG(0, N, store(free + n, all(1), lanes););
      continue;
    }
    ALONG(0, N, store(response + n, all(0), lanes); store(bought + n, all(0), lanes););
    respond_row(plan, m, p, S, D, response);
    for (i32 j = INTS(plan->leaf_first)[m]; j < INTS(plan->leaf_first)[m + 1]; j++) {
      const i32 e = INTS(plan->leaf_edge)[j], node = INTS(plan->edge_node)[e];
      const wide M = WIDES(plan->spending)[INTS(plan->node_consumer)[node]];
      const real *flow = row_of(plan->flow, node, N), *share = row_of(plan->share, e, N);
      ALONG(0, N, {
        const vec price = log ? vexp(load(log + n, lanes)) : load(p + n, lanes);
        const vec c = all(M) * load(flow + n, lanes) * load(share + n, lanes) * load(inverse + n, lanes) / price;
        store(bought + n, load(bought + n, lanes) + c, lanes);
      });
    }
    ALONG(0, N, {
      const vec c = load(bought + n, lanes), d = load(D + n, lanes), s = load(S + n, lanes);
      store(free + n, pick((vbits)(d > all(0)), c / d, all(0)), lanes);
      const vec ratio = larger(smaller(d / s, all(MOST_NUMBER)), all(LEAST_NUMBER));
      const vbits bounded = (vbits)(d > all(0)) & (vbits)(s > all(0));
      const vec apart = pick((vbits)(d == s), all(0), all(FIRM) * absolute(vlog(ratio)));
      const vec firm = pick(bounded, apart, all(1));
      const vec e = load(response + n, lanes);
      const vec alone = larger(larger(e, all(LEAST_OWN)), firm);
      store(response + n, pick((vbits)(c > all(0)), e, alone), lanes);
    });
  }
}

/** Forward: steps and weights of nodes (scratch3, scratch4), value, e and φ being scratch0 … 2. Steps of roots are given. */
void EXPORT(wise_nodes)(const Plan *plan, u32 list, i32 count, i32 start, i32 end) {
  const i32 N = plan->nodes;
  for (i32 k = 0; k < count; k++) {
    const i32 node = INTS(list)[k];
    if (BYTES(plan->node_root)[node]) continue;
    real *step = row_in(plan->scratch3, node, N), *weight = row_in(plan->scratch4, node, N);
    ALONG(start, end, store(step + n, all(0), lanes); store(weight + n, all(0), lanes););
  }
  for (i32 k = count - 1; k >= 0; k--) {
    const i32 node = INTS(list)[k];
    const real sigma = 1 - REALS(plan->node_delta)[node];
    const real *value = row_of(plan->scratch0, node, N), *e = row_of(plan->scratch1, node, N);
    const real *phi = row_of(plan->scratch2, node, N), *flow = row_of(plan->flow, node, N);
    real *step = row_in(plan->scratch3, node, N), *weight = row_in(plan->scratch4, node, N);
    if (!BYTES(plan->node_root)[node]) ALONG(start, end, {
      const vec total = load(weight + n, lanes);
      store(step + n, pick((vbits)(total > all(0)), load(step + n, lanes) / total, all(0)), lanes);
    });
    // From here on `weight` is the response r_n = max(LEAST_RESPONSE, σ φ + e).
    ALONG(start, end, store(weight + n, larger(all(sigma) * load(phi + n, lanes) + load(e + n, lanes), all(LEAST_RESPONSE)), lanes););
    for (i32 j = INTS(plan->first_edge)[node]; j < INTS(plan->first_edge)[node + 1]; j++) {
      const i32 child = INTS(plan->edge_child)[j];
      if (child < 0) continue;
      const real *share = row_of(plan->share, j, N), *spent = row_of(plan->flow, child, N);
      const real *below = row_of(plan->scratch0, child, N);
      real *to = row_in(plan->scratch3, child, N), *sum = row_in(plan->scratch4, child, N);
      ALONG(start, end, {
        const vec flowing = load(spent + n, lanes);
        const vec part = pick((vbits)(flowing > all(0)), load(flow + n, lanes) * load(share + n, lanes) / flowing, all(0));
        const vec r = load(weight + n, lanes);
        store(to + n, load(to + n, lanes) + part * (r * load(step + n, lanes) + load(below + n, lanes) - load(value + n, lanes)), lanes);
        store(sum + n, load(sum + n, lanes) + part * r, lanes);
      });
    }
  }
}

/** P⁻¹v of a row that one node buys alone, u + (v − above)/r; 0, having done nothing that lasts, of any other. */
static int plain_step(const Plan *plan, i32 m, const real *v, real *result) {
  const i32 N = plan->nodes, first = INTS(plan->leaf_first)[m];
  if (BYTES(plan->special)[m] || INTS(plan->leaf_first)[m + 1] - first != 1) return 0;
  const i32 e = INTS(plan->leaf_edge)[first], node = INTS(plan->edge_node)[e];
  const real *flow = row_of(plan->flow, node, N), *share = row_of(plan->share, e, N);
  const real *above = row_of(plan->scratch0, node, N), *u = row_of(plan->scratch3, node, N), *r = row_of(plan->scratch4, node, N);
  vec least = all(BEYOND);
  ALONG(0, N, {
    least = smaller(least, load(flow + n, lanes) * load(share + n, lanes));
    store(result + n, load(u + n, lanes) + (load(v + n, lanes) - load(above + n, lanes)) / load(r + n, lanes), lanes);
  });
  return lowest(least) > 0 && WIDES(plan->spending)[INTS(plan->node_consumer)[node]] > 0;
}

/** P⁻¹v of rows: consumers' steps averaged by what each buys. @param room four rows */
void EXPORT(wise_rows)(const Plan *plan, u32 v, u32 out, u32 rows, i32 from, i32 to, u32 room) {
  const i32 N = plan->nodes;
  real *step = REALS(room), *weight = step + N, *spent = weight + N, *bought = spent + N;
  for (i32 k = from; k < to; k++) {
    const i32 m = INTS(rows)[k];
    const real *value = moving_row(plan, v, m), *response = row_of(plan->response, m, N);
    real *result = row_in(out, m, N);
    if (plain_step(plan, m, value, result)) continue;
    const i32 first = INTS(plan->leaf_first)[m], last = INTS(plan->leaf_first)[m + 1];
    ALONG(0, N, store(result + n, all(0), lanes); store(bought + n, all(0), lanes););
    for (i32 j = first; j < last;) {
      const i32 consumer = INTS(plan->node_consumer)[INTS(plan->edge_node)[INTS(plan->leaf_edge)[j]]];
      const wide M = WIDES(plan->spending)[consumer];
      ALONG(0, N, store(step + n, all(0), lanes); store(weight + n, all(0), lanes); store(spent + n, all(0), lanes););
      for (; j < last; j++) {
        const i32 e = INTS(plan->leaf_edge)[j], node = INTS(plan->edge_node)[e];
        if (INTS(plan->node_consumer)[node] != consumer) break;
        const real *flow = row_of(plan->flow, node, N), *share = row_of(plan->share, e, N);
        const real *above = row_of(plan->scratch0, node, N), *u = row_of(plan->scratch3, node, N);
        const real *r = row_of(plan->scratch4, node, N);
        ALONG(0, N, {
          const vec part = load(flow + n, lanes) * load(share + n, lanes), own = load(r + n, lanes);
          store(step + n, load(step + n, lanes) + part * (own * load(u + n, lanes) + load(value + n, lanes) - load(above + n, lanes)), lanes);
          store(weight + n, load(weight + n, lanes) + part * own, lanes);
          store(spent + n, load(spent + n, lanes) + part, lanes);
        });
      }
      ALONG(0, N, {
        const vec c = all(M) * load(spent + n, lanes), w = load(weight + n, lanes);
        const vec own = pick((vbits)(w > all(0)), load(step + n, lanes) / w, all(0));
        store(result + n, load(result + n, lanes) + c * own, lanes);
        store(bought + n, load(bought + n, lanes) + c, lanes);
      });
    }
    ALONG(0, N, {
      const vec c = load(bought + n, lanes);
      const vec alone = load(value + n, lanes) / load(response + n, lanes);
      store(result + n, pick((vbits)(c > all(0)), load(result + n, lanes) / c, alone), lanes);
    });
    if (!BYTES(plan->special)[m]) continue;
    const u8 *active = BYTES(plan->active) + (u64)m * N;
    for (i32 n = 0; n < N; n++)
      if (!active[n]) result[n] = 0;
  }
}
