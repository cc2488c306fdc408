"""Exact path-dependent SHAP interaction values by table look-up, beside `shap_tables`.

Half of what two features do together, beyond what each does alone, belongs to each of them: the matrix is symmetric,
and each row of it, its diagonal included, adds up to that feature's contribution. Of a leaf of value v whose path has
m features, to the pair i, j (Lundberg et al. 2018, §4, written out for one leaf):
    Σ over S ⊆ others of |S|! (m−2−|S|)! / (2 (m−1)!) · v · Π_{k∈S} o_k · Π_{k∉S} z_k · (o_i − z_i) (o_j − z_j)
with o and z as in `shap_tables`. Features that are not on the path change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from scoring.engine.shap_tables import Floats, Integers, Leaf, Reach, Tree, leaf_of, reaches_of, splits_of

Pair = tuple[int, int]


@dataclass(frozen=True)
class _Group:
    """One group's splits (feature, float32 cut, direction of missing), its pairs and 2^splits rows of their effects."""

    feature: Integers
    cut: NDArray[np.float32]
    default_left: NDArray[np.bool_]
    pairs: tuple[Pair, ...]
    table: Floats


@dataclass(frozen=True)
class PairTables:
    """All groups of a bag whose margins are averaged; `pairs` (lower column first) are all that ever meet on a path."""

    pairs: tuple[Pair, ...]
    groups: tuple[_Group, ...]
    members: int


def tabulate_pairs(members: Sequence[Sequence[Tree]]) -> PairTables:
    """The tables of a bag. Raises TooDeep."""
    groups = [_group(tree, reach) for trees in members for tree in trees for reach in reaches_of(tree)]
    kept = tuple(group for group in groups if group.pairs)
    pairs = tuple(sorted({pair for group in kept for pair in group.pairs}))
    return PairTables(pairs, kept, len(members))


def pair_effects(tables: PairTables, matrix: Floats) -> Floats:
    """(n, pairs): what each pair does together to the margin of each row of `matrix` (n, f), both halves added."""
    rows = np.asarray(matrix, dtype=np.float32)
    place = {pair: number for number, pair in enumerate(tables.pairs)}
    total = np.zeros((len(tables.pairs), rows.shape[0]))
    for group in tables.groups:
        found = group.table[_patterns(group, rows)]
        for number, pair in enumerate(group.pairs):
            total[place[pair]] += found[:, number]
    return 2.0 * total.T / tables.members


def _patterns(group: _Group, rows: NDArray[np.float32]) -> Integers:
    values = rows[:, group.feature]
    left = np.where(np.isnan(values), group.default_left, values < group.cut)
    return np.asarray(left @ (1 << np.arange(group.feature.size)), dtype=np.int64)


def _group(tree: Tree, reach: Reach) -> _Group:
    effects: dict[Pair, Floats] = {}
    for way in reach.ways:
        for pair, part in _leaf_pairs(leaf_of(tree, way, reach.goes_left)).items():
            effects[pair] = effects.get(pair, np.zeros_like(part)) + part
    splits = splits_of(tree, reach)
    return _Group(
        feature=np.array([split[0] for split in splits], dtype=np.int64),
        cut=np.array([split[1] for split in splits], dtype=np.float32),
        default_left=np.array([split[2] for split in splits], dtype=np.bool_),
        pairs=tuple(effects),
        table=np.column_stack(list(effects.values())) if effects else np.empty((0, 0)),
    )


def _leaf_pairs(leaf: Leaf) -> dict[Pair, Floats]:
    """Half of what each pair on the path does together, per pattern."""
    moved = {feature: leaf.along[feature] - leaf.share[feature] for feature in leaf.along}
    return {
        (one, other): leaf.value * _weight((one, other), leaf.along, leaf.share) * moved[one] * moved[other]
        for one, other in combinations(sorted(leaf.along), 2)
    }


def _weight(pair: Pair, along: Mapping[int, Floats], share: Mapping[int, float]) -> Floats:
    others = [feature for feature in along if feature not in pair]
    total = np.zeros_like(along[pair[0]])
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / (2 * factorial(len(others) + 1))
        for chosen in combinations(others, size):
            product = np.full_like(total, weight)
            for other in others:
                product = product * (along[other] if other in chosen else share[other])
            total += product
    return total
