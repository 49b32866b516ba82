"""python measure.py numpy|jax ECONOMY.npz float64|float32 [SOLUTION.npz]: checks, times, prints one JSON object."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from economy import Economy, Floats, read_economy
from timing import seconds_of

TARGET = {"float64": 1e-8, "float32": 2e-5}
"""osc f at which the solve ends."""
MOST_STEPS = 200
FILLING = 6
"""Steps while Anderson's history fills, and a peer may still compile."""


@dataclass(frozen=True)
class Peer:
    versions: dict[str, str]
    path: str
    evaluate: Callable[[], object]
    """f at the economy's q, waited for."""
    f: Callable[[], Floats]
    start: Callable[[], object]
    """Begins a solve at p = 1."""
    advance: Callable[[], float]
    """One Anderson step; osc f after it."""
    solution: Callable[[], Floats]


def numpy_peer(economy: Economy, dtype: str) -> Peer:
    from numpy_peer import Anderson, Market

    market = Market(economy, dtype)
    q = economy.q.astype(dtype)
    f = np.empty_like(q)
    run: list[Anderson] = []

    def start() -> None:
        run[:] = [Anderson(market, np.zeros_like(q), economy.step)]

    return Peer(
        versions={"numpy": np.__version__},
        path="blocks of agents in the cache, in place",
        evaluate=lambda: market.log_ratio(q, f),
        f=lambda: f,
        start=start,
        advance=lambda: run[0].advance(),
        solution=lambda: run[0].log_prices(),
    )


def jax_peer(economy: Economy, dtype: str) -> Peer:
    import jax
    import jax.numpy as jnp
    import jaxlib

    jax.config.update("jax_enable_x64", dtype == "float64")
    from jax_peer import State, begin, compiled

    evaluate, step, log_prices = compiled(economy, dtype)
    q = jnp.asarray(economy.q, dtype)
    state: list[State] = []

    def start() -> None:
        state[:] = [jax.block_until_ready(begin(evaluate, jnp.zeros_like(q)))]

    def advance() -> float:
        state[0], oscillation = step(state[0])
        return float(oscillation)

    return Peer(
        versions={"jax": jax.__version__, "jaxlib": jaxlib.__version__},
        path="jit",
        evaluate=lambda: evaluate(q).block_until_ready(),
        f=lambda: np.asarray(evaluate(q)),
        start=start,
        advance=advance,
        solution=lambda: np.asarray(log_prices(state[0])),
    )


def solve(peer: Peer, dtype: str) -> dict[str, float | int]:
    """From p = 1, compiled code being warm already."""
    peer.start()
    peer.advance()
    began = time.perf_counter()
    peer.start()
    taken: list[float] = []
    oscillation = np.inf
    while oscillation > TARGET[dtype] and len(taken) < MOST_STEPS:
        last = time.perf_counter()
        oscillation = peer.advance()
        taken.append(time.perf_counter() - last)
    return {
        "seconds": time.perf_counter() - began,
        "steps": len(taken),
        "oscillation": oscillation,
        "step": statistics.median(taken[FILLING:] or taken),
    }


def measure(system: str, path: str, dtype: str, solution: str | None) -> dict[str, object]:
    economy = read_economy(path)
    peer = {"numpy": numpy_peer, "jax": jax_peer}[system](economy, dtype)
    peer.evaluate()
    error = float(np.abs(peer.f() - economy.f).max())
    evaluation = seconds_of(peer.evaluate)
    solved = solve(peer, dtype)
    apart = None
    if solution is not None:
        other = np.load(solution)["q"].reshape(economy.q.shape)[economy.order]
        apart = float(np.abs(peer.solution() - other).max())
    return {
        "path": peer.path,
        "versions": peer.versions,
        "prices": economy.prices,
        "error": error,
        "evaluation": evaluation,
        "solve": solved,
        "apart": apart,
    }


if __name__ == "__main__":
    system, path, dtype, *rest = sys.argv[1:]
    print(json.dumps(measure(system, path, dtype, rest[0] if rest else None)))
