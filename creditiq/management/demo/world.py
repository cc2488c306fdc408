"""The simulated economy of the demo, and how its keys become those of the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

from accounts.models import Business
from creditiq.kernel.clock import IST
from wallets import services as wallets
from wallets.engine.world.writer import read

BUSINESSES, MONTHS, SEED = 250, 18, 20_260
RECORDS = ("gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries")


@dataclass(frozen=True)
class DemoWorld:
    """One world, ending on `end`; simulated when the first step asks for it."""

    end: date
    folder: Path | None = None
    """Where it was written by `manage.py simulate`; without one it is simulated."""

    @classmethod
    def until(cls, at: datetime) -> "DemoWorld":
        """The world up to yesterday in India, so that nothing in it lies ahead."""
        return cls(end=at.astimezone(IST).date() - timedelta(days=1))

    @cached_property
    def frames(self) -> dict[str, pl.DataFrame]:
        """The frames of the evidence; businesses by their number in the world."""
        if self.folder is not None:
            return read(self.folder)
        return wallets.demo_world(businesses=BUSINESSES, months=MONTHS, seed=SEED, end=self.end)

    @cached_property
    def keys(self) -> dict[int, int]:
        """Database id of each business by its number in the world."""
        rows = self.frames["businesses"].select("business", "gstin").iter_rows()
        registered = dict(Business.objects.values_list("gstin", "pk"))
        return {number: registered[gstin] for number, gstin in rows}

    def stored(self, name: str) -> pl.DataFrame:
        """A frame as the database keeps it: `business` and `counterparty` are database ids."""
        frame = self.frames[name]
        columns = [column for column in ("business", "counterparty") if column in frame.columns]
        return frame.with_columns(pl.col(columns).replace_strict(self.keys, return_dtype=pl.Int64))
