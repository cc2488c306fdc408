"""The cadence anomaly: how unlike other firms' rhythm a firm's rhythm is.

Isolation forest (Liu, Ting and Zhou 2008) over the cadence block, held as plain arrays and scored with
numpy: no pickle. The score s = 2^(−E[depth]/c(ψ)) is the feature `temporal_anomaly_flag`, between 0 and 1;
whether it counts as a flag is a threshold of policy, and `threshold` is the fitted proposal for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEATURE = "temporal_anomaly_flag"
BLOCK = (
    "gst_mean_filing_interval_days",
    "gst_std_filing_interval_days",
    "upi_inbound_std_interval_days",
    "ewb_median_interval_days",
    "gst_filing_delay_trend",
)
LEAF = -1


@dataclass(frozen=True)
class IsolationTree:
    """One tree by node: children (−1 at a leaf), column, cut (left when value ≤ cut), training rows."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    column: tuple[int, ...]
    cut: tuple[float, ...]
    size: tuple[int, ...]


def path_allowance(rows: float) -> float:
    """c(n): mean depth of an unsuccessful search in a binary search tree of n rows.

    >>> path_allowance(1), path_allowance(2)
    (0.0, 1.0)
    """
    if rows <= 1:
        return 0.0
    if rows <= 2:
        return 1.0
    return 2.0 * (float(np.log(rows - 1.0)) + float(np.euler_gamma)) - 2.0 * (rows - 1.0) / rows


def node_depths(tree: IsolationTree) -> Floats:
    """Depth of each node, with the allowance of its rows added at leaves."""
    depths = np.zeros(len(tree.left))
    for node, (left, right) in enumerate(zip(tree.left, tree.right, strict=True)):
        if left == LEAF:
            depths[node] += path_allowance(tree.size[node])
        else:
            depths[left] = depths[right] = depths[node] + 1.0
    return depths


@dataclass(frozen=True)
class _Forest:
    """All trees laid end to end, so that every row walks down every tree in the same few steps."""

    roots: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    column: NDArray[np.int64]
    cut: Floats
    depth: Floats

    def leaves(self, block: NDArray[np.float32]) -> NDArray[np.int64]:
        """Leaf reached by each row of `block` (n, 5) in each tree: (n, trees)."""
        node = np.tile(self.roots, (block.shape[0], 1))
        while True:
            row, tree = np.nonzero(self.left[node] != LEAF)
            if not row.size:
                return node
            here = node[row, tree]
            goes_left = block[row, self.column[here]] <= self.cut[here]
            node[row, tree] = np.where(goes_left, self.left[here], self.right[here])


def _laid_end_to_end(trees: Sequence[IsolationTree]) -> _Forest:
    sizes = [len(tree.left) for tree in trees]
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    def children(side: str) -> NDArray[np.int64]:
        moved = [np.asarray(getattr(tree, side)) for tree in trees]
        return np.concatenate(
            [np.where(nodes == LEAF, LEAF, nodes + root) for nodes, root in zip(moved, roots, strict=True)]
        ).astype(np.int64)

    return _Forest(
        roots=roots,
        left=children("left"),
        right=children("right"),
        column=np.concatenate([np.asarray(tree.column, dtype=np.int64) for tree in trees]),
        cut=np.concatenate([np.asarray(tree.cut, dtype=np.float64) for tree in trees]),
        depth=np.concatenate([node_depths(tree) for tree in trees]),
    )


@dataclass(frozen=True)
class Cadence:
    """A fitted forest: fill-in `medians` (5,), rows per tree, trees, fitted contamination and threshold."""

    medians: tuple[float, ...]
    sample: int
    trees: tuple[IsolationTree, ...]
    contamination: float
    threshold: float

    @cached_property
    def _forest(self) -> _Forest:
        return _laid_end_to_end(self.trees)

    def anomalies(self, block: Floats) -> Floats:
        """Scores (n,) of `block` (n, 5); NaN where most of the block is missing."""
        filled = np.where(np.isnan(block), np.asarray(self.medians), block).astype(np.float32)
        depths = self._forest.depth[self._forest.leaves(filled)]
        total = np.zeros(block.shape[0])
        for tree in range(len(self.trees)):  # one by one: a lone row and a million rows sum in the same order
            total += depths[:, tree]
        scores = 2.0 ** (-total / (len(self.trees) * path_allowance(self.sample)))
        known = (~np.isnan(block)).sum(axis=1) > len(BLOCK) // 2
        return np.where(known, scores, np.nan)

    def document(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def cadence_from(document: Mapping[str, object]) -> Cadence:
    """The inverse of `Cadence.document` after a trip through JSON."""
    trees = document["trees"]
    medians = document["medians"]
    if not isinstance(trees, Sequence) or not isinstance(medians, Sequence):
        raise ValueError("cadence.json must hold lists of trees and medians")
    return Cadence(
        medians=tuple(float(value) for value in medians),
        sample=int(str(document["sample"])),
        trees=tuple(IsolationTree(**{name: tuple(column) for name, column in tree.items()}) for tree in trees),
        contamination=float(str(document["contamination"])),
        threshold=float(str(document["threshold"])),
    )


def block_of(names: Sequence[str], matrix: Floats) -> Floats:
    """The cadence block (n, 5) of a feature matrix (n, f) whose columns are `names`."""
    return matrix[:, [names.index(name) for name in BLOCK]]
