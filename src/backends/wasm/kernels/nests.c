// The price and demand sweeps over the graphs of preferences (model.md section 3), and their derivatives.
#include "plan.h"

#define TILE 64
/** |1 − σ| below which the index is centred at its mean, by expm1 and log1p: accurate up to σ = 1. */
#define NEAR 0.02

INLINE const real *child_row(const Plan *plan, u32 q, i32 child) {
  return child < 0 ? log_row(plan, q, -1 - child) : row_of(plan->index, child, plan->nodes);
}

/** e^x − 1, accurate near 0. */
INLINE vec vexpm1(vec x) {
  const vec series = x * (all(1) + x * (all(0.5) + x * (all(1.0 / 6) + x * (all(1.0 / 24) + x * (all(1.0 / 120) +
                     x * (all(1.0 / 720) + x * all(1.0 / 5040)))))));
  return pick((vbits)(absolute(x) < all(0.02)), series, vexp(x) - all(1));
}
/** log(1 + x), accurate near 0. */
INLINE vec vlog1p(vec x) {
  const vec u = all(1) + x;
  return vlog(u) + (x - (u - all(1))) / u;
}

/** log P = centre + log A/(1−σ) + log(Σ a e^{(1−σ)(y − centre)})/(1−σ) and the shares, over nodes from … to. */
static void price_node(const Plan *plan, u32 q, i32 k, i32 from, i32 to) {
  const i32 N = plan->nodes;
  const i32 first = INTS(plan->first_edge)[k], count = INTS(plan->first_edge)[k + 1] - first;
  const i32 *children = INTS(plan->edge_child) + first;
  const real *weights = REALS(plan->edge_weight) + first;
  const real delta = REALS(plan->node_delta)[k], scale = REALS(plan->node_scale)[k];
  const int near = delta < NEAR && delta > -NEAR;
  real centre[TILE], sum[TILE];
  for (i32 start = from; start < to; start += TILE) {
    const i32 size = to - start < TILE ? to - start : TILE;
    real *index = row_in(plan->index, k, N) + start;
    const real *row = child_row(plan, q, children[0]) + start;
    if (count == 1) {
      real *share = row_in(plan->share, first, N) + start;
      ALONG(0, size, store(index + n, load(row + n, lanes) + all(scale), lanes); store(share + n, all(1), lanes););
      continue;
    }
    const real first_weight = near ? weights[0] : 1;
    ALONG(0, size, store(centre + n, load(row + n, lanes) * all(first_weight), lanes); store(sum + n, all(0), lanes););
    for (i32 c = 1; c < count; c++) {
      row = child_row(plan, q, children[c]) + start;
      const real weight = weights[c];
      if (near) ALONG(0, size, store(centre + n, load(centre + n, lanes) + all(weight) * load(row + n, lanes), lanes););
      else if (delta > 0) ALONG(0, size, store(centre + n, larger(load(row + n, lanes), load(centre + n, lanes)), lanes););
      else ALONG(0, size, store(centre + n, smaller(load(row + n, lanes), load(centre + n, lanes)), lanes););
    }
    for (i32 c = 0; c < count; c++) {
      row = child_row(plan, q, children[c]) + start;
      real *share = row_in(plan->share, first + c, N) + start;
      const real weight = weights[c];
      if (near) {
        ALONG(0, size, {
          const vec power = all(weight) * vexpm1(all(delta) * (load(row + n, lanes) - load(centre + n, lanes)));
          store(share + n, power + all(weight), lanes);
          store(sum + n, load(sum + n, lanes) + power, lanes);
        });
      } else {
        ALONG(0, size, {
          const vec power = all(weight) * vexp(all(delta) * (load(row + n, lanes) - load(centre + n, lanes)));
          store(share + n, power, lanes);
          store(sum + n, load(sum + n, lanes) + power, lanes);
        });
      }
    }
    const real inverse = delta == 0 ? 0 : 1 / delta;
    if (near) ALONG(0, size, store(index + n, load(centre + n, lanes) + all(scale) + vlog1p(load(sum + n, lanes)) * all(inverse), lanes);
                             store(sum + n, all(1) / (all(1) + load(sum + n, lanes)), lanes););
    else ALONG(0, size, store(index + n, load(centre + n, lanes) + all(scale) + vlog(load(sum + n, lanes)) * all(inverse), lanes);
                        store(sum + n, all(1) / load(sum + n, lanes), lanes););
    for (i32 c = 0; c < count; c++) {
      real *share = row_in(plan->share, first + c, N) + start;
      ALONG(0, size, store(share + n, load(share + n, lanes) * load(sum + n, lanes), lanes););
    }
  }
}

/** Nodes `list[from … to)`, children before parents, over nodes start … end of time. */
void EXPORT(price_nodes)(const Plan *plan, u32 q, u32 list, i32 from, i32 to, i32 start, i32 end) {
  for (i32 k = from; k < to; k++) price_node(plan, q, INTS(list)[k], start, end);
}

/** Of each agent from … to: prices of the rows that are its alone, its sums, and the nests that begin with one of its metrics. */
void EXPORT(open_agents)(const Plan *plan, u32 q, i32 from, i32 to) {
  const i32 *rows = INTS(plan->own_first), *nests = INTS(plan->nest_first);
  for (i32 a = from; a < to; a++) {
    for (i32 k = rows[a]; k < rows[a + 1]; k++) price_row(plan, q, plan->price, INTS(plan->own_row)[k]);
    agent_sum(plan, 0, a, plan->sums);
    for (i32 k = nests[a]; k < nests[a + 1]; k++) price_node(plan, q, INTS(plan->nest)[k], 0, plan->nodes);
  }
}

/** Spending of nodes from that of the roots: parents before children, `list` being children first. Leaves are left to the rows. */
void EXPORT(flow_nodes)(const Plan *plan, u32 list, i32 count, i32 start, i32 end) {
  const i32 N = plan->nodes;
  for (i32 k = 0; k < count; k++) {
    const i32 node = INTS(list)[k];
    if (BYTES(plan->node_root)[node]) continue;
    real *flow = row_in(plan->flow, node, N);
    ALONG(start, end, store(flow + n, all(0), lanes););
  }
  for (i32 k = count - 1; k >= 0; k--) {
    const i32 node = INTS(list)[k];
    const real *own = row_of(plan->flow, node, N);
    for (i32 e = INTS(plan->first_edge)[node]; e < INTS(plan->first_edge)[node + 1]; e++) {
      const i32 child = INTS(plan->edge_child)[e];
      if (child < 0) continue;
      const real *share = row_of(plan->share, e, N);
      real *flow = row_in(plan->flow, child, N);
      ALONG(start, end, store(flow + n, load(flow + n, lanes) + load(own + n, lanes) * load(share + n, lanes), lanes););
    }
  }
}

/** Σ_c share x_c, x being `vector` at leaves and `nodes` at nodes; written to `nodes`. */
void EXPORT(mean_nodes)(const Plan *plan, u32 vector, int side, u32 nodes, u32 list, i32 from, i32 to, i32 start, i32 end) {
  const i32 N = plan->nodes;
  for (i32 k = from; k < to; k++) {
    const i32 node = INTS(list)[k];
    real *own = row_in(nodes, node, N);
    const i32 first = INTS(plan->first_edge)[node], last = INTS(plan->first_edge)[node + 1];
    for (i32 e = first; e < last; e++) {
      const i32 child = INTS(plan->edge_child)[e];
      const real *x = child >= 0 ? row_of(nodes, child, N)
                    : side       ? moving_row(plan, vector, -1 - child)
                                 : row_of(vector, -1 - child, N);
      const real *share = row_of(plan->share, e, N);
      if (e == first) ALONG(start, end, store(own + n, load(share + n, lanes) * load(x + n, lanes), lanes););
      else ALONG(start, end, store(own + n, load(own + n, lanes) + load(share + n, lanes) * load(x + n, lanes), lanes););
    }
  }
}

/** d flow_c = Σ share (d flow_k + flow_k (1−σ_k)(dlog P_c − dlog P_k)); d flow of roots given; dlog P in scratch0, d flow in scratch1. */
void EXPORT(dflow_nodes)(const Plan *plan, u32 list, i32 count, i32 start, i32 end) {
  const i32 N = plan->nodes;
  for (i32 k = 0; k < count; k++) {
    const i32 node = INTS(list)[k];
    if (BYTES(plan->node_root)[node]) continue;
    real *dflow = row_in(plan->scratch1, node, N);
    ALONG(start, end, store(dflow + n, all(0), lanes););
  }
  for (i32 k = count - 1; k >= 0; k--) {
    const i32 node = INTS(list)[k];
    const real *flow = row_of(plan->flow, node, N), *own = row_of(plan->scratch0, node, N);
    const real *dflow = row_of(plan->scratch1, node, N);
    const real delta = REALS(plan->node_delta)[node];
    for (i32 e = INTS(plan->first_edge)[node]; e < INTS(plan->first_edge)[node + 1]; e++) {
      const i32 child = INTS(plan->edge_child)[e];
      if (child < 0) continue;
      const real *share = row_of(plan->share, e, N), *dchild = row_of(plan->scratch0, child, N);
      real *out = row_in(plan->scratch1, child, N);
      ALONG(start, end, {
        const vec tilt = all(delta) * (load(dchild + n, lanes) - load(own + n, lanes));
        const vec change = load(dflow + n, lanes) + load(flow + n, lanes) * tilt;
        store(out + n, load(out + n, lanes) + load(share + n, lanes) * change, lanes);
      });
    }
  }
}
