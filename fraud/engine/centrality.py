"""Value-weighted PageRank × number of nodes: 1 is average and does not shrink as the network grows (features.md)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fraud.engine.graph import Ints

Floats = npt.NDArray[np.float64]
DAMPING = 0.85
TOLERANCE = 1e-12
ROUNDS = 200


def pagerank_score(tail: Ints, head: Ints, value: Ints, nodes: int) -> Floats:
    """Brin and Page's rank of nodes 0..nodes-1 over edges tail→head of weight `value`, times `nodes`.

    Parties that pay nobody spread their rank evenly. Edges may be parallel and in any order.

    >>> pagerank_score(np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([5, 5, 5]), 3).round(6).tolist()
    [1.0, 1.0, 1.0]
    """
    if nodes == 0:
        return np.zeros(0)
    pairs, place = np.unique(tail * nodes + head, return_inverse=True)
    weight = np.bincount(place, value, len(pairs))
    payer, payee = pairs // nodes, pairs % nodes
    paid = np.bincount(payer, weight, nodes)
    share = weight / paid[payer]
    idle = paid == 0
    rank = np.full(nodes, 1.0 / nodes)
    for _ in range(ROUNDS):
        flowing = np.bincount(payee, share * rank[payer], nodes) + rank[idle].sum() / nodes
        following = DAMPING * flowing + (1 - DAMPING) / nodes
        moved = np.abs(following - rank).sum()
        rank = following
        if moved < TOLERANCE:
            break
    return rank * nodes
