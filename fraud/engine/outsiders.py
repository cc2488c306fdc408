"""The money layer with the parties we do not know: each address of an outsider is a node (fraud.md §1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from fraud.engine.transfers import COLUMNS, money_edges

MOST_PARTNERS = 25
"""An outsider who deals with more of our businesses is an aggregator, a landlord or the state: no link of a circle."""


def outsider(address: str) -> int:
    """The node of an address: below zero, where no business is, and the same in every run.

    >>> outsider("shop@ybl") == outsider("SHOP@ybl") < 0
    True
    """
    return -1 - (int.from_bytes(hashlib.sha256(address.lower().encode()).digest()[:7]) >> 1)


def masked(address: str) -> str:
    """An address as people who look at a ring may read it: the person stays hidden, the bank does not.

    >>> masked("ramesh.k@ybl")
    'ra•••@ybl'
    """
    name, _, bank = address.partition("@")
    return f"{name[:2]}•••@{bank}"


def edges_with_outsiders(frames: Mapping[str, pl.DataFrame], *, since: int, as_of: int) -> pl.DataFrame:
    """Transfers among businesses, and UPI payments to and from addresses nobody verified; columns as `money_edges`.

    Kept are outsiders whom some business pays and who pay some business: others close no circle.
    """
    at = pl.col("occurred_at").is_between(since, as_of) & (pl.col("received_at") <= as_of)
    strange = pl.col("counterparty").is_null() & pl.col("counterparty_vpa").is_not_null()
    legs = frames["upi_payments"].filter(at & strange, status="success")
    partners = legs.group_by("counterparty_vpa").agg(
        pl.col("direction").n_unique(), partners=pl.col("business").n_unique()
    )
    both = partners.filter((pl.col("direction") == 2) & pl.col("partners").is_between(2, MOST_PARTNERS))
    links = legs.join(both.select("counterparty_vpa"), on="counterparty_vpa")
    node = {address: outsider(address) for address in both["counterparty_vpa"].to_list()}
    paying = pl.col("direction") == "out"
    addressed = links.with_columns(
        other=pl.col("counterparty_vpa").replace_strict(node, return_dtype=pl.Int64), rail=pl.lit("upi")
    )
    outside = addressed.with_columns(
        payer=pl.when(paying).then("business").otherwise("other"),
        payee=pl.when(paying).then("other").otherwise("business"),
    )
    known = money_edges(frames, since=since, as_of=as_of)
    edges = pl.concat([known, outside.select(known.columns).cast(known.schema)])
    return edges.sort(COLUMNS[3], *COLUMNS[:2], "reference", "rail")
