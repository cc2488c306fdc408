"""Payments that no circle can use, left out before a scan (performance.md §1, beyond one machine)."""

from __future__ import annotations

import numpy as np
import polars as pl

from fraud.engine.compiled import connecting


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
