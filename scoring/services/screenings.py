"""What the latest screening knew at a moment, as the feature engine wants it."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl
import pyarrow as pa

from fraud import selectors as fraud_selectors
from scoring.engine.features.frames import NETWORK_COLUMNS

SCREENING = "screening_id"


@dataclass(frozen=True)
class Block:
    """The network columns of some businesses as a table, and the screening each of them comes from."""

    table: pa.Table
    screenings: dict[int, int | None]


def block_of(business_id: int, as_of: datetime) -> Block:
    """One business."""
    found = fraud_selectors.network_block(business_id=business_id, as_of=as_of)
    columns = {name: pl.Series([found.get(name)], dtype=pl.Float64) for name in NETWORK_COLUMNS}
    frame = pl.DataFrame({"business": [business_id], **columns})
    screening = found.get(SCREENING)
    return Block(frame.to_arrow(), {business_id: None if screening is None else int(screening)})


def blocks_of_all(as_of: datetime) -> Block:
    """Everybody who was screened."""
    frame = pl.DataFrame(pl.from_arrow(fraud_selectors.network_frame(as_of=as_of)))
    screenings = dict(zip(frame["business"].to_list(), frame[SCREENING].to_list(), strict=True))
    return Block(frame.select("business", *NETWORK_COLUMNS).to_arrow(), screenings)
