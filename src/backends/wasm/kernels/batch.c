// Many small economies of one structure, one after the other, each with a Plan of its own: everything that a solver asks of one is
// done in one go, while its numbers are in a cache (batch.ts). Every price of them moves.
#include "puts.h"

/** What of an economy no Plan has. `batch-members.ts` writes the fields in this order. */
typedef struct {
  u32 plan, agents, consumers, bundles;
  /** Rows and nests that are done apart from any agent: lists, and how many. */
  u32 common_rows, common_row_count, common_nests, common_nest_count;
  /** Every how many commodities one is probed; 1 where the potential is that of one consumer, 2 of proportional incomes, 0 without. */
  u32 sample, aggregation;
  /** The horizon, the number of markets, and how far an index may lie outside the range of the log prices below it. */
  u32 numbers;
  /** Of agents: √(RT) or 0, 1 for hulls (bytes), ε, and h. */
  u32 reach, is_hull, smoothing, profit;
  /** Of consumers: shares of agents, [consumers][agents]; roots; 1 − ε; w ρ of sum 1 and τ, [consumers][nodes]; M, Σ|M's terms|, log E. */
  u32 shares, roots, delta, intensity, time_share, income, turnover, log_e;
  /** Bundles' consumers, and 1 for what is owed (bytes). */
  u32 bundle_consumer, bundle_owed;
  /** q of the last evaluation: in the vector that it was, or saved before that is written; whether all of it is there, whether all of the next will be, and whether responses are: bytes. */
  u32 at, saved, states;
  /** A Report. */
  u32 report;
} Member;

/** Where a thread puts what is soon forgotten. */
typedef struct {
  u32 price, index, flow, share, budget;
  u32 scratch0, scratch1, scratch2, scratch3, scratch4;
  /** A tile and four rows, numbers that kernels report, and terms of a sum. */
  u32 tile, room, notes, coefficients, vectors;
} Work;

/** What JavaScript makes a Readout of. */
typedef struct {
  wide clearing, worst, complementarity, oscillation, norm, potential, afford, poorest, afford_all, spread, u, v, finite, mean;
} Report;

enum { IS_WHOLE, WILL_BE_WHOLE, HAS_RESPONDED };
/** Weight of all instants alike in ‖f‖: EVENLY of market/readout.ts. */
#define EVENLY 0.1
/** No log price moves farther in a step that leaves the mean price where it is, nearly: SMALL_STEP of market/mean-price.ts. */
#define SMALL_STEP 0.25
#define LEAST_ROOT_RESPONSE 0.05

INLINE Member *member_of(u32 members, i32 b) { return (Member *)AT(members) + b; }

/** To be called before an economy's part of a vector is written: the prices of its last evaluation may be there, and it may not be whole yet. */
INLINE void will_write(Member *e, u32 out, i32 size) {
  if (e->at != out) return;
  __builtin_memcpy(REALS(e->saved), REALS(out), size * sizeof(real));
  e->at = e->saved;
}

/** Its Plan, with whatever is forgotten at the thread's places; of a lean evaluation all is. */
static Plan plan_at(const Member *e, const Work *work, int lean) {
  Plan plan = *(const Plan *)AT(e->plan);
  plan.scratch0 = work->scratch0; plan.scratch1 = work->scratch1; plan.scratch2 = work->scratch2;
  plan.scratch3 = work->scratch3; plan.scratch4 = work->scratch4;
  if (!lean) return plan;
  plan.price = work->price; plan.index = work->index; plan.flow = work->flow;
  plan.share = work->share; plan.budget = work->budget;
  return plan;
}

/** e^x and log x of single numbers. */
INLINE wide exp_of(wide x) { return vexp(all(x))[0]; }
INLINE wide log_of(wide x) { return x > 0 ? vlog(all(x > LEAST_NUMBER ? x : LEAST_NUMBER))[0] : x < 0 ? __builtin_nan("") : -__builtin_inf(); }

/** Prices, sums over agents, nests; the range of log prices and Σ w p into `open`. */
static void open_all(const Member *e, const Plan *plan, const Work *work, u32 q, int lean, Opening *open) {
  const u32 other = work->notes;
  price_rows(plan, q, plan->price, e->common_rows, 0, e->common_row_count, other);
  *open = *(const Opening *)AT(other);
  open_agents(plan, q, 0, e->agents, lean, other);
  const Opening *own = (const Opening *)AT(other);
  open->high = own->high > open->high ? own->high : open->high;
  open->low = own->low < open->low ? own->low : open->low;
  open->value += own->value;
  price_nests(plan, q, e->common_nests, 0, e->common_nest_count, lean);
  bundle_values(plan, 0, 0, e->bundles);
}

/** The entropic mixture of a hull (hull-mix.ts): shares of its trajectories and of its reference, and profit. */
static wide mix_hull(const wide *values, i32 count, wide smoothing, wide *x) {
  wide best = values[0], sum = 0, mean = 0;
  for (i32 j = 1; j < count; j++) best = values[j] > best ? values[j] : best;
  const wide temperature = smoothing == 0 ? 0 : smoothing * values[count];
  for (i32 j = 0; j < count; j++) {
    const wide behind = values[j] - best;
    x[j] = temperature > 0 ? exp_of(behind / temperature) : behind == 0;
    sum += x[j];
  }
  for (i32 j = 0; j < count; j++) x[j] /= sum;
  x[count] = 0;
  if (temperature == 0) return best;
  for (i32 j = 0; j < count; j++)
    if (x[j] > 0) mean += x[j] * ((values[j] - best) / temperature);
  const wide divergence = mean + log_of(count / sum);
  x[count] = -smoothing * (divergence > 0 ? divergence : 0);
  return best + temperature * log_of(sum / count);
}

/** Adds to κ s² p the modes of an ellipsoid: x of lines, and what profit they add (agents.ts). */
static wide mix_modes(const wide *a, i32 count, wide *x) {
  const wide disposed = a[count];
  wide squares = 0;
  for (i32 j = 0; j < count; j++) squares += a[j] * a[j];
  const wide modal = __builtin_sqrt(squares), r = __builtin_sqrt(squares + disposed * disposed);
  for (i32 j = 0; j <= count; j++) x[j] = 0;
  if (r == 0) return 0;
  for (i32 j = 0; j < count; j++) x[j] = a[j] / r;
  // r − δν and 1 − δν/r without cancellation.
  x[count] = -(modal / r) * (modal / (r + disposed));
  return modal * (modal / (r + disposed));
}

/** Whether an agent's prices vanish, so that nothing can be known of its supply from these sums. */
static int has_vanished(const wide *sums, i32 lines, u32 radius, wide vanishing) {
  if (radius && sums[1] < vanishing) return 1;
  for (i32 j = 0; j < 2 + lines; j++)
    if (sums[j] != 0) return 0;
  return 1;
}

/** Profits and coefficients; 0 where prices vanish. */
static int produce(const Member *e, const Plan *plan, wide vanishing) {
  wide *profit = WIDES(e->profit);
  for (i32 a = 0; a < (i32)e->agents; a++) {
    const i32 lines = INTS(plan->agent_line_count)[a];
    const wide *sums = WIDES(plan->sums) + INTS(plan->agent_slot)[a], reach = WIDES(e->reach)[a];
    wide *x = WIDES(plan->coefficients) + INTS(plan->agent_slot)[a];
    if (has_vanished(sums, lines, INTS(plan->agent_radius)[a], vanishing)) return 0;
    x[0] = x[1] = 0;
    if (BYTES(e->is_hull)[a]) {
      profit[a] = mix_hull(sums + 2, lines - 1, WIDES(e->smoothing)[a], x + 2);
      continue;
    }
    profit[a] = sums[0];
    if (reach > 0) {
      const wide norm = __builtin_sqrt(sums[1]);
      profit[a] += reach * norm;
      x[1] = reach / norm;
    }
    if (lines > 0) profit[a] += mix_modes(sums + 2, lines - 1, x + 2);
  }
  return 1;
}

/** M and M° of consumers, and in `report` whether they can pay (market/books.ts). */
static void earn(const Member *e, const Plan *plan, Report *report) {
  const i32 agents = e->agents, consumers = e->consumers;
  wide *income = WIDES(e->income), *turnover = WIDES(e->turnover), *left = WIDES(plan->spending);
  const wide *profit = WIDES(e->profit);
  for (i32 i = 0; i < consumers; i++) income[i] = turnover[i] = left[i] = 0;
  for (i32 b = 0; b < (i32)e->bundles; b++) {
    const i32 i = INTS(e->bundle_consumer)[b];
    const wide value = WIDES(plan->bundle_value)[b];
    turnover[i] += value;
    if (BYTES(e->bundle_owed)[b]) left[i] += value;
    else income[i] += value;
  }
  wide all_left = 0, all_turned = 0;
  report->afford = BEYOND;
  for (i32 i = 0; i < consumers; i++) {
    const wide *share = WIDES(e->shares) + (u64)i * agents;
    for (i32 a = 0; a < agents; a++) {
      income[i] += share[a] * profit[a];
      turnover[i] += share[a] * (profit[a] < 0 ? -profit[a] : profit[a]);
    }
    left[i] = income[i] - left[i];
    const wide ratio = left[i] == 0 && turnover[i] == 0 ? 1 : left[i] / turnover[i];
    if (ratio < report->afford || i == 0) { report->afford = ratio; report->poorest = i; }
    all_left += left[i];
    all_turned += turnover[i];
  }
  report->afford_all = all_left == 0 && all_turned == 0 ? 1 : all_left / all_turned;
}

/** log E of one consumer from its root's indices, and τ (preferences/time-spread.ts). */
static wide spread_over_time(const real *y, const wide *weight, i32 N, wide delta, wide *share) {
  wide high = -BEYOND, low = BEYOND, mean = 0, sum = 0;
  for (i32 n = 0; n < N; n++) {
    if (weight[n] == 0) continue;
    if (y[n] > high) high = y[n];
    if (y[n] < low) low = y[n];
    mean += weight[n] * y[n];
  }
  const wide extent = (delta < 0 ? -delta : delta) * (high - low);
  const int near = extent <= 1;
  const wide center = near ? mean : delta > 0 ? high : low;
  for (i32 n = 0; n < N; n++) {
    const vec x = all(delta * (y[n] - center));
    share[n] = weight[n] == 0 ? 0 : weight[n] * (near ? vexpm1(x)[0] : vexp(x)[0]);
    sum += share[n];
  }
  const wide whole = near ? 1 + sum : sum;
  for (i32 n = 0; n < N; n++) share[n] = (share[n] + (near ? weight[n] : 0)) / whole;
  if (extent <= 1e-17) return mean;
  return center + (near ? vlog1p(all(sum))[0] : log_of(sum)) / delta;
}

/** log E, τ and budgets of all consumers; in a whole evaluation the roots' flows. */
static void spread_all(const Member *e, const Plan *plan, int lean) {
  const i32 N = plan->nodes;
  const real *inverse = REALS(plan->inverse_weights);
  for (i32 i = 0; i < (i32)e->consumers; i++) {
    const i32 root = INTS(e->roots)[i];
    wide *share = WIDES(e->time_share) + (u64)i * N;
    WIDES(e->log_e)[i] = spread_over_time(row_of(plan->index, root, N), WIDES(e->intensity) + (u64)i * N, N, WIDES(e->delta)[i], share);
    const wide M = WIDES(plan->spending)[i];
    real *budget = row_in(plan->budget, i, N), *flow = row_in(plan->flow, root, N);
    for (i32 n = 0; n < N; n++) budget[n] = M * inverse[n] * (lean ? share[n] : 1);
    if (!lean) for (i32 n = 0; n < N; n++) flow[n] = share[n];
  }
}

/** V(q) where there is one (market/books.ts). */
static wide potential_of(const Member *e, const Plan *plan) {
  const wide *left = WIDES(plan->spending), *income = WIDES(e->income), *log_e = WIDES(e->log_e);
  wide spent = 0, wealth = 0, sum = 0;
  for (i32 i = 0; i < (i32)e->consumers; i++) { spent += left[i]; wealth += income[i]; }
  if (e->aggregation < 2) return log_of(spent) - log_e[0];
  for (i32 i = 0; i < (i32)e->consumers; i++) sum += income[i] / wealth * (log_of(income[i]) - log_e[i]);
  return sum;
}

/** Prices, indices, incomes and flows; 0 where prices vanish. */
static int sweep(const Member *e, const Plan *plan, const Work *work, u32 q, int lean, wide vanishing, Opening *open, Report *report) {
  const i32 N = plan->nodes;
  open_all(e, plan, work, q, lean, open);
  if (lean) sweep_tile(plan, q, open->high - open->low + 2 * WIDES(e->numbers)[2], 0, N, work->tile, N);
  else price_nodes(plan, q, 0, N);
  if (!produce(e, plan, vanishing)) return 0;
  earn(e, plan, report);
  spread_all(e, plan, lean);
  if (!lean) flow_nodes(plan, 0, N);
  return 1;
}

/** The instant of a row that is farthest from clearing. */
static i32 worst_of(const Plan *plan, i32 m, u32 room) {
  const i32 N = plan->nodes;
  if (m < 0) return 0;
  real *S = REALS(room), *D = S + N;
  account_row(plan, m, row_of(plan->price, m, N), S, D);
  i32 worst = m * N;
  wide largest = 0;
  for (i32 n = 0; n < N; n++) {
    const wide gap = D[n] > S[n] ? D[n] - S[n] : S[n] - D[n];
    if (gap > largest) { largest = gap; worst = m * N + n; }
  }
  return worst;
}

/** Of an evaluation what is read out of it. */
static void report_on(const Member *e, const Plan *plan, const Work *work, const Opening *open, Report *report) {
  const wide *numbers = WIDES(e->numbers);
  const Readout *out = (const Readout *)AT(work->notes);
  report->clearing = out->gap;
  report->worst = worst_of(plan, (i32)out->gap_row, work->room);
  report->complementarity = out->complementarity;
  report->oscillation = out->high_f - out->low_f;
  report->norm = __builtin_sqrt(out->norm / out->spending + EVENLY * out->even / (out->count > 1 ? out->count : 1));
  report->potential = potential_of(e, plan);
  report->spread = open->high - open->low;
  report->u = out->value > 0 ? out->u / out->value : 0;
  report->v = out->value > 0 ? out->v / out->value : 0;
  report->mean = open->value / (numbers[0] * plan->commodities);
  report->finite += (out->finite + open->value + report->spread + report->afford_all) * 0;
}

/** p = e^q, f and what is read out, at q of one economy. */
static void evaluate(Member *e, const Work *work, u32 q, u32 f, wide vanishing) {
  u8 *states = BYTES(e->states);
  const int lean = !states[WILL_BE_WHOLE];
  const Plan plan = plan_at(e, work, lean);
  Report *report = (Report *)AT(e->report);
  *report = (Report){0};
  states[IS_WHOLE] = !lean;
  states[WILL_BE_WHOLE] = states[HAS_RESPONDED] = 0;
  e->at = q;
  Opening open;
  if (!sweep(e, &plan, work, q, lean, vanishing, &open, report)) {
    report->finite = report->clearing = __builtin_inf();
    return;
  }
  const wide *numbers = WIDES(e->numbers), *income = WIDES(e->income);
  wide wealth = 0;
  for (i32 i = 0; i < (i32)e->consumers; i++) wealth += income[i];
  residual_rows(&plan, f, 0, plan.commodities, lean, numbers[0], wealth / numbers[1], e->sample, work->room, work->notes);
  report_on(e, &plan, work, &open, report);
}

/** Sees to it that the last evaluation is whole, and so the next. */
static void complete(const Member *e, const Plan *plan, const Work *work) {
  u8 *states = BYTES(e->states);
  states[WILL_BE_WHOLE] = 1;
  if (states[IS_WHOLE]) return;
  states[IS_WHOLE] = 1;
  Opening open;
  Report report;
  sweep(e, plan, work, e->at, 0, 0, &open, &report);
  account_rows(plan, 0, plan->commodities, 0, plan->supply, plan->demand);
}

/** Reads a line after the other, so that all is in a cache soon: many misses at once are hardly dearer than one. */
INLINE void touch(u32 from, u32 to) {
#ifdef __wasm__ // Between arrays, too, which sanitizers would mind.
  for (u32 at = from; at < to; at += 64) (void)*(const volatile u32 *)AT(at);
#else
  (void)from, (void)to;
#endif
}

/** Economies `list[from … to)`; theirs of vectors are `size` numbers each. */
void EXPORT(batch_residual)(u32 members, u32 list, i32 from, i32 to, i32 size, u32 q, u32 f, wide vanishing, u32 work) {
  for (i32 k = from; k < to; k++) {
    const u32 b = INTS(list)[k], first = b * (u32)size * sizeof(real);
    Member *e = member_of(members, b);
    // Its arrays lie together, the first of its Plan's being the weights.
    touch(((const Plan *)AT(e->plan))->weights, e->report);
    touch(q + first, q + first + (u32)size * sizeof(real));
    touch(f + first, f + first + (u32)size * sizeof(real));
    evaluate(e, (const Work *)AT(work), q + first, f + first, vanishing);

  }
}

/** Everything of their last evaluations. */
void EXPORT(batch_complete)(u32 members, u32 list, i32 from, i32 to, u32 work) {
  for (i32 k = from; k < to; k++) {
    const Member *e = member_of(members, INTS(list)[k]);
    const Plan plan = plan_at(e, (const Work *)AT(work), 0);
    complete(e, &plan, (const Work *)AT(work));
  }
}

/** u of a root from f, e and φ of its instants (rootSteps of preferences/nest-wise.ts). */
static void root_steps(const wide *share, i32 N, wide elasticity, const real *value, const real *e, const real *phi, real *step) {
  wide f = 0, mean_e = 0, mean_phi = 0;
  for (i32 n = 0; n < N; n++) {
    if (!(share[n] > 0)) continue;
    f += share[n] * value[n];
    mean_e += share[n] * e[n];
    mean_phi += share[n] * phi[n];
  }
  const wide own = elasticity * mean_phi + mean_e, response = own > LEAST_ROOT_RESPONSE ? own : LEAST_ROOT_RESPONSE;
  for (i32 n = 0; n < N; n++) step[n] = f + (value[n] - f) / response;
}

/** P⁻¹v at the last residual. @param everything rows or nodes 0, 1, 2 … */
static void step_nest_wise(const Member *e, const Work *work, u32 v, u32 out, u32 everything) {
  const Plan plan = plan_at(e, work, 0);
  const i32 N = plan.nodes;
  u8 *states = BYTES(e->states);
  complete(e, &plan, work);
  if (!states[HAS_RESPONDED]) response_rows(&plan, e->at, everything, 0, plan.commodities, work->room);
  states[HAS_RESPONDED] = 1;
  mean_three(&plan, v, everything, 0, plan.graph_nodes, 0, N);
  for (i32 i = 0; i < (i32)e->consumers; i++) {
    const i32 root = INTS(e->roots)[i];
    root_steps(WIDES(e->time_share) + (u64)i * N, N, 1 - WIDES(e->delta)[i], row_of(plan.scratch0, root, N), row_of(plan.scratch1, root, N),
               row_of(plan.scratch2, root, N), row_in(plan.scratch3, root, N));
  }
  wise_nodes(&plan, everything, plan.graph_nodes, 0, N);
  wise_rows(&plan, v, out, everything, 0, plan.commodities, work->room);
}

void EXPORT(batch_precondition)(u32 members, u32 list, i32 from, i32 to, i32 size, u32 v, u32 out, u32 everything, u32 work) {
  for (i32 k = from; k < to; k++) {
    const u32 b = INTS(list)[k], first = b * (u32)size * sizeof(real);
    step_nest_wise(member_of(members, b), (const Work *)AT(work), v + first, out + first, everything);
  }
}

/** The inner product becomes spending at the last residual, Σ = 1, with `evenly` more over all instants alike. */
void EXPORT(batch_reweigh)(u32 members, u32 list, i32 from, i32 to, wide evenly, u32 work) {
  const Work *own = (const Work *)AT(work);
  for (i32 k = from; k < to; k++) {
    const Member *e = member_of(members, INTS(list)[k]);
    const Plan plan = plan_at(e, own, 0);
    complete(e, &plan, own);
    spending_rows(&plan, 0, plan.commodities, own->room, own->notes);
    const wide *sums = WIDES(own->notes);
    metric_rows(&plan, 0, plan.commodities, 1 / sums[0], evenly / sums[1]);
  }
}

/** Products as of `dots`, of each economy's own; into sums, economy by economy. */
void EXPORT(batch_dots)(u32 list, i32 from, i32 to, i32 size, u32 metric, u32 us, i32 count, u32 vs, i32 others, u32 sums) {
  for (i32 k = from; k < to; k++) {
    const i32 first = INTS(list)[k] * size;
    dots(metric, us, count, vs, others, first, first + size, sums + (u32)(k * count * others) * sizeof(wide));
  }
}

/** Of a sum those terms that are not 0, into the thread's places; how many. */
static i32 take_terms(const Work *work, const wide *coefficients, u32 vectors, i32 count) {
  wide *taken = WIDES(work->coefficients);
  i32 *from = INTS(work->vectors), terms = 0;
  for (i32 j = 0; j < count; j++) {
    if (coefficients[j] == 0) continue;
    taken[terms] = coefficients[j];
    from[terms++] = INTS(vectors)[j];
  }
  return terms;
}

/** Σ c_j v_j − shift of each economy. @param stride from the coefficients of one to those of the next @param shifts one for each, or 0: none */
void EXPORT(batch_combine)(u32 members, u32 list, i32 from, i32 to, i32 size, u32 coefficients, i32 stride, u32 vectors, i32 count, u32 shifts, u32 out, u32 work) {
  const Work *own = (const Work *)AT(work);
  for (i32 k = from; k < to; k++) {
    const i32 first = INTS(list)[k] * size, terms = take_terms(own, WIDES(coefficients) + k * stride, vectors, count);
    will_write(member_of(members, INTS(list)[k]), out + (u32)first * sizeof(real), size);
    combine(own->coefficients, own->vectors, terms, out, first, first + size);
    if (shifts && WIDES(shifts)[k] != 0) shift(out, WIDES(shifts)[k], first, first + size);
  }
}

/** Shifts the log prices of one economy to mean price 1. */
static void normalize(const Member *e, const Work *work, u32 q) {
  const Plan *plan = (const Plan *)AT(e->plan);
  level_rows(plan, q, 0, plan->commodities, work->notes);
  const wide *level = WIDES(work->notes);
  shift(q, level[0] + log_of(level[1] / (WIDES(e->numbers)[0] * plan->commodities)), 0, plan->commodities * plan->nodes);
}

void EXPORT(batch_normalize)(u32 members, u32 list, i32 from, i32 to, i32 size, u32 q, u32 work) {
  for (i32 k = from; k < to; k++) {
    const u32 b = INTS(list)[k];
    normalize(member_of(members, b), (const Work *)AT(work), q + b * (u32)size * sizeof(real));
  }
}

/** out = q + Σ c_j v_j, each entry moved by at most `clip`, then mean price about 1. Sums as in batch_combine. */
void EXPORT(batch_advance)(u32 members, u32 list, i32 from, i32 to, i32 size, u32 q, u32 coefficients, i32 stride, u32 vectors, i32 count, wide clip, u32 out, u32 work) {
  const Work *own = (const Work *)AT(work);
  for (i32 k = from; k < to; k++) {
    const i32 b = INTS(list)[k], first = b * size, terms = take_terms(own, WIDES(coefficients) + k * stride, vectors, count);
    Member *e = member_of(members, b);
    will_write(e, out + (u32)first * sizeof(real), size);
    const wide mean = ((const Report *)AT(e->report))->mean;
    const int known = mean > 0 && mean < BEYOND;
    move(q, own->coefficients, own->vectors, terms, clip, known ? log_of(mean) : 0, out, first, first + size, own->notes);
    if (!known || WIDES(own->notes)[0] > SMALL_STEP) normalize(e, own, out + (u32)first * sizeof(real));
  }
}
