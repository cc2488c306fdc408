"""Payments that no circle can use, left out before a scan (performance.md §1, beyond one machine)."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from fraud.engine.compiled import connecting


def without_hubs(edges: pl.DataFrame, hubs: Collection[int]) -> pl.DataFrame:
    """The edges that touch none of the hubs, in their order: nobody goes round through the tax authority.

    >>> without_hubs(pl.DataFrame({"payer": [1, 2], "payee": [2, 9]}), {9}).rows()
    [(1, 2)]
    """
    named = sorted(hubs)
    return edges.filter(~pl.col("payer").is_in(named) & ~pl.col("payee").is_in(named)) if named else edges


def able_to_return(edges: pl.DataFrame) -> pl.DataFrame:
    """The edges whose two ends lie in one strong component, in their order.

    Money that leaves a component never comes back: payers who are never paid, payees who never pay, whoever is left
    with one direction without them, and links from one component to another go. No temporal cycle is lost, because
    each is a cycle.

    >>> edges = pl.DataFrame({"payer": [1, 2, 3, 9, 3], "payee": [2, 3, 1, 1, 4]})
    >>> able_to_return(edges).rows()
    [(1, 2), (2, 3), (3, 1)]
    """
    if edges.is_empty():
        return edges
    ends = np.concatenate([edges["payer"].to_numpy(), edges["payee"].to_numpy()])
    labels, places = np.unique(ends, return_inverse=True)
    pairs = np.unique(places.reshape(2, -1).astype(np.int32), axis=1)
    begins = np.searchsorted(pairs[0], np.arange(len(labels) + 1)).astype(np.int32)
    component = connecting().strong_components(begins, np.ascontiguousarray(pairs[1]))
    tail, head = places.reshape(2, -1)
    return edges.filter(pl.Series((component[tail] == component[head]) & (tail != head)))
