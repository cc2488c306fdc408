"""The demo's risk desk has something on every pile, put there by the real services."""

import pytest

from accounts.models import Business, FrozenReport, KycDocument
from creditiq.management.demo import cast, oversight
from fraud import services
from fraud.models import Case, Dispute, MonitoringReport, RuleState, RuleVersion, StrReport, WatchlistEntity
from tests.factories.accounts import MembershipFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


def _piles() -> dict[str, int]:
    piles = (Case, StrReport, Dispute, KycDocument, WatchlistEntity, MonitoringReport, FrozenReport)
    return {pile.__name__: pile.objects.count() for pile in piles}


def test_every_pile_has_something_on_it_and_a_second_run_adds_nothing(town: Town) -> None:
    cast.found_banks_and_people(town.end)
    services.ship_rules(by=oversight.person("deepa"), at=town.end)
    oversight.watch_in_shadow(at=town.end)
    services.screen_population(as_of=town.end)
    others = list(Business.objects.order_by("pk"))
    for business in others[:3]:
        MembershipFactory(business=business)

    oversight.work(others=others, at=town.end)
    piles = _piles()
    oversight.work(others=others, at=town.end)

    assert piles == {
        "Case": 3, "StrReport": 1, "Dispute": 2, "KycDocument": 1, "WatchlistEntity": 4, "MonitoringReport": 1,
        "FrozenReport": 8,
    }  # fmt: skip
    assert _piles() == piles
    assert set(RuleVersion.objects.values_list("state", flat=True)) == {RuleState.SHADOW}
    assert {case.assignee and case.assignee.first_name for case in Case.objects.all()} == {"Deepa", "Kavita", None}
