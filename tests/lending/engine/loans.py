"""Loans for the tests of the engine."""

from datetime import date
from decimal import Decimal

from lending.engine.plans import Plan, plan
from lending.engine.terms import Terms


def terms(principal: object, percent: object, months: int, **more: object) -> Terms:
    """Terms from 5 January 2026, first due a month later, unless told otherwise."""
    dates = {"disbursed": date(2026, 1, 5), "first_due": date(2026, 2, 5)}
    return Terms(Decimal(str(principal)), Decimal(str(percent)), months, **{**dates, **more})


def repaid(principal: object, percent: object, months: int, **more: object) -> Plan:
    """The plan of such terms."""
    return plan(terms(principal, percent, months, **more))


def money(*texts: str) -> tuple[Decimal, ...]:
    """Decimals from their texts, thousands separators allowed."""
    return tuple(Decimal(text.replace(",", "")) for text in texts)
