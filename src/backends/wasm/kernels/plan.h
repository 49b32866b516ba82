// What an economy is to the kernels: offsets of its arrays in the arena. `plan.ts` writes the fields in this order.
#pragma once
#include "elementary.h"

typedef struct {
  u32 nodes, commodities;
  /** Of the graphs: nests, which have leaves alone for children and come first, their edges, which come first too, and all nodes. */
  u32 nests, nest_edges, graph_nodes;
  /** w_n and 1/w_n, [nodes]. */
  u32 weights, inverse_weights;
  /** p, S, D, [commodities][nodes]. */
  u32 price, supply, demand;
  /** 1 where a price moves, 1 where it is on its way to being free: bytes, [commodities][nodes]. */
  u32 active, idle;
  /** 1 for rows with an instant that is not active or idle, bytes [commodities]; and their rows in `sides` and `dsides`, or −1. */
  u32 special, side;
  /** Of special rows: log prices in the limit p → 0⁺ where inactive, and the direction with 0 there, [rows][nodes]. */
  u32 sides, dsides;
  /** The graph: first edge of each node; child ≥ 0 a node, else commodity −1 − child; weights, sum 1; the edge's node. */
  u32 first_edge, edge_child, edge_weight, edge_node;
  /** 1 − σ, log A/(1 − σ), [graph nodes]; 1 for roots, bytes. */
  u32 node_delta, node_scale, node_root;
  /** 1 for nodes that are no nests and have leaves among their children, bytes. */
  u32 node_mixed;
  /**
   * log P and flow, [graph nodes][nodes]; shares, [edges][nodes]; each node's consumer. In a whole evaluation flow is the part of M° that
   * is spent at the node, τ at the roots. In a lean one only rows of nests, and what leaves of mixed nodes need, are there: shares of
   * nests are not divided by their sums, but flow is, and flow is 1 at the roots. Either way share × flow × budget is what a leaf is
   * bought for at an instant.
   */
  u32 index, flow, share, node_consumer;
  /** [consumers][nodes]: M°/w of a whole evaluation, M° τ/w of a lean one. */
  u32 budget;
  /** The edges that end at a commodity, by consumer: first of each commodity, and edges. */
  u32 leaf_first, leaf_edge;
  /** M° and dM° of consumers. */
  u32 spending, dspending;
  /** Net puts of a commodity: first of each, and agents and their rows. */
  u32 put_first, put_agent, put_row;
  /** Agents' commodities, from agent_first[a] on. */
  u32 agent_first, agent_commodity;
  /** The rows that are an agent's alone, and the nests that begin with one of its metrics: first of each, and lists;
   * 1 for nests of such rows alone, bytes. */
  u32 own_first, own_row, nest_first, nest, nest_own;
  /** Offsets of ȳ, s, lines (modes, trajectories) and net puts made elsewhere with their derivatives and responses; 0: none. */
  u32 agent_center, agent_radius, agent_lines, agent_put, agent_dput, agent_response;
  /** Number of lines; slot of [⟨p,ȳ⟩ or 1, ‖p‖² or κ, lines …] in `sums`, `coefficients` and `changes`. */
  u32 agent_line_count, agent_slot, sums, coefficients, changes;
  /** Σω and Σγ of a commodity, offsets of [nodes]; 0: none. */
  u32 endowment, floors;
  /** Bundles to be valued: commodities, offsets of their series. */
  u32 bundle_commodity, bundle_series, bundle_value;
  /** Two random numbers for each row and each column. */
  u32 row_noise, column_noise;
  /** e and φ of the nest-wise step, [commodities][nodes]. */
  u32 response, free;
  /** Of graph nodes, [graph nodes][nodes]: derivatives of index and flow; value, e, φ, step and weight of the nest-wise step share them. */
  u32 scratch0, scratch1, scratch2, scratch3, scratch4;
  /** The inner product, [commodities][nodes]. */
  u32 metric;
  /** Falls (market/free.ts). */
  u32 fall_from, excess_then, stride, releases;
} Plan;

INLINE const real *row_of(u32 matrix, i32 row, i32 nodes) { return REALS(matrix) + (u64)row * nodes; }
INLINE real *row_in(u32 matrix, i32 row, i32 nodes) { return REALS(matrix) + (u64)row * nodes; }

/** The log prices of a commodity that preferences see. */
INLINE const real *log_row(const Plan *plan, u32 q, i32 m) {
  const i32 side = INTS(plan->side)[m];
  return side < 0 ? row_of(q, m, plan->nodes) : row_of(plan->sides, side, plan->nodes);
}
/** The same of a row with instants whose price does not move, and so is none; else 0. */
INLINE const real *inactive_row(const Plan *plan, i32 m) {
  const i32 side = INTS(plan->side)[m];
  return side < 0 ? 0 : row_of(plan->sides, side, plan->nodes);
}
/** A direction, 0 where no price moves. */
INLINE const real *moving_row(const Plan *plan, u32 dq, i32 m) {
  const i32 side = INTS(plan->side)[m];
  return side < 0 ? row_of(dq, m, plan->nodes) : row_of(plan->dsides, side, plan->nodes);
}
