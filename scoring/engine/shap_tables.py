"""Exact path-dependent SHAP values by table look-up (performance.md §3).

What a tree tells of a row depends on the row only through which way it goes at each split. Each tree is cut into
groups: a group is the way to a node with the two levels of splits below it, at depth 4 at most five splits in all.
For each of a group's 2^splits patterns the contributions of all its leaves are summed at load, in float64, for its
distinct features. A row then costs one comparison per split and one table row per group.

Contribution of leaf value v to feature i on a path of m features (Lundberg et al. 2018, algorithm 1 written out):
    Σ over S ⊆ others of |S|! (m−1−|S|)!/m! · v · Π_{j∈S} o_j · Π_{j∉S} z_j · (o_i − z_i)
where o_j is 1 if the row goes along the path at every split on j, and z_j is the share of training cover that does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BELOW = 2
"""Levels of splits that share a table; what is above them is the stem of the group."""
MOST_SPLITS = 12
"""Beyond it a table would have more than 4,096 rows: such trees are refused."""


class TooDeep(ValueError):
    """A tree has a group of more splits than a table can hold; xgboost's own contributions must be used."""


@dataclass(frozen=True)
class Tree:
    """One tree by node: children (−1 at a leaf), feature, cut (left when value < cut), default, cover, leaf value."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    feature: tuple[int, ...]
    cut: tuple[float, ...]
    default_left: tuple[bool, ...]
    cover: tuple[float, ...]

    def is_leaf(self, node: int) -> bool:
        """Whether the node has no children."""
        return self.left[node] < 0


@dataclass(frozen=True)
class Step:
    """A split on the way: node, whether the way goes left."""

    node: int
    left: bool


@dataclass(frozen=True)
class Tables:
    """All trees of all members laid end to end.

    Per split: feature, cut (float32 as xgboost compares), direction of missing. Per group: its splits
    (`split_from[g]:split_from[g+1]`), its features (`feature_from`), where its table begins (`table_from`).
    `base` is the margin of the average row. Everything is divided by the number of members.
    """

    columns: int
    base: float
    split_feature: Integers
    split_cut: NDArray[np.float32]
    split_default: Integers
    split_from: Integers
    feature: Integers
    feature_from: Integers
    table: Floats
    table_from: Integers


def trees_of(document: Mapping[str, object]) -> tuple[tuple[Tree, ...], float]:
    """Trees and base margin of a model in xgboost's JSON."""
    learner = _mapping(document["learner"])
    booster = _mapping(_mapping(learner["gradient_booster"])["model"])
    chance = float(str(_mapping(learner["learner_model_param"])["base_score"]).strip("[]"))
    trees = booster["trees"]
    if not isinstance(trees, Sequence):
        raise TooDeep("the model has no list of trees")
    return tuple(_tree(_mapping(tree)) for tree in trees), log(chance / (1.0 - chance))


def tabulate(members: Sequence[tuple[Sequence[Tree], float]], columns: int) -> Tables:
    """The tables of a bag whose margins are averaged. Raises TooDeep."""
    groups: list[_Group] = []
    base = 0.0
    for trees, offset in members:
        base += offset / len(members)
        for tree in trees:
            base += _mean(tree, 0) / len(members)
            groups += [_group(tree, reach) for reach in reaches_of(tree)]
    return _laid_out(groups, columns, base, len(members))


@dataclass(frozen=True)
class _Group:
    splits: tuple[tuple[int, float, bool], ...]
    features: tuple[int, ...]
    table: Floats


def _stems(tree: Tree) -> list[tuple[Step, ...]]:
    """The way to every node `BELOW` levels above the deepest leaves, or to a shallower leaf; none without a split."""
    if tree.is_leaf(0):
        return []
    stems: list[tuple[Step, ...]] = [()]
    for _ in range(_depth(tree, 0) - BELOW):
        stems = [longer for stem in stems for longer in _onward(tree, stem)]
    return stems


def _depth(tree: Tree, node: int) -> int:
    return 0 if tree.is_leaf(node) else 1 + max(_depth(tree, tree.left[node]), _depth(tree, tree.right[node]))


def _end(tree: Tree, way: Sequence[Step]) -> int:
    if not way:
        return 0
    last = way[-1]
    return tree.left[last.node] if last.left else tree.right[last.node]


def _onward(tree: Tree, way: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """The way one split longer, both ways; the way itself when it ends in a leaf."""
    node = _end(tree, way)
    if tree.is_leaf(node):
        yield way
    else:
        yield (*way, Step(node, left=True))
        yield (*way, Step(node, left=False))


@dataclass(frozen=True)
class Reach:
    """One group: its splits by node, the ways to its leaves, and which way a split goes per pattern."""

    nodes: tuple[int, ...]
    ways: tuple[tuple[Step, ...], ...]
    goes_left: Mapping[int, NDArray[np.bool_]]


def reaches_of(tree: Tree) -> Iterator[Reach]:
    """Every group of a tree, whose leaves together are all its leaves. Raises TooDeep."""
    for stem in _stems(tree):
        yield _reach(tree, stem)


def _reach(tree: Tree, stem: tuple[Step, ...]) -> Reach:
    ways, longer = [stem], [stem]
    while True:
        longer = [way for before in ways for way in _onward(tree, before)]
        if longer == ways:
            break
        ways = longer
    nodes = list(dict.fromkeys(step.node for way in ways for step in way))
    if len(nodes) > MOST_SPLITS:
        raise TooDeep(f"a group of {len(nodes)} splits")
    patterns = np.arange(2 ** len(nodes))
    goes_left = {node: (patterns >> place) & 1 == 1 for place, node in enumerate(nodes)}
    return Reach(tuple(nodes), tuple(ways), goes_left)


def _group(tree: Tree, reach: Reach) -> _Group:
    features = list(dict.fromkeys(tree.feature[node] for node in reach.nodes))
    table = np.zeros((2 ** len(reach.nodes), len(features)))
    for way in reach.ways:
        for feature, part in _leaf_parts(tree, way, reach.goes_left).items():
            table[:, features.index(feature)] += part
    return _Group(splits_of(tree, reach), tuple(features), table)


def splits_of(tree: Tree, reach: Reach) -> tuple[tuple[int, float, bool], ...]:
    """Feature, cut and direction of missing of each split of a group."""
    return tuple((tree.feature[node], tree.cut[node], tree.default_left[node]) for node in reach.nodes)


def _leaf_parts(tree: Tree, way: Sequence[Step], goes_left: Mapping[int, NDArray[np.bool_]]) -> dict[int, Floats]:
    """Contribution of the leaf at the end of `way` to each feature on it, per pattern."""
    leaf = leaf_of(tree, way, goes_left)
    along, share = leaf.along, leaf.share
    return {
        feature: leaf.value * _weight(feature, along, share) * (along[feature] - share[feature]) for feature in along
    }


@dataclass(frozen=True)
class Leaf:
    """A leaf's value; per feature on its path whether a pattern goes along (0/1), and the share of cover that does."""

    value: float
    along: Mapping[int, Floats]
    share: Mapping[int, float]


def leaf_of(tree: Tree, way: Sequence[Step], goes_left: Mapping[int, NDArray[np.bool_]]) -> Leaf:
    """The leaf at the end of `way`."""
    along: dict[int, Floats] = {}
    share: dict[int, float] = {}
    for step in way:
        feature = tree.feature[step.node]
        follows = (goes_left[step.node] == step.left).astype(np.float64)
        along[feature] = along.get(feature, np.ones_like(follows)) * follows
        below = tree.left[step.node] if step.left else tree.right[step.node]
        share[feature] = share.get(feature, 1.0) * tree.cover[below] / tree.cover[step.node]
    # at a leaf xgboost keeps the value where a split keeps its cut
    return Leaf(tree.cut[_end(tree, way)], along, share)


def _weight(feature: int, along: Mapping[int, Floats], share: Mapping[int, float]) -> Floats:
    others = [other for other in along if other != feature]
    total = np.zeros_like(along[feature])
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(others) + 1)
        for chosen in combinations(others, size):
            product = np.full_like(total, weight)
            for other in others:
                product = product * (along[other] if other in chosen else share[other])
            total += product
    return total


def _mean(tree: Tree, node: int) -> float:
    """Mean of the leaves below `node`, weighted by cover."""
    if tree.is_leaf(node):
        return tree.cut[node]
    return sum(
        _mean(tree, child) * tree.cover[child] / tree.cover[node] for child in (tree.left[node], tree.right[node])
    )


def _laid_out(groups: Sequence[_Group], columns: int, base: float, members: int) -> Tables:
    splits = [split for group in groups for split in group.splits]
    return Tables(
        columns=columns,
        base=base,
        split_feature=np.array([split[0] for split in splits], dtype=np.int64),
        split_cut=np.array([split[1] for split in splits], dtype=np.float32),
        split_default=np.array([split[2] for split in splits], dtype=np.int64),
        split_from=_starts([len(group.splits) for group in groups]),
        feature=np.array([feature for group in groups for feature in group.features], dtype=np.int64),
        feature_from=_starts([len(group.features) for group in groups]),
        table=np.concatenate([group.table.ravel() for group in groups] or [np.empty(0)]) / members,
        table_from=_starts([group.table.size for group in groups]),
    )


def _starts(sizes: Sequence[int]) -> Integers:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)


def _tree(document: Mapping[str, object]) -> Tree:
    def numbers(name: str) -> list[float]:
        found = document[name]
        if not isinstance(found, Sequence):
            raise TooDeep(f"the tree has no list of {name}")
        return [float(value) for value in found]

    return Tree(
        left=tuple(int(value) for value in numbers("left_children")),
        right=tuple(int(value) for value in numbers("right_children")),
        feature=tuple(int(value) for value in numbers("split_indices")),
        cut=tuple(numbers("split_conditions")),
        default_left=tuple(bool(value) for value in numbers("default_left")),
        cover=tuple(numbers("sum_hessian")),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TooDeep("the model is not in xgboost's JSON")
    return value
