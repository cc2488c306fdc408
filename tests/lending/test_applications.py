"""Apply for a loan."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from lending.models import LoanApplication
from lending.services import Asked, UnableToApply, offer_products, open_application
from tests.factories.accounts import BankFactory, OwnerFactory
from tests.factories.lending import AT

ASKED = Asked(product="TL-MSME", amount=Decimal(500_000), months=24, purpose=" A new loom ")


@pytest.fixture
def apply(desk):
    """Apply to the desk's bank as the owner, with some parts changed."""
    offer_products(at=AT)

    def call(asked=ASKED, **changes):
        parts = {"business": desk.business, "organisation": desk.bank, "by": desk.owner, "at": AT}
        return open_application(asked=asked, **parts | changes)

    return call


def test_an_application_comes_with_the_first_verdict_of_the_policy(desk, apply):
    application = apply()

    verdict = application.assessments.get()
    assert (application.state, application.purpose) == ("under_review", "A new loom")
    assert application.number.startswith("LA-2026-")
    assert (verdict.outcome, verdict.score_run) == ("recommend", desk.run)
    assert AuditEntry.objects.filter(action="application.opened").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"product": "NONE"}, "product"),
        ({"amount": Decimal(99_999)}, "amount"),
        ({"months": 85}, "months"),
        ({"purpose": "  "}, "purpose"),
    ],
)
def test_a_request_outside_the_product_names_the_field(apply, change, field):
    with pytest.raises(InvalidInput) as refused:
        apply(replace(ASKED, **change))

    assert refused.value.field == field
    assert not LoanApplication.objects.filter(purpose="A new loom").exists()


def test_a_bank_without_consent_takes_nothing(apply):
    with pytest.raises(UnableToApply, match="consent"):
        apply(organisation=BankFactory())


def test_a_suspended_bank_takes_nothing(apply):
    with pytest.raises(UnableToApply, match="takes no applications"):
        apply(organisation=BankFactory(suspended=True))


def test_the_same_loan_is_not_asked_for_twice(apply):
    apply()

    with pytest.raises(UnableToApply, match="open already"):
        apply(at=AT + timedelta(days=1))


def test_nobody_applies_for_somebody_elses_business(apply):
    with pytest.raises(NotVisible):
        apply(by=OwnerFactory())


def test_an_officer_does_not_apply(desk, apply):
    with pytest.raises(Forbidden):
        apply(by=desk.officer)


def test_offering_the_first_products_twice_changes_nothing(db):
    assert [product.code for product in offer_products(at=AT)] == [product.code for product in offer_products(at=AT)]
