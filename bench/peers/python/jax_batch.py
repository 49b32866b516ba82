"""python jax_batch.py BATCH.npz float64|float32 COUNT: many small economies at once, in JAX; prints one JSON object."""

from __future__ import annotations

import json
import sys
from functools import partial

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np

from economy import Economy, from_arrays
from timing import seconds_of

CHUNKS = (128,)
"""Economies evaluated together where they are not all: so many fit the cache."""


def stacked(economies: list[Economy], dtype: str):
    """The prepared arrays of all along a first axis; in-degrees padded to the largest."""
    from jax_peer import prepare

    each, ends = zip(*(prepare(economy, dtype) for economy in economies))
    most = [max(arrays.links[k].parents.shape[1] for arrays in each) for k in range(len(each[0].links))]

    def padded(arrays):
        links = []
        for link, width in zip(arrays.links, most):
            extra = width - link.parents.shape[1]
            nobody = link.to.size
            links.append(link._replace(parents=np.pad(link.parents, ((0, 0), (0, extra)), constant_values=nobody)))
        return arrays._replace(links=tuple(links))

    together = jax.tree.map(lambda *leaves: np.stack([np.asarray(x) for x in leaves]), *map(padded, each))
    return together, ends[0]


def measure(path: str, dtype: str, count: int) -> dict[str, object]:
    jax.config.update("jax_enable_x64", dtype == "float64")
    from jax_peer import log_ratio

    with np.load(path) as archive:
        members = {name: archive[name] for name in archive.files}
    distinct = len(members["q"])
    economies = [from_arrays({name: x[k] for name, x in members.items()}) for k in range(distinct)]
    together, ends = stacked(economies, dtype)
    copies = -(-count // distinct)
    arrays = jax.tree.map(lambda x: jnp.asarray(np.concatenate([x] * copies)[:count]), together)
    q = jnp.asarray(np.concatenate([np.stack([e.q for e in economies])] * copies)[:count], dtype)
    f = np.concatenate([np.stack([e.f for e in economies])] * copies)[:count]

    one = partial(log_ratio, ends=ends)
    ways = {"vmap": jax.jit(jax.vmap(one))}
    for size in CHUNKS:
        ways[f"map over vmaps of {size}"] = jax.jit(
            lambda a, q, size=size: jax.lax.map(lambda x: one(*x), (a, q), batch_size=size)
        )
    single = jax.jit(one)
    first = jax.tree.map(lambda x: x[0], arrays)
    results = {}
    for name, way in ways.items():
        error = float(np.abs(np.asarray(way(arrays, q)) - f).max())
        results[name] = {"error": error, **seconds_of(lambda: way(arrays, q).block_until_ready())}
    alone = seconds_of(lambda: single(first, q[0]).block_until_ready())
    return {
        "versions": {"jax": jax.__version__, "jaxlib": jaxlib.__version__},
        "prices": q.size,
        "ways": results,
        "one": {"prices": q[0].size, **alone},
    }


if __name__ == "__main__":
    path, dtype, count = sys.argv[1:]
    print(json.dumps(measure(path, dtype, int(count))))
