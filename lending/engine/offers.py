"""From a decided amount and rate to the offer: the terms of a product on a day, its fees, and its key facts."""

from datetime import date
from decimal import Decimal

from lending.engine.charges import Basis, FeeRule
from lending.engine.days import months_after
from lending.engine.keyfacts import Conditions, Contingent, KeyFacts, PartTwo, key_facts
from lending.engine.plans import plan
from lending.engine.products import ProductTerms
from lending.engine.rounding import Rounding
from lending.engine.terms import Moratorium, Terms

TAX = Decimal(18)
"""Goods and services tax on fees and charges, per cent."""
NOTHING_STATED = PartTwo()


def terms_on(product: ProductTerms, *, principal: Decimal, percent: Decimal, months: int, on: date) -> Terms:
    """A loan of the product paid out on `on`; the first instalment is a period later. Raises UnsoundTerms."""
    wait = product.moratorium_months
    return Terms(
        principal=principal,
        percent=percent,
        months=months,
        disbursed=on,
        first_due=months_after(on, product.every),
        method=product.method,
        day_count=product.day_count,
        rounding=Rounding(product.rounding, product.interest_rounding, product.multiple),
        moratorium=Moratorium(wait, product.moratorium_interest) if wait else None,
        every=product.every,
    )


def processing_fee(product: ProductTerms) -> FeeRule:
    """The one fee of a product: a share of the principal, with tax."""
    return FeeRule("Processing fee", Basis.PRINCIPAL, product.fee_percent, TAX)


def offer(product: ProductTerms, terms: Terms, part_two: PartTwo = NOTHING_STATED) -> KeyFacts:
    """The key fact statement of a loan of the product. Raises NoRate when the fees eat up the loan."""
    penal = f"{product.penal_percent.normalize():f} % a year on what is overdue, plus tax; no interest on it"
    early = product.prepayment_percent
    prepay = f"{early.normalize():f} % of what is paid early" if early else "nothing"
    conditions = Conditions(
        rate_type=product.rate_type,
        cooling_off_days=product.cooling_off_days,
        contingent=(Contingent("Paying late", penal), Contingent("Paying early", prepay)),
        part_two=part_two,
    )
    return key_facts(plan(terms), [processing_fee(product)] if product.fee_percent else [], conditions)
