"""New counterparties: most of the money of a month goes to parties never seen before."""

from __future__ import annotations

import polars as pl

from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.typologies.findings import Finding, Frames, findings, ramp, seen

DAYS = 180
MONTH = 30
LEAST = 20
PARTIES = 5
SHARE = 0.7
RATIO = 2.0


def new_counterparty_burst(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments out of the last 180 days.

    Formula: share of the value of the last 30 days paid to addresses unknown in the 150 before, when the month is at
    least RATIO times the usual month. Reference: RBI, early warning signals. Example: ₹9 of ₹10 to new parties.

    >>> 9 / 10 >= SHARE
    True
    """
    paid = frames["upi_payments"].lazy().filter(seen(as_of, DAYS), status="success", direction="out")
    first = paid.with_columns(first=pl.col("occurred_at").min().over(["business", "counterparty_vpa"]))
    late = pl.col("occurred_at") > as_of - MONTH * DAY
    fresh = pl.col("first") > as_of - MONTH * DAY
    value = pl.col("amount_paise")
    measured = (
        first.sort("occurred_at", "reference")
        .group_by("business")
        .agg(
            lately=value.filter(late).sum(),
            before=value.filter(~late).sum() / (DAYS / MONTH - 1),
            early=(~late).sum(),
            fresh=value.filter(late & fresh).sum(),
            parties=pl.col("counterparty_vpa").filter(fresh).n_unique(),
            keys=pl.col("reference").filter(late & fresh),
        )
    )
    enough = measured.filter((pl.col("early") >= LEAST) & (pl.col("parties") >= PARTIES) & (pl.col("before") > 0))
    share = enough.with_columns(share=pl.col("fresh") / pl.col("lately"), ratio=pl.col("lately") / pl.col("before"))
    found = share.filter((pl.col("share") >= SHARE) & (pl.col("ratio") >= RATIO))
    shown = found.select("business", "share", "ratio", "parties", "keys", score=ramp(pl.col("share"), SHARE, 1.0))
    return findings(shown, "new_counterparty_burst", "upi_payments")
