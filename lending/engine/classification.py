"""How far a loan is behind, and what class of asset it therefore is (RBI, 12 November 2021, and IRAC norms)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lending.engine.days import months_after

# A due unpaid at its own day-end is one day past due: 31 March becomes SMA-1 on 30 April, RBI's own example.
SMA_1_FROM, SMA_2_FROM, NPA_FROM = 31, 61, 91
SUBSTANDARD_MONTHS, DOUBTFUL_1_MONTHS, DOUBTFUL_2_MONTHS = 12, 24, 48


class Sma(StrEnum):
    """Special mention of a standard account by days past due."""

    SMA_0 = "SMA-0"
    SMA_1 = "SMA-1"
    SMA_2 = "SMA-2"


class AssetClass(StrEnum):
    """The IRAC classes."""

    STANDARD = "standard"
    SUBSTANDARD = "substandard"
    DOUBTFUL_1 = "doubtful1"
    DOUBTFUL_2 = "doubtful2"
    DOUBTFUL_3 = "doubtful3"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Facility:
    """What is behind on one account of a borrower.

    oldest_due: the oldest date with principal or interest unpaid. over_limit_since: a revolving account's first
    day above the smaller of limit and drawing power. npa_since: set when it was already non-performing.
    watched: restructured and not yet through its time of good conduct, which stands against an upgrade.
    """

    account: str
    oldest_due: date | None
    over_limit_since: date | None = None
    npa_since: date | None = None
    loss: bool = False
    watched: bool = False

    @property
    def in_arrears(self) -> bool:
        """Whether anything stands against an upgrade."""
        return self.oldest_due is not None or self.over_limit_since is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """The class at a day-end. `npa_date`: since when non-performing, or for a standard account in arrears when
    it becomes so if nothing is paid. `trigger`: the account that made it so, when it was not this one."""

    dpd: int
    sma: Sma | None
    asset_class: AssetClass
    npa_date: date | None
    trigger: str | None = None


def days_past_due(oldest_due: date | None, on: date) -> int:
    """DPD = (day − oldest unpaid due) + 1, zero when nothing is due yet.

    >>> days_past_due(date(2026, 2, 5), date(2026, 3, 20))
    44
    """
    return max((on - oldest_due).days + 1, 0) if oldest_due else 0


def sma(dpd: int, *, revolving: bool = False) -> Sma | None:
    """The special mention of so many days; a revolving account has none for the first thirty.

    >>> sma(30).value, sma(31).value, sma(61).value, sma(91)
    ('SMA-0', 'SMA-1', 'SMA-2', None)
    """
    if not 0 < dpd < NPA_FROM:
        return None
    if dpd < SMA_1_FROM:
        return None if revolving else Sma.SMA_0
    return Sma.SMA_1 if dpd < SMA_2_FROM else Sma.SMA_2


def non_performing_on(since: date) -> date:
    """The day-end at which arrears that began on `since` make the account non-performing.

    >>> non_performing_on(date(2021, 3, 31)).isoformat()
    '2021-06-29'
    """
    return since + timedelta(days=NPA_FROM - 1)


def ageing_class(npa_date: date, on: date) -> AssetClass:
    """Substandard for a year, doubtful 1 for the next, doubtful 2 for two more, then doubtful 3.

    >>> [ageing_class(date(2023, 8, 1), date(year, 8, 1)).value for year in (2023, 2024, 2025, 2027)]
    ['substandard', 'doubtful1', 'doubtful2', 'doubtful3']
    """
    if on < months_after(npa_date, SUBSTANDARD_MONTHS):
        return AssetClass.SUBSTANDARD
    if on < months_after(npa_date, DOUBTFUL_1_MONTHS):
        return AssetClass.DOUBTFUL_1
    return AssetClass.DOUBTFUL_2 if on < months_after(npa_date, DOUBTFUL_2_MONTHS) else AssetClass.DOUBTFUL_3


def classify(facility: Facility, on: date) -> Standing:
    """The standing of a borrower's only account at the day-end of `on`."""
    return classify_borrower([facility], on)[0]


def classify_borrower(facilities: Sequence[Facility], on: date) -> tuple[Standing, ...]:
    """The standings of all accounts of one borrower, in the order given.

    One non-performing account makes all of them so, from its date. They come back to standard together, only
    when all arrears of principal and interest of all accounts are paid.
    """
    started = [(since, facility.account) for facility in facilities if (since := _npa_since(facility, on))]
    cured = not any(_behind(facility, on) for facility in facilities)
    first = min(started) if started and not cured else None
    return tuple(_standing(facility, on, first) for facility in facilities)


def _behind(facility: Facility, on: date) -> bool:
    return _arrears_days(facility, on) > 0 or facility.loss or facility.watched


def _arrears_days(facility: Facility, on: date) -> int:
    return max(days_past_due(facility.oldest_due, on), days_past_due(facility.over_limit_since, on))


def _npa_since(facility: Facility, on: date) -> date | None:
    """When the account by itself became non-performing; None while it is not."""
    if facility.npa_since:
        return facility.npa_since
    reached = _expected(facility)
    if reached and reached <= on:
        return reached
    return on if facility.loss else None


def _expected(facility: Facility) -> date | None:
    starts = [since for since in (facility.oldest_due, facility.over_limit_since) if since]
    return non_performing_on(min(starts)) if starts else None


def _standing(facility: Facility, on: date, first: tuple[date, str] | None) -> Standing:
    dpd = _arrears_days(facility, on)
    if first is None:
        return Standing(dpd, _mention(facility, on), AssetClass.STANDARD, _expected(facility) if dpd else None)
    since, account = first
    asset_class = AssetClass.LOSS if facility.loss else ageing_class(since, on)
    return Standing(dpd, None, asset_class, since, None if account == facility.account else account)


def _mention(facility: Facility, on: date) -> Sma | None:
    by_due = sma(days_past_due(facility.oldest_due, on))
    by_limit = sma(days_past_due(facility.over_limit_since, on), revolving=True)
    return max((mention for mention in (by_due, by_limit) if mention), default=None)
