"""The demo's risk desk has something on every pile, put there by the real services."""

import pytest

from accounts.models import Business, FrozenReport, KycDocument
from creditiq.management.demo import cast, oversight
from fraud import services
from fraud.models import Alert, Case, Dispute, MonitoringReport, RuleState, RuleVersion, StrReport, WatchlistEntity
from tests.factories.accounts import MembershipFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


def _piles() -> dict[str, int]:
    piles = (Case, StrReport, Dispute, KycDocument, WatchlistEntity, MonitoringReport, FrozenReport)
    return {pile.__name__: pile.objects.count() for pile in piles}


@pytest.fixture
def others(town: Town) -> list[Business]:
    """The businesses of a screened town, three of them with an owner."""
    cast.found_banks_and_people(town.end)
    services.ship_rules(by=oversight.person("deepa"), at=town.end)
    oversight.watch_in_shadow(at=town.end)
    services.screen_population(as_of=town.end)
    found = list(Business.objects.order_by("pk"))
    for business in found[:3]:
        MembershipFactory(business=business)
    return found


def test_every_pile_has_something_on_it_and_a_second_run_adds_nothing(town: Town, others: list[Business]) -> None:
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


def test_with_a_single_ring_one_takes_it_and_the_other_piles_are_made_all_the_same(
    town: Town, others: list[Business]
) -> None:
    surest = Alert.objects.filter(ring__isnull=False, state="open").order_by("-ring__confidence").first()
    assert surest
    Alert.objects.exclude(pk=surest.pk).delete()

    for _ in range(2):
        oversight.work(others=others, at=town.end)
        assert _piles() == {
            **_piles(),
            "Case": 2,
            "StrReport": 1,
            "Dispute": 2,
            "KycDocument": 1,
            "MonitoringReport": 1,
        }
        assert [case.assignee and case.assignee.first_name for case in Case.objects.order_by("pk")] == ["Deepa", None]


def test_a_run_that_was_broken_off_is_made_up_for(town: Town, others: list[Business]) -> None:
    services.take_next(by=oversight.person("deepa"), at=town.end)

    oversight.work(others=others, at=town.end)

    assert {name: _piles()[name] for name in ("Case", "StrReport", "Dispute")} == {
        "Case": 3, "StrReport": 1, "Dispute": 2,
    }  # fmt: skip
    assert all(case.events.filter(act="noted").count() == 1 for case in Case.objects.filter(assignee__isnull=False))


def test_where_there_is_nobody_else_nothing_is_made(town: Town) -> None:
    oversight.work(others=[], at=town.end)
    assert set(_piles().values()) == {0}
