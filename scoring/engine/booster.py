"""Gradient-boosted trees. The only module that imports xgboost; import it inside a function.

Margins are log-odds before calibration. A bag averages the margins of its members, and therefore
their contributions: both are summed member by member, so one row and many rows give the same bits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xgboost
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """How one member is grown. Small trees: exact explanations stay cheap and reasons stay readable."""

    depth: int = 4
    rate: float = 0.06
    most_rounds: int = 300
    patience: int = 30
    row_share: float = 0.8
    column_share: float = 0.6
    leaf_weight: float = 6.0
    ridge: float = 4.0
    folds: int = 5
    threads: int = 1
    seed: int = 20261120

    def parameters(self, *, constraints: tuple[int, ...], seed: int) -> dict[str, object]:
        """XGBoost's names for this recipe; `constraints` has +1, 0 or −1 per column."""
        return {
            "objective": "binary:logistic",
            "tree_method": "hist",
            "max_depth": self.depth,
            "eta": self.rate,
            "subsample": self.row_share,
            "colsample_bytree": self.column_share,
            "min_child_weight": self.leaf_weight,
            "lambda": self.ridge,
            "monotone_constraints": constraints,
            "nthread": self.threads,
            "seed": seed,
        }


@dataclass(frozen=True)
class Rows:
    """A matrix (n, f) with NaN for missing, a 0/1 target (n,) and the names of the f columns."""

    names: tuple[str, ...]
    matrix: Floats
    target: Floats

    def matrix_of_trees(self) -> xgboost.DMatrix:
        """The rows as xgboost wants them."""
        return xgboost.DMatrix(self.matrix, label=self.target, feature_names=list(self.names))


def best_rounds(rows: Rows, stop: Rows, recipe: Recipe, constraints: tuple[int, ...]) -> tuple[int, float]:
    """Number of trees after which log-loss on `stop`, which is never reported, no longer falls; and that loss."""
    booster = xgboost.train(
        recipe.parameters(constraints=constraints, seed=recipe.seed) | {"eval_metric": "logloss"},
        rows.matrix_of_trees(),
        recipe.most_rounds,
        evals=[(stop.matrix_of_trees(), "stop")],
        early_stopping_rounds=recipe.patience,
        verbose_eval=False,
    )
    return int(booster.best_iteration) + 1, float(booster.best_score)


def grow(rows: Rows, recipe: Recipe, constraints: tuple[int, ...], *, rounds: int, seed: int) -> bytes:
    """One member as UBJ bytes."""
    parameters = recipe.parameters(constraints=constraints, seed=seed)
    booster = xgboost.train(parameters, rows.matrix_of_trees(), rounds, verbose_eval=False)
    return bytes(booster.save_raw("ubj"))


@dataclass(frozen=True)
class Stopped:
    """A model stopped in time: log-loss on the stopping rows, their margins, and those of other matrices."""

    loss: float
    stop: Floats
    others: tuple[Floats, ...]


def grow_stopped(rows: Rows, stop: Rows, parameters: Mapping[str, object], others: Sequence[Floats]) -> Stopped:
    """Grow on `rows` until log-loss on `stop` no longer falls; `parameters` are xgboost's, with rounds and patience."""
    limits = {name: int(str(parameters[name])) for name in ("rounds", "patience")}
    chosen = {name: value for name, value in parameters.items() if name not in limits}
    booster = xgboost.train(
        chosen | {"objective": "binary:logistic", "tree_method": "hist", "eval_metric": "logloss"},
        xgboost.QuantileDMatrix(rows.matrix, label=rows.target, max_bin=256, nthread=chosen.get("nthread")),
        limits["rounds"],
        evals=[(xgboost.DMatrix(stop.matrix, label=stop.target), "stop")],
        early_stopping_rounds=limits["patience"],
        verbose_eval=False,
    )
    upto = (0, int(booster.best_iteration) + 1)

    def margins(matrix: xgboost.DMatrix) -> Floats:
        return np.asarray(booster.predict(matrix, output_margin=True, iteration_range=upto), dtype=np.float64)

    told = tuple(margins(xgboost.DMatrix(matrix)) for matrix in others)
    return Stopped(float(booster.best_score), margins(xgboost.DMatrix(stop.matrix)), told)


def _member(ubj: bytes) -> xgboost.Booster:
    booster = xgboost.Booster()
    booster.load_model(bytearray(ubj))
    booster.set_param({"nthread": 1})
    return booster


class Bag:
    """Members that vote by averaged margin. xgboost itself refuses another list of columns."""

    def __init__(self, members: tuple[bytes, ...], names: tuple[str, ...]) -> None:
        self.names = names
        self.boosters = tuple(_member(ubj) for ubj in members)

    def _rows(self, matrix: Floats) -> xgboost.DMatrix:
        return xgboost.DMatrix(matrix, feature_names=list(self.names), nthread=1)

    def margins(self, matrix: Floats) -> Floats:
        """(n, members) margins of `matrix` (n, f)."""
        rows = self._rows(matrix)
        columns = [booster.predict(rows, output_margin=True) for booster in self.boosters]
        return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])

    def documents(self) -> tuple[dict[str, object], ...]:
        """Each member in xgboost's JSON, for the tables of contributions."""
        return tuple(json.loads(bytes(booster.save_raw("json"))) for booster in self.boosters)

    def contributions(self, matrix: Floats) -> Floats:
        """(n, f + 1) exact SHAP values by xgboost, averaged over members; the last column is the base.

        What is served comes from `shap_tables`; this is what it is proven against.
        """
        rows = self._rows(matrix)
        total = np.zeros((matrix.shape[0], len(self.names) + 1))
        for booster in self.boosters:
            total += np.asarray(booster.predict(rows, pred_contribs=True), dtype=np.float64)
        return np.asarray(total / len(self.boosters), dtype=np.float64)

    def interactions(self, matrix: Floats) -> Floats:
        """(n, f + 1, f + 1) SHAP interaction values by xgboost, averaged over members: what ours are proven against."""
        rows = self._rows(matrix)
        found = [
            np.asarray(booster.predict(rows, pred_interactions=True), dtype=np.float64) for booster in self.boosters
        ]
        return np.asarray(sum(found) / len(found), dtype=np.float64)
