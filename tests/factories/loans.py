"""A loan as the service makes it: agreed on the usual terms and paid out."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db import transaction

from accounts.models import Organisation, Role
from lending.engine.charges import Charge
from lending.engine.days import months_after
from lending.engine.products import USUAL, ProductTerms
from lending.engine.terms import Terms
from lending.models import Loan
from lending.services import Agreed, Payout, disburse
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.lending import ApplicationFactory

START = date(2026, 1, 5)


def noon(day: date) -> datetime:
    """Midday in India."""
    return datetime.combine(day, time(6, 30), UTC)


def agreed(on: date = START, amount: int = 1_000_000, months: int = 36, **product: object) -> Agreed:
    """The worked loan: 12 per cent, level instalments, a fee of 1 per cent with tax."""
    terms = Terms(Decimal(amount), Decimal(12), months, on, months_after(on, 1))
    fee = Decimal(amount) / 100
    return Agreed(
        terms=terms,
        product=ProductTerms.from_document(USUAL | product),
        apr=Decimal("13.45"),
        fee=Charge(fee, fee * 18 / 100),
        pd=Decimal("3.4"),
    )


def a_loan(on: date = START, bank: Organisation | None = None, utr: str = "", **changes: object) -> Loan:
    """A loan paid out on `on` by two people of its bank."""
    business = {"business": changes.pop("business")} if "business" in changes else {}
    application = ApplicationFactory(state="sanctioned", **({"organisation": bank} if bank else {}), **business)
    officer = OfficerFactory(organisation=application.organisation)
    risk = UserFactory(role=Role.RISK_MANAGER, organisation=application.organisation)
    with transaction.atomic():
        return disburse(
            application=application, agreed=agreed(on, **changes), maker=officer, checker=risk, at=noon(on),
            payout=Payout(utr=utr or f"OUT{application.pk}", beneficiary="Sharma Textiles", account_tail="4321"),
        )  # fmt: skip
