"""The market in JAX: one jitted function of log prices, and one jitted Anderson step."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from economy import Economy

MEMORY = 5
"""Differences that Anderson's method keeps."""
RANK = {"float64": 1e-13, "float32": 1e-6}


class Links(NamedTuple):
    """Edges from a level to the next: successors of each agent, and as the next level sees them its (agent, slot) pairs."""

    to: jax.Array
    log_weights: jax.Array
    parents: jax.Array
    """[agents of the next level, P]: index into the flattened edges; where there are fewer, the one past the last."""


class Arrays(NamedTuple):
    """What the evaluation needs, prepared: all that does not depend on prices is worked out once."""

    center: jax.Array
    reach_radius2: jax.Array
    """√(R·T) s²."""
    weighted_radius2: jax.Array
    """w s²."""
    weighted_center: jax.Array
    """w ȳ."""
    log_metric: jax.Array
    metric_delta: jax.Array
    """1 − σ, [A, 1, 1]; δ of the others [A, 1]."""
    routing_delta: jax.Array
    chain_delta: jax.Array
    log_own: jax.Array
    log_rest: jax.Array
    log_entry: jax.Array
    entry_delta: jax.Array
    time_delta: jax.Array
    log_time: jax.Array
    """log w ρ, [N]."""
    log_weights: jax.Array
    weights: jax.Array
    reach: jax.Array
    """√(R·T)."""
    links: tuple[Links, ...]


def prepare(economy: Economy, dtype: str) -> tuple[Arrays, tuple[int, ...]]:
    """The arrays, and where each level ends (static: shapes depend on it)."""
    w = economy.weights
    reach = np.sqrt(economy.q.shape[1] * economy.horizon)
    with np.errstate(divide="ignore"):
        arrays = Arrays(
            center=economy.center,
            reach_radius2=reach * economy.radius**2,
            weighted_radius2=w * economy.radius**2,
            weighted_center=w * economy.center,
            log_metric=np.log(economy.metric_weights)[:, :, None],
            metric_delta=(1 - economy.metric_elasticity)[:, None, None],
            routing_delta=(1 - economy.routing_elasticity)[:, None],
            chain_delta=(1 - economy.chain_elasticity)[:, None],
            log_own=np.log(economy.own_weight)[:, None],
            log_rest=np.log1p(-economy.own_weight)[:, None],
            log_entry=np.log(economy.entry_weights)[:, None],
            entry_delta=1 - economy.entry_elasticity,
            time_delta=1 - economy.intertemporal_elasticity,
            log_time=np.log(w * economy.intensity),
            log_weights=np.log(w),
            weights=w,
            reach=reach,
            links=tuple(
                Links(level.to, np.log(level.weights)[:, :, None], _parents(level.to, level.weights, below))
                for level, below in zip(economy.levels, (x.end - x.begin for x in economy.levels[1:]))
            ),
        )
    as_jax = lambda x: jnp.asarray(x, jnp.int32 if np.issubdtype(np.asarray(x).dtype, np.integer) else dtype)
    return jax.tree.map(as_jax, arrays), tuple(level.end for level in economy.levels)


def _parents(to: np.ndarray, weights: np.ndarray, below: int) -> np.ndarray:
    edges = [[] for _ in range(below)]
    for edge, (target, weight) in enumerate(zip(to.ravel(), weights.ravel())):
        if weight > 0:
            edges[target].append(edge)
    most = max(len(row) for row in edges)
    return np.array([row + [to.size] * (most - len(row)) for row in edges])


def log_sum(x: jax.Array, axis: int) -> jax.Array:
    """log Σ exp x, the axis kept."""
    top = jax.lax.stop_gradient(jnp.max(x, axis, keepdims=True))
    return top + jnp.log(jnp.sum(jnp.exp(x - top), axis, keepdims=True))


def log_ratio(arrays: Arrays, q: jax.Array, *, ends: tuple[int, ...]) -> jax.Array:
    """f(q) = log D − log S, shape [A, R, N] (model.md section 4)."""
    a = arrays
    p = jnp.exp(q)
    norm = jnp.sqrt(jnp.sum(a.weighted_radius2 * p * p, (1, 2), keepdims=True))
    income = jnp.sum(a.weighted_center * p) + a.reach * jnp.sum(norm)

    in_nest = a.log_metric + a.metric_delta * q
    nest = log_sum(in_nest, 1)
    log_flow = _log_flows(a, (nest / a.metric_delta)[:, 0, :], ends)

    log_demand = (log_flow + jnp.log(income) - a.log_weights)[:, None, :] + (in_nest - nest) - q
    supply = a.center + a.reach_radius2 * p / norm
    return log_demand - jnp.log(supply)


def _log_flows(a: Arrays, work: jax.Array, ends: tuple[int, ...]) -> jax.Array:
    """log of what is spent on each agent's own work at each instant, as a part of all spending, [A, N]."""
    slices = [slice(begin, end) for begin, end in zip((0, *ends), ends)]
    whole = work[slices[-1]]
    shares: list[tuple[jax.Array, jax.Array, jax.Array]] = []
    for rows, links in zip(reversed(slices[:-1]), reversed(a.links)):
        delta = a.routing_delta[rows]
        x = links.log_weights + delta[:, None, :] * whole[links.to]
        total = log_sum(x, 1)
        delegated = total[:, 0] / delta
        tau = a.chain_delta[rows]
        own, rest = a.log_own[rows] + tau * work[rows], a.log_rest[rows] + tau * delegated
        sum_ = jnp.logaddexp(own, rest)
        whole = sum_ / tau
        shares.append((jnp.exp(own - sum_), jnp.exp(rest - sum_), jnp.exp(x - total)))

    x = a.log_entry + a.entry_delta * whole
    total = log_sum(x, 0)
    y = a.log_time + a.time_delta * (total / a.entry_delta)[0]
    flow = jnp.exp(x - total) * jax.nn.softmax(y)
    flows = []
    for (own, rest, routed), links in zip(reversed(shares), a.links):
        flows.append(flow * own)
        sent = ((flow * rest)[:, None, :] * routed).reshape(-1, flow.shape[1])
        flow = jnp.sum(jnp.take(sent, links.parents, axis=0, mode="fill", fill_value=0), 1)
    flows.append(flow)
    return jnp.log(jnp.concatenate(flows))


class State(NamedTuple):
    """An iterate and the history of Anderson's method, oldest first: ΔG, and ΔQ + ΔG, which is all that a step needs of ΔQ."""

    q: jax.Array
    f: jax.Array
    dg: tuple[jax.Array, ...]
    moved: tuple[jax.Array, ...]
    gram: jax.Array


def begin(evaluate, q: jax.Array) -> State:
    nothing = (jnp.zeros_like(q),) * MEMORY
    return State(q, evaluate(q), nothing, nothing, jnp.zeros((MEMORY, MEMORY), q.dtype))


def anderson_step(arrays: Arrays, state: State, step: jax.Array, *, ends: tuple[int, ...]):
    """
    Anderson(5), type II, on tâtonnement q ← q + λf: what is new of the state, and osc f there. The history is a tuple and is not
    handed back, since XLA would copy it; the level of prices is left alone, since f does not see it.
    """
    q, f, dg, moved, gram = state
    gamma = least_squares(gram, step * jnp.stack([jnp.vdot(x, f) for x in dg]))
    move = step * f - sum(gamma[k] * moved[k] for k in range(MEMORY))
    to = q + move
    f_to = log_ratio(arrays, to, ends=ends)
    change = step * (f_to - f)
    row = jnp.stack([jnp.vdot(x, change) for x in (*dg[1:], change)])
    gram = jnp.zeros_like(gram).at[:-1, :-1].set(gram[1:, 1:]).at[-1].set(row).at[:, -1].set(row)
    return (to, f_to, change, change + move, gram), jnp.max(f_to) - jnp.min(f_to)


def normalized(q: jax.Array, weights: jax.Array) -> jax.Array:
    """Mean price 1."""
    mean = jnp.sum(weights * jnp.exp(q)) / (jnp.sum(weights) * q.shape[0] * q.shape[1])
    return q - jnp.log(mean)


def least_squares(gram: jax.Array, b: jax.Array) -> jax.Array:
    """γ of ‖g − ΔG γ‖ from the Gram matrix, columns scaled; empty slots get 0."""
    diagonal = jnp.diagonal(gram)
    scale = jnp.where(diagonal > 0, 1 / jnp.sqrt(jnp.where(diagonal > 0, diagonal, 1)), 0)
    inverse = jnp.linalg.pinv(scale[:, None] * gram * scale, rtol=RANK[str(gram.dtype)], hermitian=True)
    return scale * (inverse @ (scale * b))


def compiled(economy: Economy, dtype: str):
    """Evaluation of f at q; the Anderson step; and prices of mean 1 from a state: all jitted."""
    arrays, ends = prepare(economy, dtype)
    evaluate = jax.jit(partial(log_ratio, ends=ends))
    jitted = jax.jit(partial(anderson_step, ends=ends))
    step = jnp.asarray(economy.step, dtype)

    def advance(state: State) -> tuple[State, jax.Array]:
        (q, f, dg, moved, gram), oscillation = jitted(arrays, state, step)
        return State(q, f, (*state.dg[1:], dg), (*state.moved[1:], moved), gram), oscillation

    return partial(evaluate, arrays), advance, lambda state: normalized(state.q, arrays.weights)
