"""How every peer is timed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

WARM_UP = 3
FEWEST = 9
SECONDS = 1.5


def seconds_of(action: Callable[[], object]) -> dict[str, float | int]:
    """Median and least seconds of an action: at least FEWEST runs after a warm-up, and SECONDS of them."""
    for _ in range(WARM_UP):
        action()
    taken: list[float] = []
    while len(taken) < FEWEST or sum(taken) < SECONDS:
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return {"median": statistics.median(taken), "least": min(taken), "runs": len(taken)}
