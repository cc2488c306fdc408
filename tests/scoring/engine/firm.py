"""One firm as the oracles read it: plain rows, plain Python, the Indian calendar."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from math import log
from typing import Final

IST: Final = timezone(timedelta(hours=5, minutes=30))
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DAY: Final = 86_400_000_000

Row = Mapping[str, object]
Value = float | None
ORACLES: Final[dict[str, Callable[["Firm"], Value]]] = {}


def oracle(function: Callable[["Firm"], Value]) -> Callable[["Firm"], Value]:
    ORACLES[function.__name__] = function
    return function


@dataclass(frozen=True)
class Firm:
    """The rows of one firm known at as_of."""

    rows: Mapping[str, list[Row]]
    as_of: int

    def known(self, frame: str) -> list[Row]:
        return [r for r in self.rows[frame] if r["occurred_at"] <= self.as_of and r["received_at"] <= self.as_of]

    def age(self, row: Row) -> float:
        return (self.as_of - row["occurred_at"]) / DAY

    def sales(self) -> list[Row]:
        return [r for r in self.known("gst_invoices") if r["direction"] == "out" and not r["cancelled"]]

    def received(self) -> list[Row]:
        return [r for r in self.money() if r["direction"] == "in"]

    def money(self) -> list[Row]:
        return [r for r in self.known("upi_payments") if r["status"] == "success"]

    def bills(self) -> list[Row]:
        return [r for r in self.known("eway_bills") if r["direction"] == "out"]

    def filed(self) -> list[Row]:
        """GSTR-3B filed by as_of, oldest period first."""
        returns = [r for r in self.known("gst_returns") if r["return_type"] == "GSTR3B" and r["filed_at"] is not None]
        return sorted((r for r in returns if r["filed_at"] <= self.as_of), key=lambda r: r["period"])

    def within(self, rows: Iterable[Row], days: int) -> list[Row]:
        return [r for r in rows if self.age(r) < days]


def moment(micros: int) -> datetime:
    return (EPOCH + timedelta(microseconds=micros)).astimezone(IST)


def month(micros: int) -> tuple[int, int]:
    return moment(micros).year, moment(micros).month


def net(row: Row) -> int:
    return -row["taxable_paise"] if row["kind"] == "CDNR" else row["taxable_paise"]


def payer(row: Row) -> object:
    return row["counterparty"] if row["counterparty"] is not None else row["counterparty_vpa"]


def decayed(firm: Firm, rows: list[Row], half_life: int, amount: Callable[[Row], float]) -> float:
    return log(2) * sum(amount(r) * 2 ** (-firm.age(r) / half_life) for r in rows)


def gap_days(times: Iterable[int]) -> list[float]:
    seconds = sorted(t // 1_000_000 for t in times)
    return [(b - a) / 86_400 for a, b in pairwise(seconds)]


def quotient(part: float, whole: float) -> Value:
    return part / whole if whole else None


def clip(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def streams(firm: Firm) -> dict[str, list[Row]]:
    return {
        "gst": [r for r in firm.known("gst_invoices") if not r["cancelled"]],
        "upi": firm.money(),
        "eway": firm.known("eway_bills"),
        "bank": firm.known("bank_entries"),
    }
