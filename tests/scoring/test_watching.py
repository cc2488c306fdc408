"""What the house hears of its models: rates, intervals, pushes, news for who governs, fairness, amnesties on charts."""

from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notification, Role
from accounts.services import publish_policy
from accounts.tasks import tell_governors
from creditiq.kernel.clock import IST
from creditiq.kernel.events import capture_events
from scoring import charts
from scoring.engine.amnesty import Amnesty
from scoring.engine.bands import Bands
from scoring.engine.interval import Spread, covered
from scoring.engine.monitoring import Conduct, conduct, interval
from scoring.engine.policy import ScoringPolicy
from scoring.events import DriftFound, ModelSuspended, PolicyTakenUp
from scoring.models import DecisionTally, ModelVersion, ScoreRun
from scoring.selectors import amnesty_windows, fairness_page
from scoring.services import Tally, monitor_model, record_conduct, score_population, step_version, take_up_policy
from tests.factories.accounts import UserFactory
from tests.scoring.conftest import NOW, Town
from tests.scoring.test_versions import calling

TODAY = NOW.astimezone(IST).date()


@pytest.fixture
def scored(champion: ModelVersion, town: Town) -> Town:
    score_population(as_of=NOW)
    return town


def test_rates_are_read_against_the_quarter_before_and_against_chance() -> None:
    found = {each.metric: each for each in conduct(Conduct(100, 60, 25), Conduct(100, 30, 5))}
    assert (found["rejection"].value, found["rejection"].verdict) == (0.6, "act")
    assert (found["override"].value, found["override"].verdict) == (0.25, "act")
    few = {each.metric: each.verdict for each in conduct(Conduct(10, 6, 0), Conduct(10, 4, 0))}
    assert few == {"rejection": "stable", "override": "stable"}
    assert [each.verdict for each in conduct(Conduct(50, 20, 6), Conduct(0, 0, 0))] == ["stable", "watch"]
    assert list(conduct(Conduct(9, 9, 9), Conduct(100, 1, 1))) == []


def test_the_interval_is_measured_by_the_member_left_out() -> None:
    margins = np.random.default_rng(3).normal(size=(4000, 5))
    spread = Spread(factor=2.2, typical=1.0, coverage=0.9)
    inside = covered(spread, margins)
    assert 0.85 < inside.mean() < 0.999
    assert interval(inside, float(inside.mean())).verdict == "stable"
    assert interval(np.zeros(400, dtype=bool), 0.9).verdict == "act"
    assert not covered(Spread(0.0, 1.0, 0.9), margins).any()


def test_what_people_decided_is_kept_by_day_and_read_in_the_week(scored: Town) -> None:
    days = [Tally(TODAY - timedelta(days=number), 10, 4, 1) for number in range(1, 31)]
    record_conduct(tallies=days, at=NOW)
    assert record_conduct(tallies=[Tally(TODAY, 20, 20, 0)], at=NOW) == 1
    assert record_conduct(tallies=[], at=NOW) == 0
    assert DecisionTally.objects.count() == 31
    found = {each.metric: each for each in monitor_model(as_of=NOW).readings}
    assert found["rejection"].value == pytest.approx(140 / 320)
    assert found["override"].value == pytest.approx(30 / 320)
    assert 0.5 < found["interval"].value <= 1
    told = calling(scored.analyst).get(reverse("api-signals")).json()
    assert {"interval", "rejection", "override", "coverage"} <= {figure["metric"] for figure in told["figures"]}


def test_the_page_draws_rates_and_the_amnesty_as_a_band(scored: Town, client: Client) -> None:
    amnesty = Amnesty(active=True, quarter="Q3", fiscal_year="2026-27", multiplier=0.0)
    document = ScoringPolicy(amnesty=amnesty).written_out()
    publish_policy(section="scoring", document=document, author=UserFactory(), approver=UserFactory(), at=NOW)
    (window,) = amnesty_windows()
    assert (window.first.isoformat(), window.last.isoformat()) == ("2026-10-01", "2026-12-31")
    drawn = charts.trend([(NOW, 0.1)], "the score", [window])
    assert drawn["figure"]["layout"]["shapes"][0]["x0"] == "2026-10-01"
    assert "Filing amnesty, Q3 2026-27" in drawn["caption"]
    assert charts.trend([(NOW - timedelta(days=200), 0.1)], "x", [window])["figure"]["layout"]["shapes"] == []
    monitor_model(as_of=NOW)
    client.force_login(scored.analyst)
    for address in (reverse("scoring:signals"), reverse("scoring:signals_panel")):
        page = client.get(address).text
        assert 'data-figure="rates"' in page
        assert "Filing amnesty" in page
        assert "Share of 90 % intervals that hold" in page
    assert "Filing amnesty" in client.get(reverse("scoring:signal", args=["filing_compliance_rate"])).text


def test_who_governs_hears_once_a_day_and_nobody_else(champion: ModelVersion, town: Town) -> None:
    governor = UserFactory(role=Role.RISK_MANAGER)
    with capture_events() as events:
        step_version(version=champion.version, act="suspend", by=governor, at=NOW, note="It drifts.")
    assert events == [ModelSuspended(version_id=champion.pk)]
    for event in (*events, DriftFound(version_id=1), PolicyTakenUp(policy_id=1)):
        for _ in range(2):
            tell_governors(topic=event.topic(), **{name: getattr(event, name) for name in event.__dataclass_fields__})
    told = Notification.objects.of(governor)
    assert set(told.values_list("topic", flat=True)) == {
        "scoring.ModelSuspended", "scoring.DriftFound", "scoring.PolicyTakenUp",
    }  # fmt: skip
    assert told.count() == 3
    assert not Notification.objects.of(town.analyst).exists()
    assert not Notification.objects.of(town.owner).exists()
    tell_governors(topic="scoring.Nothing")


def test_the_list_of_models_says_that_a_points_table_answers(
    champion: ModelVersion, town: Town, client: Client
) -> None:
    client.force_login(town.analyst)
    assert "No model serves" not in client.get(reverse("scoring:models")).text
    risk = UserFactory(role=Role.RISK_MANAGER)
    step_version(version=champion.version, act="suspend", by=risk, at=NOW, note="It drifts.")
    for address in (reverse("scoring:models"), reverse("scoring:models_panel")):
        assert "No model serves" in client.get(address).text


def test_a_policy_that_went_live_reads_everybodys_score_once(scored: Town) -> None:
    later = NOW + timedelta(days=1)
    assert take_up_policy(at=later) == 0
    document = ScoringPolicy(bands=Bands(880, 870, 860)).written_out()
    publish_policy(section="scoring", document=document, author=UserFactory(), approver=UserFactory(), at=later)
    assert take_up_policy(at=NOW) == 0
    with capture_events() as events:
        assert take_up_policy(at=later + timedelta(minutes=5)) == ScoreRun.objects.filter(as_of=later).count() > 5
        assert take_up_policy(at=later + timedelta(minutes=10)) == 0
    assert [type(event) for event in events] == [PolicyTakenUp]
    newest = ScoreRun.objects.latest_of_each()
    assert {run.as_of for run in newest} == {later}
    same = publish_policy(
        section="scoring", document=document, author=UserFactory(), approver=UserFactory(), at=later + timedelta(days=1)
    )
    assert take_up_policy(at=same.live_from) == 0


def test_fairness_has_its_page_and_says_what_is_missing(
    champion: ModelVersion, town: Town, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(town.analyst)
    address = reverse("scoring:fairness")
    assert "No group is large enough yet" in client.get(address).text
    score_population(as_of=NOW)
    page = fairness_page(user=town.analyst)
    assert page.firms == ScoreRun.objects.complete().count()
    assert all(row.firms >= 10 and 0 <= row.approved <= 1 for row in page.today)
    largest = {row.kind: row for row in reversed(page.today)}
    assert all(row.air in (None, 1) for row in largest.values())
    with django_assert_max_num_queries(10):
        assert "At validation, on the last period" in client.get(address).text
    told = calling(town.analyst).get(reverse("api-fairness")).json()
    assert told["firms"] == page.firms
    assert calling(town.owner).get(reverse("api-fairness")).status_code == 403
    ModelVersion.objects.update(metrics={})
    assert "Not measured" in client.get(address).text
