"""What was decided, as a fraud rule is held against it."""

from datetime import timedelta

from creditiq.kernel.clock import IST
from creditiq.kernel.money import to_paise
from fraud.services import Decided
from lending.services.backtesting import decided_in
from tests.factories.accounts import BankFactory, UserFactory
from tests.factories.lending import AT
from tests.lending.test_deciding import decline, recommend, sanction


def test_a_sanction_counts_with_what_it_grants_for_its_own_bank_only(desk):
    day = AT.astimezone(IST).date()
    recommend(desk)
    assert decided_in((day, day), desk.risk, AT) == []
    sanction(desk)
    granted = to_paise(desk.application.amount)
    assert decided_in((day, day), desk.risk, AT) == [Decided(desk.business.pk, approved=True, granted_paise=granted)]
    assert decided_in((day + timedelta(days=1),) * 2, desk.risk, AT) == []
    stranger = UserFactory(role="risk_manager", organisation=BankFactory())
    assert decided_in((day, day), stranger, AT) == []


def test_a_decline_grants_nothing(desk):
    decline(desk)
    day = AT.astimezone(IST).date()
    assert decided_in((day, day), desk.risk, AT) == [Decided(desk.business.pk, approved=False, granted_paise=0)]
