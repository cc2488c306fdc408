"""What the latest screening knew at a moment, as the feature engine wants it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import pyarrow as pa

from fraud import selectors as fraud_selectors
from fraud.models import Screening
from scoring.engine.features.frames import NETWORK_COLUMNS

SCREENING = "screening_id"


@dataclass(frozen=True)
class Block:
    """The network columns of some businesses as a table, and the screening each of them comes from."""

    table: pa.Table
    screenings: dict[int, int | None]


def block_of(business_id: int, as_of: datetime) -> Block:
    """One business, by its latest screening at `as_of`."""
    found = fraud_selectors.network_block(business_id=business_id, as_of=as_of)
    screening = found.get(SCREENING)
    return _block(business_id, found, None if screening is None else int(screening))


def block_of_screening(business_id: int, screening_id: int | None) -> Block:
    """One business by a named screening: a replay reads the one its score read, whatever was screened since."""
    if screening_id is None:
        return _block(business_id, {}, None)
    return _block(business_id, Screening.objects.get(pk=screening_id).network(), screening_id)


def _block(business_id: int, found: Mapping[str, float | None], screening_id: int | None) -> Block:
    columns = {name: pl.Series([found.get(name)], dtype=pl.Float64) for name in NETWORK_COLUMNS}
    frame = pl.DataFrame({"business": [business_id], **columns})
    return Block(frame.to_arrow(), {business_id: screening_id})


def blocks_of_all(as_of: datetime) -> Block:
    """Everybody who was screened."""
    frame = pl.DataFrame(pl.from_arrow(fraud_selectors.network_frame(as_of=as_of)))
    screenings = dict(zip(frame["business"].to_list(), frame[SCREENING].to_list(), strict=True))
    return Block(frame.select("business", *NETWORK_COLUMNS).to_arrow(), screenings)
