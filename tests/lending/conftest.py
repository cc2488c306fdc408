"""A business that asks a bank for a loan, with evidence that carries it, and the people who decide."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from accounts.models import Business, Organisation, Role, User
from fraud.models import Alert, Ring, RingMember, Screening
from lending.models import LoanApplication
from scoring.models import ScoreRun
from tests.factories.accounts import (
    BankFactory,
    BusinessFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
    UserFactory,
)
from tests.factories.kyc import KycProfileFactory
from tests.factories.lending import AT, ApplicationFactory, ScoreRunFactory
from wallets.models import BankEntry, GstInvoice, GstReturn


@dataclass(frozen=True)
class Desk:
    """One application and everybody around it."""

    application: LoanApplication
    business: Business
    bank: Organisation
    run: ScoreRun
    owner: User
    officer: User
    risk: User


def give_evidence(business: Business) -> None:
    """A year of sales, a healthy account and filed returns, as the record tables hold them."""
    month = timedelta(days=30)
    known = {"business": business}
    GstInvoice.objects.bulk_create(
        GstInvoice(
            **known, direction="out", supplier_gstin=business.gstin, counterparty_gstin=None,
            invoice_number=f"I{number}", financial_year=2026, kind="B2CS", cancelled=False, hsn="5208",
            place_of_supply=29, rate_bp=500, taxable_paise=75_000_000, igst_paise=0, cgst_paise=0, sgst_paise=0,
            occurred_at=AT - number * month, received_at=AT - number * month,
        )
        for number in range(1, 12)
    )  # fmt: skip
    BankEntry.objects.bulk_create(
        BankEntry(
            **known, account="XX1", reference=f"{purpose}{number}", direction=direction, mode="FT", purpose=purpose,
            amount_paise=amount, balance_paise=1, narration=purpose, counterparty=None,
            occurred_at=AT - number * month, received_at=AT - number * month,
        )
        for number in range(1, 12)
        for purpose, direction, amount in (("receipt", "credit", 70_000_000), ("supplier", "debit", 50_000_000))
    )  # fmt: skip
    GstReturn.objects.bulk_create(
        GstReturn(
            **known, return_type="GSTR3B", period=24_300 + number, due_at=AT - number * month,
            filed_at=AT - number * month, turnover_paise=1, tax_cash_paise=0, tax_itc_paise=0, arn=None,
            occurred_at=AT - number * month, received_at=AT - number * month,
        )
        for number in range(1, 12)
    )  # fmt: skip


@pytest.fixture
def desk(db: None) -> Desk:
    """A good business that asks for ten lakh of working capital."""
    business = BusinessFactory(udyam="UDYAM-KR-03-0000001", constitution="proprietorship")
    bank, owner = BankFactory(), OwnerFactory()
    MembershipFactory(user=owner, business=business)
    KycProfileFactory(business=business)
    give_evidence(business)
    Screening.objects.create(
        business=business, as_of=AT - timedelta(hours=3), fraud_ring_flag=0.0, fraud_confidence=0.01, complete=True,
        window_hours=72,
    )  # fmt: skip
    run = ScoreRunFactory(business=business)
    application = ApplicationFactory(business=business, organisation=bank, opened_by=owner)
    return Desk(
        application=application,
        business=business,
        bank=bank,
        run=run,
        owner=owner,
        officer=OfficerFactory(organisation=bank),
        risk=UserFactory(role=Role.RISK_MANAGER, organisation=bank),
    )


@pytest.fixture
def alert(desk: Desk) -> Alert:
    """The desk's business in a suspect ring, screened and alerted an hour before."""
    before = AT - timedelta(hours=1)
    ring = Ring.objects.create(
        first_seen_at=before, screened_at=before, confidence=0.97, suspect=True, recurrence=7, value_paise=1,
        velocity_paise=1, retention=0.9, hop_hours=4, concentration=0.5, externality=0.1, goods_support=0, evidence=[],
    )  # fmt: skip
    RingMember.objects.create(
        ring=ring, business=desk.business, confidence=0.97, recurrence=7, retention=0.9, concentration=0.5,
        velocity_paise=1, hop_hours=4, suspect=True,
    )  # fmt: skip
    Screening.objects.create(
        business=desk.business, as_of=before, fraud_ring_flag=1.0, fraud_confidence=0.97, ring=ring, complete=True,
        window_hours=72,
    )  # fmt: skip
    return Alert.objects.create(ring=ring, opened_at=before)
