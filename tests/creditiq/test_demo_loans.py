"""The loans of the demo are lived by the services: some regular, one in SMA, one bad, one closed."""

from datetime import UTC, datetime

from accounts.models import Role
from accounts.services.personas import DEMO_DOMAIN, STATE_BANK
from creditiq.management.demo.loans import STORIES, lend
from lending.models import Loan
from lending.services import prove_books
from tests.factories.accounts import BankFactory, BusinessFactory, OfficerFactory, UserFactory
from tests.factories.lending import ProductFactory

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_the_demo_has_regular_special_bad_and_closed_loans_and_whole_books(db):
    bank = BankFactory(name=STATE_BANK)
    OfficerFactory(organisation=bank, email=f"anjali@{DEMO_DOMAIN}")
    UserFactory(organisation=bank, role=Role.RISK_MANAGER, email=f"deepa@{DEMO_DOMAIN}")
    ProductFactory(code="TL-MSME", facility="term_loan", most_months=84)
    businesses = BusinessFactory.create_batch(len(STORIES) + 3)
    told: list[int] = []

    lend(businesses, NOW, lambda done, total: told.append(done))
    lend(businesses[: len(STORIES)], NOW, lambda done, total: told.append(done))  # what is there stays

    loans = {loan.business_id: loan for loan in Loan.objects.all()}
    standing = [
        (loans[business.pk].state, loans[business.pk].sma, loans[business.pk].asset_class)
        for business in businesses[: len(STORIES)]
    ]
    assert standing[0] == ("active", "", "standard")
    assert standing[1][1] in {"SMA-1", "SMA-2"}
    assert standing[2][2] == "substandard"
    assert standing[5][0] == "closed"
    assert prove_books(at=NOW).holds
