"""The economy that bench/peers/economy.ts writes, its agents sorted by level so that levels are slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Indices = NDArray[np.integer]


@dataclass(frozen=True)
class Level:
    """Agents begin … end − 1. K is the most successors of any; missing ones point at the first with weight 0."""

    begin: int
    end: int
    to: Indices
    """[agents, K]: position in the next level; K = 0 on the last."""
    weights: Floats
    """[agents, K]."""


@dataclass(frozen=True)
class Economy:
    """See bench/peers/flat.ts for what the arrays mean. A agents, R metrics, N nodes."""

    center: Floats
    radius: Floats
    metric_weights: Floats
    metric_elasticity: Floats
    routing_elasticity: Floats
    own_weight: Floats
    chain_elasticity: Floats
    entry_weights: Floats
    """[agents of level 0]."""
    entry_elasticity: float
    intertemporal_elasticity: float
    weights: Floats
    intensity: Floats
    horizon: float
    levels: tuple[Level, ...]
    order: Indices
    """order[i] is the agent of the file at position i."""
    q: Floats
    f: Floats
    step: float

    @property
    def prices(self) -> int:
        return self.q.size


def read_economy(path: str) -> Economy:
    with np.load(path) as arrays:
        return from_arrays({name: arrays[name] for name in arrays.files})


def from_arrays(arrays: dict[str, NDArray]) -> Economy:
    order = np.argsort(arrays["level"], kind="stable")
    position = np.argsort(order)
    by_agent = ("center", "radius", "metric_weights", "metric_elasticity", "routing_elasticity", "own_weight")
    entry = np.zeros(np.count_nonzero(arrays["level"] == 0))
    entry[position[arrays["entry_to"]]] = arrays["entry_weights"]
    return Economy(
        **{name: arrays[name][order] for name in (*by_agent, "chain_elasticity", "q", "f")},
        entry_weights=entry,
        entry_elasticity=float(arrays["entry_elasticity"][0]),
        intertemporal_elasticity=float(arrays["intertemporal_elasticity"][0]),
        weights=arrays["weights"],
        intensity=arrays["intensity"],
        horizon=float(arrays["horizon"][0]),
        levels=_levels(arrays, order, position),
        order=order,
        step=float(arrays["step"][0]),
    )


def _levels(arrays: dict[str, NDArray], order: Indices, position: Indices) -> tuple[Level, ...]:
    counts = np.bincount(arrays["level"])
    ends = np.cumsum(counts)
    first, targets, weights = arrays["next_first"], arrays["next_to"], arrays["next_weights"]
    levels = []
    for begin, end in zip(ends - counts, ends):
        agents = order[begin:end]
        degree = first[agents + 1] - first[agents]
        most = int(degree.max())
        column = np.arange(most)
        exists = column < degree[:, None]
        edge = np.where(exists, first[agents][:, None] + column, 0)
        levels.append(
            Level(
                begin=int(begin),
                end=int(end),
                to=np.where(exists, position[targets[edge]] - end, 0) if most else np.zeros((end - begin, 0), int),
                weights=np.where(exists, weights[edge], 0.0) if most else np.zeros((end - begin, 0)),
            )
        )
    return tuple(levels)
