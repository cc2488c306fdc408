"""Rates, slabs and limits set by others: dated rows, each with its source, never constants in code."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from lending.engine.classification import AssetClass
from lending.engine.credit_loss import LossRules
from lending.engine.provisions import IracRates

FIGURES = Path(__file__).with_name("figures.json")


class UnknownFigure(LookupError):
    """No figure of that name was in force on the day."""

    def __init__(self, key: str, on: date) -> None:
        super().__init__(f"No figure {key} is in force on {on.isoformat()}.")
        self.key = key


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a number in force from a day until the next row of its key. Not `confirmed`: shown as such."""

    key: str
    value: Decimal
    since: date
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Regulation:
    """All rows, answered by key and day."""

    figures: tuple[Figure, ...]

    def figure(self, key: str, on: date) -> Figure:
        """The row in force on the day. Raises UnknownFigure."""
        known = [row for row in self.figures if row.key == key and row.since <= on]
        if not known:
            raise UnknownFigure(key, on)
        return max(known, key=lambda row: row.since)

    def value(self, key: str, on: date) -> Decimal:
        """Its number."""
        return self.figure(key, on).value

    def below(self, prefix: str, on: date) -> dict[str, Decimal]:
        """The numbers in force under a prefix, keyed by what follows it."""
        keys = {row.key for row in self.figures if row.key.startswith(prefix) and row.since <= on}
        return {key.removeprefix(prefix): self.value(key, on) for key in sorted(keys)}

    def irac(self, on: date) -> IracRates:
        """The provisioning rates of a day."""
        doubtful = (AssetClass.DOUBTFUL_1, AssetClass.DOUBTFUL_2, AssetClass.DOUBTFUL_3)
        return IracRates(
            standard=self.below("irac.standard.", on),
            substandard_secured=self.value("irac.substandard.secured", on),
            substandard_unsecured=self.value("irac.substandard.unsecured", on),
            doubtful={name: self.value(f"irac.{name}", on) for name in doubtful},
            unsecured_up_to=self.value("irac.unsecured_up_to", on),
        )

    def ecl_starts(self) -> date:
        """The day from which expected loss is what is held."""
        return min(row.since for row in self.figures if row.key == "ecl.risen_after")

    def loss_rules(self, on: date) -> LossRules:
        """The rules of expected loss; before they start those of the first day, for the parallel run."""
        day = max(on, self.ecl_starts())
        return LossRules(
            risen_after=int(self.value("ecl.risen_after", day)),
            risen_after_revolving=int(self.value("ecl.risen_after_revolving", day)),
            lgd_secured=self.value("ecl.lgd_secured", day),
            lgd_unsecured=self.value("ecl.lgd_unsecured", day),
        )

    def loss_floor(self, stage: int, on: date) -> Decimal:
        """The prudential floor of a stage in per cent."""
        return self.value(f"ecl.floor.{stage}", max(on, self.ecl_starts()))

    def guarantee_fee(self, amount: Decimal, on: date) -> Decimal | None:
        """The CGTMSE fee of the slab that holds the amount, per cent a year; None above the last slab."""
        slabs = sorted((Decimal(most), fee) for most, fee in self.below("cgtmse.fee.", on).items())
        return next((fee for most, fee in slabs if amount <= most), None)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> "Regulation":
        """Read rows of {key, value, from, source, confirmed}."""
        return cls(tuple(_figure(row) for row in rows))


def shipped() -> Regulation:
    """The figures this version knows."""
    return Regulation.from_rows(json.loads(FIGURES.read_text()))


def _figure(row: Mapping[str, object]) -> Figure:
    return Figure(
        key=str(row["key"]),
        value=Decimal(str(row["value"])),
        since=date.fromisoformat(str(row["from"])),
        source=str(row["source"]),
        confirmed=row["confirmed"] is True,
    )
