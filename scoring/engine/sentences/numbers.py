"""Observed values as people read them: Indian digit grouping, per cent, days, with the unit of the registry."""

import math
from collections.abc import Callable
from decimal import Decimal

from creditiq.kernel.money import group_indian, short_inr

MINUS = "−"


def number(value: float, places: int = 0) -> str:
    """A plain figure, grouped the Indian way.

    >>> number(1234567.4), number(-2.55, 1)
    ('12,34,567', '−2.5')
    """
    text = f"{abs(value):.{places}f}"
    whole, _, fraction = text.partition(".")
    sign = MINUS if value < 0 and text.strip("0.") else ""
    return f"{sign}{group_indian(whole)}" + (f".{fraction}" if fraction else "")


def signed_points(points: float) -> str:
    """Points with their sign, rounded for reading.

    >>> signed_points(33.6), signed_points(-9.2), signed_points(0.2)
    ('+34', '−9', '0')
    """
    whole = round(points)
    return "0" if not whole else f"{'+' if whole > 0 else MINUS}{abs(whole)}"


def _rupees(value: float) -> str:
    return short_inr(Decimal(round(value)))


def _plain(value: float) -> str:
    return number(value, 0 if value == round(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def _days(value: float) -> str:
    figure = number(value, 0 if abs(value) >= 10 or value == round(value) else 1)
    return f"{figure} day" if figure == "1" else f"{figure} days"


def _percent(value: float) -> str:
    return f"{number(100.0 * value, 0 if abs(value) >= 0.1 or not value else 1)} %"


def _count(value: float) -> str:
    """Decayed counts are rarely whole: they are told as about so many."""
    if value == round(value):
        return number(value)
    return f"about {number(value)}" if value >= 0.5 else "fewer than 1"


def _growth(value: float) -> str:
    times = math.exp(value)
    if times >= 100.0:
        return "over 100 times as much"
    if times >= 2.0:
        return f"{number(times, 1)} times as much"
    return f"{number(abs(times - 1.0) * 100)} % {'more' if times >= 1 else 'less'}"


def _flag(value: float) -> str:
    return "yes" if value else "no"


READERS: dict[str, Callable[[float], str]] = {
    "rupees": _rupees,
    "rupees_per_day": lambda value: f"{_rupees(value)} a day",
    "count": _count,
    "days": _days,
    "days_per_period": lambda value: f"{_days(value)} per return",
    "hours": lambda value: f"{number(value)} hours",
    "share": _percent,
    "bits": lambda value: f"{_plain(value)} bits",
    "km_per_lakh": lambda value: f"{_plain(value)} km per ₹ 1 lakh",
    "log_ratio": _growth,
    "flag": _flag,
}


def value_text(value: float | None, unit: str) -> str:
    """`value` in the words of its unit; missing says so.

    >>> value_text(1840000.0, "rupees"), value_text(0.917, "share"), value_text(None, "days")
    ('₹ 18.4 lakh', '92 %', 'not known')
    """
    if value is None:
        return "not known"
    return READERS.get(unit, _plain)(value)
