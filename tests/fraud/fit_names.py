"""Fit the coefficients of fraud/engine/names/probability.py: python -m tests.fraud.fit_names [pairs] [seed]."""

import json
import sys

import numpy as np

from fraud.engine.names.comparison import FEATURES, compare
from fraud.engine.names.normalise import kind_of, read_name
from tests.fraud.name_pairs import Pair, pairs

PENALTY = 2.0


def design(sample: list[Pair]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Feature rows, labels, and which are people."""
    rows = []
    for pair in sample:
        kind = kind_of(pair.schema)
        rows.append(compare(read_name(pair.one, kind), read_name(pair.other, kind)).features)
    people = np.array([pair.schema == "Person" for pair in sample])
    return np.array(rows), np.array([pair.same for pair in sample], float), people


SIGNS = {
    "covered_less": 1, "covered_more": 1, "whole": 1, "conflict": -1, "clash": -1, "omitted": -1, "worst": -1,
    "initials": -1, "disorder": -1, "numbers": -1, "forms": -1, "lone": -1, "foreign": 1, "surprise": 1,
    "whole_close": 1, "replaced": -1,
}  # fmt: skip
"""Which way each feature may speak: evidence for a match never lowers it, whatever the sample says."""


FIXED = {"surprise": 0.4, "forms": -0.6, "worst": -0.5, "whole_close": 1.5, "replaced": -3.0, "numbers": -4.0}
"""Set by judgement: what made-up pairs cannot teach (rarity, legal forms) and what keeps near-perfect ones in order."""


def fit(rows: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Logistic regression with signs: features that speak the wrong way leave, worst first, until none does."""
    signs = np.array([SIGNS[name] for name in FEATURES])
    kept = np.array([name not in FIXED for name in FEATURES])
    given = np.array([FIXED.get(name, 0.0) for name in FEATURES])
    while True:
        found = np.zeros(len(signs) + 1)
        found[np.concatenate([[True], kept])] = newton(rows[:, kept], same, rows @ given)
        wrong = found[1:] * signs
        if (wrong >= 0).all():
            found[1:] += given
            return found
        kept[np.argmin(wrong)] = False


def newton(rows: np.ndarray, same: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the intercept is not penalised."""
    table = np.column_stack([np.ones(len(rows)), rows])
    found = np.zeros(table.shape[1])
    penalty = np.diag([0.0] + [PENALTY] * rows.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-table @ found - offset))
        slope = table.T @ (same - chance) - penalty @ found
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + penalty
        found = found + np.linalg.solve(curve, slope)
    return found


def main() -> None:
    count, seed = (int(word) for word in (sys.argv[1:] + ["12000", "7"][len(sys.argv) - 1 :]))
    rows, same, people = design(pairs(count, seed))
    for name, chosen in (("person", people), ("organisation", ~people)):
        found = fit(rows[chosen], same[chosen])
        said = (np.column_stack([np.ones(chosen.sum()), rows[chosen]]) @ found) > 0
        sys.stdout.write(f"{name} accuracy {(said == same[chosen]).mean():.4f}\n")
        coefficients = dict(zip(("intercept", *FEATURES), np.round(found, 3).tolist(), strict=True))
        sys.stdout.write(json.dumps(coefficients) + "\n")


if __name__ == "__main__":
    main()
