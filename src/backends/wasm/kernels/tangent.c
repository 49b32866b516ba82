// f'(q)·dq of rows, once dP, dI, dF and the agents' changes are there.
#include "puts.h"

/** dS − dD of agents, each to its side: one-sided where a net put is 0. */
static void dproduce_row(const Plan *plan, i32 m, const real *p, const real *dq, real *dsupply, real *ddemand) {
  const i32 N = plan->nodes;
  ALONG(0, N, store(dsupply + n, all(0), lanes); store(ddemand + n, all(0), lanes););
  for (i32 k = INTS(plan->put_first)[m]; k < INTS(plan->put_first)[m + 1]; k++) {
    const i32 a = INTS(plan->put_agent)[k], r = INTS(plan->put_row)[k];
    const Put put = put_of(plan, a, r);
    const wide *changes = WIDES(plan->changes) + INTS(plan->agent_slot)[a];
    const real *made = put.made ? row_of(INTS(plan->agent_dput)[a], r, N) : 0;
    const wide along = changes[1];
    ALONG(0, N, {
      const vec price = load(p + n, lanes);
      const vec y = put_at(&put, n, price, lanes);
      vec dy = {0};
      if (made) dy = load(made + n, lanes);
      else {
        if (put.radius) {
          const vec s = load(put.radius + n, lanes);
          dy = all(put.kappa) * s * (s * price) * (load(dq + n, lanes) - all(along));
        }
        for (i32 j = 0; j < put.count; j++) dy += all(changes[2 + j]) * load(put.lines + j * put.stride + n, lanes);
      }
      const vbits out = (vbits)(y > all(0)) | ((vbits)(y == all(0)) & (vbits)(dy > all(0)));
      store(dsupply + n, load(dsupply + n, lanes) + pick(out, dy, all(0)), lanes);
      store(ddemand + n, load(ddemand + n, lanes) - pick(out, all(0), dy), lanes);
    });
  }
}

/** Σ_edges [dM share flow + M (d(share flow) − share flow dq)]/(w p). */
static void dconsume_row(const Plan *plan, i32 m, const real *p, const real *log, const real *dq, real *ddemand) {
  const i32 N = plan->nodes;
  const real *inverse = REALS(plan->inverse_weights);
  for (i32 k = INTS(plan->leaf_first)[m]; k < INTS(plan->leaf_first)[m + 1]; k++) {
    const i32 e = INTS(plan->leaf_edge)[k], node = INTS(plan->edge_node)[e];
    const i32 consumer = INTS(plan->node_consumer)[node];
    const wide M = WIDES(plan->spending)[consumer], dM = WIDES(plan->dspending)[consumer];
    const real delta = REALS(plan->node_delta)[node];
    const real *flow = row_of(plan->flow, node, N), *share = row_of(plan->share, e, N);
    const real *dindex = row_of(plan->scratch0, node, N), *dflow = row_of(plan->scratch1, node, N);
    ALONG(0, N, {
      const vec direction = load(dq + n, lanes), spent = load(flow + n, lanes);
      const vec change = load(dflow + n, lanes) + spent * (all(delta) * (direction - load(dindex + n, lanes)) - direction);
      const vec price = log ? vexp(load(log + n, lanes)) : load(p + n, lanes);
      const vec bought = (all(dM) * spent + all(M) * change) * load(share + n, lanes) * load(inverse + n, lanes) / price;
      store(ddemand + n, load(ddemand + n, lanes) + bought, lanes);
    });
  }
}

/** dx/x, and 0 where nothing is there and nothing moves. */
INLINE vec relative(vec dx, vec x) { return pick((vbits)(dx == all(0)), all(0), dx / x); }

/** Writes f'(q)·dq of rows; dD and dS go to `ddemand` and `dsupply` unless these are 0. @param room two rows */
void EXPORT(tangent_rows)(const Plan *plan, u32 q, u32 dq, u32 out, u32 rows, i32 from, i32 to, u32 room, u32 dsupply, u32 ddemand) {
  const i32 N = plan->nodes;
  for (i32 k = from; k < to; k++) {
    const i32 m = INTS(rows)[k];
    const int special = BYTES(plan->special)[m];
    const real *p = row_of(plan->price, m, N), *direction = moving_row(plan, dq, m);
    const real *S = row_of(plan->supply, m, N), *D = row_of(plan->demand, m, N);
    real *dS = dsupply ? row_in(dsupply, m, N) : REALS(room), *dD = ddemand ? row_in(ddemand, m, N) : REALS(room) + N;
    real *result = row_in(out, m, N);
    dproduce_row(plan, m, p, direction, dS, dD);
    dconsume_row(plan, m, p, inactive_row(plan, m), direction, dD);
    ALONG(0, N, store(result + n, relative(load(dD + n, lanes), load(D + n, lanes)) - relative(load(dS + n, lanes), load(S + n, lanes)), lanes););
    if (!special) continue;
    const u8 *active = BYTES(plan->active) + (u64)m * N;
    for (i32 n = 0; n < N; n++)
      if (!active[n]) result[n] = 0;
  }
}
