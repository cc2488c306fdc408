"""Invoiced against received: the gap between paper and money (features.md, `gst_upi_receivables_gap`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

BUCKET_DAYS = 30
BUCKETS = 3


class Bucket(NamedTuple):
    """One month back in time: what was invoiced including tax and what all rails brought in, in paise."""

    invoiced_paise: int
    received_paise: int

    @property
    def gap(self) -> float:
        """(invoiced − received) ÷ invoiced, clipped to ±1; the caller skips months without invoices."""
        return max(-1.0, min(1.0, (self.invoiced_paise - self.received_paise) / self.invoiced_paise))


def receivables_gap(buckets: Sequence[Bucket]) -> float | None:
    """Mean gap of the buckets weighted by what was invoiced; None when nothing was invoiced.

    >>> receivables_gap([Bucket(100, 40), Bucket(100, 100), Bucket(0, 70)])
    0.3
    """
    billed = [bucket for bucket in buckets if bucket.invoiced_paise > 0]
    total = sum(bucket.invoiced_paise for bucket in billed)
    return sum(bucket.invoiced_paise * bucket.gap for bucket in billed) / total if total else None
