"""The market in NumPy, one thread: blocks of agents that fit the cache, results written in place."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from economy import Economy, Floats, Level

BLOCK_BYTES = 1 << 17
MEMORY = 5
RANK = {"float64": 1e-13, "float32": 1e-6}


@dataclass(frozen=True)
class Routing:
    """A level's delegation. Edges sorted by target, so that what a target gets is a sum of adjacent rows."""

    rows: slice
    below: slice
    to: NDArray[np.integer]
    log_weights: Floats
    delta: Floats
    """[agents, 1, 1]."""
    by_target: NDArray[np.integer]
    first: NDArray[np.integer]
    """Of each target among the sorted edges."""


class Market:
    """f(q) = log D − log S (model.md section 4)."""

    def __init__(self, economy: Economy, dtype: str) -> None:
        a = lambda x: np.ascontiguousarray(x, dtype)
        e, w = economy, economy.weights
        self.shape = e.q.shape
        self.reach = np.dtype(dtype).type(sqrt(e.q.shape[1] * e.horizon))
        self.center, self.reach_radius2 = a(e.center), a(float(self.reach) * e.radius**2)
        self.weighted_radius2, self.weighted_center = a(w * e.radius**2), a(w * e.center)
        self.log_metric, self.metric_delta = (
            a(np.log(e.metric_weights)[:, :, None]),
            a((1 - e.metric_elasticity)[:, None, None]),
        )
        self.chain_delta = a((1 - e.chain_elasticity)[:, None])
        with np.errstate(divide="ignore"):
            self.log_own, self.log_rest = a(np.log(e.own_weight)[:, None]), a(np.log1p(-e.own_weight)[:, None])
        self.log_entry, self.entry_delta = a(np.log(e.entry_weights)[:, None]), 1 - e.entry_elasticity
        self.time_delta, self.log_time = 1 - e.intertemporal_elasticity, a(np.log(w * e.intensity))
        self.weights, self.log_weights = a(w), a(np.log(w))
        self.routing = [_routing(e, x, y, a) for x, y in zip(e.levels, e.levels[1:])]
        self.entry = slice(0, e.levels[0].end)

        agents, metrics, nodes = self.shape
        self.block = max(1, BLOCK_BYTES // (metrics * nodes * np.dtype(dtype).itemsize))
        empty = lambda *shape: np.empty(shape, dtype)
        self.price, self.norm, self.profit = empty(*self.shape), empty(agents), empty(agents)
        self.nest, self.whole, self.flow = empty(agents, nodes), empty(agents, nodes), empty(agents, nodes)
        self.own_share = empty(agents, nodes)
        self.routed = [empty(*r.to.shape, nodes) for r in self.routing]
        self.work = empty(self.block, metrics, nodes)

    def log_ratio(self, q: Floats, out: Floats) -> Floats:
        self._leaves(q)
        log_income = np.log(self.profit.sum())
        self._price_sweep()
        self._demand_sweep()
        self._residual(q, log_income, out)
        return out

    def _blocks(self, rows: slice, size: int):
        return (slice(k, min(k + size, rows.stop)) for k in range(rows.start, rows.stop, size))

    def _leaves(self, q: Floats) -> None:
        """Prices, profits, and log Σ exp of every agent's nest of metrics; the nest's index goes to `whole`."""
        for b in self._blocks(slice(0, len(q)), self.block):
            p = np.exp(q[b], out=self.price[b])
            x = np.multiply(self.weighted_radius2[b], p, out=self.work[: len(p)])
            flat = p.reshape(len(p), -1)
            norm = np.sqrt(_row_dots(x.reshape(flat.shape), flat), out=self.norm[b])
            self.profit[b] = _row_dots(self.weighted_center[b].reshape(flat.shape), flat) + self.reach * norm
            np.multiply(self.metric_delta[b], q[b], out=x)
            x += self.log_metric[b]
            _log_sum(x, self.nest[b])
            np.divide(self.nest[b], self.metric_delta[b][:, :, 0], out=self.whole[b])

    def _price_sweep(self) -> None:
        """Φ of every agent into `whole`, the share of its own work, and the shares of its successors."""
        for r, routed in zip(reversed(self.routing), reversed(self.routed)):
            below = self.whole[r.below]
            for b in self._blocks(r.rows, self.block):
                local = slice(b.start - r.rows.start, b.stop - r.rows.start)
                x = np.take(below, r.to[local], axis=0, out=routed[local], mode="clip")
                x *= r.delta[local]
                x += r.log_weights[local]
                delegated = np.empty_like(self.whole[b])
                _log_sum(x, delegated)
                x /= np.sum(x, 1, keepdims=True)
                delegated /= r.delta[local][:, :, 0]
                own = self.whole[b]
                own *= self.chain_delta[b]
                own += self.log_own[b]
                delegated *= self.chain_delta[b]
                delegated += self.log_rest[b]
                # log(eᵃ + eᵇ) = a + log(1 + eᵇ⁻ᵃ), and the share of a is 1/(1 + eᵇ⁻ᵃ).
                delegated -= own
                ratio = np.exp(delegated, out=delegated)
                ratio += 1
                np.divide(1, ratio, out=self.own_share[b])
                own += np.log(ratio, out=ratio)
                own /= self.chain_delta[b]

    def _demand_sweep(self) -> None:
        """What is spent on each agent's own work, as a part of all spending, into `flow`."""
        x = self.log_entry + self.entry_delta * self.whole[self.entry]
        total = np.empty(x.shape[1], x.dtype)
        _log_sum(x[None], total[None])
        x /= x.sum(0)
        y = self.log_time + self.time_delta / self.entry_delta * total
        spread = np.exp(y - y.max())
        self.flow[self.entry] = x * (spread / spread.sum())
        for r, routed in zip(self.routing, self.routed):
            flow = self.flow[r.rows]
            own = flow * self.own_share[r.rows]
            np.subtract(flow, own, out=flow)
            routed *= flow[:, None, :]
            sent = np.take(routed.reshape(-1, flow.shape[1]), r.by_target, axis=0)
            np.add.reduceat(sent, r.first, axis=0, out=self.flow[r.below])
            flow[:] = own

    def _residual(self, q: Floats, log_income: float, out: Floats) -> None:
        for b in self._blocks(slice(0, len(q)), self.block):
            spent = np.log(self.flow[b])
            spent += log_income
            spent -= self.log_weights
            spent -= self.nest[b]
            supply = np.multiply(self.reach_radius2[b], self.price[b], out=self.work[: b.stop - b.start])
            supply /= self.norm[b, None, None]
            supply += self.center[b]
            np.log(supply, out=supply)
            f = np.multiply(self.metric_delta[b] - 1, q[b], out=out[b])
            f += self.log_metric[b]
            f += spent[:, None, :]
            f -= supply


def _routing(e: Economy, level: Level, below: Level, a) -> Routing:
    edges = np.flatnonzero(level.weights.ravel() > 0)
    targets = level.to.ravel()[edges]
    order = np.argsort(targets, kind="stable")
    rows = slice(level.begin, level.end)
    with np.errstate(divide="ignore"):
        log_weights = a(np.log(level.weights)[:, :, None])
    return Routing(
        rows=rows,
        below=slice(below.begin, below.end),
        to=level.to,
        log_weights=log_weights,
        delta=a((1 - e.routing_elasticity[rows])[:, None, None]),
        by_target=edges[order],
        first=np.searchsorted(targets[order], np.arange(below.end - below.begin)),
    )


def _row_dots(x: Floats, y: Floats) -> Floats:
    return np.vecdot(x, y) if hasattr(np, "vecdot") else np.einsum("ij,ij->i", x, y)


def _log_sum(x: Floats, out: Floats) -> None:
    """log Σ exp x over axis 1 into out; x becomes exp(x − its maximum)."""
    top = x.max(1, keepdims=True)
    x -= top
    np.exp(x, out=x)
    np.sum(x, 1, out=out)
    np.log(out, out=out)
    out += top[:, 0]


class Anderson:
    """Anderson(5), type II, on tâtonnement q ← q + λf."""

    def __init__(self, market: Market, q: Floats, step: float) -> None:
        self.market, self.step = market, q.dtype.type(step)
        self.q, self.f = q.copy(), market.log_ratio(q, np.empty_like(q))
        self.to, self.f_to, self.part = np.empty_like(q), np.empty_like(q), np.empty_like(q)
        self.dg = np.zeros((MEMORY, q.size), q.dtype)
        self.moved = np.zeros((MEMORY, q.size), q.dtype)
        self.gram = np.zeros((MEMORY, MEMORY), q.dtype)
        self.count = 0

    def advance(self) -> float:
        """One step; osc f there."""
        gamma = _least_squares(self.gram, self.step * (self.dg @ self.f.ravel()))
        np.multiply(self.step, self.f, out=self.to)
        self.to += self.q
        self.to -= np.matmul(gamma, self.moved, out=self.part.ravel()).reshape(self.q.shape)
        self.market.log_ratio(self.to, self.f_to)
        slot = self.count % MEMORY
        change, moved = self.dg[slot].reshape(self.q.shape), self.moved[slot].reshape(self.q.shape)
        np.subtract(self.f_to, self.f, out=change)
        change *= self.step
        np.subtract(self.to, self.q, out=moved)
        moved += change
        self.gram[slot] = self.gram[:, slot] = self.dg @ self.dg[slot]
        self.count += 1
        self.q, self.to, self.f, self.f_to = self.to, self.q, self.f_to, self.f
        return float(self.f.max() - self.f.min())

    def log_prices(self) -> Floats:
        """At mean price 1. Steps leave the level of prices alone: f does not see it."""
        return self.q - np.log(np.average(np.exp(self.q).mean((0, 1)), weights=self.market.weights))


def _least_squares(gram: Floats, b: Floats) -> Floats:
    """γ of ‖g − ΔG γ‖ from the Gram matrix, columns scaled; empty slots get 0."""
    diagonal = np.diagonal(gram)
    scale = np.where(diagonal > 0, 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1)), 0).astype(gram.dtype)
    inverse = np.linalg.pinv(scale[:, None] * gram * scale, rcond=RANK[str(gram.dtype)], hermitian=True)
    return scale * (inverse @ (scale * b))
