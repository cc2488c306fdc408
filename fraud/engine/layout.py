"""Where to draw the nodes of a network: a seeded force layout in three dimensions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fraud.engine.graph import Ints

Points = npt.NDArray[np.float64]
ROUNDS = 60
FIRST_STEP = 0.15


def force_layout(tail: Ints, head: Ints, nodes: int, *, seed: int = 7) -> Points:
    """Positions (nodes × 3) after Fruchterman and Reingold (1991): all nodes repel, edges pull, steps cool down.

    Quadratic in the nodes, meant for the few hundred a person can look at. The same graph gives the same picture.

    >>> force_layout(np.array([0, 1]), np.array([1, 2]), 3).shape
    (3, 3)
    """
    place = np.random.default_rng(seed).normal(size=(nodes, 3))
    spacing = (1.0 / max(nodes, 1)) ** (1 / 3)
    step = FIRST_STEP
    for _ in range(ROUNDS):
        apart = place[:, None, :] - place[None, :, :]
        squared = np.maximum(np.einsum("ijk,ijk->ij", apart, apart), 1e-6)
        push = np.einsum("ijk,ij->ik", apart, spacing**2 / squared)
        along = place[head] - place[tail]
        pull = along * (np.linalg.norm(along, axis=1, keepdims=True) / spacing)
        np.add.at(push, tail, pull)
        np.add.at(push, head, -pull)
        # A light spring to the middle keeps the parts of an unconnected network in view.
        push -= place * spacing
        length = np.maximum(np.linalg.norm(push, axis=1, keepdims=True), 1e-9)
        place = place + push / length * np.minimum(length, step)
        step *= 0.95
    return place
