"""Who belongs together in a payment network too large to draw: label propagation, the same answer every time."""

from __future__ import annotations

import polars as pl

ROUNDS = 12


def communities(pairs: pl.DataFrame) -> pl.DataFrame:
    """Columns business, label: a community each, named by the smallest key it began from.

    `pairs` has payer, payee and amount_paise. Every business takes the label its neighbours pay most under, after
    Raghavan, Albert and Kumara (2007); even and odd keys take turns, so that two do not swap for ever, equal
    weights take the smallest label, and weights are whole paise: order of rows and machine change nothing.

    >>> pairs = pl.DataFrame({"payer": [1, 2, 7], "payee": [2, 3, 8], "amount_paise": [5, 5, 1]})
    >>> communities(pairs).sort("business")["label"].n_unique()
    2
    """
    ends = [pairs.select(business=one, other=two, weight="amount_paise") for one, two in _BOTH_WAYS]
    ties = pl.concat(ends).filter(pl.col("business") != pl.col("other"))
    ties = ties.group_by("business", "other").agg(pl.col("weight").sum())
    labels = ties.select("business").unique().sort("business").with_columns(label=pl.col("business"))
    for turn in range(ROUNDS):
        moved = _moved(ties, labels, turn % 2)
        if moved.equals(labels):
            break
        labels = moved
    return labels.with_columns(pl.all().cast(pl.Int64))


_BOTH_WAYS = (("payer", "payee"), ("payee", "payer"))


def _moved(ties: pl.DataFrame, labels: pl.DataFrame, parity: int) -> pl.DataFrame:
    """The labels after the businesses of one parity had their turn."""
    turn = ties.filter(pl.col("business") % 2 == parity)
    seen = turn.join(labels.rename({"business": "other"}), on="other")
    heard = seen.group_by("business", "label").agg(pl.col("weight").sum())
    best = heard.sort(["business", "weight", "label"], descending=[False, True, False])
    chosen = best.group_by("business", maintain_order=True).first().select("business", heard="label")
    joined = labels.join(chosen, on="business", how="left", maintain_order="left")
    return joined.select("business", label=pl.coalesce("heard", "label"))
