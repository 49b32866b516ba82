// The price and demand sweeps over the graphs of preferences (model.md section 3), and their derivatives.
#include "plan.h"

#define TILE 128
/** |1 − σ| below which the index is centred at its mean, by expm1 and log1p: accurate up to σ = 1. */
#ifdef WALRAS_FLOAT32
#define NEAR 0.05
#define SERIES 0.3
#else
#define NEAR 0.02
#define SERIES 0.02
#endif

/** Where rows of nodes and edges beyond the nests lie: with the others, or in a tile of instants that is soon forgotten. */
typedef struct {
  real *index, *flow, *share, *sums;
  i32 stride, origin;
} Upper;

INLINE Upper kept(const Plan *plan) {
  const i32 N = plan->nodes;
  return (Upper){row_in(plan->index, plan->nests, N), REALS(plan->flow), row_in(plan->share, plan->nest_edges, N), 0, N, 0};
}

/** @param tile of `width` instants from `origin` on: indices and sums of upper nodes, flows of all, shares of upper edges */
INLINE Upper forgotten(const Plan *plan, u32 tile, i32 width, i32 origin) {
  const i64 nodes = plan->graph_nodes, upper = nodes - plan->nests;
  real *at = REALS(tile);
  return (Upper){at, at + 2 * upper * width, at + (2 * upper + nodes) * width, at + upper * width, width, origin};
}

INLINE real *index_at(const Plan *plan, const Upper *up, i32 k, i32 n) {
  const i32 nests = plan->nests;
  if (k < nests) return row_in(plan->index, k, plan->nodes) + n;
  return up->index + (i64)(k - nests) * up->stride + (n - up->origin);
}
INLINE real *flow_at(const Upper *up, i32 k, i32 n) { return up->flow + (i64)k * up->stride + (n - up->origin); }
/** Shares of leaves are kept, since rows need them. */
INLINE real *share_at(const Plan *plan, const Upper *up, i32 e, i32 child, i32 n) {
  if (child < 0) return row_in(plan->share, e, plan->nodes) + n;
  return up->share + (i64)(e - (i32)plan->nest_edges) * up->stride + (n - up->origin);
}
/** Where a lean sweep puts 1/Σ of a node: what its shares are to be multiplied by. */
INLINE real *sums_at(const Plan *plan, const Upper *up, i32 k, i32 n) {
  const i32 nests = plan->nests;
  if (k < nests) return row_in(plan->flow, k, plan->nodes) + n;
  return up->sums + (i64)(k - nests) * up->stride + (n - up->origin);
}
INLINE const real *child_at(const Plan *plan, u32 q, const Upper *up, i32 child, i32 n) {
  return child < 0 ? log_row(plan, q, -1 - child) + n : index_at(plan, up, child, n);
}

/** e^x − 1, accurate near 0. */
INLINE vec vexpm1(vec x) {
  const vec series = x * (all(1) + x * (all(0.5) + x * (all(1.0 / 6) + x * (all(1.0 / 24) + x * (all(1.0 / 120) +
                     x * (all(1.0 / 720) + x * all(1.0 / 5040)))))));
  return pick((vbits)(absolute(x) < all(SERIES)), series, vexp(x) - all(1));
}
/** log(1 + x), accurate near 0. */
INLINE vec vlog1p(vec x) {
  const vec u = all(1) + x;
  return vlog(u) + (x - (u - all(1))) / u;
}

/**
 * log P = centre + log A/(1−σ) + log(Σ a e^{(1−σ)(y − centre)})/(1−σ) and the shares, over nodes from … to.
 *
 * @param lean shares are left as a e^{…}: see sums_at
 */
static void price_node(const Plan *plan, u32 q, const Upper *up, i32 k, i32 from, i32 to, int lean) {
  const i32 first = INTS(plan->first_edge)[k], count = INTS(plan->first_edge)[k + 1] - first;
  const i32 *children = INTS(plan->edge_child) + first;
  const real *weights = REALS(plan->edge_weight) + first;
  const real delta = REALS(plan->node_delta)[k], scale = REALS(plan->node_scale)[k];
  const int near = delta < NEAR && delta > -NEAR;
  real centre[TILE], sum[TILE];
  for (i32 start = from; start < to; start += TILE) {
    const i32 size = to - start < TILE ? to - start : TILE;
    real *index = index_at(plan, up, k, start);
    const real *row = child_at(plan, q, up, children[0], start);
    if (count == 1) {
      real *share = share_at(plan, up, first, children[0], start);
      ALONG(0, size, store(index + n, load(row + n, lanes) + all(scale), lanes); store(share + n, all(1), lanes););
      if (lean) ALONG(0, size, store(sums_at(plan, up, k, start) + n, all(1), lanes););
      continue;
    }
    const real first_weight = near ? weights[0] : 1;
    ALONG(0, size, store(centre + n, load(row + n, lanes) * all(first_weight), lanes); store(sum + n, all(0), lanes););
    for (i32 c = 1; c < count; c++) {
      row = child_at(plan, q, up, children[c], start);
      const real weight = weights[c];
      if (near) ALONG(0, size, store(centre + n, load(centre + n, lanes) + all(weight) * load(row + n, lanes), lanes););
      else if (delta > 0) ALONG(0, size, store(centre + n, larger(load(row + n, lanes), load(centre + n, lanes)), lanes););
      else ALONG(0, size, store(centre + n, smaller(load(row + n, lanes), load(centre + n, lanes)), lanes););
    }
    for (i32 c = 0; c < count; c++) {
      row = child_at(plan, q, up, children[c], start);
      real *share = share_at(plan, up, first + c, children[c], start);
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
    if (lean) {
      real *inverse_sums = sums_at(plan, up, k, start);
      ALONG(0, size, store(inverse_sums + n, load(sum + n, lanes), lanes););
      continue;
    }
    for (i32 c = 0; c < count; c++) {
      real *share = share_at(plan, up, first + c, children[c], start);
      ALONG(0, size, store(share + n, load(share + n, lanes) * load(sum + n, lanes), lanes););
    }
  }
}

/** |(1−σ)(y − y_0)| up to which powers are taken relative to the first child's: nothing overflows or vanishes. */
#ifdef WALRAS_FLOAT32
#define HARMLESS 40
#else
#define HARMLESS 300
#endif

/** The same, lean, of a node whose children are not far apart. */
static void price_close_node(const Plan *plan, u32 q, const Upper *up, i32 k, i32 from, i32 to) {
  const i32 first = INTS(plan->first_edge)[k], count = INTS(plan->first_edge)[k + 1] - first;
  const i32 *children = INTS(plan->edge_child) + first;
  const real *weights = REALS(plan->edge_weight) + first;
  const real delta = REALS(plan->node_delta)[k], scale = REALS(plan->node_scale)[k], inverse = 1 / delta;
  real sum[TILE];
  for (i32 start = from; start < to; start += TILE) {
    const i32 size = to - start < TILE ? to - start : TILE;
    const real *centre = child_at(plan, q, up, children[0], start);
    real *index = index_at(plan, up, k, start), *inverse_sums = sums_at(plan, up, k, start);
    real *share = share_at(plan, up, first, children[0], start);
    ALONG(0, size, store(share + n, all(weights[0]), lanes); store(sum + n, all(weights[0]), lanes););
    for (i32 c = 1; c < count; c++) {
      const real *row = child_at(plan, q, up, children[c], start);
      const real weight = weights[c];
      share = share_at(plan, up, first + c, children[c], start);
      ALONG(0, size, {
        const vec power = all(weight) * vexp_within(all(delta) * (load(row + n, lanes) - load(centre + n, lanes)));
        store(share + n, power, lanes);
        store(sum + n, load(sum + n, lanes) + power, lanes);
      });
    }
    ALONG(0, size, store(index + n, load(centre + n, lanes) + all(scale) + vlog(load(sum + n, lanes)) * all(inverse), lanes);
                   store(inverse_sums + n, all(1) / load(sum + n, lanes), lanes););
  }
}

/** Whether the prices of its children, which are within `range` of one another, make a node close. */
INLINE int is_close(const Plan *plan, i32 k, wide range) {
  const i32 first = INTS(plan->first_edge)[k], last = INTS(plan->first_edge)[k + 1];
  const real delta = REALS(plan->node_delta)[k], most = delta < 0 ? -delta : delta;
  return last - first > 1 && most >= NEAR && most * range < HARMLESS && REALS(plan->edge_weight)[first] > 0;
}

/** Nests `list[from … to)`. */
void EXPORT(price_nests)(const Plan *plan, u32 q, u32 list, i32 from, i32 to, int lean) {
  const Upper up = kept(plan);
  for (i32 k = from; k < to; k++) price_node(plan, q, &up, INTS(list)[k], 0, plan->nodes, lean);
}

/** Prices of the rows that are an agent's alone, and its sums. */
static void open_agent(const Plan *plan, u32 q, i32 a, i32 from, i32 to, Opening *out) {
  const i32 metrics = INTS(plan->agent_first)[a + 1] - INTS(plan->agent_first)[a];
  const int ball = INTS(plan->agent_center)[a] && INTS(plan->agent_radius)[a] && INTS(plan->agent_line_count)[a] == 0;
  if (ball && to - from == metrics) {
    wide *sums = WIDES(plan->sums) + INTS(plan->agent_slot)[a];
    sums[0] = sums[1] = 0;
    for (i32 r = 0; r < metrics; r++) price_ball_row(plan, q, a, r, out);
    return;
  }
  for (i32 k = from; k < to; k++) price_row(plan, q, plan->price, INTS(plan->own_row)[k], out);
  agent_sum(plan, 0, a, plan->sums);
}

/** Of each agent from … to: prices of the rows that are its alone, its sums, and the nests that begin with one of its metrics. */
void EXPORT(open_agents)(const Plan *plan, u32 q, i32 from, i32 to, int lean, u32 opening) {
  const i32 *rows = INTS(plan->own_first), *nests = INTS(plan->nest_first);
  const Upper up = kept(plan);
  Opening *all_ = (Opening *)AT(opening);
  open_block(opening);
  for (i32 a = from; a < to; a++) {
    Opening own = {-BEYOND, BEYOND, 0, 0};
    int special = 0;
    for (i32 k = rows[a]; k < rows[a + 1]; k++) special |= INTS(plan->side)[INTS(plan->own_row)[k]] >= 0;
    open_agent(plan, q, a, rows[a], rows[a + 1], &own);
    for (i32 k = nests[a]; k < nests[a + 1]; k++) {
      const i32 node = INTS(plan->nest)[k];
      if (lean && BYTES(plan->nest_own)[k] && !special && is_close(plan, node, own.high - own.low)) price_close_node(plan, q, &up, node, 0, plan->nodes);
      else price_node(plan, q, &up, node, 0, plan->nodes, lean);
    }
    if (own.high > all_->high) all_->high = own.high;
    if (own.low < all_->low) all_->low = own.low;
    all_->value += own.value;
  }
}

/** Flows over nodes start … end from those of the roots, parents before children; rows that leaves need are left in their places. */
static void flow_down(const Plan *plan, const Upper *up, i32 start, i32 end, int lean) {
  const i32 nodes = plan->graph_nodes, nests = plan->nests, size = end - start;
  for (i32 k = 0; k < nodes; k++) {
    const int root = BYTES(plan->node_root)[k];
    real *flow = flow_at(up, k, start);
    if (!root || lean) ALONG(0, size, store(flow + n, all(root), lanes););
  }
  for (i32 k = nodes - 1; k >= nests; k--) {
    real *own = flow_at(up, k, start);
    if (lean) ALONG(0, size, store(own + n, load(own + n, lanes) * load(sums_at(plan, up, k, start) + n, lanes), lanes););
    for (i32 e = INTS(plan->first_edge)[k]; e < INTS(plan->first_edge)[k + 1]; e++) {
      const i32 child = INTS(plan->edge_child)[e];
      if (child < 0) continue;
      const real *share = share_at(plan, up, e, child, start);
      real *flow = flow_at(up, child, start);
      ALONG(0, size, store(flow + n, load(flow + n, lanes) + load(own + n, lanes) * load(share + n, lanes), lanes););
    }
  }
  if (!lean) return;
  for (i32 k = 0; k < nests; k++) {
    const real *own = flow_at(up, k, start);
    real *flow = row_in(plan->flow, k, plan->nodes) + start;
    ALONG(0, size, store(flow + n, load(flow + n, lanes) * load(own + n, lanes), lanes););
  }
  for (i32 k = nests; k < nodes; k++) {
    if (!BYTES(plan->node_mixed)[k]) continue;
    const real *own = flow_at(up, k, start);
    real *flow = row_in(plan->flow, k, plan->nodes) + start;
    ALONG(0, size, store(flow + n, load(own + n, lanes), lanes););
  }
}

/** A lean sweep over a tile of instants, up and down; roots' indices are copied to their rows. @param range of all log prices and indices */
void EXPORT(sweep_tile)(const Plan *plan, u32 q, wide range, i32 start, i32 end, u32 tile, i32 width) {
  const Upper up = forgotten(plan, tile, width, start);
  for (i32 k = plan->nests; k < (i32)plan->graph_nodes; k++) {
    if (is_close(plan, k, range)) price_close_node(plan, q, &up, k, start, end);
    else price_node(plan, q, &up, k, start, end, 1);
  }
  for (i32 k = plan->nests; k < (i32)plan->graph_nodes; k++) {
    if (!BYTES(plan->node_root)[k]) continue;
    const real *index = index_at(plan, &up, k, start);
    real *to = row_in(plan->index, k, plan->nodes) + start;
    ALONG(0, end - start, store(to + n, load(index + n, lanes), lanes););
  }
  flow_down(plan, &up, start, end, 1);
}

/** Of a whole sweep, up: nodes above the nests, children before parents. */
void EXPORT(price_nodes)(const Plan *plan, u32 q, i32 start, i32 end) {
  const Upper up = kept(plan);
  for (i32 k = plan->nests; k < (i32)plan->graph_nodes; k++) price_node(plan, q, &up, k, start, end, 0);
}

/** And down, from the roots' flows. */
void EXPORT(flow_nodes)(const Plan *plan, i32 start, i32 end) {
  const Upper up = kept(plan);
  flow_down(plan, &up, start, end, 0);
}

/** Σ_c share x_c of nodes into scratch0, x being a direction at leaves. */
void EXPORT(mean_nodes)(const Plan *plan, u32 direction, u32 list, i32 from, i32 to, i32 start, i32 end) {
  const i32 N = plan->nodes;
  for (i32 k = from; k < to; k++) {
    const i32 node = INTS(list)[k];
    real *own = row_in(plan->scratch0, node, N);
    const i32 first = INTS(plan->first_edge)[node], last = INTS(plan->first_edge)[node + 1];
    for (i32 e = first; e < last; e++) {
      const i32 child = INTS(plan->edge_child)[e];
      const real *x = child < 0 ? moving_row(plan, direction, -1 - child) : row_of(plan->scratch0, child, N);
      const real *share = row_of(plan->share, e, N);
      if (e == first) ALONG(start, end, store(own + n, load(share + n, lanes) * load(x + n, lanes), lanes););
      else ALONG(start, end, store(own + n, load(own + n, lanes) + load(share + n, lanes) * load(x + n, lanes), lanes););
    }
  }
}

/** The same of three vectors in one pass over the shares: a direction, e and φ of the nest-wise step, into scratch0 … 2. */
void EXPORT(mean_three)(const Plan *plan, u32 direction, u32 list, i32 from, i32 to, i32 start, i32 end) {
  const i32 N = plan->nodes;
  real sums[3][TILE];
  const u32 nodes[3] = {plan->scratch0, plan->scratch1, plan->scratch2};
  for (i32 k = from; k < to; k++) {
    const i32 node = INTS(list)[k];
    for (i32 at = start; at < end; at += TILE) {
      const i32 size = end - at < TILE ? end - at : TILE;
      for (int v = 0; v < 3; v++) ALONG(0, size, store(sums[v] + n, all(0), lanes););
      for (i32 e = INTS(plan->first_edge)[node]; e < INTS(plan->first_edge)[node + 1]; e++) {
        const i32 child = INTS(plan->edge_child)[e], m = -1 - child;
        const real *share = row_of(plan->share, e, N) + at;
        const real *x = (child < 0 ? moving_row(plan, direction, m) : row_of(nodes[0], child, N)) + at;
        const real *y = (child < 0 ? row_of(plan->response, m, N) : row_of(nodes[1], child, N)) + at;
        const real *z = (child < 0 ? row_of(plan->free, m, N) : row_of(nodes[2], child, N)) + at;
        ALONG(0, size, {
          const vec part = load(share + n, lanes);
          store(sums[0] + n, madd(part, load(x + n, lanes), load(sums[0] + n, lanes)), lanes);
          store(sums[1] + n, madd(part, load(y + n, lanes), load(sums[1] + n, lanes)), lanes);
          store(sums[2] + n, madd(part, load(z + n, lanes), load(sums[2] + n, lanes)), lanes);
        });
      }
      for (int v = 0; v < 3; v++) {
        real *own = row_in(nodes[v], node, N) + at;
        ALONG(0, size, store(own + n, load(sums[v] + n, lanes), lanes););
      }
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
